#include "viewer/ui/format.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace {

using namespace viewer;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Format, SetsACommaBetweenEachThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(32730), "32,730");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(grouped(-1206), "−1,206");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "−9,223,372,036,854,775,808");
}

TEST(Format, ShortensATextByWholeCharacters) {
  EXPECT_EQ(shortened("", 3), "");
  EXPECT_EQ(shortened("abc", 3), "abc");
  EXPECT_EQ(shortened("abcd", 3), "ab…");
  EXPECT_EQ(shortened("挖掘机", 3), "挖掘机");
  EXPECT_EQ(shortened("挖掘机械", 3), "挖掘…");
  EXPECT_EQ(shortened("ab", 1), "…");
  EXPECT_EQ(shortened(std::string(100, 'S'), 24), std::string(23, 'S') + "…");
}

TEST(Format, PrintsADashForWhatIsNotKnown) {
  EXPECT_EQ(decimal(kNone, 1), "–");
  EXPECT_EQ(decimal(kInfinity, 1), "–");
  EXPECT_EQ(percent(kNone, 0), "–");
  EXPECT_EQ(duration(Lang::zh, kNone), "–");
  EXPECT_EQ(ago(Lang::en, kNone), "–");
  EXPECT_EQ(bytes_text(kNone), "–");
  EXPECT_EQ(length_text(kNone), "–");
}

TEST(Format, KeepsDecimalsAndNeverPrintsANegativeZero) {
  EXPECT_EQ(decimal(4120.5, 1), "4,120.5");
  EXPECT_EQ(decimal(7.45, 0), "7");
  EXPECT_EQ(decimal(-0.04, 1), "0.0");
  EXPECT_EQ(decimal(-3.26, 1), "−3.3");
  EXPECT_EQ(percent(0.5702, 1), "57.0");
}

TEST(Format, PrintsALargeNumberWhole) {
  EXPECT_EQ(decimal(1e300, 0).size(), 301u + 100u);
}

TEST(Format, NamesEveryUnitOfADurationSoThatFontsHoldThem) {
  for (const double seconds : {14.0, 134.0, 11'100.0, 190'000.0})
    for (const std::string& text : {duration(Lang::zh, seconds), short_duration(Lang::zh, seconds)})
      for (const char* unit : {"秒", "分", "小时", "天"})
        EXPECT_TRUE(text.find(unit) == text.npos || all_units(Lang::zh).find(unit) != text.npos);
}

TEST(Format, GivesADurationInAtMostTwoUnits) {
  EXPECT_EQ(duration(Lang::zh, 0.84), "0.8 s");
  EXPECT_EQ(duration(Lang::zh, -5), "0.0 s");
  EXPECT_EQ(duration(Lang::zh, 9.94), "9.9 s");
  EXPECT_EQ(duration(Lang::zh, 10), "10 秒");
  EXPECT_EQ(duration(Lang::zh, 59.9), "59 秒");
  EXPECT_EQ(duration(Lang::zh, 60), "1 分 00 秒");
  EXPECT_EQ(duration(Lang::zh, 134), "2 分 14 秒");
  EXPECT_EQ(duration(Lang::en, 134), "2 min 14 s");
  EXPECT_EQ(duration(Lang::zh, 3599), "59 分 59 秒");
  EXPECT_EQ(duration(Lang::zh, 11100), "3 小时 05 分");
  EXPECT_EQ(duration(Lang::en, 86399), "23 h 59 min");
  EXPECT_EQ(duration(Lang::en, 190000), "2 d 4 h");
  EXPECT_EQ(duration(Lang::en, 1e300).empty(), false);
}

TEST(Format, GivesAShortDurationInOneUnit) {
  EXPECT_EQ(short_duration(Lang::zh, 59), "59 秒");
  EXPECT_EQ(short_duration(Lang::zh, 60), "1 分");
  EXPECT_EQ(short_duration(Lang::en, 3600), "1 h");
  EXPECT_EQ(short_duration(Lang::en, 86400), "1 d");
}

TEST(Format, NamesTheDayInBothLanguages) {
  const LocalClock clock{2026, 10, 16, 6, 5, 4, 5};

  EXPECT_EQ(clock_text(clock), "06:05:04");
  EXPECT_EQ(date_text(Lang::zh, clock), "2026-10-16 周五");
  EXPECT_EQ(date_text(Lang::en, clock), "2026-10-16 Fri");
}

TEST(Format, PrintsSpeedsBothWays) {
  EXPECT_EQ(speed_text(1), "×1");
  EXPECT_EQ(speed_text(-60), "×−60");
  EXPECT_EQ(speed_text(0.5), "×0.50");
  EXPECT_EQ(speed_text(1440), "×1,440");
}

TEST(Format, PrintsBytesAndLengths) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(999), "999 B");
  EXPECT_EQ(bytes_text(1500), "1.5 KB");
  EXPECT_EQ(bytes_text(64e6), "64 MB");
  EXPECT_EQ(length_text(800), "800 m");
  EXPECT_EQ(length_text(2000), "2 km");
  EXPECT_EQ(length_text(2400), "2.4 km");
}

TEST(Format, NamesTheHoursThatAreShownAndNoNightOfTwoHalves) {
  EXPECT_EQ(hours_text(Lang::zh, 7, 9), "7–9 时");
  EXPECT_EQ(hours_text(Lang::en, 7, 9), "07–09");
  EXPECT_EQ(hours_text(Lang::zh, 20, 6), "0–6、20–24 时");
  EXPECT_EQ(hours_text(Lang::en, 20, 6), "00–06, 20–24");
  EXPECT_EQ(hours_text(Lang::en, 20, 0), "20–24");
  EXPECT_EQ(hours_text(Lang::en, 24, 6), "00–06");
}

TEST(Format, GroupsTheDigitsOfAFieldsNumberAndLeavesOtherTextAlone) {
  EXPECT_EQ(grouped_number("1234.5"), "1,234.5");
  EXPECT_EQ(grouped_number("12345"), "12,345");
  EXPECT_EQ(grouped_number("999.125"), "999.125");
  EXPECT_EQ(grouped_number("-1234"), "−1,234");
  EXPECT_EQ(grouped_number("0"), "0");
  for (const char* other : {"", "-", ".5", "120.6 31.3", "1e9", "12a45", "1.2.3"}) {
    EXPECT_EQ(grouped_number(other), other);
  }
}

TEST(Format, SaysACountInAWord) {
  EXPECT_EQ(unit_text(Lang::zh, "n"), "个");
  EXPECT_EQ(unit_text(Lang::en, "count"), "in number");
  EXPECT_EQ(unit_text(Lang::en, "km/h"), "km/h");
}

TEST(Format, FillsEveryMarkOfAPattern) {
  EXPECT_EQ(filled("{n} of {n}", "n", "3"), "3 of 3");
  EXPECT_EQ(filled("{n}", "n", "{n}"), "{n}");
  EXPECT_EQ(filled("plain", "n", "3"), "plain");
}

TEST(Format, ChoosesARoundLengthForTheScaleBar) {
  EXPECT_DOUBLE_EQ(round_length_m(999), 500);
  EXPECT_DOUBLE_EQ(round_length_m(500), 500);
  EXPECT_DOUBLE_EQ(round_length_m(499), 200);
  EXPECT_DOUBLE_EQ(round_length_m(199999), 100000);
  EXPECT_DOUBLE_EQ(round_length_m(0), 0);
  EXPECT_DOUBLE_EQ(round_length_m(-1), 0);
  EXPECT_DOUBLE_EQ(round_length_m(kInfinity), 0);
}

}  // namespace
