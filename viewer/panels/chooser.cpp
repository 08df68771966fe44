// The list of machines that stand on one place: one of them is chosen by pointer, arrows or digit.
#include <algorithm>

#include "viewer/labels/marks.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"
#include "viewer/ui/widgets.hpp"

namespace viewer {
namespace {

constexpr float kWidth = 300;
constexpr float kHead = 40;
constexpr float kRow = 32;
constexpr float kFoot = 32;  ///< says how many are not listed
constexpr float kEdge = 8;
constexpr float kGap = 18;  ///< from the place to the list

void draw_row(const ChooserRow& row, std::size_t number, bool selected, Ui& ui, const Rect& r) {
  const Theme& theme = ui.theme();
  if (selected || ui.hovered(r)) ui.fill(r, faded(theme.accent, selected ? 0.18 : 0.08), ui.px(4));
  const float mid = (r.y0 + r.y1) / 2;
  const float line = ui.baseline_centred(Type::body, mid);
  const float x = r.x0 + ui.px(10);
  if (number <= 9) {
    ui.text(Type::small, {x, ui.baseline_centred(Type::small, mid)}, theme.text_3, grouped(number));
  }
  status_mark(ui, {x + ui.px(28), mid}, ui.px(5), row.status);
  const float at = x + ui.px(46);
  const float serial = ui.text_fit(Type::body, {at, line}, r.x1 - ui.px(10) - at,
                                   selected ? theme.accent : theme.text, row.serial);
  ui.text_fit(Type::small, {r.x1 - ui.px(10), line}, r.x1 - ui.px(24) - at - serial, theme.text_2,
              row.model, Align::right);
}

}  // namespace

Rect chooser_rect(const ChooserModel& m, const Layout& layout) {
  if (!m.open || m.rows.empty()) return {};
  const bool more = m.total > m.rows.size();
  const float height = kHead + kRow * static_cast<float>(m.rows.size()) + (more ? kFoot : kEdge);
  const Rect window{0, 0, static_cast<float>(layout.width_px),
                    static_cast<float>(layout.height_px)};
  return hover_rect({m.at_x, m.at_y}, {layout.px(kWidth), layout.px(height)}, layout.px(kGap),
                    window, layout.blocks());
}

void draw_chooser(const ChooserModel& m, const Layout& layout, Ui& ui) {
  const Rect r = chooser_rect(m, layout);
  if (r.empty()) return;
  const Theme& theme = ui.theme();
  solid_panel(ui, r);
  ui.frame(r, faded(theme.accent, 0.55), ui.px(6));
  const auto total = static_cast<std::int64_t>(m.total);
  ui.text_fit(Type::small_strong, {r.x0 + ui.px(18), r.y0 + ui.px(26)}, r.width() - ui.px(36),
              theme.text, filled(ui.tr(Text::machines_here), "n", grouped(total)));
  float y = r.y0 + ui.px(kHead);
  for (std::size_t i = 0; i < m.rows.size(); ++i) {
    const Rect row{r.x0 + ui.px(kEdge), y, r.x1 - ui.px(kEdge), y + ui.px(kRow)};
    draw_row(m.rows[i], i + 1, i == m.selected, ui, row);
    ui.zone(row, {Action::Kind::choose_machine, i});
    y = row.y1;
  }
  if (m.total <= m.rows.size()) return;
  const auto left = static_cast<std::int64_t>(m.total - m.rows.size());
  ui.text_fit(Type::small, {r.x0 + ui.px(18), y + ui.px(20)}, r.width() - ui.px(36), theme.text_2,
              filled(ui.tr(Text::more_machines), "n", grouped(left)));
}

}  // namespace viewer
