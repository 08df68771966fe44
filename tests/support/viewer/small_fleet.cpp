#include "tests/support/viewer/small_fleet.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/fleet/builders.hpp"
#include "viewer/files.hpp"

namespace testing_support {
namespace {

using fleet::Severity;
using fleet::Status;
using namespace std::chrono_literals;

/// xorshift: the same numbers everywhere.
class Dice {
 public:
  double unit() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_ / 4294967296.0;
  }
  /// About -1..1, more often near 0.
  double spread() { return unit() + unit() + unit() - 1.5; }

 private:
  std::uint32_t state_ = 20261016;
};

/// A fault that is judged to have this severity.
fleet::Fault fault_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return {100, 1, 0, 3, fleet::Lamp::red_stop};
    case Severity::high:
      return {96, 1, 0, 1, fleet::Lamp::protect};
    case Severity::medium:
      return {107, 16, 0, 1, fleet::Lamp::amber};
    case Severity::low:
      break;
  }
  return {5246, 5, 0, 1, fleet::Lamp::off};
}

}  // namespace

fleet::Slot SmallFleet::add(const std::string& id, fleet::LonLat at, Status status,
                            std::optional<double> heading_deg) {
  const fleet::Slot slot = state_.roster().find_or_add(id).value();
  fleet::Machine machine = state_.roster()[slot];
  machine.serial = id;
  machine.model = "SY215C";
  machine.customer = "Customer of " + id;
  EXPECT_TRUE(state_.roster().update(slot, machine));
  state_.fit_roster();
  if (status == Status::unknown) return slot;
  std::map<fleet::FieldId, std::int64_t> values{
      {fleet::kPosition, fleet::packed(fleet::grid_from_lonlat(at))},
      {fleet::kEngineOn, status == Status::stopped ? 0 : 1},
      {fleet::kWorking, status == Status::working ? 1 : 0}};
  if (heading_deg) values[fleet::kHeadingDeg] = std::llround(*heading_deg * 10);
  fleet::TickBatch tick = fleet::test::tick_at(kNow - 2s, ++number_);
  const fleet::Time t = status == Status::silent ? kNow - 5h : kNow - 1500ms;
  fleet::test::RowOf{slot, t, t, values}.accept_into(state_, tick);
  state_.finish_tick(tick.position, tick.end);
  return slot;
}

fleet::AlarmId SmallFleet::alarm(fleet::Slot machine, Severity severity) {
  fleet::AlarmEvent event;
  event.alarm.machine = machine;
  event.alarm.fault = fault_of(severity);
  event.alarm.severity = severity;
  event.alarm.occurred = event.alarm.learned = event.at = kNow - 1min;
  event.alarm.id = fleet::alarm_id(state_.roster()[machine].id, fleet::AlarmRule::fault,
                                   event.alarm.fault, event.alarm.occurred);
  fleet::TickBatch tick = fleet::test::tick_at(kNow - 2s, ++number_);
  state_.raise(event, tick);
  state_.finish_tick(tick.position, tick.end);
  return event.alarm.id;
}

fleet::TickBatch SmallFleet::move(fleet::Slot machine, fleet::LonLat to, fleet::Time t) {
  fleet::TickBatch tick = fleet::test::tick_at(t - 1s, ++number_);
  const std::int64_t raw = fleet::packed(fleet::grid_from_lonlat(to));
  fleet::test::RowOf{machine, t, t, {{fleet::kPosition, raw}}}.accept_into(state_, tick);
  state_.finish_tick(tick.position, tick.end);
  return tick;
}

fleet::RosterBatch SmallFleet::roster() const {
  fleet::RosterBatch batch;
  batch.complete = true;
  batch.version = state_.roster().version();
  for (fleet::Slot slot = 0; slot < state_.roster().size(); ++slot) {
    batch.machines.emplace_back(slot, state_.roster()[slot]);
  }
  return batch;
}

void SmallFleet::show(viewer::FleetView& view) const {
  EXPECT_TRUE(view.apply(roster(), kNow));
  EXPECT_TRUE(view.apply(keyframe(), kNow));
  view.update(kNow);
}

SmallFleet suzhou_fleet() {
  SmallFleet fleet;
  fleet.alarm(fleet.add("SY0121", kSuzhou, Status::working, 247), Severity::critical);
  fleet.alarm(fleet.add("SY0877", {120.70, 31.36}, Status::idling, 90), Severity::high);
  fleet.alarm(fleet.add("SY2150", {120.55, 31.35}, Status::stopped), Severity::medium);
  fleet.alarm(fleet.add("SY1180", {120.66, 31.24}, Status::working, 10), Severity::low);
  Dice dice;
  constexpr Status kStatuses[] = {Status::working, Status::idling,  Status::stopped,
                                  Status::silent,  Status::working, Status::stopped};
  for (int i = 0; i < 160; ++i) {
    // Half of them in town, the others over the country around it.
    const double reach_deg = i / 6 % 2 == 0 ? 0.06 : 0.8;
    const fleet::LonLat at{kSuzhou.lon_deg + dice.spread() * reach_deg,
                           kSuzhou.lat_deg + dice.spread() * reach_deg * 0.7};
    const std::optional<double> heading =
        i % 3 == 0 ? std::nullopt : std::optional(std::floor(dice.unit() * 360));
    fleet.add("SY3" + std::to_string(100 + i), at, kStatuses[i % 6], heading);
  }
  fleet.add("SY9999", {}, Status::unknown);
  return fleet;
}

fleet::Atlas shipped_atlas() {
  auto atlas = viewer::load_atlas(std::string(FLEETWALL_SOURCE_DIR) + "/assets");
  EXPECT_TRUE(atlas.ok()) << (atlas ? "" : atlas.error().what);
  return atlas ? std::move(atlas).value() : fleet::Atlas{};
}

}  // namespace testing_support
