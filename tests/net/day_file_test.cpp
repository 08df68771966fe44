#include "net/store/day_file.hpp"

#include <gtest/gtest.h>

#include "tests/net/day_folder.hpp"

namespace net {
namespace {

TEST(ZoneText, IsReadAsItIsWritten) {
  const auto zone = zone_from_text("Here", "-2305843009213693952 28800\n1000 -3600\n");

  ASSERT_TRUE(zone.has_value());
  EXPECT_EQ(zone->name(), "Here");
  EXPECT_EQ(zone->offset_at(fleet::time_from_ms(999)).count(), 28'800);
  EXPECT_EQ(zone->offset_at(fleet::time_from_ms(1000)).count(), -3600);
}

TEST(ZoneText, OfADamagedFileIsRefused) {
  for (const char* text : {"", "0", "0 ", "0 3600", "x 3600\n", "0 x\n", "0 3600\n0", "5 0\n4 0\n",
                           "0 86401\n", "0 -86401\n", "0 -9223372036854775808\n",
                           "-9223372036854775808 0\n", "9223372036854775807 0\n"})
    EXPECT_FALSE(zone_from_text("Here", text).has_value()) << text;
  for (const char* text : {"0 86400\n", "0 -86400\n"})
    EXPECT_TRUE(zone_from_text("Here", text).has_value()) << text;
}

TEST(DayFile, WithARowThatNoWriterMakesIsReadAsFarAsItGoes) {
  samples::DayFolder folder;
  (void)folder.record(4);
  const auto file = folder.day("2026-10-16");
  folder.run_sql(file,
                 "UPDATE frames SET row=9223372036854775807 "
                 "WHERE row=(SELECT max(row) FROM frames)");

  const auto report = verify(file);
  auto reader = folder.reader();
  int ticks = 0;
  const auto read = reader->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
    ticks += std::holds_alternative<fleet::TickBatch>(update);
    return true;
  });

  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->damages.size(), 1u);
  EXPECT_EQ(report->damages[0].what, "row 9223372036854775807 is none that a writer makes");
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(ticks, 3);
}

}  // namespace
}  // namespace net
