// A viewer in the past without its socket: it reads when told to, while the session's threads work.
#include "net/replay/replay_session.hpp"

#include "net/pack/history_pack.hpp"
#include "tests/net/day_folder.hpp"
#include "tests/net/gateway_support.hpp"
#include "tests/net/histories.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {
namespace {

using samples::kNoon;

class ReplaySessionTest : public ::testing::Test, public samples::DayFolder {
 protected:
  static constexpr int kTicks = 180;
  ReplaySessionTest() { hashes_ = record(kTicks, 1min); }

  void open(std::size_t outbox_bytes = kReplayOutboxBytes) {
    session_ = std::make_unique<ReplaySession>(
        directory_, Hello{}, [this] { ++woken_; }, outbox_bytes);
  }
  void open_and_subscribe(std::size_t outbox_bytes = kReplayOutboxBytes) {
    open(outbox_bytes);
    send(Subscribe{});
  }
  void send(const ReplayRequest& request) { send_bytes(encode_replay(request)); }
  void send_bytes(const std::string& bytes) { session_->receive(std::as_bytes(std::span(bytes))); }
  void seek(std::uint32_t number, fleet::Time at, fleet::Time until = fleet::kNever) {
    send(ReplaySeek{number, at, std::max(at, until), held_});
  }
  /// Reads until a mark says that this is done.
  ::testing::AssertionResult reads_until(std::uint32_t number, fleet::Time t) {
    const bool there = eventually([&] {
      read();
      return mark_.number == number && mark_.read_until >= t;
    });
    return there ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << sequence_;
  }
  void read() {
    while (const auto message = session_->next()) take(*message);
  }
  void take(const std::string& bytes) {
    auto message = decode_replay_server(std::as_bytes(std::span(bytes)));
    ASSERT_TRUE(message.ok()) << message.error().what;
    if (const auto* begin = std::get_if<ReplayBegin>(&*message)) {
      sequence_ += 'B';
      begun_ = begin->number;
      assembler_.reset();
    }
    if (const auto* mark = std::get_if<ReplayMark>(&*message)) mark_ = *mark;
    if (const auto* error = std::get_if<FeedError>(&*message)) errors_.push_back(error->code);
    if (auto* days = std::get_if<ReplayDays>(&*message)) days_ = std::move(*days);
    if (auto* day = std::get_if<DayReply>(&*message)) day_ = std::move(*day);
    if (auto* track = std::get_if<TrackReply>(&*message)) track_ = std::move(*track);
    if (auto* machine = std::get_if<PackedReply>(&*message))
      machines_.push_back(std::move(*machine));
    if (const auto* chunk = std::get_if<Chunk>(&*message)) {
      auto frame = assembler_.add(*chunk);
      ASSERT_TRUE(frame.ok()) << frame.error().what;
      if (*frame) take_frame(**frame);
    }
  }
  void take_frame(const std::string& bytes) {
    FrameDecoder decoder;
    auto update = decoder.decode(std::as_bytes(std::span(bytes)));
    ASSERT_TRUE(update.ok()) << update.error().what;
    sequence_ += "RSTH"[update->index()];
    if (std::holds_alternative<fleet::RosterBatch>(*update)) held_ = ++rosters_;
    reader_.apply(*update);
  }
  static fleet::Time second(int n) { return kNoon + std::chrono::seconds(n); }
  std::uint64_t hash_at(int n) const { return hashes_[static_cast<std::size_t>(n) - 1]; }

