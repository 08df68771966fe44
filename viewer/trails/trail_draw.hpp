// Draws a trail into Ui's current list: over the points of the map, under its marks and names.
#pragma once

#include <span>
#include <string_view>

#include "viewer/trails/trail_lines.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

/// Of several trails the selected machine's is the stronger one.
enum class TrailWeight : std::uint8_t { strong, light };
/// Solid: driven. Double: hauled. Dashed: not heard of. All fade with age.
void draw_trail(const TrailProjection& trail, Ui& ui, TrailWeight weight = TrailWeight::strong);
/// A short sample of a kind of line, for legends: from `left` on, width_px long.
void draw_trail_sample(fleet::Stretch::Kind kind, Point left, float width_px, Ui& ui);
/// Time and kind of the spot under the pointer, and a dot on it.
/// machine: its name, where there are several trails. obstacles: what the label must not cover, if
/// there is room.
void draw_trail_spot(const TrailSpot& spot, std::string_view machine, const fleet::TimeZone& zone,
                     std::span<const Rect> obstacles, Ui& ui);

}  // namespace viewer
