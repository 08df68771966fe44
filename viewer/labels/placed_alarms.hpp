// PlacedAlarms: the marks of all open alarms as the map shows them, merged anew only when they may
// have changed.
//
// How it works: merging marks of a whole fleet costs milliseconds, moving them with the map
// nothing. So what was merged is kept until alarms, zoom or sizes change, or machines have moved
// (once a feed second), and every frame only sets the marks in their places. Alarms far out of view
// are not merged: none of a chain of marks reaches from there. Main thread.
#pragma once

#include <span>
#include <vector>

#include "fleet/alarms.hpp"
#include "render/camera.hpp"
#include "render/map_frame.hpp"
#include "viewer/labels/alarm_marks.hpp"

namespace viewer {

/// Alarms this far outside the view are merged with what is in it, px. What merges further away
/// than that, mark by mark, may look different when it comes into view.
inline constexpr double kMergedAroundPx = 960;

class PlacedAlarms {
 public:
  /// points: by slot. places_version: grows when machines were moved, hidden or shown, or are
  /// those of another fleet; may lag by a second (FleetView::figures_version). reach_px: marks this
  /// far outside the view are still listed.
  void update(const fleet::AlarmTable& alarms, std::span<const render::PointInstance> points,
              std::uint64_t places_version, const render::Camera& camera, const MarkSizes& sizes,
              double reach_px);

  /// Worst first, where their machines are now.
  std::span<const AlarmMark> marks() const { return shown_; }
  /// The oldest machine a mark of the last update stands for.
  fleet::Slot machine_of(const AlarmMark& mark) const { return machine_of_[mark.first]; }
  /// How often all of them were merged.
  std::uint64_t merges() const { return merges_; }

 private:
  struct Open {
    fleet::Slot machine = 0;
    fleet::Severity severity = fleet::Severity::low;
  };
  bool is_merged(std::size_t points, const render::Camera& camera, const MarkSizes& sizes) const;
  bool is_listed(const fleet::AlarmTable& alarms) const;
  void list(const fleet::AlarmTable& alarms);
  void merge(std::span<const render::PointInstance> points, const render::Camera& camera);

  std::uint64_t alarms_version_ = UINT64_MAX, places_version_ = UINT64_MAX;
  std::size_t listed_ = 0;               ///< alarms of the table
  fleet::AlarmId first_ = 0, last_ = 0;  ///< of these
  std::vector<Open> open_;               ///< all that are not low, in the table's order
  // Of what is merged:
  bool merged_ = false;
  render::Camera camera_;
  MarkSizes sizes_;
  std::size_t points_ = 0;
  std::vector<AlarmSpot> spots_;
  std::vector<fleet::Slot> machine_of_;  ///< by spot
  std::vector<AlarmMark> merged_marks_, shown_;
  std::uint64_t merges_ = 0;
};

}  // namespace viewer
