// The panels drawn for real over a flat map-coloured ground.
//
// FLEETWALL_PREVIEW_DIR=/some/folder writes all panels at all sizes and in both languages there,
// to be looked at; without it only the goldens are drawn.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

#include "render/image.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/viewer/fake_past.hpp"
#include "tests/support/viewer/fake_wall.hpp"
#include "viewer/labels/alarm_marks.hpp"
#include "viewer/labels/marks.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/ui_renderer.hpp"

namespace {

using testing_support::busy_wall;
using testing_support::replay_wall;
using viewer::Lang;

class PanelsGl : public testing_support::GlTest {};

/// Marks and names as on the map, in the middle of the free part.
void draw_marks(viewer::Ui& ui, const viewer::Layout& layout, Lang lang) {
  using fleet::Severity;
  const viewer::Rect& m = layout.map;
  const auto at = [&](float x, float y) {
    return viewer::Point{m.x0 + m.width() * x, m.y0 + m.height() * y};
  };
  const std::vector<viewer::AlarmMark> marks{{at(0.7f, 0.4f), Severity::critical, false},
                                             {at(0.4f, 0.5f), Severity::high, false},
                                             {at(0.3f, 0.3f), Severity::high, true, 3},
                                             {at(0.5f, 0.7f), Severity::medium, false},
                                             {at(0.6f, 0.2f), Severity::medium, false, 14}};
  const viewer::MarkSizes sizes = viewer::mark_sizes(ui, 8);
  const std::vector<std::string> names =
      lang == Lang::zh
          ? std::vector<std::string>{"苏州", "南京", "成都", "呼和浩特", "吴中"}
          : std::vector<std::string>{"Suzhou", "Nanjing", "Chengdu", "Hohhot", "Wuzhong"};
  std::vector<viewer::LabelCandidate> places;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto rank = static_cast<std::uint8_t>(i % 3);
    places.push_back({static_cast<std::uint32_t>(i), marks[i].at,
                      ui.text_width(viewer::place_label_type(rank), names[i]), rank, 0});
  }
  std::vector<viewer::Rect> obstacles = layout.blocks();
  for (const viewer::AlarmMark& mark : marks) obstacles.push_back(alarm_mark_rect(mark, sizes));
  const viewer::SelectionRects selected = selection_rects(marks[0].at, "SY0121", obstacles, ui);
  obstacles.push_back(selected.brackets);
  obstacles.push_back(selected.name);
  viewer::LabelPlacer placer;
  draw_place_labels(placer.place(places, obstacles, label_rules(ui)), places, names, false, ui);
  draw_alarm_marks(marks, sizes, ui);
  draw_selection(selected, "SY0121", ui);
  draw_hover({at(0.35f, 0.8f), "SY2150", "SY195C", fleet::Status::idling, false}, {}, ui);
}

/// The picture of a wall: two frames, since characters first seen in one are there in the next.
render::Image picture(const viewer::WallModel& model, Lang lang, int width, int height,
                      viewer::ThemeName theme = viewer::ThemeName::dark) {
  viewer::Ui ui(lang);
  ui.set_theme(theme);
  viewer::UiRenderer renderer(ui, testing_support::shader_dir());
  testing_support::Target target(width, height);
  const viewer::Layout layout = viewer::layout_for(model, width, height);
  for (int frame = 0; frame < 2; ++frame) {
    const bool dark = theme == viewer::ThemeName::dark;
    const float ground[] = {dark ? 0.055f : 0.91f, dark ? 0.086f : 0.92f, dark ? 0.133f : 0.94f, 1};
    glClearNamedFramebufferfv(target.framebuffer(), GL_COLOR, 0, ground);
    ui.begin_frame(width, height, layout.scale, 100.25, 1.0 / 60);
    renderer.begin_frame();
    draw_marks(ui, layout, lang);
    viewer::draw_wall(model, layout, ui, &renderer);
    renderer.finish();
    renderer.draw(target.framebuffer());
  }
  return target.image();
}

TEST_F(PanelsGl, LookLikeTheGoldenInAControlRoom) {
  const render::Image image = picture(busy_wall(Lang::zh), Lang::zh, 1280, 720);

  EXPECT_TRUE(testing_support::matches_golden("panels_live_zh", image));
}

TEST_F(PanelsGl, LookLikeTheGoldenInAReplayWithAMachineSelected) {
  const render::Image image = picture(replay_wall(Lang::en), Lang::en, 1280, 720);

  EXPECT_TRUE(testing_support::matches_golden("panels_replay_en", image));
}

