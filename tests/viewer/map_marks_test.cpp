// Names, marks and counts together on the shipped map: nothing over anything, and nothing flickers.
#include "viewer/map_marks.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/model/fill.hpp"

namespace {

using namespace viewer;
using testing_support::kSuzhou;

/// What a wall of this size has in the way.
Layout layout_of(int width, int height) {
  LayoutInput in;
  in.width_px = width;
  in.height_px = height;
  in.scale = ui_scale(width, height);
  return make_layout(in);
}

class MapMarksTest : public ::testing::TestWithParam<Lang> {
 protected:
  MapMarksTest() {
    testing_support::suzhou_fleet().show(view_);
    wall_.lang = GetParam();
  }
  /// One frame; returns what names must not touch.
  std::vector<Rect> draw(double time_s) {
    const int width = wall_.camera.width_px, height = wall_.camera.height_px;
    const Layout layout = layout_of(width, height);
    ui_.begin_frame(width, height, layout.scale, time_s, 1.0 / 60);
    marks_.draw(view_, wall_, layout, {}, ui_);
    std::vector<Rect> taken = layout.blocks();
    taken.push_back(layout.legend);
    const MarkSizes sizes = mark_sizes(ui_, label_zoom(wall_.camera, layout.scale));
    for (const AlarmMark& mark : marks_.alarms()) taken.push_back(alarm_mark_rect(mark, sizes));
    for (const EdgeMark& mark : marks_.edge_alarms()) taken.push_back(edge_mark_rect(mark, sizes));
    ui_.end_frame();
    return taken;
  }
  std::set<std::uint32_t> shown() const {
    std::set<std::uint32_t> ids;
    for (const PlacedLabel& label : marks_.labels()) ids.insert(label.id);
    return ids;
  }

  fleet::Atlas atlas_ = testing_support::shipped_atlas();
  FleetView view_{atlas_, fleet::shanghai()};
  WallState wall_;
  MapMarks marks_;
  Ui ui_{GetParam()};
};

TEST_P(MapMarksTest, NoNameTouchesAnotherAMarkOrAPanelWhereverTheCameraIs) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> lon(75, 132), lat(19, 51), zoom(2, 12);
  const std::vector<std::pair<int, int>> sizes{
      {1920, 1080}, {1366, 768}, {3840, 2160}, {1080, 1920}};
  std::size_t names = 0;
  for (int i = 0; i < 60; ++i) {
    std::tie(wall_.camera.width_px, wall_.camera.height_px) =
        sizes[static_cast<std::size_t>(i) % sizes.size()];
    wall_.camera.centre = fleet::world_from_lonlat({lon(random), lat(random)});
    if (i % 3 == 0) wall_.camera.centre = fleet::world_from_lonlat(kSuzhou);
    wall_.camera.zoom = zoom(random);

    const std::vector<Rect> taken = draw(i * 10.0);

    const auto labels = marks_.labels();
    names += labels.size();
    for (std::size_t a = 0; a < labels.size(); ++a) {
      for (const Rect& r : taken) EXPECT_FALSE(labels[a].box.overlaps(r)) << i;
      for (std::size_t b = a + 1; b < labels.size(); ++b) {
        EXPECT_FALSE(labels[a].box.overlaps(labels[b].box)) << i;
      }
    }
  }
  EXPECT_GT(names, 300u);
}

TEST_P(MapMarksTest, InASlowPanNoNameGoesAndComesBackWithinHalfASecond) {
  wall_.camera.width_px = 1920;
  wall_.camera.height_px = 1080;
  wall_.camera.centre = fleet::world_from_lonlat({112, 33});
  wall_.camera.zoom = 5.6;
  constexpr int kWithin = 29;  // half a second at 60 frames a second
  std::map<std::uint32_t, int> gone;
  std::set<std::uint32_t> before;
  int changes = 0;
  for (int frame = 0; frame < 200; ++frame) {
    draw(frame / 60.0);
    const std::set<std::uint32_t> now = shown();
    for (const std::uint32_t id : before) {
      if (now.count(id) == 0) gone[id] = frame, ++changes;
    }
    for (const std::uint32_t id : now) {
      const auto left = gone.find(id);
      if (before.count(id) == 0 && left != gone.end()) {
        EXPECT_GT(frame - left->second, kWithin) << "name " << id;
      }
    }
    before = now;
    wall_.camera.pan_px(-2.3, 0.7);
  }
  EXPECT_GT(changes, 0) << "nothing happened: the pan proves nothing";
  EXPECT_LT(changes, 120) << "the view moves on by a quarter of its width";
}

