// What the hexagon under the pointer holds: its outline, and a small panel with its values. Pure.
#pragma once

#include <span>
#include <string>

#include "render/map_frame.hpp"
#include "viewer/panels/models.hpp"
#include "viewer/ui/layout.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

/// "12.4 台时/km²" and "131 台时 · 10.6 km²": unit as in the heat's panel.
struct HexagonTexts {
  std::string density, value;
};
HexagonTexts hexagon_texts(const render::HexagonValue& hexagon, const HeatModel& heat, Lang lang);

/// obstacles: what the panel keeps clear of where there is room.
void draw_hexagon_tip(const render::HexagonValue& hexagon, const HeatModel& heat,
                      const render::Camera& camera, std::span<const Rect> obstacles, Ui& ui);

}  // namespace viewer
