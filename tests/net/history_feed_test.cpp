// HistoryFeed: day files into the queue, as far and from where the main thread wants.
#include "net/feed/feed.hpp"
#include "tests/net/day_folder.hpp"
#include "tests/net/gateway_support.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

using samples::kNoon;

/// 180 ticks of a second from noon on, a keyframe each minute.
class HistoryFeedTest : public ::testing::Test, public samples::DayFolder {
 protected:
  static constexpr int kTicks = 180;
  HistoryFeedTest() { hashes_ = record(kTicks, 1min); }

  void open(std::size_t queue_bytes = 64u << 20) {
    queue_ = std::make_unique<fleet::UpdateQueue>(queue_bytes);
    auto opened = open_history_feed(directory_, *queue_);
    ASSERT_TRUE(opened.ok()) << opened.error().what;
    feed_ = std::move(opened.value());
  }
  /// Takes what comes until all up to `t` was delivered.
  ::testing::AssertionResult plays_until(fleet::Time t) {
    const bool there = eventually([&] {
      // Asked before the queue is emptied: what is delivered by now is in it or was taken.
      const bool delivered = feed_->health().read_until >= t;
      take();
      return delivered;
    });
    return there ? ::testing::AssertionSuccess()
                 : ::testing::AssertionFailure()
                       << "stands at " << fleet::iso8601(reader_.state().time());
  }
  void take() {
    while (auto update = queue_->try_pop()) {
      sequence_ += "RSTH"[update->index()];
      reader_.apply(*update);
    }
  }
  static fleet::Time second(int n) { return kNoon + std::chrono::seconds(n); }
  /// The state after the tick that ends `n` seconds after noon.
  std::uint64_t hash_at(int n) const { return hashes_[static_cast<std::size_t>(n) - 1]; }

  std::vector<std::uint64_t> hashes_;
  std::unique_ptr<fleet::UpdateQueue> queue_;
  Reader reader_;
  std::string sequence_;
  std::unique_ptr<Feed> feed_;
};

TEST_F(HistoryFeedTest, TellsItsRangeAndReadsNothingUnasked) {
  open();

  const FeedHealth health = feed_->health();
  EXPECT_EQ(health.state, FeedHealth::State::receiving);
  EXPECT_EQ(health.range_begin, second(0));
  EXPECT_EQ(health.range_end, second(kTicks));
  EXPECT_EQ(health.hello.day_zone, "Asia/Shanghai");
  EXPECT_FALSE(health.hello.demo);
  EXPECT_EQ(health.read_until, fleet::kNever);
  EXPECT_EQ(queue_->count(), 0u);
}

TEST_F(HistoryFeedTest, RefusesAFolderWithoutDays) {
  fleet::UpdateQueue queue(1);
  TemporaryFolder empty;

  EXPECT_FALSE(open_history_feed(empty.path, queue).ok());
  EXPECT_FALSE(open_history_feed(empty.path / "none", queue).ok());
}

TEST_F(HistoryFeedTest, NamesADayThatCannotBeRead) {
  const auto thursday = day("2026-10-15");
  std::filesystem::copy_file(day("2026-10-16"), thursday);
  std::filesystem::resize_file(thursday, 5000);
  fleet::UpdateQueue queue(1u << 20);
  std::vector<fleet::Error> unreadable;

  const auto feed = open_history_feed(directory_, queue, &unreadable);

  ASSERT_TRUE(feed.ok()) << feed.error().what;
  ASSERT_EQ(unreadable.size(), 1u);
  EXPECT_NE(unreadable[0].what.find("2026-10-15"), std::string::npos) << unreadable[0].what;
  EXPECT_EQ(feed.value()->health().bad_frames, 1u);
  EXPECT_EQ(feed.value()->health().range_begin, second(0));
}

TEST_F(HistoryFeedTest, SeeksToTheInstantAndDeliversTheStateThatItLedTo) {
  open();

  feed_->seek(second(100));

  ASSERT_TRUE(plays_until(second(100)));
  EXPECT_EQ(sequence_, "RS") << "what lies between the keyframe before and here stays behind";
  EXPECT_EQ(reader_.state().hash(), hash_at(100));
}

