// FleetState: everything known of a fleet at one instant. The same class on both sides of the wire.
//
// How it works: every machine has a record of its values and their times (machine_records.hpp),
// laid out so that applying a report touches little memory. The gateway calls `accept` with
// absolute values, which applies them and writes the difference to a TickBatch; every reader calls
// `apply` with that batch and ends in the same state. `hash` proves it. Rule of time: a field keeps
// the value with the newest device time; an older value ("late") is passed on to the observer and
// changes nothing here. One thread at a time; no lock, no clock.
#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "fleet/alarms.hpp"
#include "fleet/field.hpp"
#include "fleet/figures.hpp"
#include "fleet/heat_hours.hpp"
#include "fleet/machine_records.hpp"
#include "fleet/roster.hpp"
#include "fleet/tick_span.hpp"
#include "fleet/update.hpp"

namespace fleet {

/// An accepted report with absolute raw values, as the gateway has it.
struct AcceptedRow {
  Slot machine = 0;
  Time device_time = kNever;
  Time receive_time = kNever;
  FieldMask fields = 0;
  std::span<const std::int64_t> values;  ///< one per set bit, low bit first
};

class FleetState {
 public:
  /// max_heat_entries: as kMaxHeatEntries; tests lower it.
  explicit FleetState(std::size_t max_heat_entries);
  FleetState() : FleetState(kMaxHeatEntries) {}

  Roster& roster() { return roster_; }
  const Roster& roster() const { return roster_; }
  const FieldCatalog& fields() const { return fields_; }
  /// As FieldCatalog::add; widens every machine's record when the field is new. Costs a copy of all
  /// records; a fleet sees it a few dozen times in its life at most.
  Result<FieldId> add_field(std::string_view name);
  const AlarmTable& alarms() const { return alarms_; }
  /// Machines at work through the day so far, as it was sampled. Not part of the hash.
  const DayActivity& activity() const { return activity_; }
  /// Where the day's hours were worked. Not part of the hash.
  const HeatHours& heat() const { return heat_; }

  /// Machines that have a record; grows by itself with the roster (see `fit_roster`).
  std::size_t machine_count() const { return records_.size(); }
  /// Makes room for every machine of the roster. Called by accept, apply and the setters; call it
  /// after roster changes before reading a new machine's record.
  void fit_roster();

  const MachineHead& head(Slot machine) const { return records_.head(machine); }
  const DayFigures& figures(Slot machine) const { return figures_[machine]; }
  FieldSlot field(Slot machine, FieldId field) const { return records_.slot(machine, field); }
  /// A field's value alone, 0 if it is not known.
  std::int64_t raw(Slot machine, FieldId field) const { return records_.raw(machine, field); }
  bool has(Slot machine, FieldId field) const { return (known_fields(machine) >> field & 1) != 0; }
  FieldMask known_fields(Slot machine) const { return records_.known(machine); }

  /// Starts to load a machine's record into the cache. Reports come in no order of machines, and a
  /// miss costs as much as taking one in: ask a few reports ahead. Any slot.
  void prefetch(Slot machine) const {
    if (machine >= records_.size()) return;
    records_.prefetch(machine, (FieldMask{1} << kCoreFieldCount) - 1);
    __builtin_prefetch(&figures_[machine], 1);
  }

  /// Time of the last tick or keyframe applied, and its number.
  Time time() const { return time_; }
  FramePosition position() const { return position_; }
  /// Newest receive time of any report.
  Time newest_receive() const { return newest_receive_; }

  /// Device time that a report of `machine` in the tick that begins at `begin` is expected to have:
  /// same phase within a second as its newest report, so that steady senders cost one byte.
  Time expected_time(Slot machine, Time begin) const;

  /// Gateway side: applies a report and appends its difference form to `tick` (whose begin is set).
  /// A position's difference is to where the machine is expected (motion.hpp), by the heading and
  /// speed it has after this report and the time since its held position.
  /// Precondition: machine < roster().size(); values.size() == popcount(fields).
  void accept(const AcceptedRow& row, TickBatch& tick);
  void set_period(Slot machine, std::int32_t period_ms, TickBatch& tick);
  /// New day figures of a machine, and where the working time they gained was worked
  /// (HeatNotes::take).
  void set_figures(Slot machine, const DayFigures& figures, std::span<const HeatShare> shares = {});
  void raise(const AlarmEvent& event, TickBatch& tick);
  void note_activity(const ActivitySample& sample) { activity_.add(sample); }
  /// Gateway side: takes up all that `part` knows; its machine i is machine first + i here, of
  /// which nothing is known yet. Precondition: those machines have records here; the same fields.
  void adopt(const FleetState& part, Slot first);
  /// Gateway side: ends the tick: this state is now the one after (position, time).
  void finish_tick(FramePosition position, Time end);

