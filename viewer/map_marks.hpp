// MapMarks: what stands on the map above the points. Place names, alarm marks, counts, the selected
// machine and its trail, the machines under the pointer. Main thread; draws into Ui's current list.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "viewer/fleet_view.hpp"
#include "viewer/interaction.hpp"
#include "viewer/labels/alarm_marks.hpp"
#include "viewer/labels/count_chips.hpp"
#include "viewer/labels/edge_marks.hpp"
#include "viewer/labels/marks.hpp"
#include "viewer/labels/place_labels.hpp"
#include "viewer/labels/placed_alarms.hpp"
#include "viewer/trails/trail_set.hpp"

namespace viewer {

/// Zoom of a map as densely written as one 1920 px wide at type scale 1: what is named and marked
/// on it depends on the room there is, not on the wall's width.
double label_zoom(const render::Camera& camera, float scale);

class MapMarks {
 public:
  /// notice: what a notice of the whole picture covers; may be empty. trails: of the selected
  /// machine and of those that are marked; may be null.
  void draw(const FleetView& view, const WallState& wall, const Layout& layout, const Rect& notice,
            Ui& ui, const TrailSet* trails = nullptr);
  /// Placed by the last draw.
  std::span<const PlacedLabel> labels() const { return placer_.placed(); }
  /// Those that stand where their machines are.
  std::span<const AlarmMark> alarms() const { return free_; }
  /// Those of machines under panels.
  std::span<const EdgeMark> edge_alarms() const { return edge_; }

 private:
  void gather_alarms(const FleetView& view, const WallState& wall, Ui& ui);
  /// Marks that the obstacles so far would cover go to the edge of the map's free part.
  void move_covered(const Layout& layout, Ui& ui);
  void gather_places(const FleetView& view, const WallState& wall, Ui& ui);
  void gather_place(std::uint32_t id, const fleet::Place& place, const WallState& wall, Ui& ui);
  /// panels: so many of the obstacles are panels, the others marks.
  void count_machines(const FleetView& view, const WallState& wall, std::size_t panels, Ui& ui);
  void place_selected(const FleetView& view, const WallState& wall, Ui& ui);
  void draw_hovered(const FleetView& view, const WallState& wall, std::span<const Rect> panels,
                    Ui& ui);

  void place_marked(const FleetView& view, const WallState& wall, Ui& ui);
  void draw_marked_names(const FleetView& view, Ui& ui);
  void draw_trails(const WallState& wall, const TrailSet& trails, Ui& ui);
  void draw_spot(const FleetView& view, const WallState& wall, const TrailSet& trails,
                 std::span<const Rect> panels, Ui& ui);

  LabelPlacer placer_;
  PlacedAlarms alarms_;
  std::vector<AlarmMark> free_;
  std::vector<EdgeMark> edge_;
  MarkSizes sizes_;
  CellCounts counts_;
  std::vector<Rect> chips_;
  std::optional<SelectionRects> selected_;
  std::vector<MarkedMachine> marked_;
  std::vector<LabelCandidate> candidates_;
  std::vector<std::string> names_;
  std::vector<Rect> obstacles_;
};

}  // namespace viewer
