// Theme: the few colours of the picture, for a dark room and for a lit one. Saturated colour means
// alarm; see the README for exceptions. Which of two colours is meant is always told by shape, fill
// or words as well (theme_test.cpp holds every text against the ground it stands on).
#pragma once

#include <cstdint>

#include "fleet/alarms.hpp"
#include "fleet/status.hpp"

namespace viewer {

/// 0xAABBGGRR in memory order R, G, B, A: what ImDrawList takes.
using Colour = std::uint32_t;

/// To the nearest whole number; value >= 0. (std::lround is no constant expression.)
constexpr std::uint32_t nearest(double value) {
  return static_cast<std::uint32_t>(value + 0.5);  // NOLINT(bugprone-incorrect-roundings)
}

/// rgb as one writes #RRGGBB; opacity 0..1.
constexpr Colour colour(std::uint32_t rgb, double opacity = 1) {
  const auto a = nearest(opacity * 255);
  return (a << 24) | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16);
}
/// The same colour with its opacity multiplied.
constexpr Colour faded(Colour c, double factor) {
  const auto a = nearest((c >> 24) * factor);
  return (a << 24) | (c & 0xffffff);
}

enum class ThemeName : std::uint8_t { dark, light };

/// The defaults are the dark theme's.
struct Theme {
  ThemeName name = ThemeName::dark;
  Colour background = colour(0x070B12);
  Colour panel_fill = colour(0x0A101A, 0.86);
  Colour panel_edge = colour(0xB4D2FF, 0.14);
  Colour divider = colour(0xB4D2FF, 0.08);
  Colour track = colour(0x8FB4E0, 0.10);  ///< empty part of a bar
  Colour text = colour(0xE8EEF6);
  Colour text_2 = colour(0x9FB0C6);  ///< labels, secondary
  Colour text_3 =
      colour(0x7388A3);  ///< least: axis, units. Lighter than the drawings: 5.1:1 on a panel
  Colour accent = colour(0x52C7EA);  ///< what can be clicked
  Colour bar = colour(0x7FA8CF);
  Colour area = colour(0x3D6796);
  Colour other_day = colour(0xE3B57C);  ///< of two days compared, the one that is not shown
  Colour live = colour(0x5BD6A0);
  Colour replay = colour(0x5B4BDB);
  Colour paused = colour(0x8296B0);
  Colour on_chip = colour(0x06120C);    ///< text on live, paused and accent
  Colour on_replay = colour(0xE8EEF6);  ///< text on replay
  Colour halo = colour(0x04070C, 0.85);
  Colour working = colour(0xEAF6FF);
  Colour idling = colour(0x7FA8CF);
  Colour stopped = colour(0x3E5270);
  Colour silent = colour(0x8296B0);
  Colour critical = colour(0xFF4D5E);
  Colour high = colour(0xFF9A3D);
  Colour medium = colour(0xF2D14B);
  Colour low = colour(0x7C8FA8);
  Colour medium_text = colour(0xF2D14B);  ///< as medium, where it is a word

  constexpr Colour of(fleet::Severity s) const {
    switch (s) {
      case fleet::Severity::critical:
        return critical;
      case fleet::Severity::high:
        return high;
      case fleet::Severity::medium:
        return medium;
      case fleet::Severity::low:
        break;
    }
    return low;
  }
  /// The same for words, which need more contrast than a shape.
  constexpr Colour text_of(fleet::Severity s) const {
    return s == fleet::Severity::medium ? medium_text : of(s);
  }
  constexpr Colour of(fleet::Status s) const {
    switch (s) {
      case fleet::Status::working:
        return working;
      case fleet::Status::idling:
        return idling;
      case fleet::Status::stopped:
        return stopped;
      case fleet::Status::silent:
      case fleet::Status::unknown:
        break;
    }
    return silent;
  }
};

/// Light: what glows on the dark wall is ink here, the busiest machines the darkest.
inline constexpr Theme kLightTheme{.name = ThemeName::light,
                                   .background = colour(0xF1F4F8),
                                   .panel_fill = colour(0xFCFDFE, 0.90),
                                   .panel_edge = colour(0x17324F, 0.18),
                                   .divider = colour(0x17324F, 0.10),
                                   .track = colour(0x23476E, 0.10),
                                   .text = colour(0x14202E),
                                   .text_2 = colour(0x455669),
                                   .text_3 = colour(0x5A6B7F),
                                   .accent = colour(0x0A6C92),
                                   .bar = colour(0x4A7FB2),
                                   .area = colour(0x86AACC),
                                   .other_day = colour(0x85530F),
                                   .live = colour(0x0B7A48),
                                   .replay = colour(0x5544CC),
                                   .paused = colour(0x5A6B80),
                                   .on_chip = colour(0xFFFFFF),
                                   .on_replay = colour(0xFFFFFF),
                                   .halo = colour(0xF8FAFC, 0.90),
                                   .working = colour(0x123E68),
                                   .idling = colour(0x4A86BD),
                                   .stopped = colour(0xA3B4C6),
                                   .silent = colour(0x5F7488),
                                   .critical = colour(0xC9152B),
                                   .high = colour(0xB34A00),
                                   .medium = colour(0xAE8000),
                                   .low = colour(0x586A7F),
                                   .medium_text = colour(0x7A5A00)};
inline constexpr Theme kDarkTheme{};

constexpr const Theme& theme_of(ThemeName name) {
  return name == ThemeName::light ? kLightTheme : kDarkTheme;
}

}  // namespace viewer
