#include "viewer/run_stats.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace viewer {
namespace {

TEST(Percentiles, AreWithinTwoPercentOfTheTruth) {
  Percentiles p;
  for (int i = 1; i <= 10'000; ++i) p.add(i * 0.01);

  EXPECT_NEAR(p.at(0.5), 50, 1.1);
  EXPECT_NEAR(p.at(0.99), 99, 2.1);
  EXPECT_DOUBLE_EQ(p.max(), 100);
  EXPECT_DOUBLE_EQ(p.at(1), 100);
}

TEST(Percentiles, TakeAnythingFromZeroToHours) {
  Percentiles p;
  p.add(0);
  p.add(-1);
  p.add(1e9);

  EXPECT_EQ(p.count(), 3u);
  EXPECT_LE(p.at(0.5), 0.0011);
  EXPECT_DOUBLE_EQ(p.max(), 1e9);
}

TEST(Percentiles, AreZeroWhenEmpty) {
  EXPECT_DOUBLE_EQ(Percentiles{}.at(0.5), 0);
}

TEST(RunStats, TellsWhatBecameOfTheMapsTiles) {
  RunStats stats;
  stats.tiles = {40, 5, 3, 2, 1, false, 10'000'000};

  const auto json = nlohmann::json::parse(stats.json());

  EXPECT_EQ(json["tiles"]["drawn"], 40);
  EXPECT_EQ(json["tiles"]["stand_in"], 5);
  EXPECT_EQ(json["tiles"]["failing"], 1);
  EXPECT_EQ(json["tiles"]["reachable"], false);
  EXPECT_EQ(json["tiles"]["missing"], 3);
  EXPECT_EQ(json["tiles"]["failed"], 2);
  EXPECT_EQ(json["tiles"]["bytes"], 10'000'000);
}

TEST(RunStats, TellsTheSteadyPartOfTheRunApartFromItsStart) {
  RunStats stats;
  stats.cpu_ms.add(900);
  EXPECT_TRUE(nlohmann::json::parse(stats.json())["steady"].is_null());
  stats.seconds = 12;
  stats.updates_applied = 33'000;
  stats.steady.updates_before = 32'000;
  stats.steady.began_s = 2;
  stats.steady.frames = 1;
  stats.steady.frame_ms.add(20);
  stats.steady.cpu_ms.add(5);
  stats.cpu_ms.add(5);

  const auto json = nlohmann::json::parse(stats.json());

  EXPECT_EQ(json["steady"]["frames"], 1);
  EXPECT_EQ(json["steady"]["seconds"], 10);
  EXPECT_EQ(json["steady"]["updates_applied"], 1000);
  EXPECT_EQ(json["steady"]["updates_per_s"], 100);
  EXPECT_NEAR(json["steady"]["cpu_ms"]["p99"].get<double>(), 5, 0.11);
  EXPECT_NEAR(json["steady"]["frame_ms"]["max"].get<double>(), 20, 0.01);
  EXPECT_EQ(json["updates_per_s"], 2750) << "of the whole run, as ever";
  EXPECT_GT(json["cpu_ms"]["p99"].get<double>(), 800);
}

TEST(RunStats, JsonHasEveryFieldOfTheContract) {
  RunStats stats;
  stats.frame_ms.add(10);
  stats.state_hash = 0xabcdef;

  const auto json = nlohmann::json::parse(stats.json());

  for (const char* key : {"frames",
                          "seconds",
                          "frame_ms",
                          "cpu_ms",
                          "gpu_ms",
                          "machines",
                          "updates_applied",
                          "updates_per_s",
                          "steady",
                          "heat_sum",
                          "heat_total",
                          "worked_h",
                          "first_frame_ms",
                          "first_full_frame_ms",
                          "latency_ms",
                          "rss_mib_peak",
                          "gpu_bytes",
                          "process_cpu_s",
                          "renderer",
                          "gl_version",
                          "size",
                          "dropped",
                          "reconnects",
                          "state_hash"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_TRUE(json["gpu_ms"].is_null());
  EXPECT_TRUE(json["first_frame_ms"].is_null());
  EXPECT_TRUE(json["frame_ms"].contains("max"));
  EXPECT_TRUE(json["tiles"].is_null()) << "there are none";
  EXPECT_EQ(json["state_hash"], "0000000000abcdef");
  EXPECT_GT(json["rss_mib_peak"].get<double>(), 1);
}

}  // namespace
}  // namespace viewer
