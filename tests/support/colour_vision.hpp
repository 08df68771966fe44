// Colours as people with a colour vision deficiency see them, and their lightness.
//
// Source: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A Physiologically-based Model for
// Simulation of Color Vision Deficiency", IEEE TVCG 15 (6), 2009: the matrices of severity 1.0, for
// linear RGB. L* is CIE 1976, of relative luminance by IEC 61966-2-1 (D65).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace testing_support {

enum class Vision { normal, protanopia, deuteranopia, tritanopia };
inline constexpr std::array kVisions{Vision::normal, Vision::protanopia, Vision::deuteranopia,
                                     Vision::tritanopia};

inline const char* name_of(Vision vision) {
  constexpr std::array kNames{"normal", "protanopia", "deuteranopia", "tritanopia"};
  return kNames[static_cast<std::size_t>(vision)];
}

using Channels = std::array<double, 3>;  ///< sRGB 0..1

inline double linear_of(double v) {
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}
inline double encoded_of(double v) {
  return v <= 0.0031308 ? v * 12.92 : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}

inline Channels as_seen(const Channels& colour, Vision vision) {
  using Rows = std::array<Channels, 3>;
  static constexpr std::array<Rows, 4> kMatrices{{{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
                                                  {{{0.152286, 1.052583, -0.204868},
                                                    {0.114503, 0.786281, 0.099216},
                                                    {-0.003882, -0.048116, 1.051998}}},
                                                  {{{0.367322, 0.860646, -0.227968},
                                                    {0.280085, 0.672501, 0.047413},
                                                    {-0.011820, 0.042940, 0.968881}}},
                                                  {{{1.255528, -0.076749, -0.178779},
                                                    {-0.078411, 0.930809, 0.147602},
                                                    {0.004733, 0.691367, 0.303900}}}}};
  const Rows& rows = kMatrices[static_cast<std::size_t>(vision)];
  const Channels in{linear_of(colour[0]), linear_of(colour[1]), linear_of(colour[2])};
  Channels out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const double sum = rows[i][0] * in[0] + rows[i][1] * in[1] + rows[i][2] * in[2];
    out[i] = encoded_of(std::clamp(sum, 0.0, 1.0));
  }
  return out;
}

/// CIE L*, 0 (black) to 100 (white).
inline double lightness_of(const Channels& colour) {
  const double y =
      0.2126 * linear_of(colour[0]) + 0.7152 * linear_of(colour[1]) + 0.0722 * linear_of(colour[2]);
  return y > 216.0 / 24389 ? 116 * std::cbrt(y) - 16 : y * 24389 / 27;
}

/// CIE L* a* b*.
inline Channels lab_of(const Channels& colour) {
  const double r = linear_of(colour[0]), g = linear_of(colour[1]), b = linear_of(colour[2]);
  const auto f = [](double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : (t * 24389 / 27 + 16) / 116;
  };
  const double x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const double y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const double z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

/// CIE 1976 colour difference.
inline double difference_of(const Channels& a, const Channels& b) {
  const Channels la = lab_of(a), lb = lab_of(b);
  return std::hypot(la[0] - lb[0], la[1] - lb[1], la[2] - lb[2]);
}

}  // namespace testing_support
