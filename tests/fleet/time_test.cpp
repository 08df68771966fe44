#include "fleet/time.hpp"

#include <gtest/gtest.h>

namespace fleet {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Time utc(const char* text) {
  return parse_time(text).value();
}
LocalDay day(const char* text) {
  return parse_day(text).value();
}

/// Central Europe in 2026: summer time from 29 March 01:00Z to 25 October 01:00Z.
TimeZone berlin() {
  return TimeZone("Europe/Berlin", {{utc("2025-10-26T01:00Z"), hours{1}},
                                    {utc("2026-03-29T01:00Z"), hours{2}},
                                    {utc("2026-10-25T01:00Z"), hours{1}}});
}

TEST(Iso8601, WritesMillisecondsInUtc) {
  EXPECT_EQ(iso8601(time_from_ms(1792132327000)), "2026-10-16T06:32:07.000Z");
  EXPECT_EQ(iso8601(time_from_ms(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(time_from_ms(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Iso8601, StaysWithinFourDigitsOfYear) {
  EXPECT_EQ(iso8601(kMinTime), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(kMinTime - Millis{1}), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(kMaxTime), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(iso8601(kMaxTime + Millis{1}), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(iso8601(kNever), "");
}

TEST(ParseTime, ReadsEveryFormOfTheContract) {
  const Time t = time_from_ms(1792132327500);

  EXPECT_EQ(parse_time("2026-10-16T06:32:07.5Z"), t);
  EXPECT_EQ(parse_time("2026-10-16T14:32:07.500+08:00"), t);
  EXPECT_EQ(parse_time("2026-10-16 14:32:07.5+0800"), t);
  EXPECT_EQ(parse_time("2026-10-16T03:02:07.5-03:30"), t);
  EXPECT_EQ(parse_time("2026-10-16T06:32:07.5009Z"), t);
  EXPECT_EQ(parse_time("2026-10-16T14:32+08"), time_from_ms(1792132320000));
  EXPECT_EQ(parse_time("1792132327.5"), t);
  EXPECT_EQ(parse_time("1792132327500"), t);
  EXPECT_EQ(parse_time("-1000"), time_from_ms(-1000000));
}

TEST(ParseTime, TellsSecondsFromMillisecondsBySize) {
  EXPECT_EQ(parse_time("99999999999"), time_from_ms(99999999999000));
  EXPECT_EQ(parse_time("100000000000"), time_from_ms(100000000000));
}

TEST(ParseTime, ReadsWhatItWrites) {
  for (std::int64_t ms :
       {-62167219200000L, -1L, 0L, 951782400123L, 1792132327500L, 253402300799999L}) {
    EXPECT_EQ(parse_time(iso8601(time_from_ms(ms))), time_from_ms(ms));
  }
}

TEST(ParseTime, RefusesBadInput) {
  for (const char* text : {"",
                           " ",
                           "2026-10-16",
                           "2026-10-16T",
                           "2026-10-16T14",
                           "2026-10-16T14:32",
                           "2026-13-01T00:00Z",
                           "2026-02-29T00:00Z",
                           "2026-10-16T24:00Z",
                           "2026-10-16T12:60Z",
                           "2026-10-16T12:00:60Z",
                           "2026-10-16T12:00:00.Z",
                           "2026-10-16T12:00:00Zx",
                           "2026-10-16T12:00:00+24:00",
                           "2026-10-16T12:00:00+08:0",
                           "0x10",
                           "12a",
                           "nan",
                           "inf",
                           "1e300",
                           "yesterday",
                           "-"}) {
    EXPECT_FALSE(parse_time(text)) << text;
  }
}

TEST(ParseTime, ReadsAStampWithoutOffsetInTheGivenZone) {
  const TimeZone zone = shanghai();

  EXPECT_EQ(parse_time("2026-10-16T14:32:07", &zone), utc("2026-10-16T06:32:07Z"));
  EXPECT_EQ(parse_time("2026-10-16T14:32:07Z", &zone), utc("2026-10-16T14:32:07Z"));
}

TEST(TimeZone, KnowsTheLocalDayAroundMidnight) {
  const TimeZone zone = shanghai();

  EXPECT_EQ(day_name(zone.day_of(utc("2026-10-15T15:59:59.999Z"))), "2026-10-15");
  EXPECT_EQ(day_name(zone.day_of(utc("2026-10-15T16:00:00Z"))), "2026-10-16");
  EXPECT_EQ(zone.time_of_day(utc("2026-10-15T16:00:00Z")), Millis{0});
  EXPECT_EQ(zone.time_of_day(utc("2026-10-15T15:59:59.999Z")), Millis{86'399'999});
  EXPECT_EQ(zone.start_of(day("2026-10-16")), utc("2026-10-15T16:00:00Z"));
}

TEST(TimeZone, HasShortAndLongDaysWhereClocksChange) {
  const TimeZone zone = berlin();
  const auto length = [&](const char* d) {
    return zone.start_of(day(d) + std::chrono::days{1}) - zone.start_of(day(d));
  };

  EXPECT_EQ(length("2026-03-28"), hours{24});
  EXPECT_EQ(length("2026-03-29"), hours{23});
  EXPECT_EQ(length("2026-10-24"), hours{24});
  EXPECT_EQ(length("2026-10-25"), hours{25});
}

TEST(TimeZone, TakesTheInstantAfterAGap) {
  const TimeZone zone = berlin();

  EXPECT_EQ(zone.from_local(day("2026-03-29") + Millis{hours{1} + minutes{59}}),
            utc("2026-03-29T00:59Z"));
  EXPECT_EQ(zone.from_local(day("2026-03-29") + Millis{hours{2}}), utc("2026-03-29T01:00Z"));
  EXPECT_EQ(zone.from_local(day("2026-03-29") + Millis{hours{2} + minutes{30}}),
            utc("2026-03-29T01:00Z"));
  EXPECT_EQ(zone.from_local(day("2026-03-29") + Millis{hours{3}}), utc("2026-03-29T01:00Z"));
  EXPECT_EQ(zone.from_local(day("2026-03-29") + Millis{hours{3} + minutes{1}}),
            utc("2026-03-29T01:01Z"));
}

TEST(TimeZone, TakesTheFirstOfTwoInstantsWhenAmbiguous) {
  const TimeZone zone = berlin();

  EXPECT_EQ(zone.from_local(day("2026-10-25") + Millis{hours{2}}), utc("2026-10-25T00:00Z"));
  EXPECT_EQ(zone.from_local(day("2026-10-25") + Millis{hours{2} + minutes{59}}),
            utc("2026-10-25T00:59Z"));
  EXPECT_EQ(zone.from_local(day("2026-10-25") + Millis{hours{3}}), utc("2026-10-25T02:00Z"));
}

TEST(TimeZone, UsesTheFirstOffsetBeforeAllTransitions) {
  const TimeZone zone = berlin();

  EXPECT_EQ(zone.offset_at(utc("1990-07-01T00:00Z")), hours{1});
  EXPECT_EQ(zone.from_local(day("1990-07-01") + Millis{0}), utc("1990-06-30T23:00Z"));
  EXPECT_EQ(zone.offset_at(utc("2026-03-29T00:59:59.999Z")), hours{1});
  EXPECT_EQ(zone.offset_at(utc("2026-03-29T01:00Z")), hours{2});
}

TEST(TimeZone, ReturnsToEveryWallClockReadingItShows) {
  const TimeZone zone = berlin();
  for (Time t = utc("2026-03-27T00:00Z"); t < utc("2026-10-27T00:00Z"); t += minutes{20}) {
    const auto local = zone.day_of(t) + zone.time_of_day(t);
    const Time back = zone.from_local(local);

    EXPECT_EQ(zone.day_of(back) + zone.time_of_day(back), local) << iso8601(t);
    EXPECT_LE(back, t);
  }
}

TEST(TimeZone, HasDayNamesThatReadBack) {
  EXPECT_EQ(day_name(day("2024-02-29")), "2024-02-29");
  EXPECT_EQ(parse_day("1970-01-01")->time_since_epoch().count(), 0);
  for (const char* text : {"", "2026-10", "2026-02-29", "2026-10-16x", "16.10.2026", "2026-1-01"}) {
    EXPECT_FALSE(parse_day(text)) << text;
  }
}

}  // namespace
}  // namespace fleet
