// Edge marks: alarms whose machine lies under a panel, shown beside the panel instead.
//
// How it works: a mark that something on the map would cover is moved to the nearest spot of the
// free part of the map, with a small arrow to where its machine is. Critical ones are moved however
// far away they are; lesser ones only where a panel would cut the mark in two, so that a city under
// a panel does not line its edge with marks. Moved marks of one severity that would touch become
// one with their sum. Pure but for drawing.
#pragma once

#include <span>
#include <vector>

#include "viewer/labels/alarm_marks.hpp"

namespace viewer {

struct EdgeMark {
  AlarmMark mark;   ///< where it is drawn
  Point machine{};  ///< where the machine is, px: the arrow points there
};

/// Takes those out of `marks` (worst first) that `obstacles` cover, and returns them where they are
/// seen: within `room`, clear of the obstacles as far as there is room. window: marks of machines
/// outside of it are left alone.
std::vector<EdgeMark> take_covered(std::vector<AlarmMark>& marks, std::span<const Rect> obstacles,
                                   const Rect& room, const Rect& window, const MarkSizes& sizes);
/// What one covers, arrow included.
Rect edge_mark_rect(const EdgeMark& mark, const MarkSizes& sizes);
void draw_edge_marks(std::span<const EdgeMark> marks, const MarkSizes& sizes, Ui& ui);

}  // namespace viewer
