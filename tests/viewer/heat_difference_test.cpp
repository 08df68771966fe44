// The hours of two days taken from each other, and when the other day is asked for.
#include "viewer/heat/heat_difference.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace viewer {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const fleet::LocalDay kShown{std::chrono::year{2026} / 10 / 16}, kOther = kShown - days{1};
const fleet::TimeZone kZone = fleet::shanghai();
/// 14:00 on the day shown.
const fleet::Time kNow = kZone.start_of(kShown) + 14h;

fleet::Time clock(const fleet::TimeZone& zone, fleet::LocalDay day, fleet::Millis of_day) {
  return zone.from_local(std::chrono::local_time<fleet::Millis>{day} + of_day);
}

/// +01:00, +02:00 from 29 March 2026 2:00 to 25 October 3:00.
fleet::TimeZone central_europe() {
  const auto at = [](std::string_view text) { return *fleet::parse_time(text); };
  return {"Europe",
          {{at("2025-10-26T01:00:00Z"), 1h},
           {at("2026-03-29T01:00:00Z"), 2h},
           {at("2026-10-25T01:00:00Z"), 1h}}};
}

TEST(SameClock, IsTheSameTimeOfTheOtherDay) {
  EXPECT_EQ(same_clock_time(kZone, kNow, kShown, kOther), kNow - 24h);
  EXPECT_EQ(same_clock_time(kZone, kNow, kShown, kShown), kNow);
  EXPECT_EQ(same_clock_time(kZone, kZone.start_of(kShown), kShown, kOther), kZone.start_of(kOther));
}

TEST(SameClock, HasTheOtherDayWholeWhereTheOneShownIs) {
  const fleet::Time end = kZone.start_of(kShown + days{1});

  EXPECT_EQ(same_clock_time(kZone, end, kShown, kOther), kZone.start_of(kShown));
  EXPECT_EQ(same_clock_time(kZone, end + 10min, kShown, kOther), kZone.start_of(kShown));
}

TEST(SameClock, GoesByTheClockOfDaysOf23And25Hours) {
  const fleet::TimeZone zone = central_europe();
  const fleet::LocalDay spring{std::chrono::year{2026} / 3 / 29};
  const fleet::LocalDay autumn{std::chrono::year{2026} / 10 / 25}, plain = autumn + days{7};
  const auto at = [&](fleet::LocalDay day, fleet::Millis of_day) {
    return clock(zone, day, of_day);
  };
  ASSERT_EQ(zone.start_of(spring + days{1}) - zone.start_of(spring), 23h);
  ASSERT_EQ(zone.start_of(autumn + days{1}) - zone.start_of(autumn), 25h);

  EXPECT_EQ(same_clock_time(zone, at(plain, 14h), plain, spring), at(spring, 14h));
  EXPECT_EQ(same_clock_time(zone, at(spring, 14h), spring, autumn), at(autumn, 14h));
  EXPECT_EQ(same_clock_time(zone, at(plain, 2h + 30min), plain, spring), at(spring, 3h))
      << "a time that is skipped: behind the gap";
  const fleet::Time first = at(autumn, 2h + 30min);
  EXPECT_EQ(same_clock_time(zone, at(plain, 2h + 30min), plain, autumn), first)
      << "a time that comes twice: the first";
  EXPECT_EQ(same_clock_time(zone, first + 1h, autumn, plain), at(plain, 2h + 30min));
  EXPECT_EQ(same_clock_time(zone, zone.start_of(autumn + days{1}), autumn, spring),
            zone.start_of(spring + days{1}))
      << "ends lie on ends";
}

TEST(HourBits, AreThoseOfTheSpan) {
  EXPECT_EQ(bits_of({}), fleet::kEveryHour);
  EXPECT_EQ(bits_of({7, 9}), 0b1'1000'0000u);
  EXPECT_EQ(bits_of({20, 6}), 0xf0003fu) << "over midnight, without unknown hours";
}

