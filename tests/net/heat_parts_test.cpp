// Shares of heat on the wire: as many as a frame and a machine may have, and one more.
#include <gtest/gtest.h>

#include "net/codec/body_parts.hpp"

namespace net {
namespace {

/// Machines with so many shares each, written and read.
fleet::Result<std::vector<fleet::HeatShare>> reread(const std::vector<std::uint32_t>& counts,
                                                    const ShareLimits& limits = {}) {
  std::vector<fleet::FiguresChange> changes;
  std::vector<fleet::HeatShare> shares, got;
  for (const std::uint32_t count : counts) {
    fleet::FiguresChange change;
    change.share_begin = static_cast<std::uint32_t>(shares.size());
    change.share_count = count;
    changes.push_back(change);
    for (std::uint32_t i = 0; i < count; ++i)
      shares.push_back({static_cast<std::int32_t>(i), -7, 9, i + 1 == count ? 0 : 60});
  }
  wire::MessageWriter out;
  write_shares(changes, shares, out);
  std::vector<fleet::FiguresChange> read(changes.size());
  const auto& bytes = out.bytes();
  if (auto done = read_shares({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                              read, got, limits);
      !done)
    return done.error();
  EXPECT_EQ(got, shares);
  return got;
}

TEST(HeatShares, OfAMachineAreReadUpToTheLimit) {
  EXPECT_TRUE(reread({2, 3}, {.machine = 3}));
  const auto four = reread({2, 4}, {.machine = 3});

  ASSERT_FALSE(four);
  EXPECT_NE(four.error().what.find("share_count"), std::string::npos) << four.error().what;
}

TEST(HeatShares, OfAFrameAreReadUpToTheLimit) {
  EXPECT_TRUE(reread({2, 3}, {.frame = 6}));
  EXPECT_TRUE(reread({3, 3}, {.frame = 6}));
  const auto seven = reread({3, 4}, {.frame = 6});

  ASSERT_FALSE(seven);
  EXPECT_EQ(seven.error().what, "7 shares of heat, at most 6 are allowed");
}

TEST(HeatShares, OfAMachineAre255AtMost) {
  EXPECT_TRUE(reread({254, 255}));
  EXPECT_FALSE(reread({256}));
}

}  // namespace
}  // namespace net
