#include "viewer/trails/trail_set.hpp"

#include <algorithm>
#include <utility>

namespace viewer {
namespace {

/// As many as net::Feed::ask keeps.
constexpr std::size_t kMostAsked = 4;
/// Places that are gone through in one frame, some 2 ms of it: trails of a day of seconds take
/// turns.
constexpr std::size_t kPlacesAFrame = 50'000;

}  // namespace

const Trail* TrailSet::of(fleet::Slot machine) const {
  const auto found = std::ranges::find(trails_, machine, &Each::machine);
  return found == trails_.end() ? nullptr : &found->trail;
}

bool TrailSet::asking() const {
  return std::ranges::any_of(trails_, [](const Each& each) { return each.trail.waiting(); });
}

std::size_t TrailSet::waiting() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(trails_, [](const Each& each) { return each.trail.waiting_first(); }));
}

/// The trails become those of `machines`, in this order; what is known of a machine stays. True if
/// one left.
bool TrailSet::turn_to(const FleetView& view, const std::vector<fleet::Slot>& machines) {
  std::vector<Each> turned;
  turned.reserve(machines.size());
  std::size_t kept = 0;
  for (const fleet::Slot machine : machines) {
    const std::string& id = view.state().roster()[machine].id;
    Each& each = turned.emplace_back();
    if (const auto known = std::ranges::find(trails_, id, &Each::machine_id);
        known != trails_.end()) {
      each = std::move(*known);
      known->machine_id.clear();
      ++kept;
    }
    each.machine_id = id;
    each.machine = machine;
  }
  const bool left = kept < trails_.size();
  trails_ = std::move(turned);
  return left;
}

void TrailSet::take_answers(net::Feed& feed, double now_s) {
  while (auto answer = feed.take_track()) {
    for (Each& each : trails_) {
      if (each.trail.take(*answer, now_s)) break;
    }
  }
}

void TrailSet::ask(Trail::Wanted wanted, net::Feed& feed) {
  auto under_way = static_cast<std::size_t>(
      std::ranges::count_if(trails_, [](const Each& each) { return each.trail.waiting(); }));
  for (Each& each : trails_) {
    if (under_way >= kMostAsked) return;
    wanted.machine = each.machine;
    auto question = each.trail.question(wanted);
    if (!question) continue;
    question->number = ++number_;
    each.trail.asked(*question, wanted.now_s);
    feed.ask(std::move(*question));
    ++under_way;
  }
}

bool TrailSet::update(const FleetView& view, Trail::Wanted wanted,
                      std::span<const fleet::Slot> marked, net::Feed& feed) {
  const std::size_t count = view.state().machine_count();
  std::vector<fleet::Slot> machines;
  const auto add = [&](fleet::Slot machine) {
    if (machine < count && std::ranges::find(machines, machine) == machines.end())
      machines.push_back(machine);
  };
  if (wanted.span != TrailSpan::off && wanted.playhead != fleet::kNever) {
    if (wanted.machine) add(*wanted.machine);
    std::ranges::for_each(marked, add);
  }
  bool changed = turn_to(view, machines);
  take_answers(feed, wanted.now_s);
  std::size_t places = 0;
  const std::size_t first = trails_.empty() ? 0 : turn_ % trails_.size();
  for (std::size_t i = 0; i < trails_.size(); ++i) {
    Each& each = trails_[(first + i) % trails_.size()];
    wanted.machine = each.machine;
    const bool later = places >= kPlacesAFrame;
    if (!later) turn_ = first + i + 1;
    if (!each.trail.update(view, wanted, later)) continue;
    places += each.trail.places();
    changed = true;
  }
  ask(wanted, feed);
  return changed;
}

}  // namespace viewer