/// A shelf whose answers come when the test says so.
class FakeShelf : public net::HeatShelf {
 public:
  void want(const Wish& wish) override {
    if (wanted_ != wish) ++wishes;
    wanted_ = wish;
  }
  void rest() override {
    wanted_.reset();
    heat_.reset();
  }
  bool update() override { return std::exchange(news_, false); }
  const Heat* heat() const override { return heat_ ? &*heat_ : nullptr; }
  bool reading() const override { return wanted_ && !(heat_ && heat_->wish == *wanted_); }

  void answer(fleet::HeatCells cells, bool damaged = false) {
    answer(*wanted_, std::move(cells), damaged);
  }
  void answer(const Wish& wish, fleet::HeatCells cells, bool damaged = false) {
    heat_ = Heat{wish, std::move(cells), damaged};
    news_ = true;
  }
  const std::optional<Wish>& wanted() const { return wanted_; }
  int wishes = 0;

 private:
  std::optional<Wish> wanted_;
  std::optional<Heat> heat_;
  bool news_ = false;
};

class HeatDifferenceTest : public ::testing::Test {
 protected:
  HeatDifferenceTest() {
    work(5, 9, 3600);
    work(5, 13, 1800);
    work(7, 9, 900);
  }
  void work(std::uint32_t x, std::uint8_t hour, std::int32_t seconds) {
    image_.values.push_back({fleet::HeatKey::of_cell(x, 100, hour), seconds});
    std::ranges::sort(image_.values, {}, &fleet::HeatValue::key);
    heat_.replace(image_, 1);
  }
  static fleet::HeatCells cells(std::vector<std::pair<std::uint32_t, std::int64_t>> by_x) {
    fleet::HeatCells out;
    for (const auto& [x, seconds] : by_x) {
      out.cells.push_back({std::uint64_t{100} << fleet::kHeatCellBits | x, seconds});
      out.placed_s += seconds;
    }
    return out;
  }
  bool update(fleet::Time at = kNow, bool rests = true, HourSpan hours = {}) {
    return difference_.update(shelf_, kZone, {at, kShown, kOther, hours, rests, now_}, heat_);
  }

  fleet::HeatImage image_{static_cast<std::int32_t>(kShown.time_since_epoch().count()), {}};
  fleet::HeatHours heat_;
  std::chrono::steady_clock::time_point now_;
  FakeShelf shelf_;
  HeatDifference difference_;
};

TEST_F(HeatDifferenceTest, IsTheDayShownLessTheOtherAtTheSameClock) {
  EXPECT_FALSE(update());
  EXPECT_EQ(shelf_.wanted(), (net::HeatShelf::Wish{kNow - 24h, kOther, fleet::kEveryHour}));
  EXPECT_FALSE(difference_.ready());
  EXPECT_FALSE(difference_.settled());

  shelf_.answer(cells({{5, 1800}, {9, 7200}}));
  EXPECT_TRUE(update());

  EXPECT_TRUE(difference_.ready() && difference_.settled());
  ASSERT_EQ(difference_.places().size(), 3u);
  EXPECT_EQ(difference_.places()[0].weight, 1);
  EXPECT_EQ(difference_.places()[1].weight, 0.25f);
  EXPECT_EQ(difference_.places()[2].weight, -2);
  EXPECT_EQ(difference_.places()[2].x, (9u << 13) + (1u << 12)) << "the middle of the cell";
  EXPECT_EQ(difference_.sums(), (HeatDifference::Sums{1.75, 2.5, -0.75, 0}));
  EXPECT_FALSE(update()) << "nothing new";
}

TEST_F(HeatDifferenceTest, OfADayWithItselfIsNothing) {
  update();
  shelf_.answer(fleet::heat_cells(heat_, kShown, fleet::kEveryHour));
  update();

  EXPECT_TRUE(difference_.ready());
  EXPECT_TRUE(difference_.places().empty());
  EXPECT_EQ(difference_.sums().net_h, 0);
}

