// Proves that the checker of golden images checks.
#include "tests/support/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

using render::Image;
using testing_support::difference;
using testing_support::matches_golden;

Image grey(int width, int height, std::uint8_t level) {
  Image image = Image::blank(width, height);
  for (std::size_t i = 0; i < image.rgba.size(); ++i) image.rgba[i] = i % 4 == 3 ? 255 : level;
  return image;
}

TEST(Golden, CountsOnlyPixelsBeyondTheChannelLimit) {
  const Image expected = grey(10, 10, 100);
  Image actual = expected;
  actual.at(3, 4)[0] = 103;
  actual.at(5, 6)[2] = 104;

  const auto off = difference(actual, expected, 3);

  EXPECT_EQ(off.differing, 1u);
  EXPECT_EQ(off.channel_max, 4);
}

TEST(Golden, TellsPicturesOfDifferentSizeApart) {
  EXPECT_FALSE(difference(grey(4, 4, 0), grey(4, 5, 0), 255).same_size);
}

// tests/golden/must_fail is a grey picture; the one drawn here has a white corner of 5 x 5 px.
TEST(Golden, FailsForAPictureWithAWhiteCorner) {
  if (std::getenv("FLEETWALL_UPDATE_GOLDENS")) GTEST_SKIP() << "would bless the wrong picture";
  Image wrong = grey(64, 36, 40);
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 5; ++x) wrong.at(x, y)[1] = 255;
  }

  EXPECT_TRUE(matches_golden("must_fail", grey(64, 36, 40)));
  EXPECT_FALSE(matches_golden("must_fail", wrong));
}

TEST(Golden, FailsWhenThereIsNoGolden) {
  if (std::getenv("FLEETWALL_UPDATE_GOLDENS")) GTEST_SKIP() << "would make the missing golden";

  EXPECT_FALSE(matches_golden("no_such_case", grey(4, 4, 0)));
}

}  // namespace