TEST_F(PanelsGl, LookLikeTheGoldenOfAMachinesHistory) {
  viewer::WallModel model = replay_wall(Lang::zh);
  testing_support::fill_history(model, Lang::zh);

  EXPECT_TRUE(
      testing_support::matches_golden("panels_history_zh", picture(model, Lang::zh, 1600, 900)));
}

TEST_F(PanelsGl, LookLikeTheGoldenOfAMachinesHistoryInALitRoom) {
  viewer::WallModel model = replay_wall(Lang::en);
  testing_support::fill_history(model, Lang::en);

  EXPECT_TRUE(testing_support::matches_golden(
      "panels_history_en", picture(model, Lang::en, 1600, 900, viewer::ThemeName::light)));
}

TEST_F(PanelsGl, LookLikeTheGoldenOfTwoDaysOfAMachineInALitRoom) {
  viewer::WallModel model = replay_wall(Lang::en);
  testing_support::fill_history(model, Lang::en);
  testing_support::fill_other_day(model, Lang::en);
  model.history.pointer_h = 9.5;
  model.history.pointer_at = "09:30:00";
  model.history.pointer_status = fleet::Status::working;
  model.history.other.pointer_status = fleet::Status::idling;

  EXPECT_TRUE(testing_support::matches_golden(
      "panels_two_days_en", picture(model, Lang::en, 1600, 900, viewer::ThemeName::light)));
}

TEST_F(PanelsGl, LookLikeTheGoldenOfTwoDaysOfAMachine) {
  viewer::WallModel model = replay_wall(Lang::zh);
  testing_support::fill_history(model, Lang::zh);
  testing_support::fill_other_day(model, Lang::zh);

  EXPECT_TRUE(
      testing_support::matches_golden("panels_two_days_zh", picture(model, Lang::zh, 1600, 900)));
}

TEST_F(PanelsGl, LookLikeTheGoldenOfTheDifferenceOfTwoDays) {
  viewer::WallModel model = busy_wall(Lang::zh);
  testing_support::fill_difference(model, Lang::zh);

  EXPECT_TRUE(
      testing_support::matches_golden("panels_difference_zh", picture(model, Lang::zh, 1600, 900)));
}

TEST_F(PanelsGl, LookLikeTheGoldenOfTheDifferenceOfTwoDaysInALitRoom) {
  viewer::WallModel model = busy_wall(Lang::en);
  testing_support::fill_difference(model, Lang::en);

  EXPECT_TRUE(testing_support::matches_golden(
      "panels_difference_en", picture(model, Lang::en, 1600, 900, viewer::ThemeName::light)));
}

/// Five machines of 134 on one place.
viewer::ChooserModel stacked() {
  using fleet::Status;
  viewer::ChooserModel m;
  m.open = true;
  m.at_x = 560;
  m.at_y = 300;
  m.rows = {{"SY0121", "SY215C", Status::working},
            {"SY3307", "SY365H", Status::working},
            {"SY0877", "SY75C", Status::idling},
            {"SY2150", "SY195C", Status::stopped},
            {"SY1952", "SY215C", Status::silent}};
  m.total = 134;
  m.selected = 1;
  return m;
}

TEST_F(PanelsGl, LookLikeTheGoldenInALitRoomWithStackedMachinesToChooseFrom) {
  viewer::WallModel model = busy_wall(Lang::zh);
  model.chooser = stacked();
  const render::Image image = picture(model, Lang::zh, 1280, 720, viewer::ThemeName::light);

  EXPECT_TRUE(testing_support::matches_golden("panels_light_zh", image));
}

TEST_F(PanelsGl, RedrawOnlyThePanelsWhoseContentChanged) {
  viewer::Ui ui(Lang::zh);
  viewer::UiRenderer renderer(ui, testing_support::shader_dir());
  viewer::WallModel model = busy_wall(Lang::zh);
  const viewer::Layout layout = viewer::layout_for(model, 1280, 720);
  const auto frame = [&] {
    ui.begin_frame(1280, 720, layout.scale, 1, 1.0 / 60);
    renderer.begin_frame();
    viewer::draw_wall(model, layout, ui, &renderer);
    return renderer.finish();
  };
  frame();
  frame();

  EXPECT_FALSE(frame());
  EXPECT_EQ(renderer.redrawn(), 0);
  model.top.clock->second += 1;
  EXPECT_TRUE(frame());
  EXPECT_EQ(renderer.redrawn(), 1);
}

