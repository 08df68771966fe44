#include "viewer/ui/layout.hpp"

#include <algorithm>
#include <cmath>

namespace viewer {
namespace {

// Design lengths, px at scale 1.
constexpr float kMargin = 28;
constexpr float kGap = 18;  ///< between two panels of a column
constexpr float kTopBar = 64;
constexpr float kTopGap = 20;  ///< from the top bar to the columns
constexpr float kBand = 104;
constexpr float kBandGap = 16;
constexpr float kLeftWidth = 376;
constexpr float kRightWidth = 396;
constexpr float kCardWidth = 480;
constexpr float kLegendHeight = 58;
/// Lines of the map's origin at most: those of the shipped maps together on the narrowest wall.
constexpr float kOriginLines = 6;
/// Wider it would be an empty ribbon over the map.
constexpr float kStripWidest = 1200;
/// With the heat's ramp in it a narrower strip has no room for the scale bar.
constexpr float kStripWithScale = 900;
constexpr float kMapScaleWidth = 124, kMapScaleHeight = 32;
constexpr float kTransportWidth = 600, kTransportHeight = 40;
constexpr float kTrailsWidth = 580, kTrailsHeight = 34;
constexpr float kHistoryHeight = 410, kHistoryLeast = 250;
/// Of the map's height that a history takes, and, where that is too low for it, may take.
constexpr float kHistoryShare = 0.64f, kHistoryMost = 0.8f;
/// Walls wider than this (at scale 1) have room for wider columns.
constexpr float kWideWall = 2800;
constexpr float kWideColumn = 440;
/// Smallest wall that a type scale may leave, in px at scale 1: the layout's tests go so far.
constexpr float kLeastLongSide = 1500, kLeastShortSide = 840, kUprightShortSide = 900;
constexpr float kSearchWidth = 560;
constexpr float kDemoTagWidth = 96, kDemoTagHeight = 28;
constexpr float kCornerWidth = 460;

constexpr float kTotals = 200;
constexpr float kUtilisationLeast = 180;
constexpr float kUtilisationChanges = 22;  ///< one more line below the figures
constexpr float kUtilisation = 300;        ///< with the day's curve
constexpr float kUtilisationLow = 258;     ///< with a low one, and what each change adds to it
constexpr float kShortColumn = 800;        ///< columns shorter than this have the low one
constexpr float kListHead = 44;
constexpr float kListFoot = 12;
constexpr float kRankingRow = 31;
constexpr float kAlarmRow = 62;
constexpr float kHealth = 296;
constexpr float kHealthTight = 88;     ///< its two first rows
constexpr float kHealthUpright = 152;  ///< its five first rows
constexpr float kHeatTight = 0.89f;    ///< of its height: rows closer together
constexpr float kCardHead = 198;
constexpr float kCardFault = 112;
constexpr float kCardRow = 26;
constexpr float kCardEdges = 20;
constexpr float kBannerNarrowed = 0.75f;  ///< of its width, at least, beside panels

StackItem totals_item(float s) {
  return {kTotals * s, kTotals * s, 10};
}
StackItem utilisation_item(const LayoutInput& in, float column) {
  const float changes = in.utilisation_changes ? kUtilisationChanges : 0;
  const float least = kUtilisationLeast + changes;
  const bool low = column < kShortColumn * in.scale;
  const float wanted = low ? kUtilisationLow + changes : kUtilisation;
  return {least * in.scale, (in.utilisation_chart ? wanted : least) * in.scale, 5, true};
}
StackItem health_item(float s) {
  return {kHealth * s, kHealth * s, 2, false, 0, kHealthTight * s};
}

/// Nothing where there is no heat.
StackItem heat_item(const LayoutInput& in) {
  const float height = (in.heat_choices > 0 ? kHeatHead + in.heat_choices : 0) * in.scale;
  return {height, height, 8, false, 0, height * kHeatTight};
}

StackItem ranking_item(const LayoutInput& in, int most_rows) {
  const auto rows = static_cast<float>(std::clamp(in.ranking_rows, 1, most_rows));
  const float least = kListHead + kListFoot + kRankingRow * std::min(rows, 4.f);
  return {least * in.scale, (kListHead + kListFoot + kRankingRow * rows) * in.scale, 3, false,
          kRankingRow * in.scale};
}

StackItem alarms_item(const LayoutInput& in) {
  const auto rows = static_cast<float>(std::clamp(in.alarm_rows, 1, kMostAlarmRows));
  const float least = std::min(rows, std::max(3.f, static_cast<float>(in.critical_rows)));
  // The foot says how many are left out: of the rows here too, where not all of them fit.
  const float extra = 44 + (in.alarms_left_out || least < rows ? 34 : 12);
  return {(extra + kAlarmRow * least) * in.scale, (extra + kAlarmRow * rows) * in.scale, 10, false,
          kAlarmRow * in.scale};
}

/// As many critical alarms as a column of this height holds: more cannot push the list out.
LayoutInput with_room_for_criticals(LayoutInput in, float column_px) {
  const float rows = std::floor((column_px / in.scale - 44 - 34) / kAlarmRow);
  in.critical_rows = std::min(in.critical_rows, static_cast<int>(std::max(rows, 3.f)));
  return in;
}

StackItem card_item(const LayoutInput& in) {
  const auto rows = static_cast<float>(std::clamp((in.card_values + 1) / 2, 1, 32));
  const auto faults = static_cast<float>(std::clamp(in.card_faults, 0, 3));
  const float least = kCardHead + kCardFault * std::min(faults, 1.f) + kCardEdges + kCardRow * 3;
  const float wanted = kCardHead + kCardTrail + kCardFault * faults + kCardEdges + kCardRow * rows;
  return {least * in.scale, std::max(least, wanted) * in.scale, 9};
}

/// Puts the items of a column one under the other and returns where the last one ends.
float place_column(const Rect& column, const std::vector<StackItem>& items,
                   const std::vector<Rect*>& rects, float gap) {
  const std::vector<float> heights = stack(items, column.height(), gap);
  float y = column.y0;
  float end = y;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (heights[i] <= 0) continue;
    *rects[i] = {column.x0, y, column.x1, y + heights[i]};
    end = y + heights[i];
    y = end + gap;
  }
  return end;
}

void place_wide(const LayoutInput& in, Layout& out, float top, float bottom) {
  const float s = in.scale;
  const float w = static_cast<float>(in.width_px);
  const bool wide = w / s > kWideWall;
  // A wide wall has room for the card beside its panels; on others it takes their place.
  const bool beside = wide && in.card;
  const float left_w = (wide ? kWideColumn : in.card ? kCardWidth : kLeftWidth) * s;
  const float right_w = (wide ? kWideColumn : kRightWidth) * s;
  const float gap = kMargin * s;
  const Rect left{gap, top, gap + left_w, bottom};
  const Rect right{w - gap - right_w, top, w - gap, bottom};
  const Rect second{left.x1 + kGap * s, top, left.x1 + (kGap + kCardWidth) * s, bottom};
  const StackItem utilisation = utilisation_item(in, left.height());
  const StackItem alarms = alarms_item(with_room_for_criticals(in, right.height()));
  if (!in.fleet) {
    place_column(right, {health_item(s)}, {&out.health}, kGap * s);
  } else if (in.card && !beside) {
    place_column(left, {totals_item(s), card_item(in)}, {&out.totals, &out.card}, kGap * s);
    place_column(right, {alarms, heat_item(in), utilisation, health_item(s)},
                 {&out.alarms, &out.heat, &out.utilisation, &out.health}, kGap * s);
  } else {
    place_column(left, {totals_item(s), utilisation, ranking_item(in, 16)},
                 {&out.totals, &out.utilisation, &out.ranking}, kGap * s);
    place_column(right, {alarms, heat_item(in), health_item(s)},
                 {&out.alarms, &out.heat, &out.health}, kGap * s);
    if (beside) place_column(second, {card_item(in)}, {&out.card}, 0);
  }
  const float map_left = beside ? second.x1 + gap : in.fleet ? left.x1 + gap : left.x0;
  out.map = {map_left, top, right.x0 - gap, bottom};
}

/// Upright walls: figures above the map, lists below it. Panels side by side are of one height.
void place_upright(const LayoutInput& in, Layout& out, float top, float bottom) {
  const float s = in.scale;
  const float w = static_cast<float>(in.width_px);
  const float m = kMargin * s;
  if (!in.fleet) {
    out.map = {m, top, w - m, bottom};
    return;
  }
  const float half = (w - 2 * m - kGap * s) / 2;
  const float second = m + half + kGap * s;
  const float figures = std::max(kTotals * s, utilisation_item(in, 0).wanted);
  out.totals = {m, top, m + half, top + figures};
  out.utilisation = {second, top, w - m, top + figures};
  const float most = (bottom - top) * (in.card ? 0.52f : 0.4f);
  const StackItem ranking = ranking_item(in, 34);
  const StackItem health{kHealthUpright * s, kHealthUpright * s, 2};
  // A card takes the place of the picture's health.
  const std::vector<StackItem> items =
      in.card ? std::vector{card_item(in), ranking} : std::vector{ranking, health};
  const float gap = kGap * s;
  const std::vector<float> right =
      stack({alarms_item(with_room_for_criticals(in, most)), heat_item(in)}, most, gap);
  const float under_alarms = right[1] > 0 ? right[1] + gap : 0;
  // The lists decide how high this part is; the card too where it needs more.
  const std::vector<float> left =
      in.card ? stack({items.front()}, most, gap) : stack(items, most, gap);
  const float under_ranking = !in.card && left[1] > 0 ? left[1] + gap : 0;
  const float wanted = left[0] + under_ranking;
  const float lists_top = bottom - std::max(right[0] + under_alarms, wanted);
  const Rect column{m, lists_top, m + half, bottom};
  if (in.card) {
    const float end = place_column(column, items, {&out.card, &out.ranking}, kGap * s);
    (out.ranking.empty() ? out.card : out.ranking).y1 += end > lists_top ? bottom - end : 0;
  } else if (left[0] > 0) {
    out.ranking = {column.x0, column.y0, column.x1, column.y1 - under_ranking};
    if (left[1] > 0) out.health = {column.x0, column.y1 - left[1], column.x1, column.y1};
  }
  if (right[0] > 0) out.alarms = {second, lists_top, w - m, bottom - under_alarms};
  if (right[1] > 0) out.heat = {second, bottom - right[1], w - m, bottom};
  out.map = {m, top + figures + kGap * s, w - m, lists_top - kGap * s};
}

/// The buttons of a replay, and above them what is said of the marked machines' trails.
void place_over_strip(const LayoutInput& in, Layout& out) {
  const float s = in.scale;
  const float mid = (out.map.x0 + out.map.x1) / 2;
  const float half = std::min(out.map.width(), kTransportWidth * s) / 2;
  const float transport_bottom = out.legend.y0 - 12 * s;
  if (in.transport) {
    out.transport = {mid - half, transport_bottom - kTransportHeight * s, mid + half,
                     transport_bottom};
  }
  if (!in.trails) return;
  const float trails_half = std::min(out.map.width() - 2 * kMargin * s, kTrailsWidth * s) / 2;
  const float bottom = (in.transport ? out.transport.y0 : out.legend.y0) - 8 * s;
  out.trails = {std::round(mid - trails_half), std::round(bottom - kTrailsHeight * s),
                std::round(mid + trails_half), std::round(bottom)};
}

/// Over what stands above the strip; the map ends above it, so that the machine is seen. Left out
/// where the map is too low for both.
void place_history(const LayoutInput& in, Layout& out) {
  if (!in.history || !in.panels) return;
  const float s = in.scale;
  float bottom = out.legend.y0;
  for (const Rect* r : {&out.transport, &out.trails})
    if (!r->empty()) bottom = std::min(bottom, r->y0);
  bottom -= 10 * s;
  const float room = bottom - out.map.y0;
  if (room * kHistoryMost < kHistoryLeast * s) return;
  const float height =
      std::max(std::min(kHistoryHeight * s, room * kHistoryShare), kHistoryLeast * s);
  out.history = {out.map.x0, bottom - height, out.map.x1, bottom};
  out.map.y1 = out.history.y0;
}

/// The scale bar above the strip's left end, and above what else would be under it.
void place_map_scale(const LayoutInput& in, Layout& out) {
  const float s = in.scale;
  const float left = out.legend.x0;
  const auto at = [&](float bottom) {
    out.map_scale = {left, bottom - (kMapScaleHeight + 4) * s, left + kMapScaleWidth * s,
                     bottom - 4 * s};
  };
  at(out.legend.y0);
  if (in.panels && out.map_scale.overlaps(out.transport)) at(out.transport.y0);
  if (out.map_scale.overlaps(out.trails)) at(out.trails.y0);
  if (out.map_scale.overlaps(out.history)) at(out.history.y0);
}

/// The legend takes the lower end of the map, and leaves the rest of it free.
void place_strip(const LayoutInput& in, Layout& out) {
  const float s = in.scale;
  const float width = std::min(out.map.width(), kStripWidest * s);
  const float lines =
      std::clamp(std::ceil(in.origin_width * s / (width - kMargin * s)), 1.f, kOriginLines);
  const float height = (kLegendHeight + kOriginLine * (lines + (in.tiles ? 1.f : 0.f))) * s;
  out.legend = {out.map.x0, out.map.y1 - height, out.map.x0 + width, out.map.y1};
  out.map.y1 = out.legend.y0;
  if (in.fleet) place_over_strip(in, out);
  if (in.fleet) place_history(in, out);
  if (in.heat_choices > 0 && width < kStripWithScale * s) place_map_scale(in, out);
}

/// Moves it sideways, and makes it a little narrower, so that it covers no panel beside the map;
/// where that is not enough it stays.
void keep_within(const Rect& map, Rect& banner) {
  const float width = std::min(banner.width(), map.width());
  if (width < banner.width() * kBannerNarrowed) return;
  banner.x0 = std::clamp(banner.x0, map.x0, map.x1 - width);
  banner.x1 = banner.x0 + width;
}

/// A map without panels still says what its marks mean, whose map it is and that a demo is one.
void place_bare(const LayoutInput& in, Layout& out) {
  const float m = std::round(kMargin * in.scale);
  const Rect window = out.map;
  out.map = {m, m, window.x1 - m, window.y1 - m};
  place_strip(in, out);
  out.legend.y0 = std::round(out.legend.y0);
  out.transport = {};
  out.map = {0, 0, window.x1, out.legend.y0};
  const float low = m + kDemoTagHeight * in.scale;
  if (in.demo) out.demo_tag = {m, m, m + kDemoTagWidth * in.scale, low};
  const float left = in.demo ? out.demo_tag.x1 + std::round(8 * in.scale) : m;
  out.corner = {left, m, std::min(left + kCornerWidth * in.scale, window.x1 - m), low};
}

}  // namespace

