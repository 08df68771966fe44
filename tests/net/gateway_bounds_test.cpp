// What peers can make a gateway hold: each bound at, below and above it. Without sockets.
#include <random>

#include "net/codec/utf8.hpp"
#include "net/gateway/gateway_engine.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

using Steady = FeedClock::Steady;
const fleet::Time kNow = *fleet::parse_time("2026-10-16T06:00:00.100Z");
const Steady kClock{1000s};

/// An engine whose clock stands still unless told.
class Engine {
 public:
  explicit Engine(GatewayConfig config = {})
      : engine_(
            std::move(config), {},
            [this](std::function<void()> function) {
              const std::lock_guard lock(mutex_);
              posted_.push_back(std::move(function));
            },
            now()) {
    engine_.prepare([this] { return now(); });
  }
  ~Engine() {
    engine_.close_store();
    run_posted();
  }
  GatewayEngine::Now now() const { return {kNow + passed_, kClock + passed_}; }
  void pass(std::chrono::milliseconds time) {
    passed_ += time;
    while (engine_.advance(now())) {
    }
  }
  /// Sends a message; its answer if it came at once.
  std::optional<IngestAnswer> send(std::string body) {
    std::optional<IngestAnswer> answer;
    auto there = std::make_shared<bool>(true);
    engine_.ingest(std::move(body), now(), [&answer, there](IngestAnswer made) {
      if (*there) answer = std::move(made);
    });
    *there = false;
    return answer;
  }
  void run_posted() {
    std::vector<std::function<void()>> functions;
    {
      const std::lock_guard lock(mutex_);
      functions.swap(posted_);
    }
    for (const auto& function : functions) function();
  }
  double value(const std::string& name) { return metric(engine_.metrics(now(), {}), name); }
  bool adds_up() {
    double rejected = 0;
    for (int r = 0; r < fleet::kReasonCount; ++r)
      rejected += value("fleetwall_rejected_total{reason=\"" +
                        std::string(fleet::reason_name(static_cast<fleet::Reason>(r))) + "\"}");
    return value("fleetwall_received_total") ==
           value("fleetwall_stored_total") + value("fleetwall_pending") + rejected;
  }

 private:
  std::chrono::milliseconds passed_{0};
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  GatewayEngine engine_;
};

std::string line(int machine, int ms, const std::string& more = "\"rpm\":900") {
  return "{\"machine\":\"M" + std::to_string(machine) +
         "\",\"time\":" + std::to_string(fleet::ms_from_time(kNow) + ms) + "," + more + "}\n";
}

std::string lines(int count, const std::string& more = "\"rpm\":900") {
  std::string body;
  for (int i = 0; i < count; ++i) body += line(i, 0, more);
  return body;
}

TEST(IngestBounds, AnAnswerToAHundredThousandBadLinesIsShortAndAllAreCounted) {
  Engine engine;
  std::string body;
  for (std::uint32_t i = 0; i < kMaxLinesPerMessage; ++i) body += "{\"rpm\":1}\n";

  const auto answer = engine.send(std::move(body));

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_LT(answer->body.size(), 100u << 10);
  EXPECT_TRUE(answer->body.ends_with("],\"unlisted\":99000}")) << answer->body.substr(0, 100);
  EXPECT_EQ(engine.value("fleetwall_rejected_total{reason=\"malformed\"}"), 100'000);
  EXPECT_TRUE(engine.adds_up());
}

TEST(IngestBounds, AnAnswerListsBothKindsOfRejectionsByLine) {
  Engine engine;
  std::string body;
  for (int i = 0; i < 600; ++i) body += "{\"rpm\":1}\n" + line(i, 0, "\"rpm\":1e9") + line(i, 1);

  const auto answer = engine.send(std::move(body));

  ASSERT_TRUE(answer);
  EXPECT_NE(answer->body.find("[{\"line\":1,\"reason\":\"malformed\",\"field\":\"machine\"},"
                              "{\"line\":2,\"reason\":\"range\",\"field\":\"rpm\"},"
                              "{\"line\":4,"),
            std::string::npos)
      << answer->body.substr(0, 200);
  EXPECT_NE(answer->body.find("{\"line\":1499,\"reason\":\"range\""), std::string::npos);
  EXPECT_TRUE(answer->body.ends_with("],\"unlisted\":200}"));
}

TEST(IngestBounds, AFaultListSentTwiceIsNamedInTheAnswer) {
  Engine engine;
  const std::string body = line(1, 0, "\"faults\":[{\"spn\":100,\"fmi\":1}]");
  engine.send(body);

  const auto answer = engine.send(body);

  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, R"({"accepted":0,"rejected":[{"line":1,"reason":"duplicate"}]})");
}