  /// Reader side. Called for every row in resolved, absolute form, before `late` values are
  /// dropped.
  using RowObserver = std::function<void(const AcceptedRow&)>;
  /// Applies a tick. Error (state unchanged): a machine that the roster does not have, an unknown
  /// field, value spans that do not fit, times outside the years 0 to 9999. The caller sees to it
  /// that frames come in order and none is missing. `changed`, if given, gets the machines touched
  /// (ascending, unique).
  /// `until`: for an instant inside the tick, rows received later are left out, and with them the
  /// period and figures changes of their machines and the alarm events they caused; the state's
  /// position then stays that of the tick before.
  Result<void> apply(const TickBatch& tick, std::vector<Slot>* changed = nullptr,
                     const RowObserver* observer = nullptr, Time until = Time::max());
  /// Applies the first `ticks` of a span: the state is as if they had been applied one by one (but
  /// for which cells of the heat find a place once kMaxHeatEntries are held). Error (state
  /// unchanged): as for a tick. Precondition: ticks <= span.ticks.size().
  Result<void> apply(const TickSpan& span, std::size_t ticks);
  /// The same by hand, for whoever never holds the whole span: first `fit_roster`, then each
  /// machine's part, once, then what they gained, then the rest. ticks: those to apply; entries of
  /// later ones are left out. Parts of different machines may be applied on several threads at a
  /// time, each with gains of its own. Error: as above (nothing of this part is applied).
  Result<void> apply(const MachineSpan& part, std::span<const TickSpan::Head> ticks,
                     SpanGains& gains);
  /// Gains of parts, in ascending order of their machines.
  void take(const SpanGains& gains);
  /// Periods, alarms and activity of the first `ticks`, and the end of the last of them. Rows and
  /// figures are not looked at.
  Result<void> finish_span(const TickSpan& span, std::size_t ticks);
  /// Applies a keyframe (replaces all but the roster; `changed` gets every machine) or a catch-up
  /// (replaces the machines in it, and the open alarms). Error (state unchanged): as for a tick, or
  /// machines not ascending.
  Result<void> apply(const StateBatch& batch, std::vector<Slot>* changed = nullptr);
  /// Adds and changes machines, adds fields. A complete roster that only continues the one held
  /// (same ids in the same slots) keeps the state; any other starts afresh, with nothing known.
  /// Error (state unchanged): a bad record, slots out of order, extra fields that do not continue.
  Result<void> apply(RosterBatch batch);

  /// The state as a keyframe, or of given machines (ascending) as a catch-up.
  StateBatch keyframe() const;
  /// since: number of the tick behind which cells of the heat are listed.
  StateBatch catch_up(std::span<const Slot> machines, std::uint64_t since) const;

  /// xxh64 (seed 0) over machines sorted by id, each: id length (u8), id, head, number of known
  /// fields (u8) and every known field in schema order as (field id u8, raw, device ms, receive ms:
  /// i64 each); then open alarms by id. All little-endian. Machines without any report are left
  /// out. Exact layout: fleet/README.md.
  std::uint64_t hash() const;

 private:
  void forget(Slot machine);
  void take_figures(Slot machine, const DayFigures& figures, std::span<const HeatShare> shares,
                    std::uint64_t tick);
  std::optional<GridPoint> place_of(Slot machine) const;
  Result<void> check_heat(const StateBatch& batch) const;
  void take_heat(const StateBatch& batch);
  void touch_head(Slot machine, Time device_time, Time receive_time);
  MachineRecords::Times times_of(Time tick_begin, bool receive_is_lag, const Row& row) const;
  void code_values(const AcceptedRow& row, std::int64_t* diff);
  AcceptedRow apply_row(const std::int64_t* values, const Row& row,
                        const MachineRecords::Times& times, std::int64_t* scratch);
  void apply_rest(const TickBatch& tick, std::vector<Slot>* changed, Time until,
                  const std::function<bool(Slot)>& left_out);
  void apply_machine(const MachineSpan& part, std::span<const TickSpan::Head> ticks,
                     SpanGains& gains);
  bool continues(const RosterBatch& batch) const;
  StateBatch begin_image(StateBatch::Kind kind) const;
  void append_image(Slot machine, StateBatch& batch) const;

  FieldCatalog fields_;
  Roster roster_;
  MachineRecords records_;
  std::vector<DayFigures> figures_;
  AlarmTable alarms_;
  DayActivity activity_;
  HeatHours heat_;
  FramePosition position_;
  Time time_ = kNever;
  Time newest_receive_ = kNever;
  std::vector<std::int64_t> scratch_;
};

}  // namespace fleet
