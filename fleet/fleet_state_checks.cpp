#include "fleet/fleet_state_checks.hpp"

#include <algorithm>
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

/// Which part of which frame. It becomes words only for an error.
struct Where {
  const char* what;
  FramePosition position;
  std::size_t index;
};

std::string operator+(const Where& where, const std::string& text) {
  return std::string(where.what) + " " + std::to_string(where.index) + " of frame " +
         std::to_string(where.position.number) + text;
}

Error no_such_machine(const Where& where, Slot machine, std::size_t machines) {
  return {where + " is of machine slot " + std::to_string(machine) + ", but the roster has " +
          std::to_string(machines) + " machines"};
}

Error no_such_field(const Where& where, std::size_t fields) {
  return {where + " has a field beyond the " + std::to_string(fields) + " known ones"};
}

/// Values of a row or image: `fields` many from `begin` on must lie in `size`.
bool spans_fit(std::uint32_t begin, FieldMask fields, std::size_t size) {
  if (std::size_t{begin} + kMaxFields <= size) [[likely]]
    return true;
  return std::size_t{begin} + static_cast<std::size_t>(std::popcount(fields)) <= size;
}

Result<void> check_alarm(const Where& where, const Alarm& alarm, std::size_t machines) {
  if (alarm.machine >= machines) return no_such_machine(where, alarm.machine, machines);
  if (static_cast<int>(alarm.severity) >= kSeverityCount) {
    return Error{where + " has severity " + std::to_string(static_cast<int>(alarm.severity)) +
                 ", expected 0 to " + std::to_string(kSeverityCount - 1)};
  }
  return {};
}

Result<void> check_period(const Where& where, std::int32_t period_ms) {
  if (period_ms >= 0) return {};
  return Error{where + " has a report period of " + std::to_string(period_ms) +
               " ms, expected 0 or more"};
}

Result<void> check_row(const Where& where, const Row& row, std::size_t machines, std::size_t fields,
                       std::size_t values) {
  if (row.machine >= machines) return no_such_machine(where, row.machine, machines);
  if (row.fields & ~mask_of(fields)) return no_such_field(where, fields);
  if (!plausible_offset(row.device_offset_ms) || !plausible_offset(row.receive_ms)) {
    return Error{where + " has a time outside the years 0 to 9999"};
  }
  return Error{where + " has values from " + std::to_string(row.value_begin) + " on, " +
               std::to_string(std::popcount(row.fields)) + " of them, but there are " +
               std::to_string(values)};
}

/// One test in the common case; which part failed is found out afterwards. The first row that does
/// not fit, or rows.size().
std::size_t first_bad_row(std::span<const Row> rows, std::size_t machines, std::size_t fields,
                          std::size_t values) {
  const FieldMask unknown = ~mask_of(fields);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    const bool good = row.machine < machines && (row.fields & unknown) == 0 &&
                      spans_fit(row.value_begin, row.fields, values) &&
                      plausible_offset(row.device_offset_ms) && plausible_offset(row.receive_ms);
    if (!good) [[unlikely]]
      return i;
  }
  return rows.size();
}

Result<void> check_figures(const Where& where, const FiguresChange& change, std::size_t machines,
                           std::size_t shares) {
  if (change.machine >= machines) return no_such_machine(where, change.machine, machines);
  if (change.share_begin <= shares && change.share_count <= shares - change.share_begin) return {};
  return Error{where + " has shares of heat from " + std::to_string(change.share_begin) + " on, " +
               std::to_string(change.share_count) + " of them, but there are " +
               std::to_string(shares)};
}

Result<void> check_period(const Where& where, const PeriodChange& change, std::size_t machines) {
  if (change.machine >= machines) return no_such_machine(where, change.machine, machines);
  return check_period(where, change.period_ms);
}

Result<void> check_list(const Where& where, const FaultNote& list, std::size_t machines,
                        std::size_t faults) {
  if (list.machine >= machines) return no_such_machine(where, list.machine, machines);
  if (list.fault_begin <= faults && list.fault_count <= faults - list.fault_begin) return {};
  return Error{where + " has faults that the frame has not"};
}

