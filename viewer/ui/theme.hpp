// Theme: the few colours of the picture. Saturated colour means alarm; see the README for
// exceptions.
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

struct Theme {
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
  Colour live = colour(0x5BD6A0);
  Colour replay = colour(0x5B4BDB);
  Colour paused = colour(0x8296B0);
  Colour on_chip = colour(0x06120C);
  Colour halo = colour(0x04070C, 0.85);
  Colour working = colour(0xEAF6FF);
  Colour idling = colour(0x7FA8CF);
  Colour stopped = colour(0x3E5270);
  Colour silent = colour(0x8296B0);
  Colour critical = colour(0xFF4D5E);
  Colour high = colour(0xFF9A3D);
  Colour medium = colour(0xF2D14B);
  Colour low = colour(0x7C8FA8);

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

}  // namespace viewer
