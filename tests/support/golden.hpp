// Golden images: a drawn picture against tests/golden/<case>/expected.png.
//
// Two limits decide: how far a channel of one pixel may be off before the pixel counts as
// different, and how many pixels may be different. A failure writes actual.png and diff.png to
// <build>/golden/<case>/. A missing golden is a failure. FLEETWALL_UPDATE_GOLDENS=1 writes the
// golden in place of comparing: look at the picture and commit it on its own.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "render/image.hpp"

namespace testing_support {

/// Whether this run writes goldens in place of comparing.
bool updating_goldens();

struct GoldenLimits {
  /// Levels of 255 in any channel. 3: what llvmpipe versions differ by in blending and filtering.
  int channel_max = 3;
  /// Share of all pixels. 0.0005: a line end or a point's rim; a missing line is more.
  double differing_max = 0.0005;
};

struct ImageDifference {
  bool same_size = true;
  int channel_max = 0;        ///< largest difference of one channel
  std::size_t differing = 0;  ///< pixels beyond the limit
  render::Image picture;      ///< differences, amplified, on the darkened expected picture
};

ImageDifference difference(const render::Image& actual, const render::Image& expected,
                           int channel_max);

/// EXPECT_TRUE(matches_golden("base_country", image)). On a real GPU the limits are wider: drivers
/// place line edges and round blending otherwise.
::testing::AssertionResult matches_golden(const std::string& name, const render::Image& actual,
                                          GoldenLimits limits = {});

}  // namespace testing_support
