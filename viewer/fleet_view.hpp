// FleetView: the fleet as the wall needs it each frame, kept up to date from feed updates.
//
// Owns the FleetState. From it come, machine by machine: the point on the map, the status, the
// region; and, once a feed second, the group figures. Main thread; reads no clock.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fleet/atlas.hpp"
#include "fleet/utilisation.hpp"
#include "viewer/shown_fleet.hpp"

namespace viewer {

class FleetView {
 public:
  FleetView(const fleet::Atlas& atlas, fleet::TimeZone zone);

  const fleet::FleetState& state() const { return fleet_.state; }
  const fleet::RegionMap& regions() const { return regions_; }
  const fleet::PlaceIndex& places() const { return places_; }
  /// To name on the map only; their points lie anywhere inside.
  std::span<const fleet::Place> counties() const { return counties_; }
  const fleet::TimeZone& zone() const { return zone_; }
  /// Where the recording that is played ends; kNever: it is live.
  void set_end(fleet::Time end) { end_ = end; }
  /// The local day that an instant shown belongs to: where a recording ends with a day, that day.
  fleet::LocalDay day_of(fleet::Time t) const;
  /// The zone of the fleet's local days, once the feed has told it.
  void set_zone(fleet::TimeZone zone) { zone_ = std::move(zone); }

  /// Applies an update. `playhead`: feed time at which points start to glide to their new places.
  /// Error: the state is unchanged; the feed should resync.
  fleet::Result<void> apply(fleet::Update update, fleet::Time playhead);
  /// Takes over a fleet made elsewhere, all of it refreshed at `playhead`. Returns the one before:
  /// to free a large one takes long.
  /// updates: how many machines it has news of.
  ShownFleet take(ShownFleet fleet, fleet::Time playhead, std::size_t updates);

  /// Brings statuses and figures up to `playhead`. Figures are summed again when it has moved on by
  /// a second.
  void update(fleet::Time playhead);

  /// For the renderer; `changed` since the last clear_changed().
  std::span<const render::PointInstance> points() const { return fleet_.points; }
  std::span<const fleet::Slot> changed() const { return changed_; }
  bool all_changed() const { return all_changed_; }
  void clear_changed();
  /// Seconds of playhead since the origin that PointInstance::moved_at_s counts from.
  double seconds(fleet::Time playhead) const;
  /// Last instant at which a point began to glide.
  fleet::Time last_move() const { return last_move_; }

  std::span<const fleet::Status> statuses() const { return fleet_.statuses; }
  std::span<const fleet::RegionIndex> region_of() const { return fleet_.region_of; }
  const fleet::FleetUtilisation& figures() const { return figures_; }
  /// Grows when figures or statuses changed.
  std::uint64_t figures_version() const { return figures_version_; }
  /// False in fleets that never report an engine: "working" is then called "moving".
  bool has_engine_data() const { return fleet_.has_engine_data; }
  /// False: nothing tells who worked, and a rate of nought would be no figure.
  bool has_work_data() const { return fleet_.has_work_data; }
  std::uint64_t updates_applied() const { return updates_applied_; }
  /// Machines at work through the local day, a value every five minutes; negative = not known. The
  /// step under way holds what the wall shows now.
  std::span<const float> activity() const { return activity_; }

  /// Name of the place a machine is at: nearest place, or its province; empty if nowhere near.
  std::string place_name(fleet::Slot machine, bool english) const;

 private:
  void fit();
  void change_all();
  void begin_afresh(fleet::Time playhead);
  void glide_touched(fleet::Time playhead, fleet::Time moved_at);
  void refresh_statuses(fleet::Time playhead);
  void mark_changed(fleet::Slot machine);
  void rebase(fleet::Time playhead);
  void fill_activity(fleet::Time playhead);

  ShownFleet fleet_;
  fleet::RegionMap regions_;
  fleet::PlaceIndex places_;
  std::vector<fleet::Place> counties_;
  fleet::TimeZone zone_;
  fleet::Time end_ = fleet::kNever;

  std::vector<fleet::Slot> changed_, touched_;
  std::vector<bool> is_changed_;
  bool all_changed_ = true;
  fleet::Time origin_ = fleet::kNever, last_move_ = fleet::kNever, figures_at_ = fleet::kNever;
  fleet::Time statuses_at_ = fleet::kNever;  ///< of the last refresh_statuses
  fleet::FleetUtilisation figures_;
  std::uint64_t figures_version_ = 0, updates_applied_ = 0;
  std::vector<float> activity_ = std::vector<float>(fleet::kActivitySteps, -1.f);
};

}  // namespace viewer