TEST_P(MapMarksTest, ASlowZoomLeavesMostNamesWhereTheyAre) {
  wall_.camera.centre = fleet::world_from_lonlat({112, 33});
  wall_.camera.zoom = 5.2;
  draw(0);
  std::set<std::uint32_t> before = shown();
  std::size_t lost = 0, seen = before.size();
  for (int frame = 1; frame <= 60; ++frame) {
    wall_.camera.zoom += 0.01;
    draw(frame / 60.0);
    const std::set<std::uint32_t> now = shown();
    for (const std::uint32_t id : before) lost += now.count(id) == 0;
    seen += now.size();
    before = now;
  }

  EXPECT_LT(lost * 50, seen);
}

TEST_P(MapMarksTest, AWideWallNamesAsManyPlacesAPieceOfItAsASmallOne) {
  wall_.camera.centre = fleet::world_from_lonlat({105, 35});
  wall_.camera.zoom = 3.7;
  draw(0);
  const std::size_t small = marks_.labels().size();
  wall_.camera.width_px = 7680;
  wall_.camera.height_px = 2160;
  wall_.camera.zoom = 2.7;  // the same pieces of the map at twice the scale

  draw(10);

  EXPECT_GE(marks_.labels().size(), small);
}

TEST_P(MapMarksTest, ACriticalAlarmIsSeenWhereverItsMachineIsAndAClickGoesThere) {
  wall_.camera.width_px = 1920;
  wall_.camera.height_px = 1080;
  wall_.camera.zoom = 11;
  const Layout layout = layout_of(1920, 1080);
  const fleet::Slot machine = view_.state().roster().find("SY0121").value();
  for (const Rect& panel : layout.blocks()) {
    const Point middle{(panel.x0 + panel.x1) / 2, (panel.y0 + panel.y1) / 2};
    wall_.camera.centre = fleet::world_from_lonlat(kSuzhou);
    wall_.camera.pan_px(double{middle.x} - 960, double{middle.y} - 540);

    draw(0);

    const auto edge = marks_.edge_alarms();
    const auto critical = std::ranges::find_if(
        edge, [](const EdgeMark& e) { return e.mark.severity == fleet::Severity::critical; });
    ASSERT_NE(critical, edge.end()) << middle.x << " " << middle.y;
    EXPECT_NEAR(critical->machine.x, middle.x, 0.5);
    EXPECT_NEAR(critical->machine.y, middle.y, 0.5);
    for (const Rect& other : layout.blocks()) EXPECT_FALSE(other.contains(critical->mark.at));
    const Action action = ui_.action_at(critical->mark.at);
    EXPECT_EQ(action.kind, Action::Kind::select_machine);
    EXPECT_EQ(action.value, machine);
  }
}

TEST_P(MapMarksTest, NamesCanBeSwitchedOff) {
  draw(0);
  EXPECT_FALSE(marks_.labels().empty());
  wall_.names = false;

  draw(1);

  EXPECT_TRUE(marks_.labels().empty());
  EXPECT_FALSE(marks_.alarms().empty() && marks_.edge_alarms().empty()) << "marks are no names";
}

INSTANTIATE_TEST_SUITE_P(Languages, MapMarksTest, ::testing::Values(Lang::zh, Lang::en),
                         [](const auto& tested) {
                           return std::string(tested.param == Lang::zh ? "Chinese" : "English");
                         });

