// What one machine did: every report it sent, its status through time, its faults.
//
// How it works: MachineRecorder is handed what a whole fleet's frames say and takes the one machine
// out of it, into a FleetState that has only this machine. So values, times and status are judged
// by the very code that the wall is drawn with: at every instant the history says what the wall
// showed then.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/status.hpp"

namespace fleet {

struct MachineHistory {
  struct Report {
    Time device_time = kNever, receive_time = kNever;
    std::int32_t period_ms = 0;     ///< expected from one to the next then; 0 = not learned yet
    FieldMask fields = 0;           ///< bits are places in `fields` below
    std::uint32_t value_begin = 0;  ///< into `values`: one per set bit, low bit first
  };
  /// Half open. By receive time: what was known then, as on the wall.
  struct StatusSpan {
    Status status = Status::unknown;
    Time begin = kNever, end = kNever;
    bool operator==(const StatusSpan&) const = default;
  };
  /// By device time: when it happened.
  struct FaultSpan {
    Alarm alarm;        ///< as it was last; its machine means nothing
    Time end = kNever;  ///< kNever: still open at the end
    bool operator==(const FaultSpan&) const = default;
  };

  std::string machine;
  Time from = kNever, to = kNever;  ///< asked for; receive times, half open
  Time until = kNever;              ///< nothing is recorded from here on
  std::vector<FieldInfo> fields;    ///< at most kMaxFields
  std::vector<Report> reports;      ///< in order of receipt
  std::vector<std::int64_t> values;
  std::vector<StatusSpan> statuses;  ///< ascending; nothing where nothing was recorded
  std::vector<FaultSpan> faults;     ///< by when they occurred

  std::size_t bytes() const {
    return reports.capacity() * sizeof(Report) + values.capacity() * sizeof(std::int64_t);
  }
};

/// One value of a report.
struct MachineValue {
  Time device_time = kNever;
  double value = 0;
};
/// The values of a field by device time, ascending: late ones stand where they belong. Of two of
/// the same time the one received later counts. field: place in history.fields.
std::vector<MachineValue> values_of(const MachineHistory& history, std::size_t field);
/// By device time, ascending: from a report to the next one, where that came more than
/// kMissedReports of its periods later (30 s at least). Nothing is known of the values in between.
struct MachineGap {
  Time begin = kNever, end = kNever;
};
std::vector<MachineGap> gaps_of(const MachineHistory& history);
/// Status at an instant; unknown where there is none.
Status status_at(const MachineHistory& history, Time t);

/// One thread. Frames come as to a FleetState: roster, keyframe, ticks in order; at a gap, a
/// keyframe.
class MachineRecorder {
 public:
  /// Reports received in [from, to) are kept, status and faults of that time.
  MachineRecorder(std::string machine, Time from, Time to);

  /// The machine's number, as frames have it; nothing while no roster has it.
  std::optional<Slot> slot() const { return slot_; }
  /// Error, here and below: as FleetState::apply.
  Result<void> take(const RosterBatch& roster);
  Result<void> take(const StateBatch& keyframe);
  Result<void> take(const TickBatch& tick);
  /// Rows, periods and alarms of this machine or of all, lags as receive times.
  Result<void> take(const TickSpan& span);
  Result<void> take(const Heartbeat&) { return {}; }
  /// Everything so far. until: end of what is recorded. The recorder is of no use afterwards.
  MachineHistory finish(Time until);

 private:
  /// Its status since `begin`; silent from `silent_from` on.
  struct Open {
    Status status = Status::unknown;
    Time begin = kNever, silent_from = Time::max();
  };
  Result<void> apply(const TickBatch& own);
  void keep(const AcceptedRow& row, Time shown);
  void note(Time at);
  void close_status(Time at);
  void add_status(Status status, Time begin, Time end);
  void take_alarm(const AlarmEvent& event);
  void number_fields();

  MachineHistory history_;
  FleetState state_;  ///< of this machine alone, in slot 0, once slot_ is known
  std::optional<Slot> slot_;
  std::optional<Open> open_;
  std::vector<Alarm> alarms_;           ///< open ones
  std::vector<std::uint8_t> place_of_;  ///< of a field in history_.fields
  std::vector<std::int64_t> scratch_;
};

}  // namespace fleet
