// Marks on the map: the selected machine, the machine under the pointer, place names.
// Drawn each frame into Ui's current list, over the points and under the panels.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "viewer/labels/place_labels.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

/// Four corners around the selected machine, and its name beside them: at most kMostLabel
/// characters of it.
inline constexpr std::size_t kMostLabel = 24;
struct SelectionRects {
  Rect brackets, name;
};
/// The name stands right, left, above or below: the first side that is clear of the obstacles
/// (panels, alarm marks). Both are obstacles to place names.
SelectionRects selection_rects(Point at, std::string_view name, std::span<const Rect> obstacles,
                               Ui& ui);
void draw_selection(const SelectionRects& place, std::string_view name, Ui& ui);

/// A machine that is marked beside the selected one: a ring around it, and its name beside that
/// where there is room.
struct MarkedMachine {
  fleet::Slot machine = 0;
  Point at;
  Rect ring, name;  ///< name: empty if there is no room for it
};
Rect marked_ring(Point at, const Ui& ui);
/// Where its name goes; empty: it would cover one of the obstacles, other rings among them.
Rect marked_name(Point at, std::string_view name, std::span<const Rect> obstacles, Ui& ui);
void draw_marked(const MarkedMachine& place, std::string_view name, Ui& ui);

struct HoverLabel {
  Point at;
  std::string title;   ///< serial
  std::string detail;  ///< model, customer
  fleet::Status status = fleet::Status::unknown;
  bool moving = false;
  std::int64_t machines = 1;  ///< that stand there; with more than one no single one is named
};
/// A small panel beside the machine under the pointer: inside the window, and clear of obstacles
/// (panels, controls) where there is room.
void draw_hover(const HoverLabel& hover, std::span<const Rect> obstacles, Ui& ui);
/// Where it goes: right of `at`, left of it, above or below, at `gap` from it; the first side that
/// is clear, else the one least covered.
Rect hover_rect(Point at, Point size, float gap, const Rect& window,
                std::span<const Rect> obstacles);

/// names: by candidate index. Important places (rank 0 and 1) are brighter and stronger, counties
/// (4) the faintest; over heat all are bright.
void draw_place_labels(std::span<const PlacedLabel> labels,
                       std::span<const LabelCandidate> candidates,
                       std::span<const std::string> names, bool heat, Ui& ui);
/// Type a place of this rank is drawn in, to measure it with.
Type place_label_type(std::uint8_t rank);
/// Rules at the current type scale for a window of Ui's size.
LabelRules label_rules(const Ui& ui);

}  // namespace viewer
