#include "fleet/number.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fleet {
namespace {

TEST(Number, IsReadWhenAllOfTheTextIsOne) {
  EXPECT_EQ(parse_number("0"), 0);
  EXPECT_EQ(parse_number("-12.5"), -12.5);
  EXPECT_EQ(parse_number("3.6e2"), 360);

  for (const char* text : {"", " 1", "1 ", "1x", "+1", "0x10", "1,5", "--1", "one"})
    EXPECT_FALSE(parse_number(text)) << text;
}

TEST(Number, ThatIsNotFiniteIsNone) {
  for (const char* text : {"nan", "NaN", "-nan", "nan(1)", "inf", "-inf", "INFINITY", "1e400"})
    EXPECT_FALSE(parse_number(text)) << text;
}

TEST(Number, IsReadUpToItsLimitsAndNotBeyond) {
  EXPECT_EQ(parse_number("1", 1, 2), 1);
  EXPECT_EQ(parse_number("2", 1, 2), 2);
  EXPECT_FALSE(parse_number("0.999", 1, 2));
  EXPECT_FALSE(parse_number("2.001", 1, 2));
}

TEST(Number, ThatIsNanIsWithinNoLimits) {
  EXPECT_TRUE(within(1, 1, 1));
  EXPECT_FALSE(within(std::nan(""), -1e300, 1e300));
  EXPECT_FALSE(within(1, std::nan(""), 2));
}

TEST(Number, IsWrittenAsAPersonWould) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(0.001), "0.001");
  EXPECT_EQ(number_text(-1440), "-1440");
  EXPECT_EQ(number_text(1'000'000), "1000000");
  EXPECT_EQ(number_text(31'622'400), "31622400");
  EXPECT_EQ(number_text(1.25), "1.25");
}

}  // namespace
}  // namespace fleet
