// ShownFleet: a fleet as the map shows it: its state, and for every machine its point, status and
// region. Plain data with the rules that make it; FleetView keeps it up to date on the main thread,
// Playback has a large one made anew on another.
#pragma once

#include <optional>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/regions.hpp"
#include "fleet/status.hpp"
#include "render/map_frame.hpp"

namespace viewer {

struct ShownFleet {
  fleet::FleetState state;
  // By slot, as many as the state has machines after `fit`:
  std::vector<render::PointInstance> points;
  std::vector<fleet::Status> statuses;
  std::vector<fleet::RegionIndex> region_of;
  /// Beside a report only the passing of time changes a status: last instant at which it holds.
  /// Time::max(): silent, or never heard of.
  std::vector<fleet::Time> status_until;
  fleet::Time next_silence = fleet::Time::max();  ///< none of these is earlier
  bool has_engine_data = false;  ///< somebody says whether an engine runs or works
  bool has_work_data = false;    ///< that, or an engine-hour counter

  /// New machines are hidden, their status unknown. True if there are new ones.
  bool fit();
  /// Brings all of a machine up to its state at `playhead`. moved_at_s: when its point begins to
  /// glide to a new place; nothing = it is there.
  void refresh(fleet::Slot machine, fleet::Time playhead, const fleet::RegionMap& regions,
               std::optional<float> moved_at_s);
  /// True if its status is another one now.
  bool refresh_status(fleet::Slot machine, fleet::Time playhead);
  /// All machines, at their places.
  void refresh_all(fleet::Time playhead, const fleet::RegionMap& regions);
};

/// moved_at_s of a point that does not glide.
inline constexpr float kLongAgoS = -1e9f;

}  // namespace viewer