TEST(IngestBounds, ATickTakesItsRowsAndTheRestIsAskedToComeBack) {
  GatewayConfig config;
  config.core.max_tick_rows = 10;
  Engine engine(config);

  EXPECT_EQ(engine.send(lines(11))->status, 429);
  EXPECT_EQ(engine.value("fleetwall_reports_total"), 0) << "nothing was taken up";
  EXPECT_EQ(engine.send(lines(9))->status, 200);
  EXPECT_EQ(engine.send(line(20, 0))->status, 200) << "the tenth";
  EXPECT_EQ(engine.send(line(21, 0))->status, 429);
  engine.pass(1s);
  EXPECT_EQ(engine.send(line(21, 0))->status, 200) << "in the next tick";
  EXPECT_TRUE(engine.adds_up());
}

TEST(IngestBounds, AMessageWithTooManyLinesIsRefusedForThatAndNotAskedToComeBack) {
  GatewayConfig config;
  config.core.max_tick_rows = 10;
  Engine engine(config);

  EXPECT_EQ(engine.send(std::string(kMaxLinesPerMessage - 1, '\n'))->status, 429);
  EXPECT_EQ(engine.send(std::string(kMaxLinesPerMessage, '\n'))->status, 429);
  EXPECT_EQ(engine.send(std::string(kMaxLinesPerMessage + 1, '\n'))->status, 400);
  const auto answer = engine.send(std::string(kMaxRowsOfTick + 1, '\n'));
  EXPECT_EQ(answer->status, 400);
  EXPECT_NE(answer->body.find("2097153 lines, at most 100000"), std::string::npos) << answer->body;
}

TEST(IngestBounds, AByteOrderMarkIsReadOverBeforeTheFirstLineAndNowhereElse) {
  Engine engine;
  const std::string mark(kByteOrderMark);

  EXPECT_EQ(engine.send(mark + line(1, 0) + line(2, 0))->body, R"({"accepted":2,"rejected":[]})");
  EXPECT_EQ(engine.send(line(3, 0) + mark + line(4, 0))->body,
            R"({"accepted":1,"rejected":[{"line":2,"reason":"malformed"}]})");
  EXPECT_EQ(engine.send(mark)->body, R"({"accepted":0,"rejected":[]})");
  EXPECT_EQ(engine.send(mark + "\n" + line(5, 0))->body, R"({"accepted":1,"rejected":[]})");
  EXPECT_EQ(engine.send(mark + mark + line(6, 0))->status, 400);
  EXPECT_EQ(engine.send(mark.substr(0, 2) + line(6, 0))->status, 400);
}

TEST(IngestBounds, OfATickAreAsManyRowsAsTheLargestFleetHasMachinesUnlessToldOtherwise) {
  GatewayCore core({}, kNow);

  EXPECT_EQ(core.config().max_tick_rows, kMaxRowsOfTick);
  EXPECT_TRUE(core.has_room(kMaxRowsOfTick - 1));
  EXPECT_TRUE(core.has_room(kMaxRowsOfTick));
  EXPECT_FALSE(core.has_room(kMaxRowsOfTick + 1));
}

std::string faults(int count) {
  std::string text = "\"rpm\":900,\"faults\":[";
  for (int i = 0; i < count; ++i)
    text += (i > 0 ? ",{\"spn\":" : "{\"spn\":") + std::to_string(100 + i) + ",\"fmi\":3}";
  return text + "]";
}

TEST(AlarmBounds, AFaultListForWhichThereIsNoRoomIsRefusedAndTheRestOfTheLineTaken) {
  GatewayConfig config;
  config.core.max_open_alarms = 5;
  Engine engine(config);
  EXPECT_EQ(engine.send(line(1, 0, faults(4)))->body, R"({"accepted":1,"rejected":[]})");
  EXPECT_EQ(engine.send(line(2, 0, faults(1)))->body, R"({"accepted":1,"rejected":[]})");

  const auto answer = engine.send(line(3, 0, faults(1)));

  EXPECT_EQ(answer->body,
            R"({"accepted":1,"rejected":[{"line":1,"reason":"alarms_full","field":"faults"}]})");
  EXPECT_EQ(engine.value("fleetwall_open_alarms"), 5);
  EXPECT_EQ(engine.value("fleetwall_rejected_total{reason=\"alarms_full\"}"), 1);
  EXPECT_TRUE(engine.adds_up());
  engine.send(line(1, 1, faults(0)));
  engine.send(line(3, 1, faults(2)));
  EXPECT_EQ(engine.value("fleetwall_open_alarms"), 3) << "cleared ones make room";
}

TEST(AlarmBounds, ARefusedFaultListIsTakenWhenItIsSentAgain) {
  GatewayConfig config;
  config.core.max_open_alarms = 5;
  Engine engine(config);
  engine.send(line(1, 0, faults(3)));
  EXPECT_NE(engine.send(line(2, 0, faults(3)))->body.find("alarms_full"), std::string::npos);
  EXPECT_NE(engine.send(line(2, 0, faults(3)))->body.find("alarms_full"), std::string::npos)
      << "still no room";
  engine.send(line(1, 1, faults(2)));

  const auto answer = engine.send(line(2, 0, faults(3)));

  EXPECT_EQ(answer->body.find("faults"), std::string::npos) << answer->body;
  EXPECT_EQ(answer->body.find("\"duplicate\"}"), std::string::npos) << answer->body;
  EXPECT_EQ(engine.value("fleetwall_open_alarms"), 5);
  EXPECT_TRUE(engine.adds_up());
}

