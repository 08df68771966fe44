// What walls want to know of single machines, and what a gateway tells, without a connection.
#include "net/feed/machine_desk.hpp"

#include "net/pack/history_pack.hpp"
#include "tests/net/histories.hpp"

#include <gtest/gtest.h>

namespace net {
namespace {

using samples::expect_same;
using samples::kNoon;
using samples::some_history;
using namespace std::chrono_literals;

class MachineDeskTest : public ::testing::Test {
 protected:
  using Wish = MachineShelf::Wish;
  std::shared_ptr<MachineDesk> desk_ = std::make_shared<MachineDesk>();
  std::unique_ptr<MachineShelf> shelf_ = make_gateway_machines(desk_, 0);
  std::unique_ptr<MachineShelf> other_ = make_gateway_machines(desk_, 1);
  MachineDesk::Steady now_{};

  static Wish wish(const std::string& machine = "SY1001") { return {machine, kNoon, kNoon + 24h}; }
  std::optional<ReplayMachine> question(std::uint32_t minor = kPackedSinceMinor) {
    return desk_->next_question(now_, minor);
  }
  static std::string packed(std::size_t reports = 5, unsigned seed = 1) {
    return pack_history(some_history(reports, seed)).value();
  }
  bool answer(std::uint32_t request, std::string part, bool more = false) {
    return desk_->take(PackedReply{request, std::move(part), more, false, {}}).ok();
  }
};

TEST_F(MachineDeskTest, AsksOnceAndGivesTheShelfWhatCame) {
  int woken = 0;
  desk_->set_wake([&] { ++woken; });
  EXPECT_FALSE(question());
  shelf_->want(wish());
  shelf_->want(wish());
  EXPECT_EQ(woken, 1);
  EXPECT_TRUE(shelf_->reading());

  const auto asked = question();
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->machine, "SY1001");
  EXPECT_EQ(asked->from, kNoon);
  EXPECT_EQ(asked->to, kNoon + 24h);
  EXPECT_FALSE(question());
  EXPECT_FALSE(shelf_->update());

  const std::string bytes = packed();
  ASSERT_TRUE(answer(asked->request, bytes.substr(0, 10), true));
  EXPECT_FALSE(shelf_->update());
  ASSERT_TRUE(answer(asked->request, bytes.substr(10)));
  ASSERT_TRUE(shelf_->update());
  EXPECT_FALSE(shelf_->update());
  EXPECT_FALSE(shelf_->reading());
  EXPECT_FALSE(shelf_->damaged());
  expect_same(*shelf_->history(), some_history(5));
  EXPECT_FALSE(question());
}

TEST_F(MachineDeskTest, AsksForTwoShelvesBesideEachOther) {
  shelf_->want(wish("A"));
  other_->want(wish("B"));
  const auto a = question(), b = question();
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->machine, "A");
  EXPECT_EQ(b->machine, "B");
  ASSERT_TRUE(answer(b->request, packed(7)));
  EXPECT_FALSE(shelf_->update());
  ASSERT_TRUE(other_->update());
  EXPECT_EQ(other_->history()->reports.size(), 7u);
}

TEST_F(MachineDeskTest, DropsTheAnswerToWhatIsWantedNoMoreAndAsksForTheNewest) {
  shelf_->want(wish("A"));
  const auto first = question();
  shelf_->want(wish("B"));
  shelf_->want(wish("C"));
  EXPECT_FALSE(question()) << "one question at a time";
  ASSERT_TRUE(answer(first->request, packed()));
  EXPECT_FALSE(shelf_->update());
  EXPECT_TRUE(shelf_->reading());
  const auto next = question();
  ASSERT_TRUE(next);
  EXPECT_EQ(next->machine, "C");
}

TEST_F(MachineDeskTest, AsksAgainAfterAnInterruption) {
  shelf_->want(wish());
  const auto first = question();
  ASSERT_TRUE(answer(first->request, packed().substr(0, 4), true));
  desk_->forget();
  const auto second = question();
  ASSERT_TRUE(second);
  EXPECT_NE(second->request, first->request);
  ASSERT_TRUE(answer(second->request, packed())) << "without the part of the connection before";
  EXPECT_TRUE(shelf_->update());
}

