// Reading a state out of its differences to another one.
#include <algorithm>
#include <array>

#include "net/codec/bodies.hpp"
#include "net/pack/pack_parts.hpp"
#include "net/pack/span_pack.hpp"
#include "net/pack/state_pack.hpp"
#include "net/pack/state_parts.hpp"

namespace net {
namespace {

using fleet::FieldMask;
using fleet::FieldSlot;
using fleet::MachineImage;
using fleet::StateBatch;
using namespace state_parts;
using wire::wrapping_add;

void read_alarm_changes(PackReader& in, const StateBatch& base, StateBatch& state) {
  std::vector<std::uint32_t> gone;
  read_ascending(in, base.alarms.size(), gone);
  const std::vector<fleet::Alarm> came = read_alarms(in);
  auto next = gone.begin();
  for (std::uint32_t i = 0; i < base.alarms.size(); ++i) {
    if (next != gone.end() && *next == i)
      ++next;
    else
      state.alarms.push_back(base.alarms[i]);
  }
  const auto middle = state.alarms.insert(state.alarms.end(), came.begin(), came.end());
  std::ranges::inplace_merge(state.alarms, middle, {}, &fleet::Alarm::id);
}

void read_activity(PackReader& in, fleet::DayActivity& activity) {
  activity.day = static_cast<std::int32_t>(in.number(INT32_MIN, INT32_MAX, "its day"));
  const auto working = in.column(activity.working.size(), "machines at work");
  for (std::size_t i = 0; i < activity.working.size() && in.ok(); ++i) {
    if (working[i] < -1 || working[i] > std::int64_t{fleet::kMaxMachines})
      return in.fail("its activity is out of range");
    activity.working[i] = static_cast<std::int32_t>(working[i]);
  }
}

void read_heat(PackReader& in, const StateBatch& base, StateBatch& state) {
  if (in.number(0, 1, "whether it has heat") == 0) return;
  fleet::HeatImage heat;
  heat.day = static_cast<std::int32_t>(in.number(INT32_MIN, INT32_MAX, "the heat's day"));
  const bool same_day = in.number(0, 1, "whether the heat goes on") == 1;
  if (same_day && (!base.heat || base.heat->day != heat.day))
    return in.fail("its heat goes on from another day's");
  const auto keys = in.column();
  const auto seconds = in.column(keys.size(), "heat");
  static const std::vector<fleet::HeatValue> kNothing;
  const std::vector<fleet::HeatValue>& held = same_day ? base.heat->values : kNothing;
  heat.values.reserve(held.size() + keys.size());
  auto old = held.begin();
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < keys.size() && in.ok(); ++i) {
    key += static_cast<std::uint64_t>(keys[i]);
    while (old != held.end() && old->key.bits < key) heat.values.push_back(*old++);
    std::int64_t value = seconds[i];
    if (old != held.end() && old->key.bits == key) value = wrapping_add(value, (old++)->seconds);
    if (value < INT32_MIN || value > INT32_MAX) return in.fail("its heat is out of range");
    heat.values.push_back({{key}, static_cast<std::int32_t>(value)});
  }
  heat.values.insert(heat.values.end(), old, held.end());
  if (auto checked = fleet::check_image(heat); !checked) return in.fail(checked.error().what);
  state.heat = std::move(heat);
}

/// What is read of the machines that changed.
struct ReadMachines {
  std::vector<std::uint32_t> slots;
  std::vector<std::int64_t> fields;
  std::vector<fleet::MachineHead> heads;
  std::vector<fleet::DayFigures> figures;
};

bool plausible(fleet::Time t) {
  return t == fleet::kNever || time_in_range(fleet::ms_from_time(t));
}

void read_heads(PackReader& in, const StateBatch& state, const StateBatch& base,
                ReadMachines& read) {
  read_ascending(in, fleet::kMaxMachines, read.slots, fleet::kMaxMachines);
  const std::size_t n = read.slots.size();
  read.fields = in.column(n, "fields");
  const auto device = in.column(n, "device times"), receive = in.column(n, "receive times"),
             period = in.column(n, "periods");
  FigureSteps figures(in, n);
  Follower follower(base);
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    const MachineImage* old = follower.find(read.slots[i]);
    const fleet::Time newest = before(state.time, device[i]);
    fleet::MachineHead head{newest, after(newest, receive[i]), 0};
    const std::int64_t period_ms = wrapping_add(old ? old->head.period_ms : 0, period[i]);
    if (period_ms < 0 || period_ms > INT32_MAX || !plausible(head.device_time) ||
        !plausible(head.receive_time) || (i > 0 && read.slots[i] <= read.slots[i - 1]))
      return in.fail("a machine of it is out of range");
    head.period_ms = static_cast<std::int32_t>(period_ms);
    read.heads.push_back(head);
    if (!figures.read(old ? old->figures : fleet::DayFigures(), read.figures.emplace_back()))
      return in.fail("figures of it are out of range");
  }
  if (in.ok() && !figures.done()) in.fail("figures of it are damaged");
}

/// Columns of one field, of the machines in which it changed.
struct FieldRuns {
  NumberRun step, south, kind, device, receive;
  bool done() const {
    return step.done() && south.done() && kind.done() && device.done() && receive.done();
  }
};
using StateRuns = std::array<FieldRuns, fleet::kMaxFields>;

void read_runs(PackReader& in, const ReadMachines& read, StateRuns& runs) {
  FieldMask all = 0;
  for (const std::int64_t fields : read.fields) all |= static_cast<FieldMask>(fields);
  for (FieldMask left = all; left != 0 && in.ok(); left &= left - 1) {
    const int field = std::countr_zero(left);
    FieldRuns& run = runs[static_cast<std::size_t>(field)];
    run.step = in.run();
    if (field == fleet::kPosition) run.south = in.run();
    run.kind = in.run();
    run.device = in.run();
    run.receive = in.run();
  }
}

