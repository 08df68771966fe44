// Every operation of a connection fails once, on either side: nothing hangs, nothing leaks (the
// sanitizers look), nothing is missing or doubled afterwards.
#include <algorithm>
#include <set>

#include "net/feed/live_feed.hpp"
#include "tests/net/memory_peers.hpp"

namespace net::test {
namespace {

/// Far above what any of these connections needs; reached only if a failure never takes effect.
constexpr std::size_t kMostOperations = 500;
/// Connecting, the handshake and some messages: with fewer a failure was not injected at all.
constexpr std::size_t kLeastOperations = 8;
enum class Side { client, server };

Faults failing(Side side, std::size_t operation) {
  Faults faults;
  (side == Side::client ? faults.client : faults.server) = operation;
  return faults;
}

/// Calls run(n, failed) for n = 0, 1, ... until no operation failed any more: `failed` comes as
/// true and is made false by a run that came through whole.
template <class Run>
void with_each_operation_failing(Run run) {
  std::size_t n = 0;
  for (bool failed = true; failed; ++n) {
    SCOPED_TRACE("operation " + std::to_string(n));
    ASSERT_LT(n, kMostOperations);
    run(n, failed);
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(n, kLeastOperations);
}

class EverySocketOperation : public ::testing::TestWithParam<Side> {};
INSTANTIATE_TEST_SUITE_P(Sides, EverySocketOperation, ::testing::Values(Side::client, Side::server),
                         [](const auto& side) {
                           return side.param == Side::client ? "OfTheClient" : "OfTheGateway";
                         });

/// A wall that connects to a gateway in memory; its first connection has faults.
class FaultyWall {
 public:
  FaultyWall(MemoryGateway& gateway, Faults faults) {
    LiveFeedConfig config;
    config.first_retry = config.longest_retry = 1ms;
    config.hello_limit = config.silence_limit = kHang;
    feed_ = std::make_unique<LiveFeed>(config, WsUrl{"localhost", 1, "/feed"}, queue_,
                                       [this, &gateway, faults](const WsClientConfig& client) {
                                         return memory_client(client, gateway,
                                                              attempts_++ == 0 ? faults : Faults());
                                       });
  }
  bool reaches(std::uint64_t number) {
    return eventually([&] {
      while (auto update = queue_.try_pop()) take(*update);
      return reader_.state().position().number >= number;
    });
  }
  /// Waits for the feed's thread; then everything else may be looked at.
  void stop() { feed_.reset(); }
  int attempts() const { return attempts_; }
  FeedHealth health() const { return feed_->health(); }
  Reader& reader() { return reader_; }
  const std::vector<std::uint64_t>& ticks() const { return ticks_; }

 private:
  void take(const fleet::Update& update) {
    if (const auto* tick = std::get_if<fleet::TickBatch>(&update))
      ticks_.push_back(tick->position.number);
    reader_.apply(update);
  }

  fleet::UpdateQueue queue_{64u << 20};
  std::atomic<int> attempts_{0};
  Reader reader_;
  std::vector<std::uint64_t> ticks_;
  std::unique_ptr<LiveFeed> feed_;
};

TEST_P(EverySocketOperation, OfAFeedFailsAndTheWallComesBackWithTheWholePicture) {
  MemoryGateway gateway({}, few_machines());
  GatewayEngine& engine = gateway.engine();
  engine.advance({read_clocks().system, sockets::Clock::now() + 8s});
  const std::uint64_t number = engine.publisher().last_number();
  ASSERT_GT(number, 3u) << "some ticks behind the keyframe";
  FaultyWall whole(gateway, {});
  ASSERT_TRUE(whole.reaches(number));
  whole.stop();
  const std::uint64_t hash = whole.reader().state().hash();

  with_each_operation_failing([&](std::size_t n, bool& failed) {
    FaultyWall wall(gateway, failing(GetParam(), n));

    ASSERT_TRUE(wall.reaches(number));
    EXPECT_EQ(wall.health().bad_frames, 0u);
    wall.stop();

    failed = wall.attempts() > 1;
    EXPECT_LE(wall.attempts(), 2) << "the second connection has no faults";
    for (std::size_t i = 1; i < wall.ticks().size(); ++i)
      ASSERT_EQ(wall.ticks()[i], wall.ticks()[i - 1] + 1);
    EXPECT_EQ(wall.reader().state().position().epoch, engine.publisher().epoch());
    EXPECT_TRUE(gateway.hub().viewers.empty());
    EXPECT_EQ(gateway.hub().counters.connections, 0u);
    EXPECT_EQ(wall.reader().state().hash(), hash) << "the same picture whatever failed";
  });
}

/// What a sender knows: its lines, and which of them were acknowledged.
class Sender {
 public:
  static constexpr int kLines = 4;
  Sender() {
    for (int i = 0; i < kLines; ++i)
      lines_.push_back("{\"machine\":\"M" + std::to_string(i) + "\",\"time\":" + now_ms() +
                       ",\"rpm\":1500}\n");
  }
  /// Sends what is not acknowledged yet, until all is or the connection ends.
  void send_on(WsTransport& transport, MemoryGateway& gateway) {
    if (!transport.connect()) return;
    for (int i = 0; i < kLines; ++i) {
      if (acknowledged_.contains(i)) continue;
      if (!transport.send(lines_[static_cast<std::size_t>(i)], false)) return;
      const auto answer = transport.receive(kHang);
      if (!answer) return;
      ASSERT_TRUE(answer->has_value()) << "an answer that never comes";
      ASSERT_EQ((*answer)->rfind("{\"accepted\":", 0), 0u) << **answer;
      acknowledged_.insert(i);
      EXPECT_EQ(gateway.metric_now("fleetwall_pending"), 0) << "acknowledged, not durable";
    }
    transport.close();
  }
  const std::string& line(int i) const { return lines_[static_cast<std::size_t>(i)]; }
  const std::set<int>& acknowledged() const { return acknowledged_; }
  bool done() const { return acknowledged_.size() == kLines; }

 private:
  std::vector<std::string> lines_;
  std::set<int> acknowledged_;
};

/// Machines with a value that a restart would find. Takes a copy: as after a power cut.
std::set<int> stored_in(const std::filesystem::path& folder) {
  TemporaryFolder copy;
  std::filesystem::copy(folder, copy.path, std::filesystem::copy_options::recursive);
  auto opened = open_store(copy.path, DayStoreOptions{});
  EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().what);
  std::set<int> stored;
  if (!opened) return stored;
  const fleet::FleetState& state = opened->state;
  for (fleet::Slot slot = 0; slot < state.roster().size(); ++slot)
    if (state.has(slot, fleet::kRpm)) stored.insert(std::atoi(state.roster()[slot].id.c_str() + 1));
  return stored;
}

bool has_all(const std::set<int>& all, const std::set<int>& some) {
  return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

TEST_P(EverySocketOperation, OfAnIngestSocketFailsAndWhatWasAcknowledgedIsStored) {
  with_each_operation_failing([&](std::size_t n, bool& failed) {
    TemporaryFolder folder;
    MemoryGateway gateway(recording(folder));
    Sender sender;

    sender.send_on(*memory_client(ingest_client(), gateway, failing(GetParam(), n)), gateway);

    EXPECT_TRUE(has_all(stored_in(folder.path), sender.acknowledged()));
    EXPECT_EQ(gateway.hub().counters.connections, 0u);
    EXPECT_TRUE(gateway.hub().ingests.empty());
    failed = !sender.done();
    if (failed) sender.send_on(*memory_client(ingest_client(), gateway, {}), gateway);
    EXPECT_TRUE(sender.done()) << "the second connection has no faults";
    EXPECT_EQ(gateway.metric_now("fleetwall_stored_total"), Sender::kLines) << "none twice";
    EXPECT_EQ(stored_in(folder.path).size(), std::size_t{Sender::kLines});
  });
}

TEST(EveryHttpOperation, FailsAndWhatWasAcknowledgedIsStored) {
  with_each_operation_failing([&](std::size_t n, bool& failed) {
    TemporaryFolder folder;
    MemoryGateway gateway(recording(folder));
    const Sender sender;
    const auto gone = [&] { return gateway.hub().counters.connections == 0; };
    RawPeer peer(gateway, n);
    std::set<int> acknowledged;

    for (int i = 0; i < Sender::kLines && !gone(); ++i) {
      peer.send("POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                std::to_string(sender.line(i).size()) + "\r\n\r\n" + sender.line(i));
      const auto answers = [&] {
        const std::string text = peer.received();
        int count = 0;
        for (std::size_t at = 0; (at = text.find("{\"accepted\":1", at)) != text.npos; ++at)
          ++count;
        return count;
      };
      ASSERT_TRUE(peer.until([&] { return answers() > i || gone(); }));
      if (answers() > i) acknowledged.insert(i);
    }

    EXPECT_TRUE(has_all(stored_in(folder.path), acknowledged));
    failed = gone();
    peer.hang_up();
    EXPECT_TRUE(gone());
    EXPECT_EQ(gateway.hub().owed_answers, 0u);
  });
}

}  // namespace
}  // namespace net::test
