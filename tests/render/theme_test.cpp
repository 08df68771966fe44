// Both themes as people with and without a colour vision deficiency see them.
#include <gtest/gtest.h>

#include <vector>

#include "render/compose/look.hpp"
#include "render/map_frame.hpp"
#include "tests/support/colour_vision.hpp"

namespace render {
namespace {

using testing_support::as_seen;
using testing_support::Channels;
using testing_support::kVisions;
using testing_support::lightness_of;
using testing_support::name_of;

/// Working, idling and stopped machines differ by as much in L*: lightness alone tells them, some
/// five just noticeable differences. What is silent is told by its shape (a ring) as well.
constexpr double kStatusLightnessMin = 10;
/// Each 16th of the ramp is lighter (dark map) or darker (light map) than the one before.
constexpr double kRampLightnessMin = 0.5;
/// The ramp's whole range, so that its places can be read off.
constexpr double kRampLightnessRangeMin = 40;

Channels channels_of(const Rgb& c) {
  return {static_cast<double>(c.r), static_cast<double>(c.g), static_cast<double>(c.b)};
}

/// The colour of the middle of one machine on the land: what both composers draw.
Channels machine_colour(const MapTheme& theme, std::size_t status, double zoom) {
  const PointLook look = point_look(zoom, 1);
  const StatusShape& shape = look.shapes[status];
  // Silent ones are a ring: its line is looked at.
  const float at = shape.core_gain >= shape.ring_gain ? 0.0f : shape.ring_radius;
  const float light = point_light(shape, look.softness, look.glow_radius, at);
  const Channels own = channels_of(theme.machine_light[status]);
  const Channels land = channels_of(theme.focus_land);
  const double most = std::max({own[0], own[1], own[2]});
  const double t = static_cast<double>(tone(light * static_cast<float>(most), look.exposure));
  Channels out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double hue = own[i] / most;
    out[i] = theme.dark ? land[i] * (1 - t) + hue * t : land[i] * (1 - hue * t);
  }
  return out;
}

/// step: -kHeatRampSteps to it.
Channels ramp_colour(const MapTheme& theme, int step, bool difference = false) {
  const HeatRamp ramp = heat_ramp_of(theme, difference);
  const auto& colour = ramp[static_cast<std::size_t>(kHeatRampSteps + step)];
  const Channels land = channels_of(theme.focus_land);
  Channels out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto opacity = static_cast<double>(colour[3]);
    out[i] = land[i] * (1 - opacity) + static_cast<double>(colour[i]) * opacity;
  }
  return out;
}

class ThemeSeen : public ::testing::TestWithParam<bool> {
 protected:
  MapTheme theme() const { return GetParam() ? dark_theme() : light_theme(); }
};

TEST_P(ThemeSeen, TellsStatusesApartByLightnessAlone) {
  const MapTheme theme = this->theme();
  for (const auto vision : kVisions) {
    for (const double zoom : {4.4, 7.0, 10.0, 13.0}) {
      std::vector<double> l;
      for (std::size_t status = 0; status < 3; ++status) {
        l.push_back(lightness_of(as_seen(machine_colour(theme, status, zoom), vision)));
      }
      const double way = theme.dark ? 1 : -1;  // working stands out most, on either ground
      EXPECT_GT(way * (l[0] - l[1]), kStatusLightnessMin) << name_of(vision) << " zoom " << zoom;
      EXPECT_GT(way * (l[1] - l[2]), kStatusLightnessMin) << name_of(vision) << " zoom " << zoom;
    }
  }
}

TEST_P(ThemeSeen, ShowsStoppedMachinesOnTheLand) {
  const MapTheme theme = this->theme();
  for (const auto vision : kVisions) {
    const double land = lightness_of(as_seen(channels_of(theme.focus_land), vision));
    const double stopped = lightness_of(as_seen(machine_colour(theme, 2, 7), vision));

    EXPECT_GT(std::abs(stopped - land), 5) << name_of(vision);
  }
}

TEST_P(ThemeSeen, HasAHeatRampThatOnlyGoesOneWayInLightness) {
  const MapTheme theme = this->theme();
  const double way = theme.dark ? 1 : -1;
  for (const auto vision : kVisions) {
    const auto lightness_at = [&](int step) {
      return way * lightness_of(as_seen(ramp_colour(theme, step), vision));
    };
    for (int step = 15; step < 256; step += 16) {
      const int before = std::max(step - 16, 0);
      EXPECT_GT(lightness_at(step) - lightness_at(before), kRampLightnessMin)
          << name_of(vision) << " at " << step;
    }
    EXPECT_GT(lightness_at(255) - lightness_at(0), kRampLightnessRangeMin) << name_of(vision);
  }
}

TEST_P(ThemeSeen, IsTransparentWhereNothingIs) {
  for (const bool difference : {false, true})
    EXPECT_EQ(heat_ramp_of(theme(), difference)[kHeatRampSteps][3], 0);
}

TEST_P(ThemeSeen, ADifferenceGoesAsFarFromTheMapBelowZeroAsAboveIt) {
  const double land = lightness_of(channels_of(theme().focus_land));
  double last = 0;
  for (int step = 31; step < 256; step += 32) {
    const double more = std::abs(lightness_of(ramp_colour(theme(), step, true)) - land);
    const double less = std::abs(lightness_of(ramp_colour(theme(), -step, true)) - land);

    EXPECT_NEAR(more, less, 8) << step;
    EXPECT_GT(std::min(more, less), last) << step;
    last = std::min(more, less);
  }
}

TEST_P(ThemeSeen, MoreAndLessAreToldApartByEveryoneWhereTheyAreSeen) {
  for (const auto vision : kVisions) {
    for (int step = 95; step < 256; step += 32) {
      const Channels more = as_seen(ramp_colour(theme(), step, true), vision);
      const Channels less = as_seen(ramp_colour(theme(), -step, true), vision);
      EXPECT_GT(testing_support::difference_of(more, less), 20)
          << name_of(vision) << " at " << step;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Themes, ThemeSeen, ::testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Dark" : "Light"; });

}  // namespace
}  // namespace render
