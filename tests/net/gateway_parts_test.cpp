// The small parts of the gateway: clock, origin, metrics, addresses, configuration, log.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "net/feed/ws_client.hpp"
#include "net/gateway/config.hpp"
#include "net/gateway/feed_clock.hpp"
#include "net/gateway/metrics.hpp"
#include "net/gateway/origin.hpp"
#include "net/zone.hpp"

namespace net {
namespace {

using namespace std::chrono_literals;
const fleet::Time kT = *fleet::parse_time("2026-10-16T06:00:00Z");
const FeedClock::Steady kS{100s};

TEST(FeedClock, FollowsTheSystemClock) {
  FeedClock clock = FeedClock::real(kT, kS);

  EXPECT_EQ(clock.now(kT + 1500ms, kS + 1500ms), kT + 1500ms);
  EXPECT_FALSE(clock.simulated());
}

TEST(FeedClock, JumpsAheadWithASystemClockThatWasSet) {
  FeedClock clock = FeedClock::real(kT, kS);

  EXPECT_EQ(clock.now(kT + 1h, kS + 1s), kT + 1h);
}

TEST(FeedClock, NeverRunsBackwardsAndDawdlesInstead) {
  FeedClock clock = FeedClock::real(kT, kS);
  fleet::Time last = clock.now(kT + 10s, kS + 10s);

  for (int i = 1; i <= 100; ++i) {
    const fleet::Time now = clock.now(kT + 5s + i * 1s, kS + 10s + i * 1s);
    ASSERT_GE(now, last);
    last = now;
  }

  EXPECT_EQ(last, kT + 105s) << "met the system clock again after 50 s";
}

TEST(FeedClock, RunsASimulatedFeedAtItsSpeed) {
  FeedClock clock = FeedClock::simulated(kT, 1440, kS);

  EXPECT_EQ(clock.now(kT - 1h, kS + 1s), kT + 24min);
  clock.set_speed(1, kS + 1s);
  EXPECT_EQ(clock.now(kT, kS + 2s), kT + 24min + 1s);
  clock.hold_back(kT + 24min, kS + 2s);
  EXPECT_EQ(clock.now(kT, kS + 3s), kT + 24min + 1s);
  clock.set_speed(-5, kS + 3s);
  EXPECT_EQ(clock.now(kT, kS + 9s), kT + 24min + 1s) << "a feed does not run backwards";
}

TEST(Origin, LetsInPagesFromThisMachineOnly) {
  EXPECT_TRUE(origin_allowed(""));
  EXPECT_TRUE(origin_allowed("http://localhost:8000"));
  EXPECT_TRUE(origin_allowed("http://127.0.0.1"));
  EXPECT_TRUE(origin_allowed("http://[::1]:3000"));
  EXPECT_FALSE(origin_allowed("null"));
  EXPECT_FALSE(origin_allowed("ftp://localhost"));
  EXPECT_FALSE(origin_allowed("ht//[::1[::1]s://[::1]:1"));
  EXPECT_FALSE(origin_allowed("http://[::1].example"));
  EXPECT_FALSE(origin_allowed("http://[::1]:80x"));
  EXPECT_FALSE(origin_allowed("https://example.com"));
  EXPECT_FALSE(origin_allowed("http://localhost.example.com"));
  EXPECT_FALSE(origin_allowed("http://127.0.0.1.example.com"));
  EXPECT_FALSE(origin_allowed("http://127.evil.0.1"));
}

TEST(Origin, LetsInHostsThatAreNotSomebodyElsesName) {
  EXPECT_TRUE(host_allowed("", "127.0.0.1"));
  EXPECT_TRUE(host_allowed("127.0.0.1:8686", "127.0.0.1"));
  EXPECT_TRUE(host_allowed("localhost:1", "127.0.0.1"));
  EXPECT_TRUE(host_allowed("[::1]:8686", "::1"));
  EXPECT_TRUE(host_allowed("wall.local:8686", "wall.local"));
  EXPECT_FALSE(host_allowed("evil.example:8686", "127.0.0.1"));
  EXPECT_FALSE(host_allowed("[", "127.0.0.1"));
}

TEST(Metrics, WritesPrometheusText) {
  MetricsText text;

  text.family("rejected_total", "counter", "Values rejected, by reason.");
  text.value(std::uint64_t{3}, "reason", "jump");
  text.family("x_seconds", "gauge", "X.");
  text.value(0.25);

  EXPECT_EQ(text.text(),
            "# HELP fleetwall_rejected_total Values rejected, by reason.\n"
            "# TYPE fleetwall_rejected_total counter\n"
            "fleetwall_rejected_total{reason=\"jump\"} 3\n"
            "# HELP fleetwall_x_seconds X.\n"
            "# TYPE fleetwall_x_seconds gauge\n"
            "fleetwall_x_seconds 0.25\n");
}

TEST(Metrics, WritesAHistogramOfWhatThingsTook) {
  DurationHistogram durations;
  durations.add(-5ms);
  durations.add(1ms);
  durations.add(1ms + 1ns);
  durations.add(100ms);
  durations.add(11s);
  MetricsText metrics;

  metrics.histogram("x_seconds", "How long.", durations);

  const std::string& text = metrics.text();
  EXPECT_EQ(text.rfind("# HELP fleetwall_x_seconds How long.\n"
                       "# TYPE fleetwall_x_seconds histogram\n"
                       "fleetwall_x_seconds_bucket{le=\"0.001\"} 2\n"
                       "fleetwall_x_seconds_bucket{le=\"0.002\"} 3\n",
                       0),
            0u)
      << text;
  EXPECT_NE(text.find("_bucket{le=\"0.075\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("_bucket{le=\"0.1\"} 4\n"), std::string::npos);
  EXPECT_NE(text.find("_bucket{le=\"10\"} 4\n"), std::string::npos);
  EXPECT_NE(text.find("_bucket{le=\"+Inf\"} 5\n"), std::string::npos);
  EXPECT_NE(text.find("fleetwall_x_seconds_sum 11.10"), std::string::npos);
  EXPECT_NE(text.find("fleetwall_x_seconds_count 5\n"), std::string::npos);
}

TEST(WsUrl, ReadsHostPortAndPath) {
  const auto url = [](const char* text) { return parse_ws_url(text, "/feed").value(); };

  EXPECT_EQ(url("ws://localhost:9000").authority(), "localhost:9000");
  EXPECT_EQ(url("ws://localhost:9000").path, "/feed");
  EXPECT_EQ(url("ws://localhost").port, 8686);
  EXPECT_EQ(url("ws://localhost/").path, "/feed");
  EXPECT_EQ(url("ws://10.0.0.1:1/a/b").path, "/a/b");
  EXPECT_FALSE(url("ws://localhost").secure);
  EXPECT_TRUE(url("wss://localhost:9000").secure);
  EXPECT_EQ(url("wss://localhost:9000").authority(), "localhost:9000");
  EXPECT_EQ(url("ws://[::1]:65535").authority(), "[::1]:65535");
}

TEST(WsUrl, NeverRepeatsWhatMayBeASecret) {
  for (const char* text :
       {"ws://user:s3cret@host:1", "ws://s3cret@host", "ws://h/feed?token=s3cret",
        "wss://h:1/?s3cret@x", "s3cret@host", "http://s3cret@h"}) {
    const auto url = parse_ws_url(text, "/feed");
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error().what.find("s3cret"), std::string::npos) << url.error().what;
  }
  EXPECT_NE(parse_ws_url("ws://s3cret@h", "/feed").error().what.find("--token-file"),
            std::string::npos);
}

TEST(WsUrl, SaysWhatIsWrongWithAnAddress) {
  for (const char* text :
       {"", "localhost:8686", "http://localhost", "wss://", "ws://", "ws://:8686", "ws://h:0",
        "ws://h:65536", "ws://h:x", "ws://h:1x", "ws://[::1", "ws://[::1]x", "ws://h h",
        "ws://h/a b", "ws://h/?token=x", "ws://h\r\nX:1", "ws://h/\r\nX:1"}) {
    const auto url = parse_ws_url(text, "/feed");
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_NE(url.error().what.find("ws://"), std::string::npos);
  }
}

TEST(Log, KeepsWhatStrangersSayOnOneLine) {
  EXPECT_EQ(one_line("a\r\n2026 error b\x1b[0m\x7f"), "a??2026 error b?[0m?");
  EXPECT_EQ(one_line("\xe5\xb7\xa5"), "\xe5\xb7\xa5") << "text is text";
  for (const std::size_t size : {kMaxLogLine - 1, kMaxLogLine, kMaxLogLine + 1})
    EXPECT_EQ(one_line(std::string(size, 'x')),
              std::string(std::min(size, kMaxLogLine), 'x') + (size > kMaxLogLine ? "..." : ""));
  EXPECT_EQ(one_line(std::string(kMaxLogLine - 2, 'x') + "\xe5\xb7\xa5"),
            std::string(kMaxLogLine - 2, 'x') + "...")
      << "cut at the edge of a character";
}

TEST(Config, ReadsTheExampleAsTheDefaults) {
  std::ifstream file(std::string(FLEETWALL_SOURCE_DIR) + "/assets/fleetwalld.example.toml");
  std::ostringstream text;
  text << file.rdbuf();
  ASSERT_FALSE(text.str().empty());

  const auto config = parse_config(text.str(), "example");

  ASSERT_TRUE(config.ok()) << config.error().what;
  const GatewayConfig defaults;
  const GatewayConfig& got = config->gateway;
  EXPECT_EQ(got.listen_host, defaults.listen_host);
  EXPECT_EQ(got.port, defaults.port);
  EXPECT_EQ(got.data, defaults.data);
  EXPECT_EQ(got.name, defaults.name);
  EXPECT_EQ(got.core.tick, defaults.core.tick);
  EXPECT_EQ(got.core.figures_every_ticks, defaults.core.figures_every_ticks);
  EXPECT_EQ(got.core.zone.name(), defaults.core.zone.name());
  EXPECT_TRUE(got.access.tokens.empty() && got.access.origins.empty() && !got.access.tls.any());
  EXPECT_EQ(got.access.connections, defaults.access.connections);
  EXPECT_EQ(got.access.connections_per_address, defaults.access.connections_per_address);
  EXPECT_EQ(got.ring_seconds, defaults.ring_seconds);
  EXPECT_EQ(got.ring_bytes, defaults.ring_bytes);
  EXPECT_EQ(got.commit_every, defaults.commit_every);
  EXPECT_FALSE(got.retention.any());
  EXPECT_EQ(got.retention.min_free_bytes, defaults.retention.min_free_bytes);
  EXPECT_EQ(got.core.quality.future, defaults.core.quality.future);
  EXPECT_EQ(got.core.quality.zero_island_deg, defaults.core.quality.zero_island_deg);
  EXPECT_EQ(got.core.quality.max_speed_kmh, defaults.core.quality.max_speed_kmh);
  EXPECT_EQ(got.core.quality.jump_agreeing_fixes, defaults.core.quality.jump_agreeing_fixes);
  EXPECT_EQ(got.core.quality.counter_reset_samples, defaults.core.quality.counter_reset_samples);
}

TEST(Config, ReadsWhatItIsTold) {
  const auto config = parse_config(
      "listen = \"[::1]:0\"\ndata = \"/d\"\nday_zone = \"+05:30\"\nlog = \"error\"\n"
      "[feed]\ntick_ms = 100\nring_mib = 4096\ntrack_mib = 0\n[quality]\nmax_speed_kmh = 900.5\n"
      "[store]\nkeep_days = 30\nkeep_gib = 0.5\nmin_free_gib = 2\n",
      "f");

  ASSERT_TRUE(config.ok()) << config.error().what;
  EXPECT_EQ(config->gateway.listen_host, "::1");
  EXPECT_EQ(config->gateway.port, 0);
  EXPECT_EQ(config->gateway.data, "/d");
  EXPECT_EQ(config->gateway.core.zone.offset_at(kT), 19800s);
  EXPECT_EQ(config->gateway.core.tick, 100ms);
  EXPECT_EQ(config->gateway.ring_bytes, std::size_t{4096} << 20);
  EXPECT_EQ(config->gateway.track_bytes, 0u);
  EXPECT_EQ(config->gateway.retention.keep_days, 30);
  EXPECT_EQ(config->gateway.retention.keep_bytes, 512u << 20);
  EXPECT_EQ(config->gateway.retention.min_free_bytes, std::uint64_t{2} << 30);
  EXPECT_EQ(config->gateway.core.quality.max_speed_kmh, 900.5);
  EXPECT_EQ(config->log_level, LogLevel::error);
}

TEST(Config, NamesTheLineOfWhatItDoesNotUnderstand) {
  const std::pair<const char*, const char*> cases[] = {
      {"name = \"a\"\nlisen = \"x\"\n", "f line 2: unknown key 'lisen'"},
      {"[feed]\n\ntick = 5\n", "f line 3: unknown key 'feed.tick'"},
      {"[feed]\ntick_ms = 99\n", "f line 2: expected a whole number from 100 to 60000"},
      {"[feed]\ntick_ms = 60001\n", "f line 2:"},
      {"[feed]\ntick_ms = 1000.5\n", "f line 2:"},
      {"[feed]\nring_mib = \"64\"\n", "f line 2:"},
      {"feed = 3\n", "f line 1: expected a section"},
      {"name = 3\n", "f line 1: expected a text"},
      {"\nname = \n", "f line 2:"},
      {"listen = \"localhost\"\n", "f line 1: 'localhost' is no address"},
      {"listen = \"localhost:65536\"\n", "f line 1:"},
      {"day_zone = \"Mars/Phobos\"\n", "f line 1: There is no time zone 'Mars/Phobos'"},
      {"log = \"loud\"\n", "f line 1: log is 'loud'"},
      {"[quality]\nmax_speed_kmh = nan\n", "f line 2:"},
      {"[tokens]\nwall = \"secret\"\n", "f line 2: token 'wall': expected {"},
  };
  for (const auto& [text, expected] : cases) {
    const auto config = parse_config(text, "f");
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_EQ(config.error().what.rfind(expected, 0), 0u) << config.error().what;
  }
}

TEST(Zone, LoadsNamesAndOffsets) {
  EXPECT_EQ(load_zone("UTC")->offset_at(kT), 0s);
  EXPECT_EQ(load_zone("-0330")->offset_at(kT), -12600s);
  EXPECT_EQ(load_zone("Asia/Shanghai")->offset_at(kT), 28800s);
  const auto berlin = load_zone("Europe/Berlin");
  ASSERT_TRUE(berlin.ok()) << berlin.error().what;
  EXPECT_EQ(berlin->offset_at(kT), 7200s);
  EXPECT_EQ(berlin->offset_at(*fleet::parse_time("2026-12-16T06:00:00Z")), 3600s);
  EXPECT_EQ(berlin->name(), "Europe/Berlin");
  for (const char* bad : {"", "+", "+25:00", "+08:61", "+8", "Nowhere"})
    EXPECT_FALSE(load_zone(bad).ok()) << bad;
}

TEST(LogGate, LetsAFewLinesASecondThroughAndCountsTheRest) {
  std::vector<std::string> lines;
  const LogSink sink = [&](LogLevel, std::string_view text) { lines.emplace_back(text); };
  LogGate gate;

  for (std::uint32_t i = 0; i < kLogLinesPerSecond + 3; ++i)
    gate.write(sink, LogLevel::info, "line", kS);
  EXPECT_EQ(lines.size(), kLogLinesPerSecond);
  gate.write(sink, LogLevel::info, "line", kS + 1s);

  EXPECT_EQ(lines.back(), "line (3 lines like this left out)");
}

}  // namespace
}  // namespace net
