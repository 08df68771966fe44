#include "fleet/motion.hpp"

#include <algorithm>
#include <array>

namespace fleet {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kOne = 65536;  // 1 in numbers with 16 binary places
/// Steps that 0.1 km/h makes in a second at the equator: 2^28 / 40,075,016.7 m / 36, 16 places.
constexpr std::uint64_t kStepsPerSpeed = 12194;
constexpr std::uint64_t kPi = 205887;                                   // 16 places
constexpr std::int64_t kTurn = 3600, kHalfTurn = 1800, kQuarter = 900;  // 0.1 degrees

/// 1 / cos(latitude) of a grid row, 16 places.
constexpr std::uint64_t stretch(std::uint32_t y) {
  constexpr std::uint32_t kEquator = kGridSize / 2;
  const std::uint64_t rows = y < kEquator ? kEquator - y : y - kEquator;
  const std::uint64_t z = (rows * kPi) >> (kGridBits - 1);
  const std::uint64_t square = (z * z) >> 16;
  std::uint64_t sum = kOne + square / 56;
  sum = kOne + ((square * sum) >> 16) / 30;
  sum = kOne + ((square * sum) >> 16) / 12;
  return kOne + ((square * sum) >> 16) / 2;
}

/// Longest way that is looked up: the bound that makes `times_sine` exact.
constexpr std::uint64_t kLongestWay = std::uint64_t{1} << 33;
static_assert(((kMaxExpectedSpeedRaw * kMaxExpectedSeconds * kStepsPerSpeed * stretch(0)) >> 16) <
              kLongestWay);

/// Bhaskara's sine of 0 .. 90 degrees in steps of 0.1, as a fraction of 2^63 rounded up. A division
/// by its denominator, under 2^22, is then a multiplication: for ways under 2^33 the error stays
/// below 2^-30, less than the 2^-22 by which the quotient could miss the next whole number.
constexpr std::array<std::uint64_t, kQuarter + 1> kSines = [] {
  std::array<std::uint64_t, kQuarter + 1> sines{};
  for (std::uint64_t angle = 0; angle <= kQuarter; ++angle) {
    const std::uint64_t product = angle * (kHalfTurn - angle), below = 4'050'000 - product;
    sines[angle] = static_cast<std::uint64_t>((((Wide{4} * product) << 63) + below - 1) / below);
  }
  return sines;
}();

/// length (16 places) times the sine of an angle in 0.1 degrees, 0 .. 3599, as whole steps.
/// Without branches: headings are in no order, and a wrong guess costs as much as all of this.
std::int64_t times_sine(std::uint64_t length, std::int64_t angle) {
  const std::int64_t second_half = -static_cast<std::int64_t>(angle >= kHalfTurn);
  const std::int64_t half = angle - (kHalfTurn & second_half);
  const std::uint64_t sine = kSines[static_cast<std::size_t>(std::min(half, kHalfTurn - half))];
  const auto way = static_cast<std::uint64_t>((Wide{length} * sine) >> 63);
  const auto steps = static_cast<std::int64_t>((way + kOne / 2) >> 16);
  return (steps ^ second_half) - second_half;
}

}  // namespace

GridPoint expected_move(std::int64_t speed_raw, std::int64_t heading_raw, std::int64_t elapsed_ms,
                        std::uint32_t y) {
  if (elapsed_ms < 500 || elapsed_ms >= kMaxExpectedSeconds * 1000 + 500) return {};
  if (speed_raw <= 0 || speed_raw > kMaxExpectedSpeedRaw) return {};
  const std::uint64_t seconds = (static_cast<std::uint64_t>(elapsed_ms) + 500) / 1000;
  const std::uint64_t way = static_cast<std::uint64_t>(speed_raw) * seconds * kStepsPerSpeed;
  const std::uint64_t length = (way * stretch(y & kGridMask)) >> 16;
  const std::int64_t rest = heading_raw % kTurn;
  const std::int64_t heading = rest + (kTurn & -static_cast<std::int64_t>(rest < 0));
  const std::int64_t cosine =
      heading + kQuarter - (kTurn & -static_cast<std::int64_t>(heading >= kTurn - kQuarter));
  return {static_cast<std::uint32_t>(times_sine(length, heading)) & kGridMask,
          static_cast<std::uint32_t>(-times_sine(length, cosine)) & kGridMask};
}

}  // namespace fleet