TEST_F(HistoryFeedTest, StopsAtTheLastWholeTickAndGoesOnRightBehindIt) {
  open();

  feed_->seek(second(100) + 400ms);
  ASSERT_TRUE(plays_until(second(100) + 400ms));

  EXPECT_EQ(reader_.state().hash(), hash_at(100));
  feed_->want_until(second(102));
  ASSERT_TRUE(plays_until(second(102)));
  EXPECT_EQ(sequence_, "RSTT");
  EXPECT_EQ(reader_.state().hash(), hash_at(102));
}

TEST_F(HistoryFeedTest, DeliversARosterOnlyWhereItIsAnotherThanWasAppliedLast) {
  open();
  feed_->seek(second(100));
  ASSERT_TRUE(plays_until(second(100)));
  feed_->applied(reader_.state().position(), reader_.state().roster().version());

  for (const int n : {50, 150, 149}) {
    feed_->seek(second(n));
    ASSERT_TRUE(plays_until(second(n)));
    EXPECT_EQ(reader_.state().hash(), hash_at(n)) << n;
  }

  EXPECT_EQ(sequence_, "RSSSS");
}

TEST_F(HistoryFeedTest, DeliversTheRosterAgainThatAJumpThrewOutOfTheQueue) {
  open();
  feed_->seek(second(100));
  ASSERT_TRUE(eventually([&] { return feed_->health().read_until >= second(100); }));

  feed_->seek(second(50));  // nothing was taken yet

  ASSERT_TRUE(plays_until(second(50)));
  EXPECT_EQ(sequence_, "RS");
  EXPECT_EQ(reader_.state().hash(), hash_at(50));
}

TEST_F(HistoryFeedTest, ReadsAsFarAsItIsWantedAndNotFurther) {
  open();
  feed_->seek(second(10));
  ASSERT_TRUE(plays_until(second(10)));

  for (const int n : {11, 14, 40, 130}) {  // slow, then faster: the playhead decides
    feed_->want_until(second(n));
    ASSERT_TRUE(plays_until(second(n)));
    EXPECT_EQ(reader_.state().time(), second(n));
    EXPECT_EQ(reader_.state().hash(), hash_at(n));
  }
  feed_->want_until(second(20));  // behind: nothing to do
  take();
  EXPECT_EQ(reader_.state().time(), second(130));
}

TEST_F(HistoryFeedTest, SeeksBackAndForthAndNothingOfTheOldPlaceComesAfterwards) {
  open();
  feed_->seek(second(150));
  ASSERT_TRUE(plays_until(second(150)));

  for (const int n : {30, 170, 61, 1, 180}) {
    feed_->seek(second(n));
    ASSERT_TRUE(plays_until(second(n))) << n;
    EXPECT_EQ(reader_.state().hash(), hash_at(n)) << n;
  }
}

TEST_F(HistoryFeedTest, TakesTheLastOfManySeeks) {
  open();

  for (int n = 1; n <= 170; ++n) feed_->seek(second(n));  // somebody drags the time bar

  ASSERT_TRUE(plays_until(second(170)));
  EXPECT_EQ(reader_.state().hash(), hash_at(170));
}

TEST_F(HistoryFeedTest, SeeksBeforeTheFirstDataToTheFirstKeyframe) {
  open();

  feed_->seek(second(-3600));
  ASSERT_TRUE(plays_until(second(-3600)));
  feed_->want_until(second(5));

  ASSERT_TRUE(plays_until(second(5)));
  EXPECT_EQ(reader_.state().hash(), hash_at(5));
}

TEST_F(HistoryFeedTest, SaysThatItEndedAndComesBackFromThere) {
  open();
  feed_->seek(second(170));
  ASSERT_TRUE(plays_until(second(170)));
  EXPECT_EQ(feed_->health().state, FeedHealth::State::receiving);

  feed_->want_until(second(kTicks) + 1h);

  ASSERT_TRUE(plays_until(second(kTicks) + 1h));
  EXPECT_EQ(feed_->health().state, FeedHealth::State::ended);
  EXPECT_EQ(reader_.state().hash(), hash_at(kTicks));
  feed_->seek(second(20));
  ASSERT_TRUE(plays_until(second(20)));
  EXPECT_EQ(feed_->health().state, FeedHealth::State::receiving);
  EXPECT_EQ(reader_.state().hash(), hash_at(20));
}

TEST_F(HistoryFeedTest, DeliversRosterAndStateAgainOnResync) {
  open();
  feed_->seek(second(90));
  ASSERT_TRUE(plays_until(second(90)));
  feed_->applied(reader_.state().position(), reader_.state().roster().version());
  sequence_.clear();

  feed_->resync();

  ASSERT_TRUE(plays_until(second(90)));
  EXPECT_EQ(sequence_, "RS");
}