  std::vector<std::uint64_t> hashes_;
  std::atomic<int> woken_{0};
  ChunkAssembler assembler_;
  Reader reader_;
  std::string sequence_;
  std::vector<FeedError::Code> errors_;
  ReplayMark mark_;
  ReplayDays days_;
  std::optional<DayReply> day_;
  std::optional<TrackReply> track_;
  std::vector<PackedReply> machines_;
  std::uint32_t begun_ = 0, rosters_ = 0, held_ = 0;
  std::unique_ptr<ReplaySession> session_;
};

TEST_F(ReplaySessionTest, TellsRangeAndDaysBeforeAnythingIsAsked) {
  open_and_subscribe();

  ASSERT_TRUE(eventually([&] { return read(), mark_.range_end != fleet::kNever; }));

  EXPECT_EQ(mark_.number, 0u);
  EXPECT_EQ(mark_.range_begin, second(0));
  EXPECT_EQ(mark_.range_end, second(kTicks));
  ASSERT_EQ(days_.days.size(), 1u);
  EXPECT_EQ(days_.days[0].end, second(kTicks));
  EXPECT_EQ(sequence_, "");
  EXPECT_GT(woken_, 0);
}

TEST_F(ReplaySessionTest, SendsTheStateOfAnInstantAndThenTicksAsFarAsTheyAreWanted) {
  open_and_subscribe();

  seek(1, second(90));
  ASSERT_TRUE(reads_until(1, second(90)));
  EXPECT_EQ(reader_.state().hash(), hash_at(90));
  EXPECT_EQ(sequence_, "BRS");
  send(ReplayUntil{second(100)});
  ASSERT_TRUE(reads_until(1, second(100)));

  EXPECT_EQ(reader_.state().hash(), hash_at(100));
  EXPECT_EQ(sequence_, "BRS" + std::string(10, 'T'));
}

TEST_F(ReplaySessionTest, SendsTheRosterAgainOnlyToWhoDoesNotHoldIt) {
  open_and_subscribe();
  seek(1, second(90));
  ASSERT_TRUE(reads_until(1, second(90)));

  seek(2, second(30));
  ASSERT_TRUE(reads_until(2, second(30)));
  EXPECT_EQ(sequence_, "BRSBS");
  held_ = 0;
  seek(3, second(40));
  ASSERT_TRUE(reads_until(3, second(40)));

  EXPECT_EQ(sequence_, "BRSBSBRS");
  EXPECT_EQ(reader_.state().hash(), hash_at(40));
}

TEST_F(ReplaySessionTest, TakesTheLastOfManySeeksAndNothingOfTheOthersComesBehindIt) {
  open_and_subscribe();

  for (std::uint32_t n = 1; n <= 100; ++n) seek(n, second(static_cast<int>(n)), second(170));
  seek(101, second(60), second(61));
  ASSERT_TRUE(reads_until(101, second(61)));

  EXPECT_EQ(begun_, 101u);
  EXPECT_EQ(reader_.state().hash(), hash_at(61));
  EXPECT_EQ(sequence_.substr(sequence_.rfind('B')), "BRST");
}

TEST_F(ReplaySessionTest, MakesNoMoreThanFitsItsOutboxUntilSomebodyReads) {
  constexpr std::size_t kBytes = 2000;
  open_and_subscribe(kBytes);

  seek(1, second(1), second(kTicks));
  ASSERT_TRUE(eventually([&] { return session_->outbox_bytes() >= kBytes; }));
  std::size_t most = 0;
  while (mark_.number != 1 || mark_.read_until < second(kTicks)) {
    most = std::max(most, session_->outbox_bytes());
    if (const auto message = session_->next()) take(*message);
  }

  EXPECT_LT(most, kBytes + 10'000) << "the bound and one frame";
  EXPECT_EQ(reader_.state().hash(), hash_at(kTicks));
}

TEST_F(ReplaySessionTest, StartsOverWhoWasGivenHalfAFrame) {
  // A machine with long texts, so that a roster takes several chunks.
  open_and_subscribe();
  seek(1, second(100));
  ASSERT_TRUE(eventually([&] { return session_->outbox_bytes() > 100; }));
  while (begun_ == 0) {
    if (const auto message = session_->next()) take(*message);
  }
  seek(2, second(20));
  ASSERT_TRUE(reads_until(2, second(20)));

  EXPECT_EQ(reader_.state().hash(), hash_at(20));
  EXPECT_EQ(sequence_, "BBRS") << "the roster of the first jump never arrived";
}

TEST_F(ReplaySessionTest, AnswersWhatWentOnInADayAndWhereAMachineWas) {
  open_and_subscribe();

  send(DayRequest{*fleet::parse_day("2026-10-16")});
  send(ReplayTrack{5, "SY1001", second(0), second(kTicks)});
  ASSERT_TRUE(eventually([&] { return read(), day_ && track_; }));

  auto expected = read_overviews(directory_);
  ASSERT_TRUE(expected.ok());
  EXPECT_EQ(day_->day.overview.reports, expected.value()[0].reports);
  EXPECT_EQ(day_->day.raised.size(), static_cast<std::size_t>(kTicks));
  EXPECT_EQ(track_->request, 5u);
  EXPECT_TRUE(track_->error.empty());
  EXPECT_FALSE(track_->stays.empty());
}

TEST_F(ReplaySessionTest, AnswersWhatAMachineDid) {
  open_and_subscribe();

  send(ReplayMachine{6, "SY1001", second(10), second(kTicks)});
  send(ReplayMachine{7, "nobody", second(10), second(kTicks)});
  ASSERT_TRUE(eventually([&] { return read(), machines_.size() == 2; }));

  auto scan = MachineScan::open(directory_);
  ASSERT_TRUE(scan.ok());
  const auto expected = scan.value()->read("SY1001", second(10), second(kTicks));
  ASSERT_TRUE(expected.ok());
  EXPECT_FALSE(expected->history.reports.empty());
  const PackedReply &known = machines_[0], &nobody = machines_[1];
  EXPECT_EQ(known.request, 6u);
  EXPECT_TRUE(known.error.empty() && !known.more && !known.damaged);
  const auto told = unpack_history(known.part);
  ASSERT_TRUE(told.ok()) << told.error().what;
  samples::expect_same(*told, expected->history);
  EXPECT_EQ(nobody.request, 7u);
  const auto nothing = unpack_history(nobody.part);
  ASSERT_TRUE(nothing.ok());
  EXPECT_TRUE(nothing->reports.empty());
}

TEST_F(ReplaySessionTest, SaysThatWhatAMachineDidCannotBeRead) {
  std::filesystem::remove_all(directory_);
  open_and_subscribe();
  send(ReplayMachine{6, "SY1001", second(0), second(kTicks)});
  ASSERT_TRUE(eventually([&] { return read(), !machines_.empty(); }));
  EXPECT_FALSE(machines_[0].error.empty());
  EXPECT_FALSE(session_->over());
}

TEST_F(ReplaySessionTest, SaysThatNothingIsThereAndBeginsOnceSomethingIs) {
  const std::filesystem::path elsewhere = directory_.string() + "_moved";
  std::filesystem::rename(directory_, elsewhere);
  open_and_subscribe();
  seek(1, second(10));
  ASSERT_TRUE(eventually([&] {
    session_->look_again();  // as the server does, from time to time
    return read(), !mark_.error.empty();
  }));

  std::filesystem::rename(elsewhere, directory_);
  session_->look_again();
  ASSERT_TRUE(reads_until(1, second(10)));

  EXPECT_EQ(reader_.state().hash(), hash_at(10));
}

TEST_F(ReplaySessionTest, GoesOnWithWhatIsRecordedMeanwhile) {
  std::filesystem::remove_all(directory_);
  auto w = writer();
  samples::Fleet fleet(20);
  for (int k = 0; k < 10; ++k) one_tick(*w, fleet, 3);
  expect(w->commit());
  open_and_subscribe();
  seek(1, second(5), second(20));
  ASSERT_TRUE(reads_until(1, second(20)));
  EXPECT_EQ(reader_.state().time(), second(10));

  for (int k = 0; k < 10; ++k) one_tick(*w, fleet, 3);
  expect(w->commit());
  session_->look_again();
  ASSERT_TRUE(eventually([&] { return read(), mark_.range_end == second(20); }));

  EXPECT_EQ(reader_.state().hash(), fleet.state.hash());
}

TEST_F(ReplaySessionTest, EndsForWhatNobodyMaySay) {
  for (const std::string& bytes :
       {std::string("nonsense"), encode_replay(ReplayRequest(ReplayUntil{kNoon})),
        encode(ClientMessage(TrackRequest{1, {0}, {}, {}}))}) {
    errors_.clear();
    open();
    send_bytes(bytes);
    read();
    EXPECT_EQ(errors_, std::vector{FeedError::Code::bad_message});
    EXPECT_TRUE(session_->over());
  }
  open_and_subscribe();
  send(Subscribe{});
  EXPECT_EQ(session_->error(), FeedError::Code::bad_message) << "twice";
  Subscribe other;
  other.major = 2;
  open();
  send(other);
  EXPECT_EQ(session_->error(), FeedError::Code::version_mismatch);
}

TEST_F(ReplaySessionTest, EndsItsThreadsWithoutBeingWaitedFor) {
  open_and_subscribe(100);
  seek(1, second(1), second(kTicks));
  ASSERT_TRUE(eventually([&] { return session_->outbox_bytes() >= 100; }));

  session_->leave();

  EXPECT_TRUE(eventually([&] { return session_->gone(); }));
}

}  // namespace
}  // namespace net::test