TEST_F(HeatDifferenceTest, IsTheWholeDayWhereNothingWasWorkedOnTheOther) {
  update();
  shelf_.answer({});
  update();

  EXPECT_EQ(difference_.sums(), (HeatDifference::Sums{1.75, 0, 1.75, 0}));
}

TEST_F(HeatDifferenceTest, TakesBothDaysAtOneInstantHoweverLateTheAnswerIs) {
  update(kNow, false);
  work(5, 14, 3600);  // the playhead goes on meanwhile
  update(kNow + 2min, false);
  shelf_.answer(cells({{5, 5400}, {7, 900}}));
  EXPECT_TRUE(update(kNow + 4min, false));

  EXPECT_EQ(difference_.sums().net_h, 0) << "what came since is of neither";
  EXPECT_EQ(difference_.of().at, kNow);
}

TEST_F(HeatDifferenceTest, FollowsAMovingPlayheadInStepsOfFiveMinutes) {
  update(kNow, false);
  shelf_.answer({});
  for (int s = 0; s < 299; ++s) update(kNow + std::chrono::seconds(s), false);
  EXPECT_EQ(shelf_.wishes, 1);

  now_ += 300s;
  update(kNow + 5min, false);
  EXPECT_EQ(shelf_.wishes, 2);
  EXPECT_EQ(shelf_.wanted()->at, kNow + 5min - 24h);
  EXPECT_TRUE(difference_.ready()) << "the one before stays until the answer is there";
  EXPECT_FALSE(difference_.settled());
}

TEST_F(HeatDifferenceTest, AsksAMovingPlayheadsNextInstantOnlyAfterTheAnswer) {
  update(kNow, false);

  for (int minute = 0; minute < 60; ++minute) update(kNow + std::chrono::minutes(minute), false);
  EXPECT_EQ(shelf_.wishes, 1);
  shelf_.answer({});
  now_ += 1s;
  EXPECT_TRUE(update(kNow + 60min, false));

  EXPECT_TRUE(difference_.ready()) << "taken in first";
  EXPECT_EQ(difference_.of().at, kNow);
  EXPECT_EQ(shelf_.wishes, 2);
}

TEST_F(HeatDifferenceTest, AsksOnceASecondHoweverFastTimePasses) {
  for (int frame = 0; frame < 600; ++frame) {
    update(kNow + std::chrono::minutes(frame), false);  // 60 frames a second
    if (shelf_.reading()) shelf_.answer({});
    now_ += 16'667us;
  }

  EXPECT_EQ(shelf_.wishes, 10);
}

TEST_F(HeatDifferenceTest, IsThatOfThePlayheadOnceItRests) {
  update(kNow, false);
  shelf_.answer({});
  update(kNow + 1min, false);
  EXPECT_EQ(shelf_.wishes, 1);

  update(kNow + 1min, true);
  EXPECT_EQ(shelf_.wanted()->at, kNow + 1min - 24h);
  shelf_.answer({});
  update(kNow + 1min, true);

  EXPECT_EQ(difference_.of().at, kNow + 1min);
  EXPECT_TRUE(difference_.settled());
}

TEST_F(HeatDifferenceTest, TakesInWhatTheStateGetsLateAtOneInstant) {
  update();
  shelf_.answer({});
  update();
  const double before = difference_.sums().shown_h;

  work(11, 10, 3600);
  EXPECT_TRUE(update());

  EXPECT_EQ(shelf_.wishes, 1) << "the other day's are the same";
  EXPECT_EQ(difference_.sums().shown_h, before + 1);
}