TEST_F(MachineDeskTest, AsksAgainForADayThatGoesOnAndShowsTheOldUntilThen) {
  desk_->grew(kNoon + 1h);
  shelf_->want(wish());
  ASSERT_TRUE(answer(question()->request, packed(5)));
  ASSERT_TRUE(shelf_->update());
  now_ += kMachineAgain;
  EXPECT_FALSE(question()) << "nothing was recorded since";
  desk_->grew(kNoon + 2h);
  now_ -= 1s;
  EXPECT_FALSE(question()) << "too early";
  now_ += 1s;
  const auto again = question();
  ASSERT_TRUE(again);
  EXPECT_NE(shelf_->history(), nullptr);
  ASSERT_TRUE(answer(again->request, packed(6)));
  ASSERT_TRUE(shelf_->update());
  EXPECT_EQ(shelf_->history()->reports.size(), 6u);
}

TEST_F(MachineDeskTest, AsksNotAgainForADayThatIsOver) {
  desk_->grew(kNoon + 30h);
  shelf_->want(wish());
  ASSERT_TRUE(answer(question()->request, packed(5)));
  desk_->grew(kNoon + 31h);
  now_ += kMachineAgain;
  EXPECT_FALSE(question());
}

TEST_F(MachineDeskTest, SaysWhatCannotBeHadAndTriesAgain) {
  desk_->grew(kNoon + 30h);
  shelf_->want(wish());
  const auto asked = question();
  ASSERT_TRUE(desk_->take(PackedReply{asked->request, {}, false, false, "the disk is gone"}).ok());
  ASSERT_TRUE(shelf_->update());
  EXPECT_TRUE(shelf_->damaged());
  EXPECT_TRUE(shelf_->history()->reports.empty());
  EXPECT_EQ(shelf_->history()->machine, "SY1001");
  now_ += kMachineAgain;
  const auto again = question();
  ASSERT_TRUE(again);
  ASSERT_TRUE(answer(again->request, packed()));
  ASSERT_TRUE(shelf_->update());
  EXPECT_FALSE(shelf_->damaged());
}

TEST_F(MachineDeskTest, AsksNoGatewayThatDoesNotKnowTheQuestion) {
  shelf_->want(wish());
  EXPECT_FALSE(question(kPackedSinceMinor - 1));
  ASSERT_TRUE(shelf_->update());
  EXPECT_TRUE(shelf_->damaged());
}

TEST_F(MachineDeskTest, TakesWhatIsNoHistoryForDamagedAndForgetsWhatNobodyAskedFor) {
  shelf_->want(wish());
  const auto asked = question();
  EXPECT_TRUE(answer(asked->request + 1, "nonsense"));
  EXPECT_TRUE(answer(asked->request, "nonsense")) << "the connection goes on";
  ASSERT_TRUE(shelf_->update());
  EXPECT_TRUE(shelf_->damaged());
  EXPECT_TRUE(shelf_->history()->reports.empty());
}

TEST_F(MachineDeskTest, KeepsWhatWasToldWhereTheNextAnswerFails) {
  desk_->grew(kNoon);
  shelf_->want(wish());
  ASSERT_TRUE(answer(question()->request, packed()));
  ASSERT_TRUE(shelf_->update());
  const std::size_t reports = shelf_->history()->reports.size();
  ASSERT_GT(reports, 0u);
  desk_->grew(kNoon + 1min);
  now_ += kMachineAgain;
  const auto again = question();
  ASSERT_TRUE(again);
  ASSERT_TRUE(desk_->take(PackedReply{again->request, {}, false, false, "no memory"}).ok());
  ASSERT_TRUE(shelf_->update());
  EXPECT_EQ(shelf_->history()->reports.size(), reports);
  EXPECT_TRUE(shelf_->damaged());
}

TEST_F(MachineDeskTest, TakesNoMoreBytesThanAHistoryHas) {
  shelf_->want(wish());
  const auto asked = question();
  const std::string part(kMaxChunkBytes, 'x');
  bool taken = true;
  std::size_t bytes = 0;
  for (; taken && bytes <= kMaxAnswerBytes; bytes += part.size())
    taken = answer(asked->request, part, true);
  EXPECT_FALSE(taken);
  EXPECT_GE(bytes, kMaxAnswerBytes);
}

}  // namespace
}  // namespace net
