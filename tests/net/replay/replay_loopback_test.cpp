// The past of a gateway that goes on recording, over sockets.
#include <random>

#include "net/feed/recording.hpp"
#include "net/recording/file_heat_shelf.hpp"
#include "net/store/day_store.hpp"
#include "net/store/machine_scan.hpp"
#include "tests/net/histories.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

/// A wall in the past, without a picture.
class PastWall {
 public:
  explicit PastWall(const std::string& url, std::size_t queue_bytes = 64u << 20)
      : queue_(queue_bytes) {
    LiveFeedConfig config;
    config.url = url;
    config.client_name = "test";
    config.first_retry = 10ms;
    auto opened = open_replay(std::move(config), queue_);
    EXPECT_TRUE(opened.ok()) << (opened ? "" : opened.error().what);
    recording_ = std::move(opened.value());
  }
  ~PastWall() { queue_.close(); }

  Feed& feed() { return *recording_.feed; }
  DayShelf& days() { return *recording_.days; }
  MachineShelf& machines() { return *recording_.machines; }
  HeatShelf& other_heat() { return *recording_.other_heat; }
  MachineShelf& other_machines() { return *recording_.other_machines; }
  bool knows_range() {
    return eventually([&] { return feed().health().range_end != fleet::kNever; });
  }
  void take() {
    while (auto update = queue_.try_pop()) {
      reader.apply(*update);
      if (const auto* tick = std::get_if<fleet::TickBatch>(&*update))
        hashes[tick->end] = reader.state().hash();
      feed().applied(reader.state().position(), reader.state().roster().version());
    }
  }
  bool plays_until(fleet::Time t) {
    return eventually([&] {
      const bool delivered = feed().health().read_until >= t;
      take();
      return delivered;
    });
  }
  bool stands_at(fleet::Time t) {
    feed().seek(t);
    return plays_until(t);
  }

  Reader reader;
  std::map<fleet::Time, std::uint64_t> hashes;

 private:
  fleet::UpdateQueue queue_;
  Recording recording_;
};

/// Ten recorded minutes of 500 machines, and what comes on top of them at `speed`.
class ReplayLoopback : public ::testing::Test {
 protected:
  GatewayConfig config() const {
    GatewayConfig config;
    config.data = folder_.path;
    return config;
  }
  static DemoSource demo(double speed = 1) {
    DemoSource demo;
    demo.sim.machines = 500;
    demo.sim.start = demo.from = kStart;
    demo.now = kStart + 10min;
    demo.speed = speed;
    return demo;
  }
  std::unique_ptr<DayReader> reader() {
    auto opened = DayReader::open(folder_.path);
    EXPECT_TRUE(opened.ok());
    return std::move(opened.value());
  }

  testing_support::TemporaryFolder folder_;
};