Result<void> check_parts(const TickBatch& tick, std::size_t machines, std::size_t fields) {
  const std::size_t bad = first_bad_row(tick.rows, machines, fields, tick.values.size());
  if (bad < tick.rows.size()) {
    return check_row({"row", tick.position, bad}, tick.rows[bad], machines, fields,
                     tick.values.size());
  }
  for (std::size_t i = 0; i < tick.periods.size(); ++i) {
    const Where where{"period change", tick.position, i};
    if (auto checked = check_period(where, tick.periods[i], machines); !checked) return checked;
  }
  for (std::size_t i = 0; i < tick.figures.size(); ++i) {
    const Where where{"figures change", tick.position, i};
    const std::size_t shares = tick.shares.size();
    if (auto checked = check_figures(where, tick.figures[i], machines, shares); !checked)
      return checked;
  }
  for (const HeatShare& share : tick.shares) {
    if (auto checked = check_share(share); !checked) return checked;
  }
  for (std::size_t i = 0; i < tick.alarms.size(); ++i) {
    const Where where{"alarm event", tick.position, i};
    if (auto checked = check_alarm(where, tick.alarms[i].alarm, machines); !checked) return checked;
  }
  for (std::size_t i = 0; i < tick.lists.size(); ++i) {
    const Where where{"fault list", tick.position, i};
    if (auto checked = check_list(where, tick.lists[i], machines, tick.faults.size()); !checked)
      return checked;
  }
  return {};
}

}  // namespace

Result<void> check_ticks(std::span<const std::uint32_t> of, std::size_t ticks, const char* what) {
  if (std::ranges::all_of(of, [ticks](std::uint32_t tick) { return tick < ticks; })) return {};
  return Error{std::string(what) + " of a span are of no tick in it"};
}

Result<void> check_machine(const MachineSpan& part, std::size_t machines, std::size_t fields) {
  const FramePosition nowhere;
  const std::size_t values = part.values.size(), shares = part.shares.size();
  if (part.machine >= machines)
    return no_such_machine({"machine", nowhere, part.machine}, part.machine, machines);
  const std::size_t bad = first_bad_row(part.rows, machines, fields, values);
  if (bad < part.rows.size())
    return check_row({"row", nowhere, bad}, part.rows[bad], machines, fields, values);
  for (std::size_t i = 0; i < part.figures.size(); ++i) {
    const FiguresChange& change = part.figures[i];
    if (auto checked = check_figures({"figures change", nowhere, i}, change, machines, shares);
        !checked)
      return checked;
    for (const HeatShare& share : part.shares.subspan(change.share_begin, change.share_count)) {
      if (auto checked = check_share(share); !checked) return checked;
    }
  }
  return {};
}

Result<void> check_span_rest(const TickSpan& span, std::size_t ticks, std::size_t machines) {
  const std::size_t all = span.ticks.size();
  for (const TickSpan::Head& head : span.ticks) {
    TickBatch empty;
    empty.position = head.position, empty.begin = head.begin, empty.end = head.end;
    if (auto checked = check_tick(empty, machines, 0); !checked) return checked;
  }
  if (span.period_ticks.size() != span.all.periods.size() ||
      span.alarm_ticks.size() != span.all.alarms.size() ||
      span.list_ticks.size() != span.all.lists.size())
    return Error{"periods, alarms or fault lists of a span lack their ticks"};
  if (auto checked = check_ticks(span.period_ticks, all, "periods"); !checked) return checked;
  if (auto checked = check_ticks(span.alarm_ticks, all, "alarms"); !checked) return checked;
  if (auto checked = check_ticks(span.list_ticks, all, "fault lists"); !checked) return checked;
  for (std::size_t i = 0; i < span.all.periods.size(); ++i) {
    if (span.period_ticks[i] >= ticks) continue;
    const Where where{"period change", {}, i};
    if (auto checked = check_period(where, span.all.periods[i], machines); !checked) return checked;
  }
  for (std::size_t i = 0; i < span.all.alarms.size(); ++i) {
    if (span.alarm_ticks[i] >= ticks) continue;
    const Where where{"alarm event", {}, i};
    if (auto checked = check_alarm(where, span.all.alarms[i].alarm, machines); !checked)
      return checked;
  }
  for (std::size_t i = 0; i < span.all.lists.size(); ++i) {
    if (span.list_ticks[i] >= ticks) continue;
    const Where where{"fault list", {}, i};
    const std::size_t faults = span.all.faults.size();
    if (auto checked = check_list(where, span.all.lists[i], machines, faults); !checked)
      return checked;
  }
  for (const TickSpan::Sample& sample : span.activity) {
    if (sample.tick >= all || sample.sample.step < 0 || sample.sample.step >= kActivitySteps)
      return Error{"an activity sample of a span is of no tick in it, or of no step of a day"};
  }
  return {};
}

Result<void> check_tick(const TickBatch& tick, std::size_t machines, std::size_t fields) {
  if (!plausible(tick.begin) || !plausible(tick.end) || tick.end < tick.begin) {
    return Error{"frame " + std::to_string(tick.position.number) +
                 " begins or ends at no plausible time"};
  }
  if (auto checked = check_parts(tick, machines, fields); !checked) return checked;
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
  const Where where{"machine image", batch.position, i};
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
    const Where where{"open alarm", batch.position, i};
    if (auto checked = check_alarm(where, batch.alarms[i], machines); !checked) return checked;
  }
  return {};
}

}  // namespace fleet
