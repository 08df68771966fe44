// Every panel at ten sizes and in both languages: nothing drawn outside of its rectangle, no text
// cut.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "tests/support/viewer/fake_wall.hpp"
#include "viewer/panels/panels.hpp"

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
          {"card", l.card, [&] { draw_card(m.card, l, ui); }},
          {"legend", l.legend, [&] { draw_legend(m.legend, l, ui); }},
          {"band", l.band, [&] { draw_time_band(m.band, l, ui); }},
          {"top bar", l.top_bar, [&] { draw_top_bar(m.top, l, ui); }},
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

class PanelsFit : public ::testing::TestWithParam<Lang> {};

TEST_P(PanelsFit, NothingLeavesItsPanelAndNoTextIsCut) {
  Ui ui(GetParam());
  for (const bool replay : {false, true}) {
    for (const Size size : kSizes) {
      WallModel m = replay ? testing_support::replay_wall(GetParam())
                           : testing_support::busy_wall(GetParam());
      m.chooser =
          crowd(static_cast<float>(size.width) * 0.5f, static_cast<float>(size.height) - 40);
      const Layout l = layout_for(m, size.width, size.height);
      const std::string where = std::to_string(size.width) + "x" + std::to_string(size.height);
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
  }
}

INSTANTIATE_TEST_SUITE_P(Languages, PanelsFit, ::testing::Values(Lang::zh, Lang::en),
                         [](const auto& tested) {
                           return std::string(tested.param == Lang::zh ? "Chinese" : "English");
                         });

}  // namespace
