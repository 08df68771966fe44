#include "viewer/labels/hexagon_tip.hpp"

#include <array>
#include <cmath>

#include "viewer/labels/marks.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

constexpr float kSqrt3 = 1.7320508f;

/// Corners of a hexagon that stands on one, its sides apart by `width`.
std::array<ImVec2, 6> corners(Point middle, float width) {
  const float half = width / 2, top = width / kSqrt3, shoulder = top / 2;
  return {{{middle.x, middle.y - top},
           {middle.x + half, middle.y - shoulder},
           {middle.x + half, middle.y + shoulder},
           {middle.x, middle.y + top},
           {middle.x - half, middle.y + shoulder},
           {middle.x - half, middle.y - shoulder}}};
}

std::string number_text(double value) {
  const double size = std::abs(value);
  return decimal(value, size >= 99.95 || size == std::round(size) ? 0 : size >= 0.095 ? 1 : 3);
}

}  // namespace

HexagonTexts hexagon_texts(const render::HexagonValue& hexagon, const HeatModel& heat, Lang lang) {
  const std::string unit = heat_sum_unit(heat, lang);
  const auto number = [&](double value) {
    return heat.difference.drawn() ? with_sign(value, number_text(value)) : number_text(value);
  };
  return {number(hexagon.per_km2) + " " + unit + "/km²",
          number(hexagon.value) + " " + unit + " · " + number_text(hexagon.area_km2) + " km²"};
}

void draw_hexagon_tip(const render::HexagonValue& hexagon, const HeatModel& heat,
                      const render::Camera& camera, std::span<const Rect> obstacles, Ui& ui) {
  const Theme& theme = ui.theme();
  const render::ScreenPoint at = camera.screen_from_world(hexagon.middle);
  const Point middle{static_cast<float>(at.x), static_cast<float>(at.y)};
  const auto outline = corners(middle, static_cast<float>(hexagon.width_px));
  ui.list().AddPolyline(outline.data(), static_cast<int>(outline.size()), theme.text,
                        ImDrawFlags_Closed, ui.px(1.5f));
  const HexagonTexts texts = hexagon_texts(hexagon, heat, ui.lang());
  const float width = std::max(ui.text_width(Type::strong, texts.density),
                               ui.text_width(Type::small, texts.value)) +
                      ui.px(28);
  const Rect window{0, 0, static_cast<float>(ui.width_px()), static_cast<float>(ui.height_px())};
  const float gap = static_cast<float>(hexagon.width_px) / 2 + ui.px(8);
  const Rect r = hover_rect(middle, {width, ui.px(54)}, gap, window, obstacles);
  ui.fill(r, faded(theme.background, 0.94), ui.px(5));
  ui.frame(r, theme.panel_edge, ui.px(5));
  ui.text(Type::strong, {r.x0 + ui.px(14), r.y0 + ui.px(23)}, theme.text, texts.density);
  ui.text(Type::small, {r.x0 + ui.px(14), r.y0 + ui.px(43)}, theme.text_2, texts.value);
}

}  // namespace viewer
