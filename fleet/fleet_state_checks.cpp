#include "fleet/fleet_state_checks.hpp"

#include <bit>
#include <string>

namespace fleet {
namespace {

/// No time in a frame is further than this from the tick's begin: the span of kMinTime .. kMaxTime.
constexpr std::int64_t kMaxOffsetMs = (kMaxTime - kMinTime).count();

bool plausible(Time t) {
  return t >= kMinTime && t <= kMaxTime;
}
bool plausible_offset(std::int64_t ms) {
  return ms >= -kMaxOffsetMs && ms <= kMaxOffsetMs;
}

FieldMask mask_of(std::size_t fields) {
  return fields >= 64 ? ~FieldMask{0} : (FieldMask{1} << fields) - 1;
}

std::string place(const char* what, FramePosition position, std::size_t index) {
  return std::string(what) + " " + std::to_string(index) + " of frame " +
         std::to_string(position.number);
}

Error no_such_machine(const std::string& where, Slot machine, std::size_t machines) {
  return {where + " is of machine slot " + std::to_string(machine) + ", but the roster has " +
          std::to_string(machines) + " machines"};
}

Error no_such_field(const std::string& where, std::size_t fields) {
  return {where + " has a field beyond the " + std::to_string(fields) + " known ones"};
}

/// Values of a row or image: `fields` many from `begin` on must lie in `size`.
bool spans_fit(std::uint32_t begin, FieldMask fields, std::size_t size) {
  return std::size_t{begin} + static_cast<std::size_t>(std::popcount(fields)) <= size;
}

Result<void> check_alarm(const std::string& where, const Alarm& alarm, std::size_t machines) {
  if (alarm.machine >= machines) return no_such_machine(where, alarm.machine, machines);
  if (static_cast<int>(alarm.severity) >= kSeverityCount) {
    return Error{where + " has severity " + std::to_string(static_cast<int>(alarm.severity)) +
                 ", expected 0 to " + std::to_string(kSeverityCount - 1)};
  }
  return {};
}

Result<void> check_period(const std::string& where, std::int32_t period_ms) {
  if (period_ms >= 0) return {};
  return Error{where + " has a report period of " + std::to_string(period_ms) +
               " ms, expected 0 or more"};
}

/// What is looked at of the lists of a tick: all of it, or the entries of some ticks of a span.
struct Everything {
  bool row(std::size_t) const { return true; }
  bool period(std::size_t) const { return true; }
  bool figures(std::size_t) const { return true; }
  bool alarm(std::size_t) const { return true; }
  bool list(std::size_t) const { return true; }
};
struct FirstTicks {
  const TickSpan& span;
  std::size_t ticks;
  bool row(std::size_t i) const { return span.row_ticks[i] < ticks; }
  bool period(std::size_t i) const { return span.period_ticks[i] < ticks; }
  bool figures(std::size_t i) const { return span.figure_ticks[i] < ticks; }
  bool alarm(std::size_t i) const { return span.alarm_ticks[i] < ticks; }
  bool list(std::size_t i) const { return span.list_ticks[i] < ticks; }
};

template <class Part>
Result<void> check_rows(const TickBatch& tick, const Part& part, std::size_t machines,
                        std::size_t fields) {
  const FieldMask unknown = ~mask_of(fields);
  for (const Row& row : tick.rows) {
    // One test in the common case; which part failed is found out afterwards.
    const bool good = row.machine < machines && (row.fields & unknown) == 0 &&
                      spans_fit(row.value_begin, row.fields, tick.values.size()) &&
                      plausible_offset(row.device_offset_ms) && plausible_offset(row.receive_ms);
    if (good) [[likely]]
      continue;
    const auto index = static_cast<std::size_t>(&row - tick.rows.data());
    if (!part.row(index)) continue;
    const std::string where = place("row", tick.position, index);
    if (row.machine >= machines) return no_such_machine(where, row.machine, machines);
    if (row.fields & unknown) return no_such_field(where, fields);
    if (!plausible_offset(row.device_offset_ms) || !plausible_offset(row.receive_ms)) {
      return Error{where + " has a time outside the years 0 to 9999"};
    }
    return Error{where + " has values from " + std::to_string(row.value_begin) + " on, " +
                 std::to_string(std::popcount(row.fields)) + " of them, but the frame has " +
                 std::to_string(tick.values.size())};
  }
  return {};
}

template <class Part>
Result<void> check_figures(const TickBatch& tick, const Part& part, std::size_t machines) {
  for (std::size_t i = 0; i < tick.figures.size(); ++i) {
    const FiguresChange& change = tick.figures[i];
    const std::size_t shares = tick.shares.size();
    const bool fits =
        change.share_begin <= shares && change.share_count <= shares - change.share_begin;
    if ((change.machine < machines && fits) || !part.figures(i)) continue;
    const std::string where = place("figures change", tick.position, i);
    if (change.machine >= machines) return no_such_machine(where, change.machine, machines);
    return Error{where + " has shares of heat from " + std::to_string(change.share_begin) +
                 " on, " + std::to_string(change.share_count) + " of them, but the frame has " +
                 std::to_string(shares)};
  }
  for (const HeatShare& share : tick.shares) {
    if (auto checked = check_share(share); !checked) return checked;
  }
  return {};
}

template <class Part>
Result<void> check_lists(const TickBatch& tick, const Part& part, std::size_t machines) {
  for (std::size_t i = 0; i < tick.lists.size(); ++i) {
    if (!part.list(i)) continue;
    const FaultNote& list = tick.lists[i];
    const std::string where = place("fault list", tick.position, i);
    if (list.machine >= machines) return no_such_machine(where, list.machine, machines);
    if (list.fault_begin > tick.faults.size() ||
        list.fault_count > tick.faults.size() - list.fault_begin)
      return Error{where + " has faults that the frame has not"};
  }
  return {};
}

template <class Part>
Result<void> check_part(const TickBatch& tick, const Part& part, std::size_t machines,
                        std::size_t fields) {
  if (auto checked = check_rows(tick, part, machines, fields); !checked) return checked;
  for (std::size_t i = 0; i < tick.periods.size(); ++i) {
    const auto& [machine, period_ms] = tick.periods[i];
    if ((machine < machines && period_ms >= 0) || !part.period(i)) continue;
    const std::string where = place("period change", tick.position, i);
    if (machine >= machines) return no_such_machine(where, machine, machines);
    if (auto checked = check_period(where, period_ms); !checked) return checked;
  }
  if (auto checked = check_figures(tick, part, machines); !checked) return checked;
  for (std::size_t i = 0; i < tick.alarms.size(); ++i) {
    if (!part.alarm(i)) continue;
    const std::string where = place("alarm event", tick.position, i);
    if (auto checked = check_alarm(where, tick.alarms[i].alarm, machines); !checked) return checked;
  }
  return check_lists(tick, part, machines);
}

}  // namespace

Result<void> check_parts(const TickSpan& span, std::size_t ticks, std::size_t machines,
                         std::size_t fields) {
  return check_part(span.all, FirstTicks{span, ticks}, machines, fields);
}

Result<void> check_tick(const TickBatch& tick, std::size_t machines, std::size_t fields) {
  if (!plausible(tick.begin) || !plausible(tick.end) || tick.end < tick.begin) {
    return Error{"frame " + std::to_string(tick.position.number) +
                 " begins or ends at no plausible time"};
  }
  if (auto checked = check_part(tick, Everything{}, machines, fields); !checked) return checked;
  if (tick.activity && (tick.activity->step < 0 || tick.activity->step >= kActivitySteps)) {
    return Error{"frame " + std::to_string(tick.position.number) +
                 " has an activity sample of step " + std::to_string(tick.activity->step) +
                 ", expected 0 to " + std::to_string(kActivitySteps - 1)};
  }
  return {};
}

namespace {

/// One test in the common case; which part fails is found out afterwards.
bool good_image(const StateBatch& batch, const MachineImage& image, FieldMask unknown) {
  bool good = (image.fields & unknown) == 0 &&
              spans_fit(image.slot_begin, image.fields, batch.slots.size()) &&
              plausible(image.head.device_time) && plausible(image.head.receive_time) &&
              image.head.period_ms >= 0;
  if (!good) return false;
  const auto count = static_cast<std::size_t>(std::popcount(image.fields));
  for (const FieldSlot& slot : std::span(batch.slots).subspan(image.slot_begin, count)) {
    good &= plausible(slot.device_time) && plausible(slot.receive_time);
  }
  return good;
}

Result<void> check_image(const StateBatch& batch, std::size_t i, std::size_t machines,
                         std::size_t fields) {
  const MachineImage& image = batch.machines[i];
  const FieldMask unknown = ~mask_of(fields);
  const bool ascends = i == 0 || image.machine > batch.machines[i - 1].machine;
  if (image.machine < machines && ascends && good_image(batch, image, unknown)) [[likely]]
    return {};
  const std::string where = place("machine image", batch.position, i);
  if (image.machine >= machines) return no_such_machine(where, image.machine, machines);
  if (!ascends) {
    return Error{where + " is of slot " + std::to_string(image.machine) + ", expected one above " +
                 std::to_string(batch.machines[i - 1].machine)};
  }
  if (image.fields & unknown) return no_such_field(where, fields);
  if (!spans_fit(image.slot_begin, image.fields, batch.slots.size())) {
    return Error{where + " has values from " + std::to_string(image.slot_begin) +
                 " on, but the frame has " + std::to_string(batch.slots.size())};
  }
  if (!plausible(image.head.device_time) || !plausible(image.head.receive_time)) {
    return Error{where + " has a newest report at no plausible time"};
  }
  if (image.head.period_ms < 0) return check_period(where, image.head.period_ms);
  return Error{where + " has a value at no plausible time"};
}

}  // namespace

Result<void> check_state(const StateBatch& batch, std::size_t machines, std::size_t fields) {
  if (!plausible(batch.time)) {
    return Error{"frame " + std::to_string(batch.position.number) + " is of no plausible time"};
  }
  for (std::size_t i = 0; i < batch.machines.size(); ++i) {
    if (auto checked = check_image(batch, i, machines, fields); !checked) return checked;
  }
  for (std::size_t i = 0; i < batch.alarms.size(); ++i) {
    const std::string where = place("open alarm", batch.position, i);
    if (auto checked = check_alarm(where, batch.alarms[i], machines); !checked) return checked;
  }
  return {};
}

}  // namespace fleet
