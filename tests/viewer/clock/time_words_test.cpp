#include "viewer/clock/time_words.hpp"

#include <gtest/gtest.h>

#include "net/zone.hpp"
#include "viewer/clock/time_scanner.hpp"
#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

using State = TimeReading::State;

fleet::Time utc(const char* text) {
  return *fleet::parse_time(text);
}

/// Now is Friday 16 October 2026, 20:00 in Shanghai; shown is Wednesday 14 October, 10:20:30.
TimeReading read(std::string_view text, const fleet::TimeZone& zone = fleet::shanghai()) {
  return read_time(text,
                   {utc("2026-10-16T20:00:00+08:00"), utc("2026-10-14T10:20:30+08:00"), zone});
}

/// On Shanghai's wall clock; what went wrong in words.
std::string said(std::string_view text) {
  const TimeReading reading = read(text);
  switch (reading.state) {
    case State::understood:
      return instant_text(fleet::shanghai(), reading.at);
    case State::no_such_day:
      return "no such day";
    case State::no_such_time:
      return "no such time";
    case State::empty:
      return "empty";
    case State::not_understood:
      break;
  }
  return "not understood";
}

struct Example {
  const char* text;
  const char* means;
};

class TimeWords : public ::testing::TestWithParam<Example> {};

TEST_P(TimeWords, AreUnderstood) {
  EXPECT_EQ(said(GetParam().text), GetParam().means) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Times, TimeWords,
    ::testing::Values(
        Example{"14:32", "2026-10-14 14:32:00"}, Example{"  14:32 ", "2026-10-14 14:32:00"},
        Example{"9:05", "2026-10-14 09:05:00"}, Example{"14:32:07", "2026-10-14 14:32:07"},
        Example{"1432", "2026-10-14 14:32:00"}, Example{"932", "2026-10-14 09:32:00"},
        Example{"143207", "2026-10-14 14:32:07"}, Example{"14", "2026-10-14 14:00:00"},
        Example{"1４：３2", "2026-10-14 14:32:00"}, Example{"24:00", "2026-10-15 00:00:00"},
        Example{"8:30 PM", "2026-10-14 20:30:00"}, Example{"8am", "2026-10-14 08:00:00"},
        Example{"12:10 am", "2026-10-14 00:10:00"}, Example{"noon", "2026-10-14 12:00:00"},
        Example{"8点", "2026-10-14 08:00:00"}, Example{"8点半", "2026-10-14 08:30:00"},
        Example{"八点半", "2026-10-14 08:30:00"}, Example{"十二点一刻", "2026-10-14 12:15:00"},
        Example{"8时5分7秒", "2026-10-14 08:05:07"}, Example{"下午3点", "2026-10-14 15:00:00"},
        Example{"晚上8:15", "2026-10-14 20:15:00"}, Example{"中午12点", "2026-10-14 12:00:00"}));

INSTANTIATE_TEST_SUITE_P(Dates, TimeWords,
                         ::testing::Values(Example{"2026-10-12", "2026-10-12 10:20:30"},
                                           Example{"2026-10-12 14:32", "2026-10-12 14:32:00"},
                                           Example{"14:32 2026-10-12", "2026-10-12 14:32:00"},
                                           Example{"2026/10/12 14:32", "2026-10-12 14:32:00"},
                                           Example{"20261012 1432", "2026-10-12 14:32:00"},
                                           Example{"2026年10月12日 8点半", "2026-10-12 08:30:00"},
                                           Example{"10月12日", "2026-10-12 10:20:30"},
                                           Example{"12日 9:00", "2026-10-12 09:00:00"},
                                           Example{"10-16 14:32", "2026-10-16 14:32:00"},
                                           Example{"10/16 14:32", "2026-10-16 14:32:00"},
                                           Example{"12 oct 9:00", "2026-10-12 09:00:00"},
                                           Example{"October 12, 9:00", "2026-10-12 09:00:00"},
                                           Example{"oct 12 2025", "2025-10-12 10:20:30"},
                                           // Without a year: the last one there was.
                                           Example{"12-30 14:32", "2025-12-30 14:32:00"},
                                           Example{"02-29 8:00", "2024-02-29 08:00:00"}));

INSTANTIATE_TEST_SUITE_P(
    Offsets, TimeWords,
    ::testing::Values(Example{"2026-10-16T06:32Z", "2026-10-16 14:32:00"},
                      Example{"2026-10-16T06:32:07.250Z", "2026-10-16 14:32:07"},
                      Example{"2026-10-16 14:32 +08:00", "2026-10-16 14:32:00"},
                      Example{"2026-10-16 14:32+0800", "2026-10-16 14:32:00"},
                      Example{"2026-10-16 01:32 -5", "2026-10-16 14:32:00"},
                      Example{"2026-10-16 06:32 UTC", "2026-10-16 14:32:00"},
                      Example{"0632 utc", "2026-10-14 14:32:00"},
                      // There it is still the day before.
                      Example{"23:00 -12:00", "2026-10-14 19:00:00"}));

