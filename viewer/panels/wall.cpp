// All panels of a frame in their order, and the layout they ask for.
#include <algorithm>
#include <cmath>

#include "viewer/panels/panels.hpp"
#include "viewer/ui/ui_renderer.hpp"

namespace viewer {
namespace {

/// Ids of the panels in the renderer's cache.
enum PanelId {
  kTopBar,
  kTotals,
  kUtilisation,
  kRanking,
  kAlarms,
  kHealth,
  kHeat,
  kCard,
  kHistory,
  kLegend,
  kMapScale,
  kCorner,
  kDemoTag,
  kBand,
  kTransport,
  kCaption,
  kBandTip,
  kJump,
  kCalendar,
  kTrails,
  kSearch,
  kChooser,
  kHelp,
  kBanner,
  kCentre,
  kFontNotice,
};

bool in_centre(Notice kind) {
  return kind == Notice::connecting || kind == Notice::empty_fleet || kind == Notice::refused ||
         kind == Notice::preparing;
}

}  // namespace

Rect notice_rect(const NoticeModel& m, const Layout& layout) {
  if (m.kind == Notice::none) return {};
  if (!in_centre(m.kind)) {
    Rect banner = layout.notice_banner;
    if (!m.fact.empty()) banner.y1 += std::round(layout.px(20));
    return banner;
  }
  const auto w = static_cast<float>(layout.width_px);
  const auto h = static_cast<float>(layout.height_px);
  return {w / 2 - layout.px(330), h / 2 - layout.px(120), w / 2 + layout.px(330),
          h / 2 + layout.px(120)};
}

namespace {

/// Width of a text of the small type in one line, px at scale 1, a little more rather than less:
/// the layout is made before there is a font.
float width_of(std::string_view text) {
  constexpr float kLatinPx = 6.4f, kHanPx = 13;
  float px = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) px += kLatinPx;
    if (byte >= 0xC0) px += kHanPx;
  }
  return px;
}

/// Both languages have one layout. A longer text breaks into lines between words, which takes room.
float origin_width(const LegendModel& m) {
  constexpr float kBreaks = 1.08f;
  const float px = std::max(width_of(origin_text(m, Lang::zh)), width_of(origin_text(m, Lang::en)));
  return px <= kOriginWidth ? kOriginWidth : px * kBreaks;
}

}  // namespace

Layout layout_for(const WallModel& m, int width_px, int height_px, float wall_scale,
                  const std::optional<WallSize>& wall) {
  LayoutInput in;
  in.width_px = width_px;
  in.height_px = height_px;
  in.scale = wall_type_scale(width_px, height_px, wall_scale, wall);
  in.panels = m.panels;
  in.demo = m.top.demo;
  in.transport = m.panels && m.band.transport;
  in.fleet = m.fleet;
  in.tiles = m.legend.tiles && m.legend.tiles->tells();
  in.origin_width = origin_width(m.legend);
  in.card = m.card.open && m.fleet;
  in.history = m.history.open && m.fleet;
  in.trails = m.trails.machines > 0 && m.fleet;
  in.ranking_rows = static_cast<int>(m.ranking.rows.size());
  in.utilisation_chart = m.utilisation.today.size() >= 2;
  in.utilisation_changes =
      std::any_of(m.utilisation.change.begin(), m.utilisation.change.end(), known);
  in.alarm_rows = static_cast<int>(m.alarms.rows.size());
  in.critical_rows = static_cast<int>(
      std::count_if(m.alarms.rows.begin(), m.alarms.rows.end(),
                    [](const AlarmRow& row) { return row.severity == fleet::Severity::critical; }));
  std::uint64_t alarms = 0;
  for (const std::uint32_t n : m.alarms.by_severity) alarms += n;
  in.alarms_left_out = alarms > m.alarms.rows.size() || m.alarms.rows.size() > 7;
  in.heat_choices = heat_choices(m.heat);
  in.card_values = static_cast<int>(m.card.values.size());
  in.card_faults = static_cast<int>(m.card.faults.size());
  return make_layout(in);
}

void draw_wall(const WallModel& m, const Layout& l, Ui& ui, UiRenderer* renderer) {
  const auto panel = [&](PanelId id, const Rect& r, auto&& draw) {
    if (renderer != nullptr) {
      renderer->panel(id, r, draw);
    } else if (!r.empty()) {
      draw();
    }
  };
  panel(kLegend, l.legend, [&] { draw_legend(m.legend, l, ui); });
  panel(kMapScale, l.map_scale, [&] { draw_map_scale(m.legend, l, ui); });
  panel(kCorner, l.corner, [&] { draw_corner(m.top, l, ui); });
  panel(kDemoTag, l.demo_tag, [&] { draw_demo_tag(l, ui); });
  panel(kTrails, l.trails, [&] { draw_trails(m.trails, l, ui); });
  if (m.panels) {
    panel(kBand, l.band, [&] { draw_time_band(m.band, l, ui); });
    if (m.band.transport) panel(kTransport, l.transport, [&] { draw_transport(m.band, l, ui); });
    panel(kTopBar, l.top_bar, [&] { draw_top_bar(m.top, l, ui); });
    panel(kTotals, l.totals, [&] { draw_totals(m.totals, l, ui); });
    panel(kUtilisation, l.utilisation, [&] { draw_utilisation(m.utilisation, l, ui); });
    panel(kRanking, l.ranking, [&] { draw_ranking(m.ranking, l, ui); });
    panel(kAlarms, l.alarms, [&] { draw_alarms(m.alarms, l, ui); });
    if (m.heat.on) panel(kHeat, l.heat, [&] { draw_heat(m.heat, l, ui); });
    panel(kHealth, l.health, [&] { draw_health(m.health, l, ui); });
    if (m.card.open) panel(kCard, l.card, [&] { draw_card(m.card, l, ui); });
    if (m.history.open) panel(kHistory, l.history, [&] { draw_history(m.history, l, ui); });
  }
  if (m.notice.kind != Notice::none) {
    panel(in_centre(m.notice.kind) ? kCentre : kBanner, notice_rect(m.notice, l),
          [&] { draw_notice(m.notice, l, ui); });
  }
  if (!ui.fonts().missing().empty()) {
    panel(kFontNotice, font_notice_rect(l), [&] { draw_font_notice(l, ui); });
  }
  if (m.panels) {
    panel(kCaption, transport_caption_rect(l, ui), [&] { draw_transport_caption(l, ui); });
    panel(kBandTip, band_tip_rect(m.band, l), [&] { draw_band_tip(m.band, l, ui); });
  }
  panel(kCalendar, calendar_rect(m.calendar, l), [&] { draw_calendar(m.calendar, l, ui); });
  panel(kChooser, chooser_rect(m.chooser, l), [&] { draw_chooser(m.chooser, l, ui); });
  if (m.jump.open) panel(kJump, l.search, [&] { draw_jump_box(m.jump, l, ui); });
  if (m.search.open) panel(kSearch, l.search, [&] { draw_search(m.search, l, ui); });
  if (m.help) panel(kHelp, help_rect(l), [&] { draw_help(l, ui); });
}

}  // namespace viewer
