// What writing and reading a packed state have in common.
#pragma once

#include <bit>

#include "fleet/update.hpp"
#include "net/codec/wire.hpp"

namespace net::state_parts {

inline std::int64_t lag(fleet::Time later, fleet::Time earlier) {
  return wire::wrapping_sub(fleet::ms_from_time(later), fleet::ms_from_time(earlier));
}
inline fleet::Time before(fleet::Time later, std::int64_t lag_ms) {
  return fleet::time_from_ms(wire::wrapping_sub(fleet::ms_from_time(later), lag_ms));
}

inline fleet::Time after(fleet::Time earlier, std::int64_t lag_ms) {
  return fleet::time_from_ms(wire::wrapping_add(fleet::ms_from_time(earlier), lag_ms));
}

/// The value of a field in a machine's image; nothing if it has none.
inline const fleet::FieldSlot* slot_of(const fleet::StateBatch& batch,
                                       const fleet::MachineImage& image, int field) {
  const fleet::FieldMask bit = fleet::FieldMask{1} << field;
  if ((image.fields & bit) == 0) return nullptr;
  return &batch.slots[image.slot_begin +
                      static_cast<std::size_t>(std::popcount(image.fields & (bit - 1)))];
}

/// When a value came: together with the changed field before it in its machine, with the newest
/// report, at the times that were told last, or at times that are told now.
enum TimeKind : std::int64_t { kAsBefore = 0, kWithHead = 1, kAsTold = 2, kTold = 3 };

struct Times {
  fleet::Time device = fleet::kNever, receive = fleet::kNever;
  bool operator==(const Times&) const = default;
};
inline Times times_of(const fleet::MachineHead& head) {
  return {head.device_time, head.receive_time};
}
inline Times times_of(const fleet::FieldSlot& slot) {
  return {slot.device_time, slot.receive_time};
}

/// Of the fields of one machine that were dealt with so far.
struct FieldTimes {
  Times before, told;

  TimeKind kind_of(const Times& times, const Times& head) {
    const TimeKind kind = times == before ? kAsBefore
                          : times == head ? kWithHead
                          : times == told ? kAsTold
                                          : kTold;
    before = times;
    if (kind == kTold) told = times;
    return kind;
  }
};

/// Walks over the machines of a batch in step with ascending slots.
class Follower {
 public:
  explicit Follower(const fleet::StateBatch& batch)
      : at_(batch.machines.begin()), end_(batch.machines.end()) {}
  const fleet::MachineImage* find(fleet::Slot machine) {
    while (at_ != end_ && at_->machine < machine) ++at_;
    return at_ != end_ && at_->machine == machine ? &*at_ : nullptr;
  }

 private:
  std::vector<fleet::MachineImage>::const_iterator at_, end_;
};

}  // namespace net::state_parts