INSTANTIATE_TEST_SUITE_P(
    DayWords, TimeWords,
    ::testing::Values(
        Example{"yesterday 9:00", "2026-10-15 09:00:00"},
        Example{"Yesterday", "2026-10-15 10:20:30"}, Example{"today at 7", "2026-10-16 07:00:00"},
        Example{"昨天 14:32", "2026-10-15 14:32:00"}, Example{"昨天的14:32", "2026-10-15 14:32:00"},
        Example{"前天", "2026-10-14 10:20:30"}, Example{"大前天8点", "2026-10-13 08:00:00"},
        Example{"昨晚9点", "2026-10-15 21:00:00"}, Example{"今早6点", "2026-10-16 06:00:00"},
        Example{"monday 8:00", "2026-10-12 08:00:00"}, Example{"Sun", "2026-10-11 10:20:30"},
        Example{"friday 8:00", "2026-10-16 08:00:00"},
        Example{"last friday 8:00", "2026-10-09 08:00:00"},
        Example{"周二 8点半", "2026-10-13 08:30:00"}, Example{"周日", "2026-10-11 10:20:30"},
        Example{"星期五 9:00", "2026-10-16 09:00:00"},
        Example{"上周二 9:00", "2026-10-06 09:00:00"}, Example{"上周日", "2026-10-11 10:20:30"},
        Example{"礼拜天 9:00", "2026-10-11 09:00:00"}));

INSTANTIATE_TEST_SUITE_P(
    Relative, TimeWords,
    ::testing::Values(
        Example{"-2h", "2026-10-14 08:20:30"}, Example{"+15m", "2026-10-14 10:35:30"},
        Example{"+1d", "2026-10-15 10:20:30"}, Example{"−90s", "2026-10-14 10:19:00"},
        Example{"-1h30m", "2026-10-14 08:50:30"}, Example{"- 1.5 hours", "2026-10-14 08:50:30"},
        Example{"-1w", "2026-10-07 10:20:30"}, Example{"2 hours ago", "2026-10-14 08:20:30"},
        Example{"三天前", "2026-10-11 10:20:30"}, Example{"2小时前", "2026-10-14 08:20:30"},
        Example{"半小时后", "2026-10-14 10:50:30"}, Example{"半个小时前", "2026-10-14 09:50:30"},
        Example{"now", "2026-10-16 20:00:00"}, Example{"现在", "2026-10-16 20:00:00"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, TimeWords,
    ::testing::Values(
        Example{"", "empty"}, Example{"   ", "empty"}, Example{"hello", "not understood"},
        Example{"2h", "not understood"}, Example{"-2", "not understood"},
        Example{"14:", "not understood"}, Example{"14:32 15:32", "not understood"},
        Example{"monday tuesday", "not understood"}, Example{"10-16 10-17", "not understood"},
        Example{"周八", "not understood"}, Example{"14:32 +99:00", "not understood"},
        Example{"99999999999", "not understood"}, Example{"-99999999d", "no such time"},
        Example{"2026-02-30", "no such day"}, Example{"2026-13-01", "no such day"},
        Example{"10-32", "no such day"}, Example{"1201-05-05", "no such day"},
        Example{"25:00", "no such time"}, Example{"24:01", "no such time"},
        Example{"12:60", "no such time"}, Example{"9点70分", "no such time"}));

TEST(TimeWordsClockChange, SaysWhenATimeIsLeftOut) {
  const auto zone = net::load_zone("America/Chicago");
  ASSERT_TRUE(zone.ok());

  const TimeReading reading = read("2016-03-13 2:30", zone.value());

  EXPECT_EQ(reading.state, State::understood);
  EXPECT_TRUE(reading.skipped);
  EXPECT_FALSE(reading.twice);
  EXPECT_EQ(reading.at, utc("2016-03-13T08:00:00Z")) << "3:00, when clocks had gone forward";
}

TEST(TimeWordsClockChange, TakesTheFirstOfATimeThatComesTwice) {
  const auto zone = net::load_zone("America/Chicago");
  ASSERT_TRUE(zone.ok());

  const TimeReading reading = read("2016-11-06 1:30", zone.value());

  EXPECT_TRUE(reading.twice);
  EXPECT_FALSE(reading.skipped);
  EXPECT_EQ(reading.at, utc("2016-11-06T06:30:00Z"));
  EXPECT_FALSE(read("2016-11-06 2:30", zone.value()).twice);
  EXPECT_FALSE(read("2016-11-06 0:59", zone.value()).twice);
  EXPECT_EQ(read("2016-11-06 1:30 -06:00", zone.value()).at, utc("2016-11-06T07:30:00Z"))
      << "the second has its offset to be called by";
}

TEST(TimeWordsClockChange, KeepsTheTimeOfDayOverDaysAndTheLengthOverHours) {
  const auto zone = net::load_zone("America/Chicago");
  ASSERT_TRUE(zone.ok());
  const TimeContext context{utc("2016-11-10T00:00:00Z"), utc("2016-11-05T17:00:00Z"), zone.value()};

  EXPECT_EQ(read_time("+1d", context).at, utc("2016-11-06T18:00:00Z"));
  EXPECT_EQ(read_time("+24h", context).at, utc("2016-11-06T17:00:00Z"));
}

TEST(TimeWords, NeverTakeALongLineForATime) {
  std::string line;
  for (int i = 0; i < 2000; ++i) line += "周-:3点前+h年 月z";

  EXPECT_EQ(read(line).state, State::not_understood);
}

TEST(TimeScanner, ReadsChineseNumbers) {
  const auto number = [](std::string_view text) { return TimeScanner(text).number(); };

  EXPECT_EQ(number("八"), 8);
  EXPECT_EQ(number("十"), 10);
  EXPECT_EQ(number("十二"), 12);
  EXPECT_EQ(number("二十三"), 23);
  EXPECT_EQ(number("三十"), 30);
  EXPECT_EQ(number("两"), 2);
  EXPECT_EQ(number("点"), std::nullopt);
}

}  // namespace
}  // namespace viewer
