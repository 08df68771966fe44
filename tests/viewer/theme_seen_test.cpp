// The interface's colours as people with and without a colour vision deficiency see them.
#include <gtest/gtest.h>

#include <array>

#include "tests/support/colour_vision.hpp"
#include "viewer/ui/theme.hpp"

namespace viewer {
namespace {

using testing_support::as_seen;
using testing_support::Channels;
using testing_support::difference_of;
using testing_support::kVisions;
using testing_support::lightness_of;
using testing_support::name_of;

/// Working, idling and stopped differ by as much in CIE L*: lightness alone tells them. What is
/// silent is drawn as a ring.
constexpr double kStatusLightnessMin = 15;
/// Severities differ by as much (CIE 1976 colour difference, some four just noticeable ones). Their
/// shapes differ too: triangle, diamond, square, dot.
constexpr double kSeverityDifferenceMin = 9;

Channels channels_of(Colour c) {
  return {(c & 255) / 255.0, (c >> 8 & 255) / 255.0, (c >> 16 & 255) / 255.0};
}

class ThemeSeen : public ::testing::TestWithParam<ThemeName> {
 protected:
  const Theme& theme() const { return theme_of(GetParam()); }
};

TEST_P(ThemeSeen, TellsStatusesApartByLightnessAlone) {
  const std::array status{theme().working, theme().idling, theme().stopped};
  const double way = GetParam() == ThemeName::dark ? -1 : 1;  // light adds, ink takes away
  for (const auto vision : kVisions) {
    for (std::size_t i = 1; i < status.size(); ++i) {
      const double step = lightness_of(as_seen(channels_of(status[i]), vision)) -
                          lightness_of(as_seen(channels_of(status[i - 1]), vision));
      EXPECT_GT(way * step, kStatusLightnessMin) << name_of(vision) << " " << i;
    }
  }
}

TEST_P(ThemeSeen, TellsSeveritiesApart) {
  const std::array severity{theme().critical, theme().high, theme().medium, theme().low};
  for (const auto vision : kVisions) {
    for (std::size_t i = 0; i < severity.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_GT(difference_of(as_seen(channels_of(severity[i]), vision),
                                as_seen(channels_of(severity[j]), vision)),
                  kSeverityDifferenceMin)
            << name_of(vision) << " " << j << " and " << i;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Themes, ThemeSeen, ::testing::Values(ThemeName::dark, ThemeName::light),
                         [](const auto& tested) {
                           return tested.param == ThemeName::dark ? "Dark" : "Light";
                         });

}  // namespace
}  // namespace viewer
