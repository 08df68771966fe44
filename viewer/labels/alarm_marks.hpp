// Alarm marks on the map: where one stands for several, how large it is, and how it is drawn.
//
// How it works: marks of one severity that would touch become one with a count, at the place of the
// oldest; each growing mark takes in what it then touches. Places are counted in map pixels (world
// times pixels a world), so that panning changes nothing. Worse ones lie on top. Low alarms are in
// the list and never on the map.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "viewer/ui/ui.hpp"

namespace viewer {

/// More marks than this are not drawn; the most severe come first.
inline constexpr std::size_t kMostAlarmMarks = 2000;

/// Sizes in px at the present type scale and zoom.
struct MarkSizes {
  std::array<float, fleet::kSeverityCount> radius{};  ///< of the shape
  double medium_opacity = 1;
  float digit = 8;   ///< width of a digit of a count
  float half = 10;   ///< half the height of a mark with a count
  float inset = 5;   ///< from its edge to shape and number, and between these
  float margin = 1;  ///< marks that come closer count as touching
  bool operator==(const MarkSizes&) const = default;
};
/// zoom: of the map as it is named by (label_zoom). From far off medium ones are small and quiet.
MarkSizes mark_sizes(Ui& ui, double zoom);

struct AlarmSpot {
  double x = 0, y = 0;  ///< map px
  fleet::Severity severity = fleet::Severity::low;
  bool acknowledged = false;
};

struct AlarmMark {
  Point at{};  ///< middle of the shape, px of the screen
  fleet::Severity severity = fleet::Severity::low;
  bool acknowledged = false;  ///< all of them
  std::uint32_t count = 1;
  bool count_left = false;  ///< the number stands left of the shape
  std::size_t first = 0;    ///< index of the oldest among the spots merged
};

/// Marks for all spots but low ones, worst first; their `at` is not set. Counts sum up to the
/// number of spots that are not low.
std::vector<AlarmMark> merged_marks(std::span<const AlarmSpot> spots, const MarkSizes& sizes);

/// Shapes by severity; unacknowledged critical and high ones have rings that pulse once a second
/// (phase from ui.time_s()). marks: worst first.
void draw_alarm_marks(std::span<const AlarmMark> marks, const MarkSizes& sizes, Ui& ui);
/// What a mark covers, rings included, for LabelPlacer.
Rect alarm_mark_rect(const AlarmMark& mark, const MarkSizes& sizes);

}  // namespace viewer
