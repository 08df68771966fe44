// What is left of a division that rounds down: for clocks and circles, which go on below zero.
#pragma once

#include <cstdint>

namespace fleet {

/// In [0, modulus), also of a negative value. modulus > 0.
constexpr std::int64_t floor_mod(std::int64_t value, std::int64_t modulus) {
  const std::int64_t rest = value % modulus;
  return rest < 0 ? rest + modulus : rest;
}

}  // namespace fleet
