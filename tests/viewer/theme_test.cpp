#include "viewer/ui/theme.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace {

using namespace viewer;

/// Channels of a colour as it stands over an opaque ground, 0..1.
std::array<double, 3> over(Colour top, Colour ground) {
  const double opacity = (top >> 24) / 255.0;
  std::array<double, 3> rgb{};
  for (unsigned i = 0; i < 3; ++i) {
    const double a = ((top >> (8 * i)) & 0xff) / 255.0;
    const double b = ((ground >> (8 * i)) & 0xff) / 255.0;
    rgb[i] = a * opacity + b * (1 - opacity);
  }
  return rgb;
}

Colour mixed(Colour top, Colour ground) {
  const auto rgb = over(top, ground);
  return 0xff000000u | nearest(rgb[0] * 255) | nearest(rgb[1] * 255) << 8 |
         nearest(rgb[2] * 255) << 16;
}

/// Relative luminance as WCAG 2.1 defines it.
double luminance(Colour c) {
  const auto rgb = over(c, c);
  const auto linear = [](double v) {
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}

/// WCAG contrast of two opaque colours, 1..21.
double contrast(Colour a, Colour b) {
  const double high = std::max(luminance(a), luminance(b));
  const double low = std::min(luminance(a), luminance(b));
  return (high + 0.05) / (low + 0.05);
}

class Themes : public ::testing::TestWithParam<ThemeName> {
 protected:
  const Theme& theme() const { return theme_of(GetParam()); }
  /// Grounds that text stands on: a panel over the map's background, and the strips of top bar,
  /// band and legend.
  std::vector<Colour> grounds() const {
    return {mixed(theme().panel_fill, theme().background), theme().background};
  }
};

TEST(Contrast, IsTwentyOneForBlackOnWhiteAndOneForTheSame) {
  EXPECT_NEAR(contrast(colour(0xFFFFFF), colour(0x000000)), 21, 1e-9);
  EXPECT_NEAR(contrast(colour(0x808080), colour(0x808080)), 1, 1e-9);
  EXPECT_LT(contrast(colour(0x999999), colour(0xFFFFFF)), 4.5);
}

TEST_P(Themes, EveryTextHasAContrastOfFourAndAHalf) {
  const Theme& t = theme();
  const std::vector<Colour> texts{t.text_2,
                                  t.text_3,
                                  t.accent,
                                  t.live,
                                  t.text_of(fleet::Severity::critical),
                                  t.text_of(fleet::Severity::high),
                                  t.text_of(fleet::Severity::medium),
                                  t.text_of(fleet::Severity::low)};

  for (const Colour ground : grounds()) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_GE(contrast(texts[i], ground), 4.5) << "text " << i;
    }
  }
}

TEST_P(Themes, FiguresHaveAContrastOfSeven) {
  for (const Colour ground : grounds()) EXPECT_GE(contrast(theme().text, ground), 7);
}

TEST_P(Themes, WordsOnChipsHaveAContrastOfFourAndAHalf) {
  const Theme& t = theme();

  EXPECT_GE(contrast(t.on_chip, t.live), 4.5);
  EXPECT_GE(contrast(t.on_chip, t.paused), 4.5);
  EXPECT_GE(contrast(t.on_chip, t.accent), 4.5);
  EXPECT_GE(contrast(t.on_replay, t.replay), 4.5);
}

TEST_P(Themes, ShapesOfAlarmsHaveAContrastOfThree) {
  for (int s = 0; s < fleet::kSeverityCount; ++s) {
    for (const Colour ground : grounds()) {
      EXPECT_GE(contrast(theme().of(static_cast<fleet::Severity>(s)), ground), 3) << s;
    }
  }
}

TEST_P(Themes, TheBusierAMachineTheMoreItStandsOut) {
  const Theme& t = theme();
  const Colour ground = t.background;

  EXPECT_GT(contrast(t.working, ground), 1.5 * contrast(t.idling, ground));
  EXPECT_GT(contrast(t.idling, ground), 1.5 * contrast(t.stopped, ground));
}

INSTANTIATE_TEST_SUITE_P(Both, Themes, ::testing::Values(ThemeName::dark, ThemeName::light),
                         [](const auto& tested) {
                           return std::string(tested.param == ThemeName::dark ? "Dark" : "Light");
                         });

TEST(ThemeOf, GivesTheOneAskedFor) {
  EXPECT_EQ(theme_of(ThemeName::dark).name, ThemeName::dark);
  EXPECT_EQ(theme_of(ThemeName::light).name, ThemeName::light);
}

}  // namespace
