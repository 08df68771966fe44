#include "fleet/motion.hpp"

namespace fleet {
namespace {

constexpr std::int64_t kOne = 65536;  // 1 in numbers with 16 binary places
/// Steps that 0.1 km/h makes in a second at the equator: 2^28 / 40,075,016.7 m / 36, 16 places.
constexpr std::int64_t kStepsPerSpeed = 12194;
constexpr std::int64_t kPi = 205887;  // 16 places

/// 1 / cos(latitude) of a grid row, 16 places.
std::int64_t stretch(std::uint32_t y) {
  constexpr std::int64_t kEquator = kGridSize / 2;
  const std::int64_t rows = y < kEquator ? kEquator - y : y - kEquator;
  const std::int64_t z = (rows * kPi) >> (kGridBits - 1);
  const std::int64_t square = (z * z) >> 16;
  std::int64_t sum = kOne + square / 56;
  sum = kOne + ((square * sum) >> 16) / 30;
  sum = kOne + ((square * sum) >> 16) / 12;
  return kOne + ((square * sum) >> 16) / 2;
}

/// length (16 places) times the sine of an angle in 0.1 degrees, as whole steps.
std::int64_t times_sine(std::int64_t length, std::int64_t angle) {
  angle = ((angle % 3600) + 3600) % 3600;
  const bool second_half = angle >= 1800;
  const std::int64_t half = angle % 1800;
  const std::int64_t product = half * (1800 - half);
  const std::int64_t steps = (length * 4 * product / (4'050'000 - product) + kOne / 2) >> 16;
  return second_half ? -steps : steps;
}

}  // namespace

GridPoint expected_move(std::int64_t speed_raw, std::int64_t heading_raw, std::int64_t elapsed_ms,
                        std::uint32_t y) {
  if (elapsed_ms < 500 || elapsed_ms >= kMaxExpectedSeconds * 1000 + 500) return {};
  if (speed_raw <= 0 || speed_raw > kMaxExpectedSpeedRaw) return {};
  const std::int64_t seconds = (elapsed_ms + 500) / 1000;
  const std::int64_t length = (speed_raw * seconds * kStepsPerSpeed * stretch(y)) >> 16;
  const std::int64_t heading = heading_raw % 3600;
  return {static_cast<std::uint32_t>(times_sine(length, heading)) & kGridMask,
          static_cast<std::uint32_t>(-times_sine(length, heading + 900)) & kGridMask};
}

}  // namespace fleet