TEST_F(ReplayLoopback, LeadsToTheStateThatTheFileHasAtFiftyInstants) {
  TestGateway gateway(config(), demo());
  PastWall wall(gateway.url());
  ASSERT_TRUE(wall.knows_range());
  auto file = reader();
  fleet::FleetState expected;
  std::mt19937 random(5);
  std::uniform_int_distribution<int> ms(0, 600'000);

  for (int i = 0; i < 50; ++i) {
    const fleet::Time t = kStart + std::chrono::milliseconds(ms(random));
    ASSERT_TRUE(wall.stands_at(t)) << wall.feed().health().detail;
    ASSERT_TRUE(file->seek(t, expected, SeekEnd::whole_tick).ok());
    ASSERT_EQ(wall.reader.state().hash(), expected.hash()) << fleet::iso8601(t);
    EXPECT_EQ(wall.reader.state().alarms().open().size(), expected.alarms().open().size());
  }
}

TEST_F(ReplayLoopback, IsTheSameAtEveryTickAsLiveAndFromTheFile) {
  TestGateway gateway(config(), demo(30));
  PastWall wall(gateway.url());
  fleet::UpdateQueue live_queue(64u << 20);
  LiveFeedConfig live_config;
  live_config.url = gateway.url();
  auto live = open_live_feed(std::move(live_config), live_queue);
  ASSERT_TRUE(live.ok());
  Reader live_reader;
  std::map<fleet::Time, std::uint64_t> lived;
  const fleet::Time end = kStart + 15min;
  ASSERT_TRUE(eventually([&] {
    while (auto update = live_queue.try_pop()) {
      live_reader.apply(*update);
      if (const auto* tick = std::get_if<fleet::TickBatch>(&*update))
        lived[tick->end] = live_reader.state().hash();
    }
    return live_reader.state().time() >= end;
  }));

  ASSERT_TRUE(wall.stands_at(kStart));
  ASSERT_TRUE(eventually([&] {
    wall.feed().want_until(end);
    wall.take();
    return wall.reader.state().time() >= end;
  })) << fleet::iso8601(wall.reader.state().time());

  auto file = reader();
  Reader from_file;
  std::map<fleet::Time, std::uint64_t> filed;
  ASSERT_TRUE(file->read_until(end,
                               [&](fleet::Update&& update) {
                                 from_file.apply(update);
                                 if (const auto* tick = std::get_if<fleet::TickBatch>(&update))
                                   filed[tick->end] = from_file.state().hash();
                                 return true;
                               })
                  .ok());
  std::size_t compared = 0;
  for (const auto& [t, hash] : filed) {
    if (t <= kStart + 1s) continue;
    ASSERT_EQ(wall.hashes[t], hash) << fleet::iso8601(t);
    if (!lived.contains(t)) continue;
    ASSERT_EQ(lived[t], hash) << fleet::iso8601(t);
    ++compared;
  }
  EXPECT_GT(compared, 100u);
}

TEST_F(ReplayLoopback, LeavesTwoWallsInThePastAndOneThatIsLiveAlone) {
  TestGateway gateway(config(), demo(10));
  PastWall early(gateway.url()), late(gateway.url()), stuck(gateway.url(), 1);
  TestWall live(gateway.url());
  ASSERT_TRUE(early.knows_range() && late.knows_range() && stuck.knows_range());
  stuck.feed().seek(kStart + 1min);  // and never takes anything
  stuck.feed().want_until(kStart + 10min);

  ASSERT_TRUE(early.stands_at(kStart + 2min));
  ASSERT_TRUE(late.stands_at(kStart + 8min));
  early.feed().want_until(kStart + 3min);
  late.feed().want_until(kStart + 9min);
  ASSERT_TRUE(early.plays_until(kStart + 3min));
  ASSERT_TRUE(late.plays_until(kStart + 9min));

  fleet::FleetState expected;
  auto file = reader();
  ASSERT_TRUE(file->seek(kStart + 3min, expected, SeekEnd::whole_tick).ok());
  EXPECT_EQ(early.reader.state().hash(), expected.hash());
  ASSERT_TRUE(file->seek(kStart + 9min, expected, SeekEnd::whole_tick).ok());
  EXPECT_EQ(late.reader.state().hash(), expected.hash());
  EXPECT_EQ(metric(http(gateway.port(), "GET", "/metrics").body, "fleetwall_replays"), 3);
  EXPECT_EQ(metric(http(gateway.port(), "GET", "/metrics").body, "fleetwall_feed_catch_ups_total"),
            0);
}

TEST_F(ReplayLoopback, ComesBackToItsPlaceWhenTheGatewayDoes) {
  auto gateway = std::make_unique<TestGateway>(config(), demo());
  const std::uint16_t port = gateway->port();
  PastWall wall(gateway->url());
  ASSERT_TRUE(wall.stands_at(kStart + 3min));
  wall.feed().want_until(kStart + 4min);
  ASSERT_TRUE(wall.plays_until(kStart + 4min));
  gateway.reset();
  ASSERT_TRUE(eventually([&] { return wall.feed().health().state == FeedHealth::State::lost; }));

  GatewayConfig again = config();
  again.port = port;
  TestGateway second(again, demo());
  wall.feed().want_until(kStart + 5min);
  ASSERT_TRUE(wall.plays_until(kStart + 5min));

  fleet::FleetState expected;
  ASSERT_TRUE(reader()->seek(kStart + 5min, expected, SeekEnd::whole_tick).ok());
  EXPECT_EQ(wall.reader.state().hash(), expected.hash());
  EXPECT_GE(wall.feed().health().connections, 2u);
}

TEST_F(ReplayLoopback, TellsWhatWentOnInItsDays) {
  TestGateway gateway(config(), demo());
  PastWall wall(gateway.url());
  const fleet::LocalDay day = fleet::shanghai().day_of(kStart);

  wall.days().want(day, day, day);
  ASSERT_TRUE(eventually([&] {
    wall.days().update();
    return wall.days().complete(day, day);
  }));

  const RecordedDay* told = wall.days().days().find(day);
  ASSERT_NE(told, nullptr);
  auto overviews = read_overviews(folder_.path);
  ASSERT_TRUE(overviews.ok());
  const auto step = static_cast<std::size_t>((kStart - told->overview.midnight) / 5min);
  EXPECT_EQ(told->overview.reports[step], overviews.value()[0].reports[step]);
  EXPECT_GT(told->overview.reports[step], 0u);
}

TEST_F(ReplayLoopback, TellsWhatMachinesDidAsTheFileDoes) {
  TestGateway gateway(config(), demo());
  PastWall wall(gateway.url());
  ASSERT_TRUE(wall.stands_at(kStart + 10min));
  const fleet::Roster& roster = wall.reader.state().roster();
  auto scan = MachineScan::open(folder_.path);
  ASSERT_TRUE(scan.ok());
  const fleet::Time to = kStart + 9min;
  std::size_t reports = 0;

  for (fleet::Slot slot = 0; slot < 40; slot += 2) {
    const std::string first = roster[slot].id, second = roster[slot + 1].id;
    wall.machines().want({first, kStart, to});
    wall.other_machines().want({second, kStart + 1min, to});
    ASSERT_TRUE(eventually([&] {
      wall.machines().update();
      wall.other_machines().update();
      return !wall.machines().reading() && !wall.other_machines().reading();
    }));
    auto a = scan.value()->read(first, kStart, to);
    auto b = scan.value()->read(second, kStart + 1min, to);
    ASSERT_TRUE(a.ok() && b.ok());
    // Recording goes on between the two.
    EXPECT_GE(a->history.until, wall.machines().history()->until);
    a->history.until = wall.machines().history()->until;
    b->history.until = wall.other_machines().history()->until;
    samples::expect_same(*wall.machines().history(), a->history);
    samples::expect_same(*wall.other_machines().history(), b->history);
    reports += a->history.reports.size();
  }
  EXPECT_GT(reports, 0u);
}

TEST_F(ReplayLoopback, TellsWhereWasWorkedAsTheFileDoes) {
  TestGateway gateway(config(), demo());
  PastWall wall(gateway.url());
  ASSERT_TRUE(wall.knows_range());
  FileHeatShelf file(folder_.path);
  const fleet::LocalDay day = fleet::shanghai().day_of(kStart);
  const auto settled = [](HeatShelf& shelf) {
    return eventually([&] { return shelf.update(), !shelf.reading(); });
  };

  for (const auto& [after, hours] : {std::pair{3min, fleet::kEveryHour},
                                     {9min, fleet::kEveryHour},
                                     {9min, fleet::HourBits{1} << 14}}) {
    const HeatShelf::Wish wish{kStart + after, day, hours};
    wall.other_heat().want(wish);
    file.want(wish);
    ASSERT_TRUE(settled(wall.other_heat()) && settled(file));
    EXPECT_EQ(wall.other_heat().heat()->cells, file.heat()->cells);
    EXPECT_FALSE(wall.other_heat().heat()->damaged);
  }
  wall.other_heat().want({kStart + 9min, day});
  ASSERT_TRUE(settled(wall.other_heat()));
  EXPECT_FALSE(wall.other_heat().heat()->cells.cells.empty());
}

TEST_F(ReplayLoopback, IsADemoWhereADemoWasRecordedWhoeverServesIt) {
  for (const bool demo_gateway : {true, false}) {
    TestGateway gateway(config(), demo_gateway ? std::optional(demo()) : std::nullopt);
    PastWall wall(gateway.url());
    ASSERT_TRUE(wall.stands_at(kStart + 3min));

    EXPECT_TRUE(wall.feed().health().hello.demo);
  }
}

TEST_F(ReplayLoopback, IsRefusedWhereNothingIsRecorded) {
  TestGateway gateway({}, demo());
  PastWall wall(gateway.url() + "/feed");

  ASSERT_TRUE(eventually([&] { return wall.feed().health().state == FeedHealth::State::refused; }));

  EXPECT_EQ(wall.feed().health().reason, FeedReason::no_past);
  EXPECT_EQ(wall.feed().health().fact, "This gateway records nothing: it has no past.");
}

TEST_F(ReplayLoopback, IsFoundBesideTheFeed) {
  LiveFeedConfig config;
  fleet::UpdateQueue queue(1000);
  config.url = "http://a";
  EXPECT_FALSE(open_replay(config, queue).ok());
}

}  // namespace
}  // namespace net::test
