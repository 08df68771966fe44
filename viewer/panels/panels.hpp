// The panels: pure functions that draw a model into Ui's current draw list.
//
// draw_wall draws all that is to be seen, panel by panel through the PanelLayer when one is given.
// Every function stays inside its rect of the layout; an empty rect draws nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "viewer/panels/models.hpp"
#include "viewer/ui/layout.hpp"
#include "viewer/ui/ui.hpp"

namespace viewer {

void draw_top_bar(const TopBarModel& model, const Layout& layout, Ui& ui);
void draw_totals(const TotalsModel& model, const Layout& layout, Ui& ui);
void draw_utilisation(const UtilisationModel& model, const Layout& layout, Ui& ui);
void draw_ranking(const RankingModel& model, const Layout& layout, Ui& ui);
void draw_alarms(const AlarmsModel& model, const Layout& layout, Ui& ui);
/// First line of an alarm, so that the fault in words is not cut: where room is short the serial
/// moves to the second line, then the age is told in one unit, then the type gets smaller.
struct AlarmHeadline {
  Type type = Type::strong;
  std::string text, age;
  bool with_serial = true;
};
AlarmHeadline alarm_headline(const AlarmRow& row, float room_px, Ui& ui);
void draw_health(const HealthModel& model, const Layout& layout, Ui& ui);
/// Its row about the trail, kCardTrail high.
void draw_card_trail(const TrailModel& m, Ui& ui, const Rect& r);
/// "2 h", "today", "off".
std::string trail_span_text(TrailSpan span, const Ui& ui);
/// How many machines are marked, over what span their trails go, and what the lines mean.
void draw_trails(const TrailsModel& model, const Layout& layout, Ui& ui);
void draw_card(const CardModel& model, const Layout& layout, Ui& ui);
/// What the machine of the card did on the playhead's day: lanes of its status and faults, and
/// values of it as charts.
void draw_history(const HistoryModel& model, const Layout& layout, Ui& ui);
/// Unit of the heat's sums: "台时", "machines", or the field's.
std::string heat_sum_unit(const HeatModel& model, Lang lang);
/// Height of the choices it has, px at scale 1; 0 = there is no heat.
float heat_choices(const HeatModel& model);
/// Until when both days count: "until 14:32" or "whole days".
std::string until_text(const DifferenceModel& model, Lang lang);
/// Whether the radius drawn is more than the one chosen.
bool widened(const HeatModel& model);
/// What the heat counts, its sum, and what can be chosen.
void draw_heat(const HeatModel& model, const Layout& layout, Ui& ui);
/// Mode, clock and age of the data in a corner of a map without panels.
void draw_corner(const TopBarModel& model, const Layout& layout, Ui& ui);
/// Says that the fleet is simulated, on a map without panels.
void draw_demo_tag(const Layout& layout, Ui& ui);
void draw_legend(const LegendModel& model, const Layout& layout, Ui& ui);
/// The scale bar where the strip has no room for it: on the map, above the strip.
void draw_map_scale(const LegendModel& model, const Layout& layout, Ui& ui);
/// What is written over the heat's ramp, in at most `room_px`: unit, hours of the day, since when,
/// and radius or width of the hexagons. What says which hours these are stays longest.
std::string ramp_caption(const LegendModel& model, float room_px, Ui& ui);
/// A shape of the legend and its name.
struct LegendMark {
  std::string_view label;
  bool shape = true;                      ///< false: words alone
  std::optional<fleet::Status> status{};  ///< nothing: a severity
  fleet::Severity severity = fleet::Severity::low;
  Point at{};                    ///< middle of the shape
  float label_x = 0, right = 0;  ///< of the name
};
/// All of them within `room`: on one line, on two, or, where those are too long, the machines' four
/// alone in two lines of two. Empty: not even these fit. Machines that are hidden have a sentence
/// in place of theirs, which is the last to be left out.
std::vector<LegendMark> legend_marks(const LegendModel& model, const Rect& room, Ui& ui);
void draw_time_band(const TimeBandModel& model, const Layout& layout, Ui& ui);
/// The buttons of a replay, above the band.
void draw_transport(const TimeBandModel& model, const Layout& layout, Ui& ui);
/// What the button under the pointer does, above it; empty: the pointer is on none.
Rect transport_caption_rect(const Layout& layout, Ui& ui);
void draw_transport_caption(const Layout& layout, Ui& ui);
/// What went on where the pointer is on the band, above it; empty: it is not there.
Rect band_tip_rect(const TimeBandModel& model, const Layout& layout);
void draw_band_tip(const TimeBandModel& model, const Layout& layout, Ui& ui);
void draw_jump_box(const JumpModel& model, const Layout& layout, Ui& ui);
/// Below the clock; empty: it is closed.
Rect calendar_rect(const CalendarModel& model, const Layout& layout);
void draw_calendar(const CalendarModel& model, const Layout& layout, Ui& ui);
void draw_search(const SearchModel& model, const Layout& layout, Ui& ui);
/// The list of stacked machines, beside their place.
void draw_chooser(const ChooserModel& model, const Layout& layout, Ui& ui);
/// Where it stands: within the window, clear of panels where there is room; empty: it is closed.
Rect chooser_rect(const ChooserModel& model, const Layout& layout);
void draw_help(const Layout& layout, Ui& ui);
void draw_notice(const NoticeModel& model, const Layout& layout, Ui& ui);
/// What a notice covers, with a little room around it; empty: there is none.
Rect notice_rect(const NoticeModel& model, const Layout& layout);
/// Room of a notice's lines below its headline, in pixels.
float notice_room(const NoticeModel& model, const Layout& layout);
/// The line under the headline of a notice that is a banner: what is wrong, and what to do.
std::string banner_detail(const NoticeModel& model, Ui& ui);
/// Lines that the paragraphs of a notice in the middle may take.
inline constexpr int kNoticeLines = 2;
/// Says which font package is missing; draws nothing when Chinese can be shown.
void draw_font_notice(const Layout& layout, Ui& ui);
/// Where those two stand.
Rect help_rect(const Layout& layout);
Rect font_notice_rect(const Layout& layout);

/// A page of words for a machine whose OpenGL cannot draw the map: drawn with any backend.
/// found: what the driver offers, e.g. "OpenGL 3.3 (Mesa ...)".
void draw_gl_too_old(std::string_view found, int width_px, int height_px, Ui& ui);

class UiRenderer;
/// Everything, in order, each panel through its cache. With no renderer: straight into Ui's list.
void draw_wall(const WallModel& model, const Layout& layout, Ui& ui, UiRenderer* renderer);

/// Where the base map comes from and what its maker warns of, as one text.
std::string origin_text(const LegendModel& m, Lang lang);

/// Layout for a model: asks for as many rows as the model has.
Layout layout_for(const WallModel& model, int width_px, int height_px, float wall_scale = 1,
                  const std::optional<WallSize>& wall = {});

}  // namespace viewer