TEST(Scope, NamesTheCountryTheProvinceOrTheSurroundingsOfAPlace) {
  const fleet::Atlas atlas = testing_support::shipped_atlas();
  const FleetView view(atlas, fleet::shanghai());
  const Rect map{400, 84, 1500, 900};
  render::Camera camera;
  camera.centre = fleet::world_from_lonlat({119.8, 33.0});
  const auto at = [&](double zoom, Lang lang) {
    camera.zoom = zoom;
    ScopeMemory memory;
    return scope_text(view, camera, map, lang, memory);
  };

  EXPECT_EQ(at(3.6, Lang::zh), "全国");
  EXPECT_EQ(at(3.6, Lang::en), "All regions");
  EXPECT_EQ(at(7, Lang::zh), "江苏");
  EXPECT_EQ(at(7, Lang::en), "Jiangsu");
  camera.centre = fleet::world_from_lonlat(kSuzhou);
  EXPECT_EQ(at(9, Lang::zh), "苏州周边 50 km");
  EXPECT_EQ(at(9, Lang::en), "50 km around Suzhou");
}

TEST(Scope, IsNothingWhereNothingHasAName) {
  const fleet::Atlas atlas = testing_support::shipped_atlas();
  const FleetView view(atlas, fleet::shanghai());
  render::Camera camera;
  camera.centre = fleet::world_from_lonlat({-150, -40});
  for (const double zoom : {3.0, 7.0, 11.0}) {
    camera.zoom = zoom;
    ScopeMemory memory;
    EXPECT_EQ(scope_text(view, camera, {400, 84, 1500, 900}, Lang::zh, memory), "") << zoom;
  }
  ScopeMemory memory;
  EXPECT_EQ(scope_text(view, camera, {}, Lang::zh, memory), "");
}

TEST(Scope, SaysAroundOnlyOfAPlaceInViewAndNamesNoneFarAway) {
  const fleet::Atlas atlas = testing_support::shipped_atlas();
  const FleetView view(atlas, fleet::shanghai());
  const Rect map{400, 84, 1500, 900};
  render::Camera camera;
  camera.zoom = 14.8;  // a kilometre to each side
  const auto at = [&](double lon, double lat) {
    camera.centre = fleet::world_from_lonlat({lon, lat});
    ScopeMemory memory;
    return scope_text(view, camera, map, Lang::en, memory);
  };
  const fleet::Place* suzhou =
      view.places().nearest(fleet::grid_from_lonlat(testing_support::kSuzhou));
  ASSERT_NE(suzhou, nullptr);
  const fleet::LonLat there = fleet::lonlat_from_grid(suzhou->where);

  EXPECT_NE(at(there.lon_deg + 0.01, there.lat_deg).find("around Suzhou"), std::string::npos);
  EXPECT_EQ(at(there.lon_deg - 0.1, there.lat_deg - 0.05), "near Suzhou");
  const fleet::LonLat desert{84.0, 39.0};  // the Taklamakan
  ASSERT_EQ(view.places().nearest(fleet::grid_from_lonlat(desert), 60), nullptr);
  EXPECT_EQ(at(desert.lon_deg, desert.lat_deg), "Xinjiang");
}

TEST(Scope, StaysTheSameWhileTheMapMovesALittle) {
  const fleet::Atlas atlas = testing_support::shipped_atlas();
  const FleetView view(atlas, fleet::shanghai());
  const Rect map{400, 84, 1500, 900};
  render::Camera camera;
  ScopeMemory memory;
  std::string before;
  int changes = 0;
  for (int i = 0; i < 400; ++i) {
    // To and fro by 3 km and a tenth of a zoom step, over a way of 40 km.
    const double sway = i % 2 == 0 ? 0.015 : -0.015;
    camera.centre = fleet::world_from_lonlat({120.5 + 0.001 * i + sway, 31.3 + sway});
    camera.zoom = 9.3 + 3 * sway;
    const std::string text = scope_text(view, camera, map, Lang::en, memory);
    changes += i > 0 && text != before;
    before = text;
  }
  EXPECT_LE(changes, 3) << before;
}

}  // namespace
