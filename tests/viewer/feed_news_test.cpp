#include "viewer/feed_news.hpp"

#include <gtest/gtest.h>

namespace viewer {
namespace {

using State = net::FeedHealth::State;

net::FeedHealth health(State state, std::string detail = {}) {
  net::FeedHealth h;
  h.state = state;
  h.detail = std::move(detail);
  return h;
}

TEST(FeedNews, AreNoneWhileAConnectionComesAndWorks) {
  FeedNews news;

  EXPECT_FALSE(news.take("ws://a", health(State::connecting)));
  EXPECT_FALSE(news.take("ws://a", health(State::receiving)));
  EXPECT_FALSE(news.take("ws://a", health(State::receiving)));
}

TEST(FeedNews, TellATroubleOnceAndThenWhatChanges) {
  FeedNews news;

  const auto first = news.take("ws://a", health(State::lost, "Connection refused."));
  const auto again = news.take("ws://a", health(State::lost, "Connection refused."));
  const auto other = news.take("ws://a", health(State::lost, "No answer."));
  const auto refused = news.take("ws://a", health(State::refused, "Wrong version."));

  EXPECT_EQ(first, "ws://a: not connected. Connection refused.");
  EXPECT_FALSE(again);
  EXPECT_EQ(other, "ws://a: not connected. No answer.");
  EXPECT_EQ(refused, "ws://a: refused. Wrong version.");
}

TEST(FeedNews, DoNotCallADamagedRecordingNotConnected) {
  FeedNews news;
  net::FeedHealth health;
  health.connections = 1;
  health.state = net::FeedHealth::State::lost;
  health.bad_frames = 1;
  health.detail = "row 7";

  EXPECT_EQ(news.take("/data", health), "/data: damaged. row 7");
}

TEST(FeedNews, TellThatATroubleIsOverAndComesBack) {
  FeedNews news;
  news.take("ws://a", health(State::lost, "Gone."));

  EXPECT_EQ(news.take("ws://a", health(State::receiving)), "ws://a: connected.");
  EXPECT_FALSE(news.take("ws://a", health(State::receiving)));
  EXPECT_EQ(news.take("ws://a", health(State::lost, "Gone.")), "ws://a: not connected. Gone.");
}

TEST(FeedNews, TellTheGatewaysOwnTroubleOnceAndItsEnd) {
  FeedNews news;
  net::FeedHealth failing = health(State::receiving);
  failing.trouble = "The disk is full.";

  EXPECT_EQ(news.take("ws://a", failing), "ws://a: the gateway does not record. The disk is full.");
  EXPECT_FALSE(news.take("ws://a", failing));
  EXPECT_EQ(news.take("ws://a", health(State::receiving)), "ws://a: the gateway records again.");
  EXPECT_FALSE(news.take("ws://a", health(State::receiving)));
}

TEST(FeedNews, BeginAnewWithAnotherSource) {
  FeedNews news;
  news.take("ws://a", health(State::lost, "Gone."));

  EXPECT_FALSE(news.take("days", health(State::receiving)));
}

}  // namespace
}  // namespace viewer
