// DayRollup: what one local day of a fleet adds up to, by device time: hours, heat, alarms.
//
// It is told the reports of the day, each machine's in the order of device time, and begins with
// what was known by device time when the day began. So late or shuffled reports, once they are
// sorted, add up to the same as if they had come in time; `learned` alone tells them apart. Figures
// are those of DayAccumulator, HeatNotes and FaultJudge; report periods are learned anew each day
// (1 h until then), since those learned live depend on the order of arrival. One thread; no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "fleet/alarms.hpp"
#include "fleet/fleet_state.hpp"
#include "fleet/heat_notes.hpp"
#include "fleet/rhythm.hpp"

namespace fleet {

/// A machine that reported on the day.
struct MachineDay {
  std::string machine;
  DayFigures figures;
  Time first_report = kNever, last_report = kNever;
  std::uint32_t reports = 0;  ///< instants of which it reported
  bool operator==(const MachineDay&) const = default;
};

/// An alarm that was open at some time of the day.
struct JournalAlarm {
  std::string machine;
  Alarm alarm;                     ///< as it was last on the day; its slot means nothing here
  Time cleared = kNever;           ///< device time; kNever: open when the day ended
  std::optional<GridPoint> place;  ///< of the machine when it occurred, as far as is known
  bool operator==(const JournalAlarm&) const = default;
};

struct DayTables {
  std::vector<MachineDay> hours;     ///< by machine id
  std::vector<HeatValue> heat;       ///< ascending keys; their sum is that of all working time
  std::vector<JournalAlarm> alarms;  ///< by alarm id
  bool operator==(const DayTables&) const = default;
};

class DayRollup {
 public:
  /// Fields that anything here depends on; values of others need not be told.
  static constexpr FieldMask kFields = FieldMask{1} << kPosition | FieldMask{1} << kSpeedKmh |
                                       FieldMask{1} << kEngineOn | FieldMask{1} << kWorking |
                                       FieldMask{1} << kLoadPct | FieldMask{1} << kFuelUsedL |
                                       FieldMask{1} << kEngineHours | FieldMask{1} << kIdleHours;

  /// before: what is known of each machine by reports from before the day; its alarms are not
  /// looked at. open: alarms that are open when the day begins.
  DayRollup(FleetState before, std::vector<JournalAlarm> open, LocalDay day, const TimeZone& zone);

  Time begin() const { return begin_; }
  Time end() const { return end_; }
  /// Slots are those of this state's roster; machines are added there.
  const FleetState& state() const { return state_; }
  Slot slot_of(std::string_view machine_id);

  /// A report of the day, or from before it, which only moves the state. Each machine's come in the
  /// order of device time, one an instant. faults: the complete list it brought; or null.
  /// Precondition: device time before end(); fields within kFields.
  void observe(const AcceptedRow& row, const std::vector<Fault>* faults);
  /// What a machine's reports add up to, put behind what is there (see `sort`).
  void add_to(Slot machine, DayTables& tables) const;

 private:
  struct Day {
    DayFigures figures;
    Time first = kNever, last = kNever;
    std::uint32_t reports = 0;
    std::vector<HeatValue> heat;  ///< in the order in which the cells were worked in
  };
  void take_figures(const AcceptedRow& row);
  void take_faults(const AcceptedRow& row, std::span<const Fault> faults);
  std::optional<GridPoint> place_of(Slot machine) const;

  Time begin_, end_;
  FleetState state_;
  RhythmLearner rhythm_;
  DayAccumulator days_;
  HeatNotes heat_;
  FaultJudge faults_;
  std::vector<Day> machines_;
  std::unordered_map<Slot, std::vector<JournalAlarm>> journal_;
  std::vector<AlarmEvent> events_;
  TickBatch scratch_;
};

/// Brings tables that machines were added to into their order, cells joined.
void sort(DayTables& tables);

}  // namespace fleet
