// A sender and a gateway that goes away, refuses and comes back.
#include "net/feed/ingest_sender.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// Takes messages until its script says otherwise; each connection reads on in the script.
class Gateway {
 public:
  /// What it does with the n-th message of all, else it accepts it.
  enum class Deed { drop_the_line, say_503, say_400 };
  std::map<int, Deed> script;
  std::deque<int> refuse_connect;  ///< HTTP statuses of the next connections, 0 = it listens
  std::vector<std::string> taken;  ///< of all connections, as accepted
  int messages = 0, connections = 0;

  std::unique_ptr<WsTransport> connection() { return std::make_unique<Transport>(*this); }

 private:
  class Transport final : public WsTransport {
   public:
    explicit Transport(Gateway& gateway) : gateway_(gateway) {}
    fleet::Result<void> connect() override {
      ++gateway_.connections;
      if (!gateway_.refuse_connect.empty()) {
        refusal_.status = gateway_.refuse_connect.front();
        gateway_.refuse_connect.pop_front();
        if (refusal_.status != 0) return fleet::Error{"no"};
      }
      return {};
    }
    HttpRefusal refusal() const override { return refusal_; }
    fleet::Result<void> send(std::string_view message, bool) override {
      if (broken_) return fleet::Error{"gone"};
      const auto deed = gateway_.script.find(gateway_.messages++);
      if (deed == gateway_.script.end()) {
        gateway_.taken.emplace_back(message);
        answers_.push_back("{\"accepted\":1,\"rejected\":[]}");
      } else if (deed->second == Deed::drop_the_line) {
        broken_ = true;  // it is noticed when an answer is waited for
      } else {
        answers_.push_back(deed->second == Deed::say_503 ? "{\"status\":503,\"error\":\"full\"}"
                                                         : "{\"status\":400,\"error\":\"what\"}");
      }
      return {};
    }
    fleet::Result<std::optional<std::string>> receive(std::chrono::milliseconds) override {
      if (answers_.empty()) return fleet::Error{"gone"};
      auto answer = std::move(answers_.front());
      answers_.pop_front();
      return std::optional(std::move(answer));
    }
    void close() override {}
    void interrupt() override {}

   private:
    Gateway& gateway_;
    HttpRefusal refusal_;
    std::deque<std::string> answers_;
    bool broken_ = false;
  };
};

class IngestSenderTest : public testing::Test {
 protected:
  IngestSender sender(bool patient) {
    return IngestSender({.make = [this] { return gateway_.connection(); },
                         .patient = patient,
                         .pause = [this](auto wait) { pauses_.push_back(wait); },
                         .tell = [this](const std::string& line) { told_.push_back(line); }});
  }
  Gateway gateway_;
  std::vector<std::chrono::milliseconds> pauses_;
  std::vector<std::string> told_;
};

TEST_F(IngestSenderTest, SendsInOrderAndSumsTheAnswers) {
  auto s = sender(false);
  ASSERT_TRUE(s.connect().ok());
  std::vector<std::string> sent;
  for (int k = 0; k < 50; ++k) {
    sent.push_back(std::to_string(k));
    ASSERT_TRUE(s.send({sent.back(), 2}).ok());
  }
  ASSERT_TRUE(s.finish().ok());

  EXPECT_EQ(gateway_.taken, sent);
  EXPECT_EQ(s.sent(), 100u);
  EXPECT_EQ(s.accepted(), 50u);
}

TEST_F(IngestSenderTest, EndsWithTheFirstErrorUnlessItIsPatient) {
  gateway_.script = {{1, Gateway::Deed::drop_the_line}};
  auto s = sender(false);
  ASSERT_TRUE(s.connect().ok());
  ASSERT_TRUE(s.send({"a", 1}).ok() && s.send({"b", 1}).ok());

  EXPECT_FALSE(s.finish().ok());
  EXPECT_TRUE(pauses_.empty());
  EXPECT_EQ(gateway_.connections, 1);
}

TEST_F(IngestSenderTest, OutlivesAGatewayAndTellsRosterAndUnansweredAgain) {
  gateway_.script = {{2, Gateway::Deed::drop_the_line}};
  gateway_.refuse_connect = {0, 502, 503};
  auto s = sender(true);
  ASSERT_TRUE(s.connect().ok());
  ASSERT_TRUE(s.send({"roster", 1, true}).ok());
  ASSERT_TRUE(s.send({"a", 1}).ok());
  ASSERT_TRUE(s.send({"b", 1}).ok());
  ASSERT_TRUE(s.finish().ok());

  EXPECT_THAT(gateway_.taken, ElementsAre("roster", "a", "roster", "b"));
  EXPECT_THAT(pauses_, ElementsAre(1s, 2s, 4s));
  EXPECT_THAT(told_,
              ElementsAre("gone Trying again until the gateway takes it.", "The gateway is back."));
  EXPECT_EQ(s.sent(), 3u);
}

TEST_F(IngestSenderTest, SendsAgainWhatAGatewayCouldNotStore) {
  gateway_.script = {{0, Gateway::Deed::say_503}, {1, Gateway::Deed::say_503}};
  auto s = sender(true);
  ASSERT_TRUE(s.connect().ok());
  ASSERT_TRUE(s.send({"a", 1}).ok());
  ASSERT_TRUE(s.finish().ok());

  EXPECT_THAT(gateway_.taken, ElementsAre("a"));
  EXPECT_THAT(pauses_, ElementsAre(1s, 2s));
}

TEST_F(IngestSenderTest, ItsPausesGrowToABoundAndBeginAnewAfterwards) {
  gateway_.refuse_connect = {0, 503, 503, 503, 503, 503, 503, 503, 0, 503};
  gateway_.script = {{0, Gateway::Deed::drop_the_line}, {2, Gateway::Deed::drop_the_line}};
  auto s = sender(true);
  ASSERT_TRUE(s.connect().ok());
  ASSERT_TRUE(s.send({"a", 1}).ok());
  ASSERT_TRUE(s.finish().ok());
  EXPECT_THAT(pauses_, ElementsAre(1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s));
  pauses_.clear();

  ASSERT_TRUE(s.connect().ok() || s.connect().ok());
  ASSERT_TRUE(s.send({"b", 1}).ok());
  ASSERT_TRUE(s.finish().ok());

  EXPECT_THAT(pauses_, ElementsAre(1s));
  EXPECT_THAT(gateway_.taken, ElementsAre("a", "b"));
}

TEST_F(IngestSenderTest, IsNotPatientWithWhatWaitingDoesNotMend) {
  gateway_.script = {{0, Gateway::Deed::say_400}};
  auto bad_lines = sender(true);
  ASSERT_TRUE(bad_lines.connect().ok());
  ASSERT_TRUE(bad_lines.send({"a", 1}).ok());
  const auto refused = bad_lines.finish();
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().what, HasSubstr("{\"status\":400"));

  gateway_.script = {{1, Gateway::Deed::drop_the_line}};
  gateway_.refuse_connect = {0, 401};
  auto lost_right = sender(true);
  ASSERT_TRUE(lost_right.connect().ok());
  ASSERT_TRUE(lost_right.send({"a", 1}).ok());
  EXPECT_FALSE(lost_right.finish().ok());
  EXPECT_EQ(lost_right.refusal().status, 401);
}

}  // namespace
}  // namespace net
