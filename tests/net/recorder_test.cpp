#include "net/gateway/recorder.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

/// A store in memory that fails when told to, as DayWriter promises to: nothing since the last
/// commit is kept then.
class FakeWriter final : public DayWriter {
 public:
  struct Disk {
    std::mutex mutex;
    std::string committed;  ///< one letter an operation
    bool broken = false;
    int commits = 0;
    std::string text() {
      const std::lock_guard lock(mutex);
      return committed;
    }
    void set_broken(bool b) {
      const std::lock_guard lock(mutex);
      broken = b;
    }
  };
  explicit FakeWriter(Disk& disk) : disk_(disk) {}

  bool needs_keyframe(fleet::Time) const override { return false; }
  bool needs_roster(fleet::Time) const override { return false; }
  fleet::Result<void> append_keyframe(const EncodedFrame*, const EncodedFrame& frame,
                                      fleet::Time) override {
    if (auto done = put(frame.bytes); !done) return done;
    return commit();
  }
  fleet::Result<void> journal(std::string_view bytes) override { return put(bytes); }
  fleet::Result<void> append(const EncodedFrame& frame) override { return put(frame.bytes); }
  fleet::Result<void> commit() override {
    const std::lock_guard lock(disk_.mutex);
    if (disk_.broken) {
      open_.clear();
      return fleet::Error{"The disk is full."};
    }
    disk_.committed += open_;
    ++disk_.commits;
    open_.clear();
    return {};
  }
  fleet::Result<std::vector<std::string>> read_journal() override {
    return std::vector<std::string>();
  }
  fleet::Result<void> close() override { return commit(); }

 private:
  fleet::Result<void> put(std::string_view bytes) {
    open_ += bytes;
    return {};
  }
  Disk& disk_;
  std::string open_;
};

class RecorderTest : public ::testing::Test {
 protected:
  RecorderTest() {
    recorder_ = std::make_unique<Recorder>(
        std::make_unique<FakeWriter>(disk_), Recorder::Pace{1ms, 5ms},
        [this](std::function<void()> function) {
          const std::lock_guard lock(mutex_);
          posted_.push_back(std::move(function));
        },
        nullptr);
  }
  static SharedEncoded frame(const std::string& bytes) {
    auto made = std::make_shared<EncodedFrame>();
    made->bytes = bytes;
    return made;
  }
  /// Runs what came back, as the gateway's thread would; the answers so far as "+-".
  std::string answers() {
    std::vector<std::function<void()>> run;
    {
      const std::lock_guard lock(mutex_);
      run.swap(posted_);
    }
    for (auto& function : run) function();
    return answers_;
  }
  void ask() {
    recorder_->when_committed([this](bool good) { answers_ += good ? '+' : '-'; });
  }

  FakeWriter::Disk disk_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  std::string answers_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(RecorderTest, AnswersAfterTheCommitAndInOrder) {
  recorder_->journal(frame("a"));
  ask();
  (void)recorder_->append(frame("b")).ok();
  ask();

  ASSERT_TRUE(eventually([&] { return answers() == "++"; }));

  EXPECT_EQ(disk_.text(), "ab");
  EXPECT_EQ(recorder_->status().waiting_bytes, 0u);
}

TEST_F(RecorderTest, SaysNoWhileTheDiskIsFullAndWritesEverythingOnceItIsCured) {
  disk_.set_broken(true);
  recorder_->journal(frame("a"));
  ask();
  ASSERT_TRUE(eventually([&] { return answers() == "-"; }));
  EXPECT_FALSE(recorder_->healthy());
  EXPECT_EQ(recorder_->status().problem.what, "The disk is full.");
  (void)recorder_->append(frame("b")).ok();

  disk_.set_broken(false);

  ASSERT_TRUE(eventually([&] { return recorder_->healthy(); }));
  ask();
  ASSERT_TRUE(eventually([&] { return answers() == "-+"; }));
  EXPECT_EQ(disk_.text(), "ab");
}

TEST_F(RecorderTest, NeverWritesTwiceWhatAKeyframeCommitted) {
  (void)recorder_->append(frame("a")).ok();
  (void)recorder_->append_keyframe(nullptr, frame("K"), kStart).ok();
  (void)recorder_->append(frame("b")).ok();
  ask();

  ASSERT_TRUE(eventually([&] { return answers() == "+"; }));

  EXPECT_EQ(disk_.text(), "aKb");
}

TEST_F(RecorderTest, GivesUpFramesBeyondItsLimitAndGoesOnBehindAKeyframe) {
  disk_.set_broken(true);
  (void)recorder_->append(frame("a")).ok();
  (void)recorder_->append(frame(std::string(kMaxHeldBackBytes, 'x'))).ok();
  ASSERT_TRUE(eventually([&] { return recorder_->status().failures >= 2; }));
  EXPECT_FALSE(recorder_->status().lost_frames) << "at the limit it is held back";
  (void)recorder_->append(frame("y")).ok();

  ASSERT_TRUE(eventually([&] { return recorder_->status().lost_frames; }));

  EXPECT_EQ(recorder_->status().waiting_bytes, 1u) << "the first one is tried on";
  EXPECT_EQ(recorder_->status().given_up_frames, 2u);
  ask();
  ASSERT_TRUE(eventually([&] { return answers() == "-"; })) << "given up is not stored";
  EXPECT_FALSE(recorder_->healthy());
  disk_.set_broken(false);
  (void)recorder_->append(frame("z")).ok();
  ASSERT_TRUE(eventually([&] { return recorder_->healthy(); }));
  (void)recorder_->append_keyframe(frame("R"), frame("K"), kStart).ok();
  (void)recorder_->append(frame("b")).ok();
  ask();
  ASSERT_TRUE(eventually([&] { return answers() == "-+"; }));
  EXPECT_EQ(disk_.text(), "aKb") << "in the gap a frame says nothing";
  EXPECT_EQ(recorder_->status().given_up_frames, 3u);
  EXPECT_EQ(recorder_->status().waiting_bytes, 0u);
}

TEST_F(RecorderTest, NeverGivesUpWhatHoldsSamplesOfSenders) {
  const std::string much(kMaxHeldBackBytes + 1, 'x');
  recorder_->journal(frame("j"));
  ask();
  ASSERT_TRUE(eventually([&] { return answers() == "+"; }));
  disk_.set_broken(true);
  (void)recorder_->append(frame(much)).ok();  // the tick whose samples were acknowledged
  (void)recorder_->append(frame("y")).ok();
  ask();
  ASSERT_TRUE(eventually([&] { return answers() == "+-"; }));
  EXPECT_FALSE(recorder_->status().lost_frames);
  (void)recorder_->append(frame(much)).ok();  // and one that is nobody's
  ASSERT_TRUE(eventually([&] { return recorder_->status().lost_frames; }));

  disk_.set_broken(false);

  ASSERT_TRUE(eventually([&] { return recorder_->healthy(); }));
  EXPECT_EQ(disk_.text().size(), 1 + much.size());
}

TEST_F(RecorderTest, CommitsWhatItHasWhenItEnds) {
  recorder_->journal(frame("a"));

  recorder_.reset();

  EXPECT_EQ(disk_.text(), "a");
}

}  // namespace
}  // namespace net::test
