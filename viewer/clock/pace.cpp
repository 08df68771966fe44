#include "viewer/clock/pace.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace viewer {
namespace {

constexpr std::array<double, 21> kLadder{-1440, -600, -300, -120, -60, -20, -10, -5,  -2,  -1,  0,
                                         1,     2,    5,    10,   20,  60,  120, 300, 600, 1440};

}  // namespace

double next_pace(double pace, int steps) {
  if (steps == 0 || std::isnan(pace)) return pace;
  // Up: from the last rung that is not above the pace; down: from the first that is not below.
  const auto at = steps > 0
                      ? std::upper_bound(kLadder.begin(), kLadder.end(), pace) - kLadder.begin() - 1
                      : std::lower_bound(kLadder.begin(), kLadder.end(), pace) - kLadder.begin();
  return kLadder[static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(at + steps, 0, std::ssize(kLadder) - 1))];
}

}  // namespace viewer