TEST_F(HeatDifferenceTest, CountsTheHoursChosenOfBothDays) {
  update(kNow, true, {9, 10});

  EXPECT_EQ(shelf_.wanted()->hours, fleet::HourBits{1} << 9);
  shelf_.answer(cells({{5, 3600}}));
  update(kNow, true, {9, 10});

  EXPECT_EQ(difference_.sums(), (HeatDifference::Sums{1.25, 1, 0.25, 0}));
}

TEST_F(HeatDifferenceTest, TakesNoAnswerForAnother) {
  update(kNow);
  const net::HeatShelf::Wish first = *shelf_.wanted();
  update(kNow + 1h);
  shelf_.answer(first, cells({{5, 1}}));
  EXPECT_FALSE(update(kNow + 1h));

  EXPECT_FALSE(difference_.ready());
  shelf_.answer(cells({{5, 5400}, {7, 900}}));
  EXPECT_TRUE(difference_.take_answer(shelf_)) << "while the state is on its way elsewhere, too";
  EXPECT_EQ(difference_.of().at, kNow + 1h);
}

TEST_F(HeatDifferenceTest, IsNoneWhereTheOtherDayIsDamaged) {
  update(kNow);
  shelf_.answer(cells({{5, 60}}));
  update(kNow);

  update(kNow + 1h);
  shelf_.answer({}, true);
  EXPECT_TRUE(update(kNow + 1h));

  EXPECT_TRUE(difference_.damaged() && difference_.settled());
  EXPECT_FALSE(difference_.ready());
  EXPECT_TRUE(difference_.places().empty());
  update(kNow + 2h);
  shelf_.answer({});
  update(kNow + 2h);
  EXPECT_FALSE(difference_.damaged()) << "behind the damage";
}

TEST_F(HeatDifferenceTest, AsksForADamagedDayAgainEveryTenSeconds) {
  update();
  shelf_.answer({}, true);
  update();
  now_ += 9s;
  EXPECT_FALSE(update());
  EXPECT_EQ(shelf_.wishes, 1);

  now_ += 1s;
  update();
  EXPECT_EQ(shelf_.wishes, 2);
  EXPECT_TRUE(difference_.damaged()) << "until an answer says otherwise";
  update();
  EXPECT_EQ(shelf_.wishes, 2) << "one at a time";
  shelf_.answer(cells({{5, 60}}));
  EXPECT_TRUE(update());
  EXPECT_FALSE(difference_.damaged());
  now_ += 1min;
  update();
  EXPECT_EQ(shelf_.wishes, 2);
}

TEST_F(HeatDifferenceTest, FollowsAnOtherDayThatIsStillRecorded) {
  const fleet::Time there = kNow - 24h;
  const auto look = [&](fleet::Time end) {
    return difference_.update(shelf_, kZone, {kNow, kShown, kOther, {}, true, now_, end}, heat_);
  };
  look(there - 1h);
  shelf_.answer(cells({{5, 1800}}));
  look(there - 1h);
  now_ += 10s;
  EXPECT_FALSE(look(there - 1h)) << "it is as it was";
  EXPECT_EQ(shelf_.wishes, 1);

  look(there + 1min);
  EXPECT_EQ(shelf_.wishes, 2);
  EXPECT_TRUE(difference_.ready()) << "the one before stays until the answer is there";
  shelf_.answer(cells({{5, 5400}}));
  EXPECT_TRUE(look(there + 1min));
  EXPECT_EQ(difference_.sums().other_h, 1.5);
  now_ += 10s;
  look(there + 2min);
  EXPECT_EQ(shelf_.wishes, 2) << "it has gone past the instant asked for";
}

TEST_F(HeatDifferenceTest, IsGoneWhenNothingIsCompared) {
  update();
  shelf_.answer({});
  update();

  difference_.rest(shelf_);

  EXPECT_FALSE(difference_.ready());
  EXPECT_TRUE(difference_.settled());
  EXPECT_TRUE(difference_.places().empty());
  EXPECT_FALSE(shelf_.wanted());
}

}  // namespace
}  // namespace viewer