std::int64_t stepped(int field, std::int64_t from, FieldRuns& runs) {
  const std::int64_t step = runs.step.next();
  if (field != fleet::kPosition) return wrapping_add(from, step);
  const fleet::GridPoint a = fleet::unpacked(from);
  return grid_move(wrapping_add(a.x, step), wrapping_add(a.y, runs.south.next()));
}

/// False: not plausible.
bool read_times(const fleet::MachineHead& head, FieldRuns& runs, FieldTimes& times) {
  switch (runs.kind.next()) {
    case kAsBefore:
      return true;
    case kWithHead:
      times.before = times_of(head);
      return true;
    case kAsTold:
      times.before = times.told;
      return true;
    case kTold:
      times.told.device = before(head.device_time, runs.device.next());
      times.told.receive = after(times.told.device, runs.receive.next());
      times.before = times.told;
      return plausible(times.told.device) && plausible(times.told.receive);
    default:
      return false;
  }
}

/// Slots of a machine as the base has them; of fields that it does not have, empty ones.
void append_slots(const StateBatch& base, const MachineImage* old, const MachineImage& image,
                  StateBatch& state) {
  const auto first = old ? base.slots.begin() + old->slot_begin : base.slots.begin();
  if (old && old->fields == image.fields) {
    state.slots.insert(state.slots.end(), first, first + std::popcount(old->fields));
    return;
  }
  auto held = first;
  for (FieldMask left = image.fields; left != 0; left &= left - 1) {
    const bool known = old && (old->fields >> std::countr_zero(left) & 1) != 0;
    state.slots.push_back(known ? *held++ : FieldSlot());
  }
}

/// The base's image of a machine, with what changed put over it. False: a time is not plausible.
bool append_machine(const StateBatch& base, const MachineImage* old, const ReadMachines& read,
                    std::size_t i, StateRuns& runs, StateBatch& state) {
  const auto changed = static_cast<FieldMask>(read.fields[i]);
  MachineImage image;
  image.machine = read.slots[i];
  image.slot_begin = static_cast<std::uint32_t>(state.slots.size());
  image.fields = changed | (old ? old->fields : 0);
  image.head = read.heads[i];
  image.figures = read.figures[i];
  append_slots(base, old, image, state);
  FieldTimes times;
  FieldSlot* slot = state.slots.data() + image.slot_begin;
  for (FieldMask left = image.fields; left != 0; left &= left - 1, ++slot) {
    const int field = std::countr_zero(left);
    if ((changed >> field & 1) == 0) continue;
    FieldRuns& run = runs[static_cast<std::size_t>(field)];
    slot->raw = stepped(field, slot->raw, run);
    if (!read_times(read.heads[i], run, times)) return false;
    slot->device_time = times.before.device;
    slot->receive_time = times.before.receive;
  }
  state.machines.push_back(image);
  return true;
}

void copy_machine(const StateBatch& base, const MachineImage& old, StateBatch& state) {
  MachineImage image = old;
  image.slot_begin = static_cast<std::uint32_t>(state.slots.size());
  const auto first = base.slots.begin() + old.slot_begin;
  state.slots.insert(state.slots.end(), first, first + std::popcount(old.fields));
  state.machines.push_back(image);
}

void read_machines(PackReader& in, const StateBatch& base, StateBatch& state) {
  ReadMachines read;
  read_heads(in, state, base, read);
  StateRuns runs;
  read_runs(in, read, runs);
  if (!in.ok()) return;
  state.machines.reserve(base.machines.size() + read.slots.size());
  state.slots.reserve(base.slots.size());
  auto old = base.machines.begin();
  for (std::size_t i = 0; i < read.slots.size(); ++i) {
    for (; old != base.machines.end() && old->machine < read.slots[i]; ++old)
      copy_machine(base, *old, state);
    const bool known = old != base.machines.end() && old->machine == read.slots[i];
    if (!append_machine(base, known ? &*old : nullptr, read, i, runs, state))
      return in.fail("a value of it is of no plausible time");
    if (known) ++old;
  }
  for (; old != base.machines.end(); ++old) copy_machine(base, *old, state);
  if (!std::ranges::all_of(runs, &FieldRuns::done))
    in.fail("a column of values is not as long as it must be");
}

/// Nothing of it but its memory.
StateBatch emptied(StateBatch used) {
  StateBatch empty;
  used.machines.clear();
  used.slots.clear();
  empty.machines = std::move(used.machines);
  empty.slots = std::move(used.slots);
  return empty;
}

}  // namespace

fleet::Result<StateBatch> unpack_state(std::string_view pack, const StateBatch* base,
                                       StateBatch memory, std::size_t most_numbers) {
  static const StateBatch kEmpty;
  PackReader in(pack, most_numbers);
  const bool builds_on = in.number(0, 1, "whether it has a base") == 1;
  if (builds_on && !base) in.fail("it needs another one that is not there");
  const StateBatch& from = builds_on && base ? *base : kEmpty;
  StateBatch state = emptied(std::move(memory));
  state.position.epoch = static_cast<std::uint64_t>(in.number());
  state.position.number = static_cast<std::uint64_t>(in.number());
  state.time = fleet::time_from_ms(in.number());
  if (!plausible(state.time)) in.fail("it is of no plausible time");
  read_machines(in, from, state);
  read_alarm_changes(in, from, state);
  read_activity(in, state.activity);
  read_heat(in, from, state);
  if (auto done = in.finish(); !done) return done.error();
  return state;
}

}  // namespace net
