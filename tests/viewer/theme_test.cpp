#include "viewer/ui/theme.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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
                                  t.other_day,
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

/// A colour as it is seen without one of the three cones. Source: Machado, Oliveira, Fernandes
/// 2009, severity 1.0, applied to linear light.
using Matrix = std::array<std::array<double, 3>, 3>;
constexpr Matrix kProtan{{{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeutan{{{0.367322, 0.860646, -0.227968},
                          {0.280085, 0.672501, 0.047413},
                          {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritan{{{1.255528, -0.076749, -0.178779},
                          {-0.078411, 0.930809, 0.147602},
                          {0.004733, 0.691367, 0.303900}}};

Colour seen(Colour c, const Matrix& eye) {
  const auto rgb = over(c, c);
  std::array<double, 3> linear{}, out{};
  for (std::size_t i = 0; i < 3; ++i) {
    linear[i] = rgb[i] <= 0.04045 ? rgb[i] / 12.92 : std::pow((rgb[i] + 0.055) / 1.055, 2.4);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const double v =
        std::clamp(eye[i][0] * linear[0] + eye[i][1] * linear[1] + eye[i][2] * linear[2], 0.0, 1.0);
    out[i] = v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
  }
  return 0xff000000u | nearest(out[0] * 255) | nearest(out[1] * 255) << 8 |
         nearest(out[2] * 255) << 16;
}

TEST(Seen, LeavesGreyAsItIsAndTurnsRedDarkWithoutItsCone) {
  for (const Matrix& eye : {kProtan, kDeutan, kTritan}) {
    EXPECT_NEAR(contrast(seen(colour(0x808080), eye), colour(0x808080)), 1, 0.02);
  }
  EXPECT_GT(contrast(seen(colour(0xFF0000), kProtan), colour(0xFF0000)), 1.4);
}

TEST_P(Themes, WithoutAConeStatusIsStillToldByBrightnessAndAlarmsStandOut) {
  const Theme& t = theme();
  for (const Matrix& eye : {kProtan, kDeutan, kTritan}) {
    const auto apart = [&](Colour a, Colour b) { return contrast(seen(a, eye), seen(b, eye)); };

    EXPECT_GT(apart(t.working, t.idling), 1.5);
    EXPECT_GT(apart(t.idling, t.stopped), 1.5);
    EXPECT_GT(apart(t.stopped, t.background), 1.5);
    for (const Colour alarm : {t.critical, t.high, t.medium}) {
      EXPECT_GT(apart(alarm, t.background), 2.8);
    }
  }
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
