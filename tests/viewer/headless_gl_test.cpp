// fleetwall --headless, as a script starts it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/golden.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_pictures.hpp"
#include "tests/support/viewer/program.hpp"

namespace {

using testing_support::Outcome;

class HeadlessGl : public ::testing::Test {
 protected:
  /// A run that would not end by itself is ended, with exit code 124, after a minute.
  Outcome run(const std::string& arguments) {
    return testing_support::run_fleetwall(folder_.path, "--headless --size 640x360 " + arguments,
                                          "timeout 60");
  }

  testing_support::TemporaryFolder folder_;
};

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// The middle third of a picture, where neither panels nor words stand.
render::Image middle(const render::Image& picture) {
  render::Image part;
  part.width = picture.width / 3;
  part.height = picture.height / 3;
  for (int y = 0; y < part.height; ++y) {
    const auto row =
        picture.rgba.begin() + (std::ptrdiff_t{y + part.height} * picture.width + part.width) * 4;
    part.rgba.insert(part.rgba.end(), row, row + std::ptrdiff_t{part.width} * 4);
  }
  return part;
}

/// Port 9 (discard): nobody listens there.
constexpr const char* kNobody = "--connect ws://127.0.0.1:9/feed ";

TEST_F(HeadlessGl, EndsAfterItsFramesWhenNobodyAnswersAndSavesThePageThatSaysSo) {
  const Outcome r = run(std::string(kNobody) + "--frames 3");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_EQ(count(r.said, "ws://127.0.0.1:9/feed: not connected. "), 1) << r.said;
  EXPECT_EQ(count(r.said, "ended without data from ws://127.0.0.1:9/feed"), 1) << r.said;
  EXPECT_EQ(r.picture.width, 640);
  EXPECT_GT(testing_support::colours(r.picture), 20u) << "words with smooth edges";
  EXPECT_NE(r.stats.find("\"machines\": 0"), std::string::npos) << r.stats;
}

TEST_F(HeadlessGl, EndsAfterItsSecondsWhenNobodyAnswers) {
  const Outcome r = run(std::string(kNobody) + "--seconds 2");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_EQ(count(r.said, "not connected. "), 1) << "tried more than once, told once: " << r.said;
  EXPECT_EQ(r.picture.width, 640);
}

TEST_F(HeadlessGl, SaysThatTheMachineToSelectIsNotThere) {
  const Outcome r = run("--demo-machines 50 --frames 3 --select nosuch");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(count(r.said, "--select nosuch: no machine"), 1) << r.said;
}

TEST_F(HeadlessGl, NamesOptionsThatChangeNothing) {
  const Outcome r = run("--demo-machines 50 --frames 1 --trail 8h");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(count(r.said, "--trail: no effect. "), 1) << r.said;
}

/// Recorded data of half an hour, of machines far from the shipped map's middle.
class HeadlessRecordedGl : public HeadlessGl {
 protected:
  void SetUp() override {
    const std::string gateway =
        (std::filesystem::path(FLEETWALL_BUILD_DIR) / "bin/fleetwalld").string();
    std::ofstream csv(folder_.path / "far.csv");
    csv << "machine,time,lon,lat,payload_kg\n";
    for (int minute = 0; minute < 30; ++minute) {
      for (int i = 0; i < 4; ++i) {
        csv << "M" << i << ",2026-10-16T0" << (minute < 10 ? "8:0" : "8:") << minute << ":00+08:00,"
            << -70.6 + i * 0.01 + minute * 1e-4 << ',' << -33.45 + i * 0.01 << ",3\n";
      }
    }
    csv.close();
    const std::string line = gateway + " import --data " + data() + " " +
                             (folder_.path / "far.csv").string() + " > /dev/null 2>&1";
    ASSERT_EQ(std::system(line.c_str()), 0) << line;
  }
  std::string data() const { return (folder_.path / "data").string(); }
};

TEST_F(HeadlessRecordedGl, SaysThatTheInstantAskedForIsNotRecorded) {
  const Outcome r = run("--open " + data() + " --frames 2 --at 2026-10-17T09:00:00+08:00");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(count(r.said, "--at 2026-10-17T01:00:00.000Z: outside of the recording"), 1) << r.said;
  const Outcome within = run("--open " + data() + " --frames 2 --at 2026-10-16T08:10:00+08:00");
  EXPECT_EQ(count(within.said, "--at"), 0) << within.said;
}

TEST_F(HeadlessRecordedGl, EndsWithTwoForAFieldThatTheFleetDoesNotHave) {
  const std::string at = "--open " + data() + " --frames 2 --at 2026-10-16T08:10:00+08:00 ";

  const Outcome unknown = run(at + "--heat on --heat-of cargo_t");

  EXPECT_EQ(unknown.exit_code, 2) << unknown.said;
  EXPECT_EQ(count(unknown.said, "--heat-of cargo_t: there is no such field; expected hours"), 1)
      << unknown.said;
  EXPECT_EQ(run(at + "--heat on --heat-of payload_kg").exit_code, 0);
}

TEST_F(HeadlessRecordedGl, HeldTimeShowsEveryMachineAtItsPlace) {
  // They moved by some 9 px at 08:10:00; at 08:10:50 that is long over.
  const std::string at = "--open " + data() +
                         " --frames 3 --paused --panels off --camera -70.599,-33.45,17.5 "
                         "--at 2026-10-16T08:10:";

  const Outcome moved = run(at + "00+08:00");
  const Outcome settled = run(at + "50+08:00");

  ASSERT_EQ(moved.exit_code, 0) << moved.said;
  ASSERT_EQ(settled.exit_code, 0) << settled.said;
  const render::Image there = middle(settled.picture);
  EXPECT_GT(testing_support::colours(there), 3u) << "the machine is in the middle of it";
  EXPECT_EQ(middle(moved.picture).rgba, there.rgba);
}

TEST_F(HeadlessRecordedGl, BringsTheCameraToMachinesThatComeAfterTheFirstPicture) {
  // The sum in view is that of all only if the camera left China for them.
  const Outcome r = run("--open " + data() +
                        " --panels off --seconds 4 --speed 360 --heat on --heat-of payload_kg");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_NE(r.stats.find("\"heat_total\": 12"), std::string::npos) << r.stats;
  EXPECT_NE(r.stats.find("\"heat_sum\": 12"), std::string::npos) << r.stats;
}

/// Two recorded days of a simulated fleet.
class HeadlessTwoDaysGl : public HeadlessGl {
 protected:
  void SetUp() override {
    const std::string gateway =
        (std::filesystem::path(FLEETWALL_BUILD_DIR) / "bin/fleetwalld").string();
    const std::string line = gateway + " simulate --machines 120 --seed 3 --days 2 --data " +
                             data() + " --start 2026-10-15T00:00+08:00 > /dev/null 2>&1";
    ASSERT_EQ(std::system(line.c_str()), 0) << line;
  }
  std::string data() const { return (folder_.path / "data").string(); }
  /// A picture of the heat of that instant, of the whole country.
  Outcome heat_at(const std::string& local, const std::string& more = {}) {
    return run("--open " + data() + " --frames 2 --paused --heat on --points off --at " + local +
               "+08:00 " + more);
  }
  static double number(const Outcome& r, const std::string& name) {
    const auto at = r.stats.find("\"" + name + "\": ");
    EXPECT_NE(at, std::string::npos) << name << ": " << r.stats << r.said;
    return at == std::string::npos ? 0 : std::atof(r.stats.c_str() + at + name.size() + 4);
  }
};

TEST_F(HeadlessTwoDaysGl, ADifferenceIsThatOfTheSumsAtTheSameTimeOfBothDays) {
  const double friday = number(heat_at("2026-10-16T11:20"), "heat_total");
  const double thursday = number(heat_at("2026-10-15T11:20"), "heat_total");
  ASSERT_GT(thursday, 10);
  ASSERT_NE(friday, thursday);

  const Outcome before = heat_at("2026-10-16T11:20", "--compare -1d");
  const Outcome other_way = heat_at("2026-10-15T11:20", "--compare 2026-10-16");

  EXPECT_EQ(before.exit_code, 0) << before.said;
  EXPECT_NEAR(number(before, "heat_total"), friday - thursday, 0.002);
  EXPECT_NEAR(number(before, "heat_sum"), friday - thursday, 0.002) << "all of it is in view";
  EXPECT_NEAR(number(other_way, "heat_total"), thursday - friday, 0.002);
  EXPECT_EQ(count(before.said, "--compare"), 0) << before.said;
}

TEST_F(HeadlessTwoDaysGl, TheDifferenceOfClosedDaysIsThatOfWholeDays) {
  const Outcome friday = heat_at("2026-10-17T00:00");
  const double thursday = number(heat_at("2026-10-15T23:59:59"), "heat_total");
  EXPECT_EQ(number(friday, "heat_total"), number(friday, "worked_h"));
  EXPECT_GT(number(friday, "worked_h"), 100) << "the end of a recording is that of its last day";

  const Outcome both = heat_at("2026-10-17T00:00", "--compare -1d");

  EXPECT_NEAR(number(both, "heat_total"), number(friday, "heat_total") - thursday, 0.05);
}

TEST_F(HeadlessTwoDaysGl, ADayDiffersFromItselfInNothing) {
  const std::string view = "--camera 119.6,32.6,6.6 --panels off --names off ";
  const Outcome bare = run("--open " + data() +
                           " --frames 2 --paused --points off --at 2026-10-16T11:20+08:00 " + view);
  const Outcome heat = heat_at("2026-10-16T11:20", view);
  ASSERT_GT(testing_support::difference(middle(heat.picture), middle(bare.picture), 2).differing,
            100u);
  for (const char* form : {"smooth", "hexagons"}) {
    const Outcome same =
        heat_at("2026-10-16T11:20", view + "--compare 2026-10-16 --heat-form " + std::string(form));

    EXPECT_EQ(number(same, "heat_total"), 0);
    EXPECT_EQ(number(same, "heat_sum"), 0);
    EXPECT_EQ(middle(same.picture).rgba, middle(bare.picture).rgba) << form;
  }
}

TEST_F(HeadlessTwoDaysGl, SaysThatTheOtherDayIsNotRecordedAndShowsTheHeatOfTheOne) {
  const Outcome r = heat_at("2026-10-16T11:20", "--compare 2026-10-11");

  EXPECT_EQ(r.exit_code, 2) << r.said;
  EXPECT_EQ(count(r.said, "--compare 2026-10-11: nothing is recorded of this day"), 1) << r.said;
  EXPECT_GT(number(r, "heat_total"), 10);
}

TEST_F(HeadlessTwoDaysGl, ShowsTheHeatOfTheOneDayWhereTheOtherIsDamaged) {
  const double friday = number(heat_at("2026-10-16T11:20"), "heat_total");
  // All but the first bytes, which say what it is.
  const auto thursday = std::filesystem::path(data()) / "2026-10-15.fleetday";
  const auto size = std::filesystem::file_size(thursday);
  std::fstream file(thursday, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(static_cast<std::streamoff>(size / 4));
  file << std::string(size / 2, '\x5a');
  file.close();

  const Outcome r = heat_at("2026-10-16T11:20", "--compare -1d");

  EXPECT_EQ(number(r, "heat_total"), friday) << r.said;
}

TEST_F(HeadlessGl, EndsWithTwoForAFileThatIsNotWhatAnArgumentSays) {
  const std::string bad = (folder_.path / "bad").string();
  std::ofstream(bad) << "no token, no certificate\n";
  for (const std::string option : {"--token-file ", "--ca-file ", "--camera-path "}) {
    for (const std::string& file : {bad, std::string("/nowhere")}) {
      const Outcome r = run("--connect wss://127.0.0.1:9 --frames 1 " + option + file);

      EXPECT_EQ(r.exit_code, 2) << option << r.said;
      EXPECT_EQ(count(r.said, file), 1) << r.said;
      EXPECT_EQ(r.picture.width, 0) << "no picture is left behind";
    }
  }
}

TEST_F(HeadlessGl, EndsWithOneWhenRecordedDataCannotBeOpened) {
  const Outcome r = run("--open /nowhere.fleetday --frames 1");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_NE(r.said.find("/nowhere.fleetday"), std::string::npos) << r.said;
}

TEST_F(HeadlessGl, SaysNothingWhenAllIsWell) {
  const Outcome r = run("--demo-machines 50 --frames 3");

  EXPECT_EQ(r.exit_code, 0);
  EXPECT_EQ(r.said, "");
}

/// A folder of tiles of one colour up to zoom 4; those of column 13 at zoom 4 are broken.
std::string tile_folder(const std::filesystem::path& folder) {
  const auto colour = render::encode_png(testing_support::plain_tile(40, 180, 90, 64)).value();
  for (int zoom = 0; zoom <= 4; ++zoom) {
    for (int x = 0; x < 1 << zoom; ++x) {
      const auto column = folder / "tiles" / std::to_string(zoom) / std::to_string(x);
      std::filesystem::create_directories(column);
      for (int y = 0; y < 1 << zoom; ++y) {
        std::ofstream file(column / (std::to_string(y) + ".png"), std::ios::binary);
        const std::size_t size = zoom == 4 && x == 13 ? 40 : colour.size();
        file.write(reinterpret_cast<const char*>(colour.data()), static_cast<long>(size));
      }
    }
  }
  return (folder / "tiles").string();
}

TEST_F(HeadlessGl, WaitsForTheTilesOfTheViewAndShowsParentsForBrokenOnes) {
  const std::string tiles = tile_folder(folder_.path);

  const Outcome r = run("--demo-machines 50 --frames 2 --panels off --camera 115,35,4.5 --tiles " +
                        tiles + " --tiles-look plain --tiles-attribution me");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  constexpr int kLegendFrom = 230;
  int green = 0;
  for (int y = 0; y < kLegendFrom; ++y) {
    for (int x = 0; x < r.picture.width; ++x) {
      const auto p = r.picture.at(x, y);
      green += p[1] > p[0] + 60 && p[1] > p[2] + 40;
    }
  }
  // But for names and borders; without the parents of those that are broken a third is missing.
  EXPECT_GT(green, 640 * kLegendFrom * 80 / 100);
  EXPECT_EQ(count(r.said, "fleetwall: --tiles: "), 1) << "told once: " << r.said;
  EXPECT_EQ(r.stats.find("\"failed\": 0"), std::string::npos) << r.stats;
  EXPECT_NE(r.stats.find("\"tiles\": {"), std::string::npos) << r.stats;
}

TEST_F(HeadlessGl, EndsWithTwoForTilesThatAreNotThere) {
  const Outcome r = run("--demo-machines 50 --frames 1 --tiles /nowhere.mbtiles");

  EXPECT_EQ(r.exit_code, 2);
  EXPECT_EQ(count(r.said, "/nowhere.mbtiles"), 1) << r.said;
}

}  // namespace
