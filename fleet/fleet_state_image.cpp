// FleetState as a whole: keyframe, catch-up and hash.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>

#include "fleet/bytes.hpp"
#include "fleet/fleet_state.hpp"

namespace fleet {
namespace {

// Largest parts that are written at once.
constexpr std::size_t kMachineBytes = 1 + kMaxMachineIdBytes + 8 + 8 + 4 + 1;
constexpr std::size_t kFieldBytes = 1 + std::size_t{3} * 8;
constexpr std::size_t kAlarmBytes = 8 + 1 + kMaxMachineIdBytes + 1 + 4 + 5 + 2 * 8;
constexpr std::size_t kMostBytes = kMachineBytes + kMaxFields * kFieldBytes;
static_assert(kAlarmBytes <= kMostBytes);

/// xxh64 over small parts, collected so that the hash works on long runs.
class Hasher {
 public:
  Hasher() { XXH64_reset(&hash_, 0); }
  /// Room for kMostBytes, until the next call.
  ByteWriter part() {
    if (used_ + kMostBytes > buffer_.size()) flush();
    return ByteWriter(buffer_.data() + used_);
  }
  void end_part(const ByteWriter& out) { used_ = out.size(buffer_.data()); }
  std::uint64_t value() {
    flush();
    return XXH64_digest(&hash_);
  }

 private:
  // Not inlined: GCC 12 sees an overflow in xxHash's copy that cannot happen (-Warray-bounds).
  [[gnu::noinline]] void flush() {
    XXH64_update(&hash_, buffer_.data(), used_);
    used_ = 0;
  }

  XXH64_state_t hash_;
  std::array<unsigned char, 1 << 15> buffer_;  // 32 KiB: stays in the first cache
  std::size_t used_ = 0;
};

void write_alarm(ByteWriter& out, const Alarm& alarm, std::string_view machine_id) {
  out.u64(alarm.id);
  out.text(machine_id);
  out.u8(static_cast<std::uint8_t>(alarm.rule));
  out.u32(alarm.fault.spn);
  out.u8(alarm.fault.fmi);
  out.u8(alarm.fault.source);
  out.u8(alarm.fault.count);
  out.u8(static_cast<std::uint8_t>(alarm.fault.lamp));
  out.u8(static_cast<std::uint8_t>(alarm.severity));
  out.i64(ms_from_time(alarm.occurred));
  out.i64(ms_from_time(alarm.learned));
}

}  // namespace

std::uint64_t FleetState::hash() const {
  Hasher hasher;
  for (Slot machine : roster_.by_id()) {
    if (machine >= records_.size() || records_.head(machine).receive_time == kNever) continue;
    const MachineHead& head = records_.head(machine);
    const FieldMask known = known_fields(machine);
    ByteWriter out = hasher.part();
    out.text(roster_[machine].id);
    out.i64(ms_from_time(head.device_time));
    out.i64(ms_from_time(head.receive_time));
    out.i32(head.period_ms);
    out.u8(static_cast<std::uint8_t>(std::popcount(known)));
    for (FieldMask rest = known; rest != 0; rest &= rest - 1) {
      const auto f = static_cast<FieldId>(std::countr_zero(rest));
      const FieldSlot slot = field(machine, f);
      out.u8(f);
      out.i64(slot.raw);
      out.i64(ms_from_time(slot.device_time));
      out.i64(ms_from_time(slot.receive_time));
    }
    hasher.end_part(out);
  }
  for (const auto& [id, alarm] : alarms_.open()) {
    ByteWriter out = hasher.part();
    write_alarm(out, alarm, roster_[alarm.machine].id);
    hasher.end_part(out);
  }
  return hasher.value();
}

void FleetState::append_image(Slot machine, StateBatch& batch) const {
  MachineImage image;
  image.machine = machine;
  image.slot_begin = static_cast<std::uint32_t>(batch.slots.size());
  image.fields = known_fields(machine);
  image.head = records_.head(machine);
  image.figures = figures_[machine];
  for (FieldMask rest = image.fields; rest != 0; rest &= rest - 1) {
    batch.slots.push_back(field(machine, static_cast<FieldId>(std::countr_zero(rest))));
  }
  batch.machines.push_back(image);
}

StateBatch FleetState::begin_image(StateBatch::Kind kind) const {
  StateBatch batch;
  batch.kind = kind;
  batch.position = position_;
  batch.time = time_;
  for (const auto& [id, alarm] : alarms_.open()) batch.alarms.push_back(alarm);
  batch.activity = activity_;
  return batch;
}

StateBatch FleetState::keyframe() const {
  StateBatch batch = begin_image(StateBatch::Kind::keyframe);
  batch.machines.reserve(records_.size());
  std::size_t slots = 0;
  for (Slot machine = 0; machine < records_.size(); ++machine) {
    slots += static_cast<std::size_t>(std::popcount(known_fields(machine)));
  }
  batch.slots.reserve(slots);
  for (Slot machine = 0; machine < records_.size(); ++machine) {
    if (records_.head(machine).receive_time != kNever) append_image(machine, batch);
  }
  batch.heat = heat_.image();
  return batch;
}

StateBatch FleetState::catch_up(std::span<const Slot> machines, std::uint64_t since) const {
  StateBatch batch = begin_image(StateBatch::Kind::catch_up);
  batch.heat = heat_.image(since);
  for (Slot machine : machines) {
    if (machine < records_.size() && records_.head(machine).receive_time != kNever) {
      append_image(machine, batch);
    }
  }
  return batch;
}

}  // namespace fleet