TEST_F(HistoryFeedTest, WaitsWhileTheQueueIsFullAndLosesNothing) {
  open(1);  // an update at a time

  feed_->seek(second(kTicks));

  ASSERT_TRUE(plays_until(second(kTicks)));
  EXPECT_EQ(reader_.state().hash(), hash_at(kTicks));
}

TEST_F(HistoryFeedTest, StopsAtOnceWhileTheQueueIsFull) {
  open(1);
  feed_->seek(second(kTicks));
  ASSERT_TRUE(eventually([&] { return queue_->count() == 1; }));

  feed_.reset();  // hangs if it does not

  EXPECT_EQ(queue_->count(), 1u);
}

TEST_F(HistoryFeedTest, NamesADamagedFileAndGoesOnAtTheNextKeyframe) {
  // The frames of seconds 6 to 15; the next keyframe stands at second 61.
  run_sql(day("2026-10-16"),
          "update frames set bytes = substr(bytes, 1, length(bytes) - 9) where row between 8 and "
          "17");
  open();

  feed_->seek(second(30));

  ASSERT_TRUE(plays_until(second(30)));
  const FeedHealth damaged = feed_->health();
  EXPECT_EQ(damaged.state, FeedHealth::State::lost);
  EXPECT_NE(damaged.detail.find("2026-10-16.fleetday"), std::string::npos) << damaged.detail;
  EXPECT_GT(damaged.bad_frames, 0u);
  feed_->want_until(second(100));
  ASSERT_TRUE(plays_until(second(100)));
  EXPECT_EQ(feed_->health().state, FeedHealth::State::receiving);
  EXPECT_EQ(feed_->health().detail, "");
  EXPECT_EQ(reader_.state().hash(), hash_at(100));
}

/// A folder that is being written while somebody replays it.
class GrowingHistory : public HistoryFeedTest {
 protected:
  GrowingHistory() { std::filesystem::remove_all(directory_); }
  void write(int ticks) {
    if (!writer_) writer_ = writer();
    for (int k = 0; k < ticks; ++k) one_tick(*writer_, fleet_, 3);
    expect(writer_->commit());
  }
  /// 15 s before midnight in Shanghai.
  samples::Fleet fleet_{20, fleet::shanghai().start_of(*fleet::parse_day("2026-10-17")) - 15s};
  std::unique_ptr<DayWriter> writer_;
};

TEST_F(GrowingHistory, PlaysOnAcrossMidnightAsDataComes) {
  const fleet::Time begin = fleet_.state.time();
  write(10);
  open();
  feed_->seek(begin + 5s);
  feed_->want_until(begin + 60s);
  ASSERT_TRUE(eventually([&] { return take(), reader_.state().time() == begin + 10s; }));
  ASSERT_TRUE(eventually([&] { return feed_->health().state == FeedHealth::State::ended; }));

  write(4);
  ASSERT_TRUE(eventually([&] { return take(), reader_.state().time() == begin + 14s; }));
  EXPECT_EQ(reader_.state().hash(), fleet_.state.hash());
  write(10);
  ASSERT_TRUE(eventually([&] { return take(), reader_.state().time() == begin + 24s; }));

  EXPECT_EQ(reader_.state().hash(), fleet_.state.hash());
  EXPECT_EQ(feed_->health().range_begin, begin);
  EXPECT_EQ(feed_->health().range_end, begin + 24s);
}

TEST_F(GrowingHistory, SeeksIntoWhatCameAfterItWasOpened) {
  const fleet::Time begin = fleet_.state.time();
  write(3);
  open();
  write(30);

  feed_->seek(begin + 25s);
  ASSERT_TRUE(eventually([&] { return take(), reader_.state().time() == begin + 25s; }));
}

TEST_F(GrowingHistory, IsLookedThroughAgainOnlyWhereSomethingWasWritten) {
  write(3);
  auto days = reader();
  ASSERT_EQ(days->days().size(), 1u);
  EXPECT_FALSE(days->refresh());

  write(1);
  EXPECT_TRUE(days->refresh());
  EXPECT_FALSE(days->refresh());
  write(20);
  EXPECT_TRUE(days->refresh());

  EXPECT_EQ(days->days().size(), 2u);
  EXPECT_EQ(days->days()[1].end, fleet_.state.time());
}

}  // namespace
}  // namespace net::test