TEST(AlarmBounds, AtTheBoundAMachinesOpenAlarmsNeedNoRoom) {
  GatewayConfig config;
  config.core.max_open_alarms = 5;
  Engine engine(config);
  engine.send(line(1, 0, faults(3)));
  engine.send(line(2, 0, faults(2)));

  EXPECT_NE(engine.send(line(1, 1, faults(4)))->body.find("alarms_full"), std::string::npos);
  EXPECT_EQ(engine.send(line(1, 2, faults(3)))->body, R"({"accepted":1,"rejected":[]})");
  EXPECT_EQ(engine.send(line(1, 3, faults(2)))->body, R"({"accepted":1,"rejected":[]})");
  EXPECT_EQ(engine.value("fleetwall_open_alarms"), 4) << "one was closed";
  EXPECT_EQ(engine.send(line(2, 4, faults(3)))->body, R"({"accepted":1,"rejected":[]})");
  EXPECT_EQ(engine.value("fleetwall_open_alarms"), 5);
  EXPECT_TRUE(engine.adds_up());
}

TEST(AlarmBounds, AreThoseOfTheConstantsUnlessToldOtherwise) {
  EXPECT_EQ(CoreConfig().max_open_alarms, kMaxOpenAlarms);
  EXPECT_EQ(CoreConfig().max_tick_alarms, kMaxAlarmsOfTick);
}

TEST(AlarmBounds, ATickTakesItsAlarmEventsAndTheNextOneMore) {
  GatewayConfig config;
  config.core.max_tick_alarms = 4;
  Engine engine(config);
  engine.send(line(1, 0, faults(3)));
  engine.send(line(2, 0, faults(1)));

  EXPECT_NE(engine.send(line(3, 0, faults(1)))->body.find("alarms_full"), std::string::npos);
  engine.pass(1s);

  EXPECT_EQ(engine.send(line(3, 1, faults(1)))->body, R"({"accepted":1,"rejected":[]})");
}

/// Everything waits for its commit.
GatewayConfig uncommitted(const TemporaryFolder& folder) {
  GatewayConfig config;
  config.data = folder.path;
  config.commit_every = 60s;
  return config;
}

/// Messages of new machines with records that cannot be made smaller.
class NoisyMessages {
 public:
  std::string next() {
    std::string body;
    for (int i = 0; i < 2'000; ++i) {
      std::string more = "\"rpm\":900";
      for (const char* key : {"serial", "maker", "model", "customer", "branch"})
        more += ",\"" + std::string(key) + "\":\"" + noise() + "\"";
      body += line(++machine_, 0, more);
    }
    return body;
  }

 private:
  std::string noise() {
    std::string text(fleet::kMaxRosterTextBytes, ' ');
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i, bits /= 64) {
      if (i % 10 == 0) bits = random_();
      text[i] = static_cast<char>('?' + bits % 64);
    }
    std::replace(text.begin(), text.end(), '\\', '!');
    return text;
  }
  std::mt19937_64 random_{1};
  int machine_ = 0;
};

TEST(StoreBounds, WhatWaitsForTheDiskIsBoundedAndTheNextMessageIsAskedToComeBack) {
  TemporaryFolder folder;
  Engine engine(uncommitted(folder));
  NoisyMessages messages;
  const std::string name = "fleetwall_buffer_bytes{what=\"store\"}";

  double before = 0;
  std::optional<IngestAnswer> refused;
  while (!(refused = engine.send(messages.next()))) {
    ASSERT_LE(before, kMaxUncommittedBytes) << "it was taken";
    before = engine.value(name);
  }

  EXPECT_EQ(refused->status, 429);
  EXPECT_NE(refused->body.find("than the disk takes"), std::string::npos) << refused->body;
  EXPECT_GT(before, kMaxUncommittedBytes);
  EXPECT_LT(before, 1.1 * kMaxUncommittedBytes) << "no more than a message beyond it";
  EXPECT_EQ(engine.value(name), before);
}

TEST(AnswerBounds, AnswersThatWaitForTheDiskAreBounded) {
  TemporaryFolder folder;
  Engine engine(uncommitted(folder));
  std::string body;
  for (std::size_t i = 0; i < kMaxListedRejections; ++i) body += "{\"rpm\":1}\n";
  const std::string name = "fleetwall_buffer_bytes{what=\"answers\"}";
  engine.send(body);
  const double one = engine.value(name);
  ASSERT_GT(one, 50'000);

  int sent = 1;
  while (!engine.send(body)) ++sent;

  EXPECT_EQ(sent, static_cast<int>(double(kMaxWaitingAnswerBytes) / one) + 1);
  EXPECT_LE(engine.value(name), double(kMaxWaitingAnswerBytes) + one);
  EXPECT_EQ(engine.send(body)->status, 429);
}

}  // namespace
}  // namespace net::test
