// A fleet small enough to know by heart, as a gateway would send it: for tests of the wall.
#pragma once

#include <optional>
#include <string>

#include "fleet/fleet_state.hpp"
#include "fleet/status.hpp"
#include "viewer/fleet_view.hpp"

namespace testing_support {

/// The gateway's side: a state, and the updates that follow from what it takes in. "Now" is kNow;
/// everything is known a second before.
class SmallFleet {
 public:
  /// 2026-10-16T14:00:00+08:00.
  static constexpr fleet::Time kNow = fleet::time_from_ms(1'792'130'400'000);

  /// A machine that has this status at kNow. `silent` stopped reporting hours ago; `unknown` is in
  /// the roster and never reported, so it has no place. Customer and model are made of the id.
  fleet::Slot add(const std::string& id, fleet::LonLat at, fleet::Status status,
                  std::optional<double> heading_deg = {});
  /// An open alarm of that severity, raised a minute before kNow.
  fleet::AlarmId alarm(fleet::Slot machine, fleet::Severity severity);
  /// A report at `t` from another place, in a tick of its own that ends at `t`.
  fleet::TickBatch move(fleet::Slot machine, fleet::LonLat to, fleet::Time t);

  fleet::RosterBatch roster() const;
  fleet::StateBatch keyframe() const { return state_.keyframe(); }
  const fleet::FleetState& state() const { return state_; }
  fleet::FleetState& state() { return state_; }
  /// Roster and keyframe applied, statuses and figures brought up to kNow.
  void show(viewer::FleetView& view) const;

 private:
  fleet::FleetState state_;
  std::uint64_t number_ = 0;
};

/// Some 160 machines around Suzhou in every status, and an alarm of each severity: what the goldens
/// of the map show. SY0121 is critical and stands at kSuzhou.
inline constexpr fleet::LonLat kSuzhou{120.62, 31.30};
SmallFleet suzhou_fleet();

/// The atlas that is shipped; an empty one, and a test failure, if it cannot be read.
fleet::Atlas shipped_atlas();

}  // namespace testing_support
