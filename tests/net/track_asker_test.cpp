// Questions for tracks and their answers over a connection that is made by hand.
#include "net/feed/track_asker.hpp"

#include <gtest/gtest.h>

namespace net {
namespace {

using std::chrono::seconds;

/// Takes what is sent.
class Recording final : public WsTransport {
 public:
  fleet::Result<void> connect() override { return {}; }
  fleet::Result<void> send(std::string_view message, bool) override {
    auto decoded = decode_client(std::as_bytes(std::span(message)));
    asked.push_back(std::get<TrackRequest>(decoded.value()));
    return {};
  }
  fleet::Result<std::optional<std::string>> receive(std::chrono::milliseconds) override {
    return std::optional<std::string>();
  }
  void wake() override {}
  bool woken() const override { return false; }
  HttpRefusal refusal() const override { return {}; }
  WsFailure failure() const override { return {}; }
  void close() override {}
  void interrupt() override {}

  std::vector<TrackRequest> asked;
};

const fleet::Time kNoon = fleet::time_from_ms(1'792'130'400'000);

TrackReply reply(std::uint32_t number, std::size_t first, std::size_t count, bool more) {
  TrackReply made;
  made.request = number;
  made.known_from = kNoon;
  made.more = more;
  for (std::size_t i = first; i < first + count; ++i) {
    fleet::TrackStay stay;
    stay.time = stay.until = kNoon + seconds(1 + i);
    made.stays.push_back(stay);
  }
  return made;
}

class Asking : public ::testing::Test {
 protected:
  void ask(std::uint32_t number) { asker_.ask({number, 3, "x", kNoon, kNoon + seconds(9)}); }
  void send() { EXPECT_TRUE(asker_.send(transport_, kTracksSinceMinor).ok()); }

  TrackAsker asker_;
  Recording transport_;
};

TEST_F(Asking, PutsTheRepliesOfAnAnswerTogether) {
  ask(5);
  send();
  ASSERT_EQ(transport_.asked.size(), 1u);
  EXPECT_EQ(transport_.asked[0].machines, std::vector<fleet::Slot>{3});

  asker_.take(reply(4, 0, 7, false));  // nobody asked for it
  asker_.take(reply(5, 0, 2, true));
  EXPECT_FALSE(asker_.next_answer());
  asker_.take(reply(5, 2, 1, false));

  const auto answer = asker_.next_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->number, 5u);
  EXPECT_FALSE(answer->failed);
  EXPECT_EQ(answer->known_from, kNoon);
  EXPECT_EQ(answer->stays.size(), 3u);
}

TEST_F(Asking, KeepsTheNewestOfMoreStaysThanAnAnswerHas) {
  ask(1);
  send();
  std::size_t sent = 0;
  for (; sent + kMaxReplyStays <= fleet::kMaxTrackStays; sent += kMaxReplyStays)
    asker_.take(reply(1, sent, kMaxReplyStays, true));

  asker_.take(reply(1, sent, kMaxReplyStays, false));

  const auto answer = asker_.next_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->stays.size(), fleet::kMaxTrackStays);
  EXPECT_EQ(answer->stays.back().time, kNoon + seconds(sent + kMaxReplyStays));
  EXPECT_EQ(answer->known_from, answer->stays.front().time);
}

TEST_F(Asking, FailsWhatTheGatewayRefuses) {
  ask(1);
  send();
  TrackReply refused = reply(1, 0, 0, false);
  refused.error = "No.";

  asker_.take(refused);

  EXPECT_TRUE(asker_.next_answer()->failed);
}

TEST_F(Asking, HasNoMoreUnansweredThanAGatewayTakes) {
  for (std::uint32_t i = 0; i < TrackDesk::kMost; ++i) ask(i);
  send();
  ask(9);
  send();
  EXPECT_EQ(transport_.asked.size(), TrackDesk::kMost);

  asker_.take(reply(0, 0, 1, false));
  send();

  EXPECT_EQ(transport_.asked.size(), TrackDesk::kMost + 1);
  EXPECT_EQ(transport_.asked.back().request, 9u);
}

TEST_F(Asking, FailsAllThatIsOpenWhenTheConnectionEnds) {
  ask(1);
  send();
  ask(2);

  asker_.forget();

  for (std::uint32_t number = 1; number <= 2; ++number) {
    const auto answer = asker_.next_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->number, number);
    EXPECT_TRUE(answer->failed);
  }
}

}  // namespace
}  // namespace net
