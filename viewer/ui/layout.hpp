// Layout: where each panel stands, from the size of the wall. Pure, no ImGui.
//
// How it works: two columns of panels stand left and right of the map (side by side above and below
// it when the wall is upright), between the top bar and the time band. Every panel has a least and
// a wanted height; when a column is too short, its least important panels are left out, then the
// rest share what is left by importance. All lengths are written for a type scale of 1 (a wall 1920
// px wide) and multiplied by `scale`.
#pragma once

#include <optional>
#include <vector>

namespace viewer {

struct Point {
  float x = 0, y = 0;
};

/// Half open: a point on the right or bottom edge is outside.
struct Rect {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;

  float width() const { return x1 - x0; }
  float height() const { return y1 - y0; }
  bool empty() const { return x1 <= x0 || y1 <= y0; }
  bool contains(Point p) const { return p.x >= x0 && p.x < x1 && p.y >= y0 && p.y < y1; }
  bool overlaps(const Rect& o) const {
    return !empty() && !o.empty() && x0 < o.x1 && o.x0 < x1 && y0 < o.y1 && o.y0 < y1;
  }
  Rect shrunk(float d) const { return {x0 + d, y0 + d, x1 - d, y1 - d}; }
  bool operator==(const Rect&) const = default;
};

/// Smallest type scale: below it list text (15 px) could not be read on a laptop.
inline constexpr float kLeastScale = 0.85f;
/// Largest: a 16K wall. Beyond it the font atlas would not fit a 16384 texture.
inline constexpr float kMostScale = 8;

/// Height of the card's row about the trail, px at scale 1; a card that is too low does without.
inline constexpr float kCardTrail = 58;
/// Height of the heat's panel above and below its choices, px at scale 1.
inline constexpr float kHeatHead = 122;
/// Height of a line of the base map's attribution, px at scale 1.
inline constexpr float kOriginLine = 19;
/// Attribution and caveat of the shipped map in one line, with the strip's edges, px at scale 1.
inline constexpr float kOriginWidth = 1130;
/// Rows that the list of alarms may have at most: as many as the tallest column holds.
inline constexpr int kMostAlarmRows = 16;

/// Type scale of a wall: 1 at 1920x1080, 2 at 3840x2160 and at 7680x2160 (two such side by side), 1
/// at 1080x1920. wall_scale: setting for the viewing distance. Clamped to [kLeastScale,
/// kMostScale].
float ui_scale(int width_px, int height_px, float wall_scale = 1);

/// The wall as it hangs in the room.
struct WallSize {
  double width_m = 0, height_m = 0;
  double distance_m = 0;  ///< of the farthest viewer
};
/// Height of text that is read from a distance, as a share of it: 16 minutes of arc.
inline constexpr double kLegibleShare = 0.00465;
/// Height of a capital of the smallest text that anybody has to read from afar (Type::small), px at
/// scale 1.
inline constexpr float kLeastCapPx = 14 * 0.711f;
/// Type scale at which that text is kLegibleShare of the distance high.
float legible_scale(const WallSize& wall, int width_px, int height_px);
/// Largest type scale at which the panels still have room.
float most_scale(int width_px, int height_px);
/// ui_scale, and no less than what is legible where the wall's size is known, as far as there is
/// room for it.
float wall_type_scale(int width_px, int height_px, float wall_scale,
                      const std::optional<WallSize>& wall);

struct LayoutInput {
  int width_px = 1920;
  int height_px = 1080;
  float scale = 1;
  bool panels = true;
  bool transport = false;  ///< a replay has buttons
  bool demo = false;       ///< without panels: the map itself says that the fleet is simulated
  bool fleet = true;       ///< false: only what needs no machine, and neither band nor transport
  bool card = false;       ///< a machine is selected
  bool history = false;    ///< that of the selected machine is shown
  bool trails = false;     ///< machines are marked
  int ranking_rows = 10;
  bool utilisation_chart = true;    ///< the day's curve is known
  bool utilisation_changes = true;  ///< there is something to compare the figures with
  int alarm_rows = 6;
  int critical_rows = 0;        ///< of these: they come before all but the fleet's totals
  bool alarms_left_out = true;  ///< there are more than these rows
  float heat_choices = 0;       ///< height of those in the panel of the heat, 0 = no panel
  bool tiles = false;           ///< raster tiles on the map, whose origin takes a line of the strip
  float origin_width = kOriginWidth;  ///< of the text where the map comes from, in one line
  int card_values = 0;                ///< rows the card would like to show
  int card_faults = 0;
};

/// Rects in px; an empty one means the panel is left out.
struct Layout {
  float scale = 1;
  int width_px = 0, height_px = 0;
  Rect top_bar, totals, utilisation, ranking, alarms, heat, health, card;
  Rect legend;  ///< shapes, scale bar, heat ramp, attribution, caveat: one strip above the band
  Rect band;
  Rect transport;  ///< replay buttons, above the legend strip
  Rect history;    ///< of a machine, above those; the map ends at its upper edge
  Rect trails;     ///< about the marked machines, above those
  Rect search, notice_banner;
  Rect map_scale;  ///< the scale bar, above a strip that has no room for it; else empty
  Rect corner;     ///< without panels: mode, clock and age of the data; else empty
  Rect demo_tag;   ///< says that the fleet is simulated where the top bar does not; else empty
  Rect map;        ///< free part of the map: the map's centre of attention belongs in its middle

  float px(float design) const { return design * scale; }
  /// All rects that stand on the map and take its clicks, without empty ones.
  std::vector<Rect> blocks() const;
};

Layout make_layout(const LayoutInput& input);

/// One panel of a column, for stack(): heights at scale 1 already multiplied.
struct StackItem {
  float least = 0;
  float wanted = 0;
  int importance = 0;   ///< higher stays longer
  bool either = false;  ///< looks well at its least and at its wanted height, not between
  float step = 0;       ///< grows by whole rows of this height, 0 = by any amount
  float tight = 0;      ///< may shrink so far below `least` before it is left out; 0 = it may not
};
/// Heights of the items in a column of height `room`, with `gap` between them; 0 = left out.
std::vector<float> stack(std::vector<StackItem> items, float room, float gap);

}  // namespace viewer
