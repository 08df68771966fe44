// The book of tracks: what it answers, and what it lets go.
#include "fleet/track_book.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tests/fleet/builders.hpp"

namespace fleet {
namespace {

using namespace std::chrono_literals;
using test::at_s;

constexpr std::size_t kRoom = 64u << 20;
constexpr Time kFar = at_s(1'000'000'000);

TrackStay fix(std::int64_t s, std::uint32_t x) {
  TrackStay stay;
  stay.time = stay.until = at_s(s);
  stay.at = {x, 100'000'000};
  stay.speed = 42;
  stay.period_s = 60;
  stay.came = EngineKnown::on;
  stay.left = EngineKnown::off;
  return stay;
}

TEST(TrackBook, AnswersWithTheFixesOfAMachine) {
  TrackBook book(kRoom);
  book.add(7, fix(0, 1'000'000));
  book.add(3, fix(1, 9'000'000));
  book.add(7, fix(60, 2'000'000));

  const TrackBook::Answer answer = book.find(7, at_s(0), at_s(60));

  ASSERT_EQ(answer.stays.size(), 2u);
  EXPECT_EQ(answer.stays[0], fix(0, 1'000'000));
  EXPECT_EQ(answer.stays[1], fix(60, 2'000'000));
  EXPECT_EQ(answer.known_from, kNever);
  EXPECT_TRUE(book.find(4, at_s(0), kFar).stays.empty());
  EXPECT_TRUE(book.find(8, at_s(0), kFar).stays.empty());
}

TEST(TrackBook, AddsTheFixBeforeTheSpanAndNothingBehindIt) {
  TrackBook book(kRoom);
  for (int i = 0; i < 5; ++i) book.add(0, fix(60 * i, 1'000'000 * (i + 1u)));

  const auto stays = book.find(0, at_s(121), at_s(180)).stays;

  ASSERT_EQ(stays.size(), 2u);
  EXPECT_EQ(stays[0].time, at_s(120));
  EXPECT_EQ(stays[1].time, at_s(180));
}

TEST(TrackBook, KeepsAStayAsOneEntry) {
  TrackBook book(kRoom);
  for (int i = 0; i < 60; ++i) book.add(0, fix(60 * i, 1'000'000));

  EXPECT_EQ(book.size(), 1u);
  const auto stays = book.find(0, at_s(0), kFar).stays;
  ASSERT_EQ(stays.size(), 1u);
  EXPECT_EQ(stays[0].until, at_s(60 * 59));
}

TEST(TrackBook, PutsLateFixesInTheirPlaceAndTakesOneOnlyOnce) {
  TrackBook book(kRoom);
  book.add(0, fix(0, 1'000'000));
  book.add(0, fix(120, 3'000'000));
  book.add(0, fix(60, 2'000'000));
  book.add(0, fix(60, 2'000'000));

  const auto stays = book.find(0, at_s(0), kFar).stays;

  ASSERT_EQ(stays.size(), 3u);
  EXPECT_EQ(stays[1].at.x, 2'000'000u);
}

/// Where the machine was, by the begin of each stay.
std::map<Time, std::uint32_t> places(const TrackBook& book, Slot machine = 0) {
  std::map<Time, std::uint32_t> all;
  for (const TrackStay& stay : book.find(machine, at_s(0), kFar).stays) all[stay.time] = stay.at.x;
  return all;
}

TEST(TrackBook, ALateFixDoesNotSwallowTheStayBehindIt) {
  TrackBook book(kRoom);
  book.add(0, fix(0, 1'000'000));
  book.add(0, fix(120, 3'000'000));
  book.add(0, fix(60, 1'000'000));

  book.add(0, fix(180, 1'000'000));

  EXPECT_EQ(places(book),
            (std::map<Time, std::uint32_t>{
                {at_s(0), 1'000'000}, {at_s(120), 3'000'000}, {at_s(180), 1'000'000}}));
}

TEST(TrackBook, ALateStayDoesNotSwallowAnotherLateOne) {
  TrackBook book(kRoom);
  book.add(0, fix(9000, 1'000'000));
  book.add(0, fix(900, 4'000'000));
  book.add(0, fix(700, 2'000'000));
  book.add(0, fix(760, 2'000'000));

  book.add(0, fix(930, 2'000'000));

  EXPECT_EQ(places(book), (std::map<Time, std::uint32_t>{{at_s(700), 2'000'000},
                                                         {at_s(900), 4'000'000},
                                                         {at_s(930), 2'000'000},
                                                         {at_s(9000), 1'000'000}}));
}

TEST(TrackBook, KeepsALateStayAsOneEntryAndGoesOnWithTheNewest) {
  TrackBook book(kRoom);
  book.add(0, fix(0, 1'000'000));
  book.add(0, fix(9000, 5'000'000));
  for (int i = 0; i < 100; ++i) book.add(0, fix(600 + 60 * i, 2'000'000));
  book.add(0, fix(9060, 5'000'000));
  EXPECT_EQ(book.size(), 3u);

  const auto stays = book.find(0, at_s(0), kFar).stays;

  ASSERT_EQ(stays.size(), 3u);
  EXPECT_EQ(stays[1].until, at_s(600 + 60 * 99));
  EXPECT_EQ(stays[2].until, at_s(9060));
}

TEST(TrackBook, LosesNothingOfABacklogBetweenNewFixes) {
  TrackBook book(kRoom);
  std::map<Time, std::uint32_t> told;
  for (int i = 0; i < 100; ++i) {
    const auto step = static_cast<std::uint32_t>(i) * 1000;
    for (const TrackStay& told_fix :
         {fix(9000 + 10 * i, 5'000'000 + step), fix(100 + 10 * i, 1'000'000 + step)}) {
      book.add(0, told_fix);
      told[told_fix.time] = told_fix.at.x;
    }
  }

  EXPECT_EQ(places(book), told);
}

TEST(TrackBook, GoesOnWhenTheNewestFixWasLetGoAndLateOnesWereNot) {
  TrackBook book(2 * TrackBook::kBlockBytes);
  int s = 2000;
  const auto fill_a_block = [&] {
    for (int i = 0; i < 4096; ++i, ++s) book.add(1, fix(s, 1000u * static_cast<std::uint32_t>(s)));
  };
  book.add(0, fix(1000, 1'000'000));
  fill_a_block();
  book.add(0, fix(500, 2'000'000));
  fill_a_block();
  ASSERT_EQ(book.find(0, at_s(900), kFar).stays.size(), 1u) << "only the one before";

  book.add(0, fix(2000, 3'000'000));
  book.add(0, fix(600, 2'000'000));

  EXPECT_EQ(places(book),
            (std::map<Time, std::uint32_t>{{at_s(500), 2'000'000}, {at_s(2000), 3'000'000}}));
}

TEST(TrackBook, FindsTheSameBitByBitWhileItTakesInMore) {
  TrackBook book(kRoom);
  for (int i = 0; i < 1000; ++i) book.add(0, fix(i, 1000u * static_cast<std::uint32_t>(i)));
  book.add(0, fix(17, 9'000'000));
  const TrackBook::Answer at_once = book.find(0, at_s(100), at_s(900));

  TrackBook::Search search = book.search(0, at_s(100), at_s(900));
  int walks = 1;
  for (; !book.walk(search, 100); ++walks) book.add(0, fix(2000 + walks, 7'000'000));
  const std::size_t bytes = search.bytes();
  const TrackBook::Answer answer = book.finish(std::move(search));

  EXPECT_EQ(walks, 10) << "902 stays and the late one, and not those before the span";
  EXPECT_EQ(answer.stays, at_once.stays);
  EXPECT_EQ(answer.known_from, at_once.known_from);
  EXPECT_GE(bytes, answer.stays.size() * sizeof(TrackStay));
}

TEST(TrackBook, StopsAtTheFixBeforeTheSpan) {
  TrackBook book(kRoom);
  for (int i = 0; i < 1000; ++i) book.add(0, fix(i, 1000u * static_cast<std::uint32_t>(i)));

  TrackBook::Search late = book.search(0, at_s(990), kFar), whole = book.search(0, at_s(0), kFar);

  EXPECT_FALSE(book.walk(late, 10));
  EXPECT_TRUE(book.walk(late, 1));
  EXPECT_FALSE(book.walk(whole, 999));
  EXPECT_EQ(book.finish(std::move(late)).stays.size(), 11u);
}

TEST(TrackBook, BelievesTheLaterOfTwoFixesOfOneTime) {
  TrackBook book(kRoom);
  book.add(0, fix(0, 1'000'000));
  book.add(0, fix(0, 2'000'000));

  const auto stays = book.find(0, at_s(0), kFar).stays;

  ASSERT_EQ(stays.size(), 1u);
  EXPECT_EQ(stays[0].at.x, 2'000'000u);
}

TEST(TrackBook, DoesNotTakeWhatIsOlderThanItsSpan) {
  TrackBook book(kRoom);
  const std::int64_t span = kBookSpan / 1s;
  book.add(0, fix(span, 1'000'000));
  book.add(0, fix(-1, 2'000'000));
  EXPECT_EQ(book.size(), 1u);
  book.add(0, fix(0, 3'000'000));
  EXPECT_EQ(book.size(), 2u);
}

TEST(TrackBook, LetsTheOldestGoAtItsLimitAndSaysFromWhenItKnows) {
  TrackBook book(2 * TrackBook::kBlockBytes);
  int i = 0;
  for (; book.bytes() < 2 * TrackBook::kBlockBytes; ++i)
    book.add(0, fix(i, 1'000'000 + 1000u * static_cast<std::uint32_t>(i)));
  EXPECT_EQ(book.find(0, at_s(0), kFar).known_from, kNever);
  for (; i <= 8192; ++i) book.add(0, fix(i, 1'000'000 + 1000u * static_cast<std::uint32_t>(i)));

  const TrackBook::Answer answer = book.find(0, at_s(0), kFar);
  EXPECT_LE(book.bytes(), 2 * TrackBook::kBlockBytes + 64);
  ASSERT_FALSE(answer.stays.empty());
  EXPECT_EQ(answer.known_from + 1s, answer.stays.front().time);
  EXPECT_EQ(answer.stays.back().time, at_s(i - 1));
}

TEST(TrackBook, LetsGoByAgeToo) {
  TrackBook book(kRoom);
  for (int i = 0; i < 20'000; ++i)
    book.add(0, fix(i * 10, 1'000'000 + 1000u * static_cast<std::uint32_t>(i)));

  const TrackBook::Answer answer = book.find(0, at_s(-1'000'000), kFar);

  EXPECT_LE(answer.stays.front().time, at_s(199'990) - kBookSpan);
  EXPECT_GE(answer.stays.front().time, at_s(199'990) - kBookSpan - 82'000s)
      << "less than two blocks more";
  EXPECT_LT(answer.known_from, answer.stays.front().time);
}

TEST(TrackBook, WalksNoFurtherThanItsLimit) {
  TrackBook book(kRoom);
  const auto count = static_cast<int>(kMaxTrackStays) + 10;
  for (int i = 0; i < count; ++i) {
    TrackStay half = fix(i / 2, 1'000'000 + 1000u * static_cast<std::uint32_t>(i));
    half.until = half.time += Millis{i % 2 * 500};
    book.add(0, half);
  }
  TrackBook fits(kRoom);
  for (int i = 0; i < 80'000; ++i)
    fits.add(0, fix(i, 1'000'000 + 1000u * static_cast<std::uint32_t>(i)));

  EXPECT_GT(book.find(0, at_s(-10), kFar).known_from, at_s(0));
  EXPECT_LE(book.find(0, at_s(-10), kFar).stays.size(), kMaxTrackStays);
  EXPECT_EQ(fits.find(0, at_s(-10), kFar).known_from, kNever);
  EXPECT_EQ(fits.find(0, at_s(-10), kFar).stays.size(), 80'000u);
}

TEST(TrackBook, TakesUpThePartsOfAFleet) {
  TrackBook whole(kRoom), part(kRoom);
  whole.add(0, fix(500, 1'000'000));
  part.add(0, fix(0, 2'000'000));
  part.add(1, fix(10, 3'000'000));
  part.add(0, fix(60, 4'000'000));

  whole.adopt(part, 5);

  EXPECT_EQ(whole.find(0, at_s(0), kFar).stays.size(), 1u);
  const auto stays = whole.find(5, at_s(0), kFar).stays;
  ASSERT_EQ(stays.size(), 2u);
  EXPECT_EQ(stays[0], fix(0, 2'000'000));
  EXPECT_EQ(stays[1], fix(60, 4'000'000));
  EXPECT_EQ(whole.find(6, at_s(0), kFar).stays.size(), 1u);
}

TEST(TrackBook, SaysThatItBegan) {
  TrackBook book(kRoom);
  book.begins(at_s(100));
  book.add(0, fix(200, 1'000'000));

  EXPECT_EQ(book.find(0, at_s(0), kFar).known_from, at_s(100));
  EXPECT_EQ(book.find(1, at_s(0), kFar).known_from, at_s(100));
}

TEST(TrackBook, OfNoRoomKeepsNothing) {
  TrackBook book(0);
  book.add(0, fix(0, 1'000'000));

  EXPECT_EQ(book.size(), 0u);
  EXPECT_TRUE(book.find(0, at_s(0), kFar).stays.empty());
}

TEST(TrackBook, ObservesRowsThatHaveAPosition) {
  TrackBook book(kRoom);
  FleetState state = test::state_with(1);
  const std::vector<std::int64_t> values{packed({5, 6}), 30};
  test::report(state, 0, at_s(10), {{kPosition, values[0]}, {kSpeedKmh, values[1]}});

  book.observe(state, {0, at_s(10), at_s(10), 0b101, values});
  book.observe(state, {0, at_s(20), at_s(20), 0b100, std::span(values).last(1)});

  const auto stays = book.find(0, at_s(0), kFar).stays;
  ASSERT_EQ(stays.size(), 1u);
  EXPECT_EQ(stays[0].at, (GridPoint{5, 6}));
  EXPECT_EQ(stays[0].speed, 30);
}

}  // namespace
}  // namespace fleet
