// Tracks end to end: a wall asks a gateway over a loopback socket, or asks its day files.
#include "net/feed/feed.hpp"
#include "net/store/track_scan.hpp"
#include "tests/net/day_folder.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

std::optional<TrackAnswer> answer_of(Feed& feed, const TrackQuestion& question) {
  feed.ask(question);
  std::optional<TrackAnswer> answer;
  EXPECT_TRUE(eventually([&] { return (answer = feed.take_track()).has_value(); }));
  return answer;
}

DemoSource demo(std::uint32_t machines, std::chrono::minutes past) {
  DemoSource source;
  source.now = kStart + std::chrono::hours(6);
  source.from = source.now - past;
  source.sim.machines = machines;
  source.sim.seed = 7;
  source.sim.start = source.from;
  return source;
}

TEST(TrackFeed, AsksAGatewayOverASocket) {
  const DemoSource source = demo(200, 2h);
  TestGateway gateway({}, source);
  TestWall wall(gateway.url());
  ASSERT_TRUE(wall.until([&] { return wall.keyframes > 0 && !wall.ticks.empty(); }));
  const fleet::FleetState& state = wall.reader.state();
  int with_way = 0;
  for (fleet::Slot slot = 0; slot < 40; ++slot) {
    const auto answer = answer_of(
        *wall.feed, {slot, slot, state.roster()[slot].id, state.time() - 3h, state.time()});

    ASSERT_TRUE(answer && !answer->failed);
    EXPECT_EQ(answer->number, slot);
    EXPECT_EQ(answer->known_from, source.from) << "nothing is known before the simulation began";
    const auto newest = fleet::newest_fix(state, slot);
    if (!newest || newest->time > state.time()) continue;
    ASSERT_FALSE(answer->stays.empty()) << slot;
    EXPECT_GE(answer->stays.back().until, newest->time);
    with_way += answer->stays.size() > 1;
  }
  EXPECT_GT(with_way, 5);
}

TEST(TrackFeed, FailsWhatWasAskedWhenTheConnectionEnds) {
  auto gateway = std::make_unique<TestGateway>(GatewayConfig{}, demo(5, 10min));
  TestWall wall(gateway->url());
  ASSERT_TRUE(wall.until([&] { return wall.keyframes > 0; }));
  gateway.reset();
  ASSERT_TRUE(eventually([&] { return wall.feed->health().state == FeedHealth::State::lost; }));

  const auto answer = answer_of(*wall.feed, {1, 0, "x", kStart, kStart});

  EXPECT_TRUE(answer && answer->failed);
}