float ui_scale(int width_px, int height_px, float wall_scale) {
  const auto w = static_cast<float>(std::max(width_px, 1));
  const auto h = static_cast<float>(std::max(height_px, 1));
  const float fit = w >= h ? std::min(w / 1920, h / 1080) : std::min(w / 1080, h / 1920);
  return std::clamp(std::max(fit, kLeastScale) * wall_scale, kLeastScale, kMostScale);
}

float legible_scale(const WallSize& wall, int width_px, int height_px) {
  const double px_per_m = std::max(width_px / wall.width_m, height_px / wall.height_m);
  const double needed_px = kLegibleShare * wall.distance_m * px_per_m;
  return static_cast<float>(needed_px) / kLeastCapPx;
}

float most_scale(int width_px, int height_px) {
  const auto longer = static_cast<float>(std::max(width_px, height_px));
  const auto shorter = static_cast<float>(std::min(width_px, height_px));
  const float least_short = height_px > width_px ? kUprightShortSide : kLeastShortSide;
  return std::clamp(std::min(longer / kLeastLongSide, shorter / least_short), kLeastScale,
                    kMostScale);
}

float wall_type_scale(int width_px, int height_px, float wall_scale,
                      const std::optional<WallSize>& wall) {
  const float scale = ui_scale(width_px, height_px, wall_scale);
  if (!wall) return scale;
  const float legible =
      std::min(legible_scale(*wall, width_px, height_px), most_scale(width_px, height_px));
  return std::max(scale, legible);
}