TEST_F(PanelsGl, WritePreviewsWhenAskedTo) {
  const char* folder = std::getenv("FLEETWALL_PREVIEW_DIR");
  if (folder == nullptr) GTEST_SKIP() << "FLEETWALL_PREVIEW_DIR is not set";
  const char* only = std::getenv("FLEETWALL_PREVIEW_ONLY");
  const auto write = [&](const std::string& name, const viewer::WallModel& model, Lang lang,
                         int width, int height) {
    if (only != nullptr && name.find(only) == std::string::npos) return;
    const std::string path = std::string(folder) + "/" + name + ".png";
    EXPECT_TRUE(render::write_png(path, picture(model, lang, width, height)).ok()) << path;
  };
  struct Size {
    int width, height;
  };
  for (const Size size :
       {Size{1920, 1080}, Size{3840, 2160}, Size{1366, 768}, Size{7680, 2160}, Size{1080, 1920}}) {
    const std::string suffix = "_" + std::to_string(size.width) + "x" + std::to_string(size.height);
    for (const Lang lang : {Lang::zh, Lang::en}) {
      const std::string tongue = lang == Lang::zh ? "zh" : "en";
      write("live_" + tongue + suffix, busy_wall(lang), lang, size.width, size.height);
      write("replay_" + tongue + suffix, replay_wall(lang), lang, size.width, size.height);
    }
  }
  for (const Lang lang : {Lang::zh, Lang::en}) {
    const std::string tongue = lang == Lang::zh ? "_zh" : "_en";
    viewer::WallModel m = busy_wall(lang);
    m.help = true;
    write("help" + tongue, m, lang, 1920, 1080);
    m.help = false;
    m.search = {true, "SY0", {}, 134, 1};
    for (int i = 0; i < 8; ++i) {
      m.search.results.push_back(
          {0, "SY012" + std::to_string(i),
           lang == Lang::zh ? "SY215C · 恒力土石方 · 苏州 吴中" : "SY215C · Hengli · Suzhou",
           static_cast<fleet::Status>(i % 4), i == 7});
    }
    write("search" + tongue, m, lang, 1920, 1080);
    viewer::WallModel past = replay_wall(lang);
    testing_support::fill_live_alarms(past, lang);
    write("past_alarms" + tongue, past, lang, 1920, 1080);
    write("past_alarms_4k" + tongue, past, lang, 3840, 2160);
    write("past_alarms_small" + tongue, past, lang, 1366, 768);
    past = replay_wall(lang);
    past.calendar = testing_support::busy_calendar();
    testing_support::fill_long_band(past, viewer::BandSpan::week);
    past.band.loop_a_h = 80;
    past.band.loop_b_h = 106;
    write("past_week" + tongue, past, lang, 1920, 1080);
    past.calendar = {};
    past.jump = testing_support::written_jump(viewer::JumpModel::State::other_day);
    testing_support::fill_long_band(past, viewer::BandSpan::month);
    write("past_month" + tongue, past, lang, 1366, 768);
    past = replay_wall(lang);
    past.band.tip = testing_support::busy_tip();
    past.calendar = testing_support::busy_calendar();
    write("past_day" + tongue, past, lang, 1080, 1920);
    m.search.open = false;
    for (const auto kind :
         {viewer::Notice::connecting, viewer::Notice::empty_fleet, viewer::Notice::gateway_lost,
          viewer::Notice::refused, viewer::Notice::replay_ended, viewer::Notice::cannot_open,
          viewer::Notice::no_machine, viewer::Notice::preparing}) {
      m.notice = {kind, "ws://127.0.0.1:8686/feed", "", 75, 4};
      if (kind == viewer::Notice::refused) {
        m.notice.reason = net::FeedReason::version;
        m.notice.fact = "The gateway speaks feed protocol 3, this wall 1.";
      }
      if (kind == viewer::Notice::cannot_open) m.notice = {kind, "fleet.csv", "", viewer::kNone};
      if (kind == viewer::Notice::preparing) m.notice.share = 0.4;
      m.top.connected = kind != viewer::Notice::gateway_lost;
      write("notice" + std::to_string(static_cast<int>(kind)) + tongue, m, lang, 1920, 1080);
    }
  }
}

}  // namespace
