#include "viewer/source.hpp"

#include <gtest/gtest.h>

namespace viewer {
namespace {

using std::chrono::hours;

TEST(DemoPast, IsTheWholeMorningUnlessTheFleetIsHuge) {
  EXPECT_EQ(demo_past(1), hours{14});
  EXPECT_EQ(demo_past(32'730), hours{14});
  EXPECT_EQ(demo_past(71'428), hours{14});
  EXPECT_LT(demo_past(80'000), hours{14});
  EXPECT_EQ(demo_past(1'000'000), hours{1});
}

}  // namespace
}  // namespace viewer
