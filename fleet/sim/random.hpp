// Counter-based random numbers of the simulator: a hash of what is asked for, no hidden state.
//
// The same key always gives the same bits, on every platform, so any part of a machine's life can
// be computed without computing what came before it. Only integers and IEEE basic operations.
#pragma once

#include <cmath>
#include <cstdint>

namespace fleet::sim {

/// Finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection with good avalanche.
constexpr std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

/// Bits for a key and up to two sub-keys.
constexpr std::uint64_t hash_of(std::uint64_t key, std::uint64_t a, std::uint64_t b = 0) {
  return mix(key + 0x9e3779b97f4a7c15ull * (a + 1) + 0xd1b54a32d192ed03ull * b);
}

/// [0, 1) in steps of 2^-32, from the bits shifted right by `shift` (0..32).
constexpr double unit(std::uint64_t bits, int shift = 0) {
  return static_cast<double>((bits >> shift) & 0xffffffffu) * 0x1p-32;
}
constexpr double between(double low, double high, double u) {
  return low + (high - low) * u;
}
/// 0 .. n-1.
constexpr std::uint32_t below(std::uint64_t bits, std::uint32_t n) {
  return static_cast<std::uint32_t>(((bits & 0xffffffffu) * n) >> 32);
}

/// A walk through the bits of one key, for code that draws many numbers in a fixed order.
class Draws {
 public:
  explicit constexpr Draws(std::uint64_t key) : state_(key) {}
  constexpr std::uint64_t bits() { return mix(state_ += 0x9e3779b97f4a7c15ull); }
  constexpr double uniform() { return unit(bits()); }
  constexpr double in(double low, double high) { return between(low, high, uniform()); }
  constexpr bool chance(double p) { return uniform() < p; }
  constexpr std::uint32_t index(std::uint32_t n) { return below(bits(), n); }

 private:
  std::uint64_t state_;
};

/// What a hash is for: keeps the draws of one machine apart from each other.
enum Purpose : std::uint64_t {
  kForBuild = 1,
  kForNames,
  kForFinance,
  kForPlan,
  kForSpell,
  kForWeather,
  kForSite,
  kForSpot,
  kForBouts,
  kForSchedule,
  kForBody,
  kForFault,
  kForGap,
  kForDefect,
  kForMoving
};

}  // namespace fleet::sim
