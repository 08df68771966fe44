// Writing a state as its differences to another one.
#include <algorithm>

#include "net/pack/pack_parts.hpp"
#include "net/pack/state_pack.hpp"
#include "net/pack/state_parts.hpp"

namespace net {
namespace {

using fleet::FieldMask;
using fleet::FieldSlot;
using fleet::MachineImage;
using fleet::StateBatch;
using namespace state_parts;
using wire::wrapping_sub;

/// Fields whose value, or its times, are others than in the base.
FieldMask changed_fields(const StateBatch& state, const MachineImage& image, const StateBatch& base,
                         const MachineImage* old) {
  FieldMask changed = 0;
  std::size_t at = image.slot_begin;
  for (FieldMask left = image.fields; left != 0; left &= left - 1, ++at) {
    const int field = std::countr_zero(left);
    const FieldSlot* held = old ? slot_of(base, *old, field) : nullptr;
    if (!held || !(*held == state.slots[at])) changed |= FieldMask{1} << field;
  }
  return changed;
}

/// True if `state` knows everything that `base` does.
bool continues(const StateBatch& state, const StateBatch& base) {
  Follower follower(state);
  return std::ranges::all_of(base.machines, [&](const MachineImage& old) {
    const MachineImage* image = follower.find(old.machine);
    return image && (old.fields & ~image->fields) == 0;
  });
}

struct ChangedMachine {
  const MachineImage* image;
  const MachineImage* old;  ///< null: the base does not know it
  FieldMask fields;
};

std::vector<ChangedMachine> changed_machines(const StateBatch& state, const StateBatch& base) {
  std::vector<ChangedMachine> changed;
  Follower follower(base);
  for (const MachineImage& image : state.machines) {
    const MachineImage* old = follower.find(image.machine);
    const FieldMask fields = changed_fields(state, image, base, old);
    if (fields != 0 || !old || !(old->head == image.head) || !(old->figures == image.figures))
      changed.push_back({&image, old, fields});
  }
  return changed;
}

/// Machines, which of their fields changed, and when they were heard of.
void write_heads(const StateBatch& state, const std::vector<ChangedMachine>& changed,
                 PackWriter& out) {
  std::vector<std::uint32_t> slots;
  std::vector<std::int64_t> fields, device, receive, period;
  std::vector<fleet::DayFigures> figures_before, figures;
  for (const ChangedMachine& m : changed) {
    slots.push_back(m.image->machine);
    fields.push_back(static_cast<std::int64_t>(m.fields));
    device.push_back(lag(state.time, m.image->head.device_time));
    receive.push_back(lag(m.image->head.receive_time, m.image->head.device_time));
    period.push_back(std::int64_t{m.image->head.period_ms} - (m.old ? m.old->head.period_ms : 0));
    figures_before.push_back(m.old ? m.old->figures : fleet::DayFigures());
    figures.push_back(m.image->figures);
  }
  write_ascending(slots, out);
  for (const auto* column : {&fields, &device, &receive, &period}) out.column(*column);
  write_figure_steps(figures_before, figures, out);
}

/// Raw values, as steps from the base's.
void write_values(const StateBatch& state, const StateBatch& base, int field,
                  const std::vector<ChangedMachine>& changed, PackWriter& out) {
  std::vector<std::int64_t> steps, south;
  for (const ChangedMachine& m : changed) {
    if ((m.fields >> field & 1) == 0) continue;
    const FieldSlot* held = m.old ? slot_of(base, *m.old, field) : nullptr;
    const std::int64_t raw = slot_of(state, *m.image, field)->raw, from = held ? held->raw : 0;
    if (field == fleet::kPosition) {
      const fleet::GridPoint a = fleet::unpacked(from), b = fleet::unpacked(raw);
      steps.push_back(signed_grid(b.x - a.x));
      south.push_back(signed_grid(b.y - a.y));
    } else {
      steps.push_back(wrapping_sub(raw, from));
    }
  }
  out.column(steps);
  if (field == fleet::kPosition) out.column(south);
}

void write_fields(const StateBatch& state, const StateBatch& base,
                  const std::vector<ChangedMachine>& changed, PackWriter& out) {
  FieldMask all = 0;
  for (const ChangedMachine& m : changed) all |= m.fields;
  std::vector<FieldTimes> written(changed.size());
  std::vector<std::int64_t> kinds, device, receive;
  for (FieldMask left = all; left != 0; left &= left - 1) {
    const int field = std::countr_zero(left);
    write_values(state, base, field, changed, out);
    for (auto* column : {&kinds, &device, &receive}) column->clear();
    for (std::size_t i = 0; i < changed.size(); ++i) {
      if ((changed[i].fields >> field & 1) == 0) continue;
      const Times head = times_of(changed[i].image->head);
      const Times times = times_of(*slot_of(state, *changed[i].image, field));
      kinds.push_back(written[i].kind_of(times, head));
      if (kinds.back() != kTold) continue;
      device.push_back(lag(head.device, times.device));
      receive.push_back(lag(times.receive, times.device));
    }
    for (const auto* column : {&kinds, &device, &receive}) out.column(*column);
  }
}

void write_alarm_changes(const StateBatch& state, const StateBatch& base, PackWriter& out) {
  std::vector<std::uint32_t> gone;
  std::vector<fleet::Alarm> came;
  auto old = base.alarms.begin();
  const auto skip_to = [&](const fleet::Alarm* alarm) {
    for (; old != base.alarms.end() && (!alarm || old->id < alarm->id); ++old)
      gone.push_back(static_cast<std::uint32_t>(old - base.alarms.begin()));
  };
  for (const fleet::Alarm& alarm : state.alarms) {
    skip_to(&alarm);
    const bool same = old != base.alarms.end() && *old == alarm;
    if (!same) came.push_back(alarm);
    if (old != base.alarms.end() && old->id == alarm.id) {
      if (!same) gone.push_back(static_cast<std::uint32_t>(old - base.alarms.begin()));
      ++old;
    }
  }
  skip_to(nullptr);
  write_ascending(gone, out);
  write_alarms(came, out);
}

void write_activity(const fleet::DayActivity& activity, PackWriter& out) {
  out.number(activity.day);
  out.column(std::vector<std::int64_t>(activity.working.begin(), activity.working.end()));
}

/// Cells of the same day never go away again: what changed is listed.
/// Of the same day, and every cell of the base is still there: a difference takes none away.
bool heat_goes_on(const StateBatch& state, const StateBatch& base) {
  return base.heat && base.heat->day == state.heat->day &&
         std::ranges::includes(state.heat->values, base.heat->values, {}, &fleet::HeatValue::key,
                               &fleet::HeatValue::key);
}

void write_heat(const StateBatch& state, const StateBatch& base, PackWriter& out) {
  out.number(state.heat.has_value());
  if (!state.heat) return;
  const bool same_day = heat_goes_on(state, base);
  out.number(state.heat->day);
  out.number(same_day);
  std::vector<std::int64_t> keys, seconds;
  std::uint64_t last = 0;
  auto old = same_day ? base.heat->values.begin() : std::vector<fleet::HeatValue>::const_iterator();
  for (const fleet::HeatValue& value : state.heat->values) {
    std::int64_t from = 0;
    bool known = false;
    if (same_day) {
      while (old != base.heat->values.end() && old->key < value.key) ++old;
      known = old != base.heat->values.end() && old->key == value.key;
      if (known) from = old->seconds;
    }
    if (known && from == value.seconds) continue;
    keys.push_back(static_cast<std::int64_t>(value.key.bits - last));
    seconds.push_back(value.seconds - from);
    last = value.key.bits;
  }
  out.column(keys);
  out.column(seconds);
}

}  // namespace

std::string pack_state(const StateBatch& state, const StateBatch& base, int level) {
  static const StateBatch kEmpty;
  const bool builds_on = !base.machines.empty() && continues(state, base);
  const StateBatch& from = builds_on ? base : kEmpty;
  PackWriter out(level);
  out.number(builds_on);
  out.number(static_cast<std::int64_t>(state.position.epoch));
  out.number(static_cast<std::int64_t>(state.position.number));
  out.number(fleet::ms_from_time(state.time));
  const std::vector<ChangedMachine> changed = changed_machines(state, from);
  write_heads(state, changed, out);
  write_fields(state, from, changed, out);
  write_alarm_changes(state, from, out);
  write_activity(state.activity, out);
  write_heat(state, from, out);
  return out.take();
}

}  // namespace net
