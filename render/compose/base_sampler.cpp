#include "render/compose/base_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "render/compose/simd.hpp"

namespace render {
namespace {

constexpr std::uint32_t kOpaqueBlack = 0xff000000u;
constexpr std::uint32_t kPairs = 0x00ff00ffu;

// Mixes four bytes at once, two in each multiplication.
FLEETWALL_INLINE std::uint32_t mix_pixels(std::uint32_t a, std::uint32_t b, std::uint32_t weight) {
  const std::uint32_t rest = 256 - weight;
  const std::uint32_t even = ((a & kPairs) * rest + (b & kPairs) * weight) >> 8;
  const std::uint32_t odd = ((a >> 8) & kPairs) * rest + ((b >> 8) & kPairs) * weight;
  return (even & kPairs) | (odd & ~kPairs);
}

// Byte by byte in 16 bits: 255 * 256 just fits, and so do twice as many lanes as in 32.
FLEETWALL_CLONES
void mix_bytes(const std::uint8_t* __restrict a, const std::uint8_t* __restrict b,
               std::uint32_t weight, std::size_t count, std::uint8_t* __restrict out) {
  const auto wb = static_cast<std::uint16_t>(weight), wa = static_cast<std::uint16_t>(256 - weight);
  for (std::size_t i = 0; i < count; ++i) {
    const auto sum = static_cast<std::uint16_t>(a[i] * wa + b[i] * wb);
    out[i] = static_cast<std::uint8_t>(sum >> 8);
  }
}

void mix_rows(const std::uint32_t* a, const std::uint32_t* b, std::uint32_t weight,
              std::size_t count, std::uint32_t* out) {
  if (weight == 0) {
    std::memcpy(out, a, count * sizeof *out);
    return;
  }
  mix_bytes(reinterpret_cast<const std::uint8_t*>(a), reinterpret_cast<const std::uint8_t*>(b),
            weight, count * sizeof *out, reinterpret_cast<std::uint8_t*>(out));
}

FLEETWALL_CLONES
void mix_columns(const std::uint32_t* __restrict row, const std::int32_t* __restrict first,
                 const std::uint32_t* __restrict weight, int left, int last, int count,
                 std::uint32_t* __restrict out) {
  for (int i = 0; i < count; ++i) {
    const int a = std::clamp(first[i], left, last) - left;
    const int b = std::clamp(first[i] + 1, left, last) - left;
    out[i] = mix_pixels(row[a], row[b], weight[i]);
  }
}

}  // namespace

BaseSampler::Tap BaseSampler::tap_at(double origin, int i) const {
  const double at = origin + (i + 0.5) * base_.scale - 0.5;
  // Rounded to the weights' step first: a camera at rest then gives weights of exactly 0.
  const double steps = std::round(std::clamp(at, -1e6, 1e6) * 256);
  const double first = std::floor(steps / 256);
  return {static_cast<int>(first), static_cast<std::uint32_t>(steps - first * 256)};
}

void BaseSampler::set(const BaseView& base, int screen_width) {
  base_ = base;
  if (base_.width <= 0 || base_.height <= 0) base_.pixels = nullptr;
  unscaled_ = base.scale == 1.0;
  first_.resize(static_cast<std::size_t>(screen_width));
  weight_.resize(static_cast<std::size_t>(screen_width));
  for (int x = 0; x < screen_width; ++x) {
    const Tap tap = tap_at(base_.origin_x, x);
    first_[static_cast<std::size_t>(x)] = tap.first;
    weight_[static_cast<std::size_t>(x)] = tap.weight;
  }
}

void BaseSampler::row(int y, int x, int count, std::uint32_t* out,
                      std::vector<std::uint32_t>& scratch) const {
  if (count <= 0) return;
  if (!base_.pixels) {
    std::fill(out, out + count, kOpaqueBlack);
    return;
  }
  const Tap tap = tap_at(base_.origin_y, y);
  const auto line = [&](int texel) {
    return base_.pixels +
           static_cast<std::ptrdiff_t>(std::clamp(texel, 0, base_.height - 1)) * base_.width;
  };
  const std::uint32_t* above = line(tap.first);
  const std::uint32_t* below = line(tap.first + 1);
  const auto column = static_cast<std::size_t>(x);
  const int first = first_[column];
  if (unscaled_ && first >= 0 && first + count < base_.width) {
    const std::uint32_t weight_x = weight_[column];
    const auto pixels = static_cast<std::size_t>(count);
    if (weight_x == 0) {
      mix_rows(above + first, below + first, tap.weight, pixels, out);
      return;
    }
    if (scratch.size() < pixels + 1) scratch.resize(pixels + 1);
    mix_rows(above + first, below + first, tap.weight, pixels + 1, scratch.data());
    mix_rows(scratch.data(), scratch.data() + 1, weight_x, pixels, out);
    return;
  }
  const int left = std::clamp(first, 0, base_.width - 1);
  const int last =
      std::clamp(first_[column + static_cast<std::size_t>(count) - 1] + 1, left, base_.width - 1);
  const auto span = static_cast<std::size_t>(last - left + 1);
  if (scratch.size() < span) scratch.resize(span);
  mix_rows(above + left, below + left, tap.weight, span, scratch.data());
  mix_columns(scratch.data(), &first_[column], &weight_[column], left, last, count, out);
}

}  // namespace render
