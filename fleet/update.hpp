// What travels from a gateway (or a day file) to a FleetState: plain data, already checked for
// shape.
//
// A TickBatch is a change of a state: its values are differences to the state it is applied to, so
// it must be applied in order, to the state its sender had. A StateBatch holds absolute values: the
// whole state (keyframe) or the latest state of the machines that changed (catch-up).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "fleet/activity.hpp"
#include "fleet/alarms.hpp"
#include "fleet/field.hpp"
#include "fleet/figures.hpp"
#include "fleet/heat_hours.hpp"
#include "fleet/roster.hpp"
#include "fleet/time.hpp"

namespace fleet {

/// Bit f = field f is present.
using FieldMask = std::uint64_t;

/// One value with its two times. Absent while receive_time is kNever.
struct FieldSlot {
  std::int64_t raw = 0;
  Time device_time = kNever;
  Time receive_time = kNever;
  bool operator==(const FieldSlot&) const = default;
};

/// What is known of a machine's reporting, beside its fields.
struct MachineHead {
  Time device_time = kNever;   ///< of its newest report (by device time)
  Time receive_time = kNever;  ///< newest receive time of any report, late ones included
  std::int32_t period_ms = 0;  ///< learned report period, 0 = not learned yet (count as 1 h)
  bool operator==(const MachineHead&) const = default;
};

/// One accepted report within a tick.
struct Row {
  Slot machine = 0;
  std::uint32_t value_begin = 0;  ///< into TickBatch::values; one value per set bit, low bit first
  FieldMask fields = 0;           ///< may be 0: a report none of whose values was usable
  std::int64_t device_offset_ms = 0;  ///< device time minus FleetState::expected_time (see there)
  std::int64_t receive_ms = 0;        ///< receive time minus TickBatch::begin, or lag (see there)
  Time device_time = kNever;          ///< resolved; kNever in a batch fresh from a decoder
};

struct PeriodChange {
  Slot machine;
  std::int32_t period_ms;
};
struct FiguresChange {
  Slot machine;
  DayFigures figures;
  /// Where the working time gained was worked: TickBatch::shares from here on.
  std::uint32_t share_begin = 0, share_count = 0;
};

/// A fault list of an accepted row that changed no alarm. The journal of its day needs to know of
/// it all the same: a list that came late tells what was before the others, and one that says what
/// is known already says that nothing that came late is still true.
struct FaultNote {
  Slot machine = 0;
  Time at = kNever;  ///< device time of the report
  /// True: the list is what is open of the machine, by the alarm events at or before `at`. False:
  /// it came late and is told: TickBatch::faults from fault_begin on.
  bool as_open = false;
  std::uint32_t fault_begin = 0, fault_count = 0;
  bool operator==(const FaultNote&) const = default;
};

/// Position of a frame: numbers count up by one within an epoch (one run of one gateway).
struct FramePosition {
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  bool operator==(const FramePosition&) const = default;
};

/// Everything accepted in (begin, end], late samples included. Rows sorted by machine; a machine's
/// rows stay in order of receipt.
struct TickBatch {
  FramePosition position;
  Time begin = kNever;
  Time end = kNever;
  /// True in a batch fresh from a decoder whose receive_ms are lags (receive minus device time):
  /// the form chosen by the encoder when that is smaller. Resolved by FleetState::apply.
  bool receive_is_lag = false;
  std::vector<Row> rows;
  std::vector<std::int64_t> values;  ///< raw differences to the state; see FleetState
  std::vector<PeriodChange> periods;
  std::vector<FiguresChange> figures;
  std::vector<HeatShare> shares;
  std::vector<AlarmEvent> alarms;
  std::vector<FaultNote> lists;            ///< no part of the state
  std::vector<Fault> faults;               ///< of `lists`
  std::optional<ActivitySample> activity;  ///< about every five minutes, as of `end`

  /// Empties it and keeps its memory; position, begin and end become their defaults.
  void clear();
};

/// Brings a tick that was filled in order of receipt into the order promised above: rows, period
/// and figures changes and fault lists by machine, each machine's in the order they were in; alarms
/// stay.
void sort_by_machine(TickBatch& tick);

/// Puts a fault list that came late into a tick.
void add_late_list(TickBatch& tick, Slot machine, Time at, std::span<const Fault> faults);
/// Puts fault lists of one tick behind those of another.
void append_lists(TickBatch& tick, std::span<const FaultNote> lists, std::span<const Fault> faults);

/// Absolute state of one machine.
struct MachineImage {
  Slot machine = 0;
  std::uint32_t slot_begin = 0;  ///< into StateBatch::slots; one per set bit, low bit first
  FieldMask fields = 0;
  MachineHead head;
  DayFigures figures;
};

struct StateBatch {
  enum class Kind : std::uint8_t { keyframe, catch_up };
  Kind kind = Kind::keyframe;
  FramePosition position;              ///< of the tick frame after which this state holds
  Time time = kNever;                  ///< end of that tick
  std::vector<MachineImage> machines;  ///< ascending slots
  std::vector<FieldSlot> slots;
  std::vector<Alarm> alarms;  ///< all open ones, sorted by id, in either kind
  DayActivity activity;       ///< of the local day so far, in either kind
  /// Where the day's hours were worked: all cells (keyframe) or those that changed (catch-up).
  /// Nothing: the sender does not tell.
  std::optional<HeatImage> heat;
};

/// Records of new or changed machines, and new fields. Comes before the first frame that needs
/// them.
struct RosterBatch {
  bool complete = false;  ///< true: replaces the whole roster (new epoch)
  std::uint64_t version = 0;
  std::vector<std::pair<Slot, Machine>> machines;  ///< ascending slots
  std::vector<std::string> extra_fields;           ///< all extra fields so far, in FieldId order
};

/// Sent every second: shows that the gateway lives even when nothing happens.
struct Heartbeat {
  FramePosition position;        ///< last tick frame sent
  Time gateway_time = kNever;    ///< the gateway's clock (simulated in a demo)
  Time newest_receive = kNever;  ///< receive time of the newest sample, for data age
  bool has_hash = false;
  FramePosition hash_position;  ///< tick after which `hash` holds
  std::uint64_t hash = 0;
};

using Update = std::variant<RosterBatch, StateBatch, TickBatch, Heartbeat>;

/// Bytes an update occupies, for bounding queues.
std::size_t size_bytes(const Update& update);

}  // namespace fleet
