// Marks on the map: alarms, the selected machine, the machine under the pointer, place names.
// Drawn each frame into Ui's current list, over the points and under the panels.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "viewer/labels/place_labels.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

struct AlarmMark {
  Point at;
  fleet::Severity severity = fleet::Severity::low;
  bool acknowledged = false;
};

/// More marks than this are not drawn; the most severe come first.
inline constexpr std::size_t kMostAlarmMarks = 2000;

/// Triangle, diamond, square, dot. Unacknowledged critical and high ones have rings that pulse once
/// a second (phase from ui.time_s()).
void draw_alarm_marks(std::span<const AlarmMark> marks, Ui& ui);
/// What a mark covers, for LabelPlacer.
Rect alarm_mark_rect(const AlarmMark& mark, const Ui& ui);

/// Four corners around the selected machine, and its name beside them: at most kMostLabel
/// characters of it.
inline constexpr std::size_t kMostLabel = 24;
void draw_selection(Point at, std::string_view name, Ui& ui);
/// What both cover, for LabelPlacer.
Rect selection_rect(Point at, std::string_view name, Ui& ui);

struct HoverLabel {
  Point at;
  std::string title;   ///< serial
  std::string detail;  ///< model, customer
  fleet::Status status = fleet::Status::unknown;
  bool moving = false;
};
/// A small panel beside the machine under the pointer: inside the window, and clear of obstacles
/// (panels, controls) where there is room.
void draw_hover(const HoverLabel& hover, std::span<const Rect> obstacles, Ui& ui);
/// Where it goes: right of `at`, left of it, above or below, at `gap` from it; the first side that
/// is clear, else the one least covered.
Rect hover_rect(Point at, Point size, float gap, const Rect& window,
                std::span<const Rect> obstacles);

/// names: by candidate index. Important places (rank 0 and 1) are brighter and stronger; over heat
/// all are bright.
void draw_place_labels(std::span<const PlacedLabel> labels,
                       std::span<const LabelCandidate> candidates,
                       std::span<const std::string> names, bool heat, Ui& ui);
/// Type a place of this rank is drawn in, to measure it with.
Type place_label_type(std::uint8_t rank);
/// Rules at the current type scale for a window of Ui's size.
LabelRules label_rules(const Ui& ui);

}  // namespace viewer
