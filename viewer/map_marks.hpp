// MapMarks: what stands on the map above the points. Place names, alarm marks, the selected
// machine, the machine under the pointer. Main thread; draws into Ui's current list.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "viewer/fleet_view.hpp"
#include "viewer/interaction.hpp"
#include "viewer/labels/marks.hpp"
#include "viewer/labels/place_labels.hpp"

namespace viewer {

class MapMarks {
 public:
  /// notice: what a notice of the whole picture covers; may be empty.
  void draw(const FleetView& view, const WallState& wall, const Layout& layout, const Rect& notice,
            Ui& ui);

 private:
  void gather_alarms(const FleetView& view, const WallState& wall);
  void gather_places(const FleetView& view, const WallState& wall, Ui& ui);
  void draw_selected(const FleetView& view, const WallState& wall, Ui& ui);
  void draw_hovered(const FleetView& view, const WallState& wall, std::span<const Rect> panels,
                    Ui& ui);

  LabelPlacer placer_;
  std::vector<AlarmMark> alarms_;
  std::vector<LabelCandidate> candidates_;
  std::vector<std::string> names_;
  std::vector<Rect> obstacles_;
};

}  // namespace viewer
