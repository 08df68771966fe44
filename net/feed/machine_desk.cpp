#include "net/feed/machine_desk.hpp"

#include <algorithm>
#include <utility>

#include "net/pack/history_pack.hpp"

namespace net {

void MachineDesk::want(std::size_t shelf, MachineShelf::Wish wish) {
  {
    const std::lock_guard lock(mutex_);
    Place& place = places_[shelf];
    if (place.wanted == wish) return;
    place.wanted = std::move(wish);
    place.found.history.reset();
    ++place.found.version;
  }
  if (wake_) wake_();
}

MachineDesk::Found MachineDesk::found(std::size_t shelf) const {
  const std::lock_guard lock(mutex_);
  return places_[shelf].found;
}

/// Nothing is known of what is wanted, or more was recorded of it since, or it could not be had.
bool MachineDesk::due(const Place& place, Steady now) const {
  if (!place.wanted || place.answer.open()) return false;
  if (!place.found.history) return true;
  const bool grew = place.range_end < std::min(place.wanted->to, range_end_);
  return (grew || place.failed) && now - place.asked_at >= kMachineAgain;
}

std::optional<ReplayMachine> MachineDesk::next_question(Steady now, std::uint32_t minor) {
  const std::lock_guard lock(mutex_);
  for (Place& place : places_) {
    if (!due(place, now)) continue;
    place.asked = *place.wanted;
    place.asked_at = now;
    place.range_end = range_end_;
    if (minor < kPackedSinceMinor) {
      place.failed = true;
      keep(place, {}, true);
      continue;
    }
    place.answer.ask(++numbers_);
    return ReplayMachine{numbers_, place.asked.machine, place.asked.from, place.asked.to};
  }
  return std::nullopt;
}

/// Null: nobody asked it, or it is answered.
MachineDesk::Place* MachineDesk::find(std::uint32_t request) {
  const auto place =
      std::ranges::find_if(places_, [&](const Place& each) { return each.answer.of(request); });
  return place == places_.end() ? nullptr : &*place;
}

fleet::Result<void> MachineDesk::take(const PackedReply& reply) {
  std::string whole;
  {
    const std::lock_guard lock(mutex_);
    Place* const place = find(reply.request);
    if (!place) return {};
    auto added = place->answer.add(reply);
    if (!added) return added.error();
    if (!*added) return {};
    whole = std::move(**added);
  }
  // Without the lock: a week takes a while, and the shelves are asked with every picture.
  fleet::Result<fleet::MachineHistory> history{fleet::MachineHistory{}};
  if (reply.error.empty()) history = unpack_history(whole);
  const std::lock_guard lock(mutex_);
  Place* const place = find(reply.request);
  if (!place) return {};
  place->answer.forget();
  place->failed = !reply.error.empty() || !history;
  if (place->asked != place->wanted) return {};
  if (!place->failed) {
    keep(*place, std::move(*history), reply.damaged);
  } else if (!place->found.history) {
    keep(*place, {}, true);
  } else {  // what was there before is better than nothing
    place->found.damaged = true;
    ++place->found.version;
  }
  return {};
}

/// What cannot be had is an empty history.
void MachineDesk::keep(Place& place, fleet::MachineHistory history, bool damaged) {
  if (history.machine.empty()) history.machine = place.asked.machine;
  place.found.history = std::make_shared<const fleet::MachineHistory>(std::move(history));
  place.found.damaged = damaged;
  ++place.found.version;
}

void MachineDesk::grew(fleet::Time range_end) {
  const std::lock_guard lock(mutex_);
  range_end_ = range_end;
}

void MachineDesk::forget() {
  const std::lock_guard lock(mutex_);
  for (Place& place : places_) place.answer.forget();
}

namespace {

class GatewayMachines final : public MachineShelf {
 public:
  GatewayMachines(std::shared_ptr<MachineDesk> desk, std::size_t shelf)
      : desk_(std::move(desk)), shelf_(shelf) {}

  void want(Wish wish) override {
    if (wanted_ == wish) return;
    wanted_ = wish;
    desk_->want(shelf_, std::move(wish));
    found_ = desk_->found(shelf_);
  }
  bool update() override {
    MachineDesk::Found now = desk_->found(shelf_);
    if (now.version == found_.version) return false;
    found_ = std::move(now);
    return found_.history != nullptr;
  }
  const fleet::MachineHistory* history() const override { return found_.history.get(); }
  bool reading() const override { return wanted_ && !found_.history; }
  bool damaged() const override { return found_.damaged; }

 private:
  std::shared_ptr<MachineDesk> desk_;
  const std::size_t shelf_;
  std::optional<Wish> wanted_;
  MachineDesk::Found found_;
};

}  // namespace

std::unique_ptr<MachineShelf> make_gateway_machines(std::shared_ptr<MachineDesk> desk,
                                                    std::size_t shelf) {
  return std::make_unique<GatewayMachines>(std::move(desk), shelf);
}

}  // namespace net