TEST(TrackFeed, KnowsAfterARestartWhatWasRecordedBefore) {
  TemporaryFolder folder;
  GatewayConfig config;
  config.data = folder.path;
  {
    TestGateway before(config);
    for (int i = 0; i < 3; ++i) {
      const std::string line = R"({"machine":"A1","lat":31.3,"lon":120.6)" + std::to_string(2 * i) +
                               R"(,"time":)" + now_ms(-300'000 + 60'000 * i) + "}";
      ASSERT_EQ(http(before.port(), "POST", "/ingest", line).status, 200);
    }
  }
  TestGateway after(config);
  TestWall wall(after.url());
  ASSERT_TRUE(wall.until([&] { return wall.keyframes > 0; }));
  const fleet::Time now = wall.reader.state().time();

  std::optional<TrackAnswer> answer;
  EXPECT_TRUE(wall.until([&] {
    answer = answer_of(*wall.feed, {1, 0, "A1", now - 1h, now});
    return answer && answer->stays.size() == 3;
  })) << "the past is read beside the first ticks";

  EXPECT_LT(answer->known_from, now - 5min);
  ASSERT_EQ(http(after.port(), "POST", "/ingest",
                 R"({"machine":"A1","lat":31.3,"lon":120.61,"time":)" + now_ms(-60'000) + "}")
                .status,
            200);
  EXPECT_EQ(answer_of(*wall.feed, {2, 0, "A1", now - 1h, now + 1min})->stays.size(), 4u);
}

TEST(TrackFeed, ForgetsTheOldestOfManyQuestions) {
  TestGateway gateway({}, demo(5, 10min));
  TestWall wall(gateway.url());
  ASSERT_TRUE(wall.until([&] { return wall.keyframes > 0; }));

  for (std::uint32_t i = 0; i < 50; ++i) wall.feed->ask({i, 0, "x", kStart, kStart + 1h});

  std::optional<TrackAnswer> last;
  EXPECT_TRUE(wall.until([&] {
    while (auto answer = wall.feed->take_track()) last = std::move(answer);
    return last && last->number == 49;
  }));
  EXPECT_EQ(wall.feed->health().connections, 1u) << "the gateway took no offence";
}

/// A recorded morning, and the same reports in a core.
class RecordedTracksTest : public ::testing::Test, public samples::DayFolder {
 protected:
  static constexpr int kTicks = 180;
  RecordedTracksTest() { record(kTicks, 1min); }
  static fleet::Time second(int n) { return samples::kNoon + std::chrono::seconds(n); }
  std::unique_ptr<TrackScan> scan() {
    auto opened = TrackScan::open(directory_);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().what);
    return std::move(opened.value());
  }
  static void cover(TrackScan& scan, int from, int to) {
    const auto done = scan.cover(second(from), second(to), [] { return true; });
    EXPECT_TRUE(done.ok()) << (done ? "" : done.error().what);
  }
  std::string id(fleet::Slot slot) {
    fleet::FleetState state;
    EXPECT_TRUE(reader()->seek(second(kTicks), state).ok());
    return state.roster()[slot].id;
  }
};

TEST_F(RecordedTracksTest, AreWhatTheStatesOfTheDayShow) {
  auto scanned = scan();
  cover(*scanned, 0, kTicks);
  const std::string machine = id(3);
  auto days = reader();
  std::set<fleet::Time> times;
  for (int s = 1; s <= kTicks; ++s) {
    fleet::FleetState state;
    ASSERT_TRUE(days->seek(second(s), state).ok());
    if (const auto fix = fleet::newest_fix(state, 3)) times.insert(fix->time);
  }

  const auto found = scanned->find(machine, second(-86'400), second(kTicks));

  ASSERT_FALSE(times.empty());
  for (const fleet::Time t : times) {
    EXPECT_TRUE(std::ranges::any_of(found.stays, [t](const fleet::TrackStay& stay) {
      return stay.time <= t && t <= stay.until;
    })) << fleet::iso8601(t);
  }
}

TEST_F(RecordedTracksTest, AreTheSameReadAtOnceAndBitByBit) {
  auto whole = scan(), parts = scan();
  cover(*whole, 0, kTicks);
  for (int to = 20; to <= kTicks; to += 20) cover(*parts, 0, to);

  for (fleet::Slot slot = 0; slot < 20; ++slot) {
    const std::string machine = id(slot);
    EXPECT_EQ(parts->find(machine, second(0), second(kTicks)).stays,
              whole->find(machine, second(0), second(kTicks)).stays);
  }
}

TEST_F(RecordedTracksTest, AreReadFromTheKeyframeBefore) {
  auto scanned = scan();
  cover(*scanned, 100, 120);

  const auto found = scanned->find(id(3), second(100), second(120));

  EXPECT_EQ(found.known_from, second(100));
  EXPECT_TRUE(scanned->find("nobody", second(100), second(120)).stays.empty());
}

/// Two days in which a machine moves on every ten seconds, told every ten minutes.
class TwoRecordedDays : public ::testing::Test, public samples::DayFolder {
 protected:
  static constexpr int kTicks = 2 * 24 * 6, kFixes = 60;
  TwoRecordedDays() {
    auto days = writer();
    samples::Fleet fleet(2);
    for (int i = 0; i < kTicks; ++i) {
      fleet.state.finish_tick(fleet.state.position(), at(i));
      fleet.skip_to(at(i));
      open_tick(*days, fleet);
      for (int k = 0; k < kFixes; ++k) {
        const auto x = static_cast<std::uint32_t>(1'000'000 + 1000 * (kFixes * i + k));
        fleet.report(0, (k + 1 - kFixes) * 10'000, 500,
                     {{fleet::kPosition, fleet::packed({x, 100'000'000})}});
      }
      expect(days->append(encoder_.encode(fleet.end_tick())));
    }
    machine_ = fleet.state.roster()[0].id;
    expect(days->close());
  }
  static fleet::Time at(int tick) { return samples::kNoon + std::chrono::minutes(10 * tick); }
  /// How many fixes of these ticks a trail has.
  std::size_t fixes(TrackScan& scan, int first, int last) const {
    const fleet::Time from = at(first - 1) + 1s, to = at(last) + 1s;
    expect(scan.cover(from, to, [] { return true; }));
    const auto found = scan.find(machine_, from, to);
    return static_cast<std::size_t>(std::ranges::count_if(
        found.stays, [&](const fleet::TrackStay& stay) { return stay.time >= from; }));
  }
  std::string machine_;
};

TEST_F(TwoRecordedDays, AreReadAnewForWhoJumpsBackToWhatTheBookLetGo) {
  auto opened = TrackScan::open(directory_);
  ASSERT_TRUE(opened.ok()) << opened.error().what;
  TrackScan& scan = *opened.value();
  EXPECT_EQ(fixes(scan, 0, 5), 360u);
  for (int i = 6; i < kTicks; i += 6) EXPECT_EQ(fixes(scan, i, i + 5), 360u) << "tick " << i;

  EXPECT_EQ(fixes(scan, 0, 5), 360u) << "jumped back by two days";
  EXPECT_EQ(fixes(scan, 2, 7), 360u) << "and went on";
  EXPECT_EQ(fixes(scan, kTicks - 6, kTicks - 1), 360u) << "and jumped forward again";
}

TEST_F(TwoRecordedDays, AreReadOnlyOnceWhereABookCannotHoldTheSpanAtAll) {
  auto opened = TrackScan::open(directory_, 1);  // a block, the least there is
  ASSERT_TRUE(opened.ok()) << opened.error().what;
  TrackScan& scan = *opened.value();
  const std::size_t held = fixes(scan, 0, 140);
  EXPECT_LT(held, 8460u);

  int slices = 0;
  expect(scan.cover(at(0), at(140) + 1s, [&] { return ++slices > 0; }));

  EXPECT_EQ(slices, 0);
  EXPECT_EQ(fixes(scan, 0, 140), held);
}

TEST_F(RecordedTracksTest, StopsWhenToldTo) {
  auto scanned = scan();
  int asked = 0;

  const auto done = scanned->cover(second(0), second(kTicks), [&] { return ++asked < 2; });

  EXPECT_TRUE(done.ok());
  EXPECT_EQ(scanned->take()->until(), second(60));
}

TEST_F(RecordedTracksTest, AreAskedOfARecording) {
  fleet::UpdateQueue queue(64u << 20);
  auto opened = open_history_feed(directory_, queue);
  ASSERT_TRUE(opened.ok());
  auto scanned = scan();
  cover(*scanned, 0, kTicks);
  const std::string machine = id(3);

  const auto answer =
      answer_of(*opened.value(), {4, 3, machine, second(-100), second(kTicks + 100)});

  ASSERT_TRUE(answer && !answer->failed);
  EXPECT_EQ(answer->number, 4u);
  EXPECT_EQ(answer->stays, scanned->find(machine, second(-100), second(kTicks + 100)).stays);
  EXPECT_EQ(answer->known_from, fleet::kNever) << "before the first day there is nothing to miss";
}

}  // namespace
}  // namespace net::test