std::vector<Rect> Layout::blocks() const {
  std::vector<Rect> all;
  for (const Rect& r : {top_bar, totals, utilisation, ranking, alarms, heat, health, card, band,
                        transport, trails, history}) {
    if (!r.empty()) all.push_back(r);
  }
  return all;
}

Layout make_layout(const LayoutInput& in) {
  Layout out;
  const float s = in.scale;
  const auto w = static_cast<float>(in.width_px);
  const auto h = static_cast<float>(in.height_px);
  out.scale = s;
  out.width_px = in.width_px;
  out.height_px = in.height_px;
  const bool upright = in.height_px > in.width_px;
  out.notice_banner = {w / 2 - std::min(w / 2 - kMargin * s, 330 * s), (kTopBar + 12) * s,
                       w / 2 + std::min(w / 2 - kMargin * s, 330 * s), (kTopBar + 72) * s};
  const float search_half = std::min(w / 2 - kMargin * s, kSearchWidth * s / 2);
  out.search = {w / 2 - search_half, (kTopBar + 12) * s, w / 2 + search_half,
                std::min(h - kMargin * s, (kTopBar + 12 + 480) * s)};
  out.map = {0, 0, w, h};
  if (!in.panels) {
    place_bare(in, out);
    return out;
  }
  out.top_bar = {0, 0, w, kTopBar * s};
  if (in.fleet) out.band = {0, h - kBand * s, w, h};
  const float top = (kTopBar + kTopGap) * s;
  const float bottom = in.fleet ? out.band.y0 - kBandGap * s : h - kMargin * s;
  if (upright) {
    place_upright(in, out, top, bottom);
  } else {
    place_wide(in, out, top, bottom);
  }
  place_strip(in, out);
  keep_within(out.map, out.notice_banner);
  // Edges on whole pixels are sharp.
  for (Rect* r : {&out.top_bar, &out.totals, &out.utilisation, &out.ranking, &out.alarms, &out.heat,
                  &out.health, &out.card, &out.legend, &out.map_scale, &out.band, &out.transport,
                  &out.trails, &out.history, &out.search, &out.notice_banner, &out.map}) {
    *r = {std::round(r->x0), std::round(r->y0), std::round(r->x1), std::round(r->y1)};
  }
  return out;
}

}  // namespace viewer
