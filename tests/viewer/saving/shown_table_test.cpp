// Tables of what the picture shows.
#include "viewer/saving/shown_table.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/export/state_table.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/saving/saver.hpp"

namespace viewer {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::kSuzhou;
using testing_support::SmallFleet;

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

render::Camera camera_at(fleet::LonLat place, double zoom = 12) {
  render::Camera camera;
  camera.centre = fleet::world_from_lonlat(place);
  camera.zoom = zoom;
  return camera;
}

class ShownTable : public ::testing::Test {
 protected:
  ShownTable() {
    fleet_.add("SY0002", kSuzhou, fleet::Status::working, 247);
    fleet_.add("SY0001", {kSuzhou.lon_deg + 0.05, kSuzhou.lat_deg}, fleet::Status::idling);
    fleet_.add("FAR", {kSuzhou.lon_deg + 20, kSuzhou.lat_deg}, fleet::Status::working);
  }
  std::string path(const char* name) const { return (folder_.path / name).string(); }
  fleet::Result<std::size_t> save(const char* name, const render::Camera& camera) {
    return save_shown(fleet_.state(), SmallFleet::kNow, camera, path(name));
  }

  testing_support::TemporaryFolder folder_;
  SmallFleet fleet_;
};

TEST_F(ShownTable, HoldsTheMachinesInThePictureByIdWithAllThatIsKnown) {
  const auto saved = save("a.csv", camera_at(kSuzhou));

  ASSERT_TRUE(saved) << saved.error().what;
  EXPECT_EQ(*saved, 2u);
  std::istringstream lines(text_of(path("a.csv")));
  std::string head, first, second, more;
  std::getline(lines, head);
  std::getline(lines, first);
  std::getline(lines, second);
  EXPECT_FALSE(std::getline(lines, more)) << more;
  EXPECT_TRUE(head.starts_with("machine,time,receive_time,lon,lat,status,heading_deg,")) << head;
  EXPECT_TRUE(head.ends_with(",faults")) << head;
  EXPECT_TRUE(first.starts_with("SY0001,")) << first;
  EXPECT_NE(first.find(",idling,"), std::string::npos) << first;
  EXPECT_TRUE(second.starts_with("SY0002,")) << second;
  EXPECT_NE(second.find(",working,247"), std::string::npos) << second;
}

TEST_F(ShownTable, EndsWhereThePictureEnds) {
  render::Camera camera = camera_at(kSuzhou);
  const render::ScreenPoint at =
      camera.screen_from_world(fleet::world_from_lonlat({kSuzhou.lon_deg + 0.05, kSuzhou.lat_deg}));
  camera.pan_px(camera.width_px - at.x - 1, 0);
  EXPECT_EQ(save("in.csv", camera).value(), 2u);
  camera.pan_px(2, 0);
  EXPECT_EQ(save("out.csv", camera).value(), 1u);
  EXPECT_EQ(save("nothing.csv", camera_at({0, 0})).value(), 0u);
  EXPECT_EQ(save("all.csv", camera_at(kSuzhou, 1)).value(), 3u);
}

TEST_F(ShownTable, GoesRoundTheWorld) {
  fleet_.add("WEST", {-179.99, 10}, fleet::Status::working);
  fleet_.add("EAST", {179.99, 10}, fleet::Status::working);
  EXPECT_EQ(save("a.csv", camera_at({180, 10}, 10)).value(), 2u);
}

TEST_F(ShownTable, IsGeoJsonOrLinesOfJsonByItsName) {
  ASSERT_TRUE(save("a.geojson", camera_at(kSuzhou)));
  ASSERT_TRUE(save("a.ndjson", camera_at(kSuzhou)));
  const std::string geojson = text_of(path("a.geojson")), ndjson = text_of(path("a.ndjson"));
  EXPECT_NE(geojson.find("\"FeatureCollection\""), std::string::npos) << geojson;
  EXPECT_NE(geojson.find("\"Point\""), std::string::npos) << geojson;
  EXPECT_EQ(std::count(ndjson.begin(), ndjson.end(), '\n'), 2) << ndjson;
  EXPECT_TRUE(ndjson.starts_with("{\"machine\":\"SY0001\"")) << ndjson;
}

TEST_F(ShownTable, SaysWhatIsWrongAndLeavesNothingHalf) {
  EXPECT_FALSE(save("a.txt", camera_at(kSuzhou)));
  EXPECT_FALSE(save("csv", camera_at(kSuzhou)));
  const auto nowhere = save("no/such/folder.csv", camera_at(kSuzhou));
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().what.find("folder.csv"), std::string::npos) << nowhere.error().what;
  EXPECT_TRUE(fs::is_empty(folder_.path));
}

TEST_F(ShownTable, IsWrittenBesideTheWall) {
  Saver saver;
  EXPECT_FALSE(saver.take());
  ASSERT_TRUE(saver.start(fleet_.state(), SmallFleet::kNow, camera_at(kSuzhou),
                          {path("a.csv"), path("a.geojson")}));
  const auto saved = saver.take(true);
  ASSERT_TRUE(saved);
  EXPECT_EQ(saved->problem, "");
  EXPECT_EQ(saved->machines, 2u);
  EXPECT_EQ(saved->files.size(), 2u);
  EXPECT_FALSE(saver.busy());
  EXPECT_TRUE(fs::exists(path("a.geojson")));
  ASSERT_TRUE(saver.start(fleet_.state(), SmallFleet::kNow, {}, {path("x/a.csv")}));
  EXPECT_NE(saver.take(true)->problem, "");
}

TEST_F(ShownTable, IsNamedByTheInstantShownAndTakesNoOthersPlace) {
  const std::string folder = folder_.path.string();
  const auto at = *fleet::parse_time("2026-10-16T14:05:09.700+08:00");
  const auto stem = [&] { return free_stem(folder, fleet::shanghai(), at, {".csv", ".geojson"}); };
  const std::string plain = folder + "/fleetwall-2026-10-16T140509";
  EXPECT_EQ(stem(), plain);
  std::ofstream(plain + ".png");
  EXPECT_EQ(stem(), plain);
  std::ofstream(plain + ".geojson");
  EXPECT_EQ(stem(), plain + "-2");
  std::ofstream(plain + "-2.csv");
  EXPECT_EQ(stem(), plain + "-3");
  EXPECT_EQ(free_stem(folder, fleet::shanghai(), fleet::kNever, {".png"}), folder + "/fleetwall");
}

}  // namespace
}  // namespace viewer
