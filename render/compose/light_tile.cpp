#include "render/compose/light_tile.hpp"

#include <algorithm>
#include <cmath>

#include "render/compose/simd.hpp"

namespace render {
namespace {

constexpr float kDegree = 0.017453292519943295f;

struct Planes {
  float* first;        // red, first pixel of the kernel's first row
  std::size_t stride;  // floats from plane to plane; rows lie three planes apart
};

// Eight floats: one or two registers, whatever the processor has. Loaded from any address.
typedef float Floats8 __attribute__((vector_size(32), aligned(4), may_alias));

FLEETWALL_INLINE void add_eight(float* to, const float* kernel, float light) {
  Floats8 sum = *reinterpret_cast<Floats8*>(to);
  sum += *reinterpret_cast<const Floats8*>(kernel) * light;
  *reinterpret_cast<Floats8*>(to) = sum;
}

// kWidth 0: any width, a multiple of kKernelRowAlign. Written with vectors by hand: the compiler
// cannot know that the three planes lie apart.
template <int kWidth>
FLEETWALL_INLINE void add_kernel(Planes planes, const float* kernel, int kernel_stride, int rows,
                                 Rgb light) {
  const int width = kWidth ? kWidth : kernel_stride;
  float* to = planes.first;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < width; x += 8) {
      add_eight(to + x, kernel + x, light.r);
      add_eight(to + planes.stride + x, kernel + x, light.g);
      add_eight(to + 2 * planes.stride + x, kernel + x, light.b);
    }
    kernel += width;
    to += 3 * planes.stride;
  }
}

struct Clipped {
  Planes planes;
  const float* kernel;
  int rows;
  const Rgb* light;
};

FLEETWALL_CLONES
void add_kernels(const Clipped* __restrict list, std::size_t count, int kernel_stride) {
  if (kernel_stride == 8) {
    for (std::size_t i = 0; i < count; ++i) {
      add_kernel<8>(list[i].planes, list[i].kernel, 8, list[i].rows, *list[i].light);
    }
  } else if (kernel_stride == 16) {
    for (std::size_t i = 0; i < count; ++i) {
      add_kernel<16>(list[i].planes, list[i].kernel, 16, list[i].rows, *list[i].light);
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      add_kernel<0>(list[i].planes, list[i].kernel, kernel_stride, list[i].rows, *list[i].light);
    }
  }
}

FLEETWALL_INLINE std::uint32_t byte_of(float v) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(v + 0.5f));
}

FLEETWALL_CLONES
void tone_row(const float* __restrict red, const float* __restrict green,
              const float* __restrict blue, int count, float exposure,
              std::uint32_t* __restrict out) {
  for (int i = 0; i < count; ++i) {
    const float r = red[i], g = green[i], b = blue[i];
    const float most = std::max(std::max(r, g), b);
    const float u = most * exposure;
    const float root = std::sqrt(u + 1);
    const float part = 1.0f / (u + root);
    const float over = root * part;               // 1 - tone
    const float gain = exposure * part * 255.0f;  // tone / most * 255
    const std::uint32_t under = out[i];
    const auto under_r = static_cast<float>(static_cast<std::int32_t>(under & 255u));
    const auto under_g = static_cast<float>(static_cast<std::int32_t>((under >> 8) & 255u));
    const auto under_b = static_cast<float>(static_cast<std::int32_t>((under >> 16) & 255u));
    out[i] = byte_of(under_r * over + r * gain) | byte_of(under_g * over + g * gain) << 8 |
             byte_of(under_b * over + b * gain) << 16 | 0xff000000u;
  }
}

// The same as ink: what lies below keeps 1 - tone of the ink's own hue.
FLEETWALL_CLONES
void tone_ink_row(const float* __restrict red, const float* __restrict green,
                  const float* __restrict blue, int count, float exposure,
                  std::uint32_t* __restrict out) {
  for (int i = 0; i < count; ++i) {
    const float r = red[i], g = green[i], b = blue[i];
    const float u = std::max(std::max(r, g), b) * exposure;
    const float gain = exposure / (u + std::sqrt(u + 1));  // tone / most
    const std::uint32_t under = out[i];
    const auto under_r = static_cast<float>(static_cast<std::int32_t>(under & 255u));
    const auto under_g = static_cast<float>(static_cast<std::int32_t>((under >> 8) & 255u));
    const auto under_b = static_cast<float>(static_cast<std::int32_t>((under >> 16) & 255u));
    out[i] = byte_of(under_r * (1 - r * gain)) | byte_of(under_g * (1 - g * gain)) << 8 |
             byte_of(under_b * (1 - b * gain)) << 16 | 0xff000000u;
  }
}

}  // namespace

KindLight kind_light_of(const MapTheme& theme) {
  KindLight light;
  for (std::size_t i = 0; i < kPointStatusCount; ++i) {
    const Rgb& own = theme.machine_light[i];
    light[i] = own;
    light[i + kPointStatusCount] = {own.r * kDimmedLight, own.g * kDimmedLight,
                                    own.b * kDimmedLight};
  }
  return light;
}

void LightTile::set_reach(int reach) {
  // A kernel starts up to 2 * reach left of the tile and its padding ends that far right of it.
  const int apron = (2 * reach + kKernelRowAlign + 15) / 16 * 16;
  if (apron == apron_) return;
  apron_ = apron;
  stride_ = static_cast<std::size_t>(TileGrid::kWidth + 2 * apron);
  light_.assign(stride_ * 3 * TileGrid::kHeight, 0.0f);
}

FLEETWALL_INLINE void LightTile::touch(int x, int y, int reach) {
  const int bx0 = std::max(x - reach, 0) / kBlockWidth;
  const int bx1 = std::min(x + reach, TileGrid::kWidth - 1) / kBlockWidth;
  const int by0 = std::max(y - reach, 0) / kBlockHeight;
  const int by1 = std::min(y + reach, TileGrid::kHeight - 1) / kBlockHeight;
  if (bx0 > bx1) return;
  // A run of columns, repeated in a run of rows.
  const std::uint64_t columns = (2u << bx1) - (1u << bx0);
  constexpr std::uint64_t kEveryRow = 0x0101010101010101u;
  const std::uint64_t rows = kEveryRow >> (8 * (kBlockRows - 1 - by1 + by0)) << (8 * by0);
  touched_ |= columns * rows;
}

void LightTile::add(std::span<const Splat> splats, const SplatKernels& kernels,
                    const KindLight& light, int x0, int y0) {
  constexpr std::size_t kBatch = 64;
  Clipped batch[kBatch];
  std::size_t count = 0;
  const int reach = kernels.reach(), stride = kernels.stride();
  for (const Splat& splat : splats) {
    const int x = (splat.qx >> 2) - x0, y = (splat.qy >> 2) - y0;
    const int first = std::max(y - reach, 0);
    const int last = std::min(y + reach, TileGrid::kHeight - 1);
    if (first > last) continue;
    touch(x, y, reach);
    const int status = splat.kind % kPointStatusCount;
    const float* kernel = kernels.at(status, splat.qx & 3, splat.qy & 3) +
                          static_cast<std::ptrdiff_t>(first - (y - reach)) * stride;
    batch[count++] = {{row(0, first) + apron_ + x - reach, stride_},
                      kernel,
                      last - first + 1,
                      &light[splat.kind]};
    if (count == kBatch) {
      add_kernels(batch, count, stride);
      count = 0;
    }
    const bool moves = splat.heading >= 0 && status <= 1;
    if (moves && kernels.look().tick_gain > 0) {
      add_tick(kernels.look(), splat, light[splat.kind], x0, y0);
    }
  }
  add_kernels(batch, count, stride);
}

void LightTile::add_tick(const PointLook& look, const Splat& splat, const Rgb& light, int x0,
                         int y0) {
  const float hx = std::sin(static_cast<float>(splat.heading) * kDegree);
  const float hy = -std::cos(static_cast<float>(splat.heading) * kDegree);
  const float px = static_cast<float>(splat.qx) / kSubPixels - static_cast<float>(x0);
  const float py = static_cast<float>(splat.qy) / kSubPixels - static_cast<float>(y0);
  const float half = look.tick_width + 1;
  const auto span = [&](float middle, float h, int limit) {
    const float a = middle + h * kTickFrom * look.tick_radius;
    const float b = middle + h * kTickTo * look.tick_radius;
    return std::pair{std::max(0, static_cast<int>(std::floor(std::min(a, b) - half))),
                     std::min(limit - 1, static_cast<int>(std::ceil(std::max(a, b) + half)))};
  };
  const auto [left, right] = span(px, hx, TileGrid::kWidth);
  const auto [top, bottom] = span(py, hy, TileGrid::kHeight);
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const float value = tick_light(look, static_cast<float>(x) + 0.5f - px,
                                     static_cast<float>(y) + 0.5f - py, hx, hy);
      row(0, y)[apron_ + x] += value * light.r;
      row(1, y)[apron_ + x] += value * light.g;
      row(2, y)[apron_ + x] += value * light.b;
    }
  }
}

void LightTile::tone_over(std::uint32_t* out, std::ptrdiff_t stride, int width, int height,
                          float exposure, bool as_ink) {
  const auto tone = as_ink ? tone_ink_row : tone_row;
  for (int by = 0; by < kBlockRows; ++by) {
    for (int bx = 0; bx < kBlockColumns; ++bx) {
      if (!is_touched(bx, by)) continue;
      // Neighbours in one go: longer rows for the vector loop.
      int end = bx + 1;
      while (end < kBlockColumns && is_touched(end, by)) ++end;
      const int x0 = bx * kBlockWidth, count = std::min(end * kBlockWidth, width) - x0;
      const int bottom = std::min((by + 1) * kBlockHeight, height);
      for (int y = by * kBlockHeight; y < bottom && count > 0; ++y) {
        tone(row(0, y) + apron_ + x0, row(1, y) + apron_ + x0, row(2, y) + apron_ + x0, count,
             exposure, out + y * stride + x0);
      }
      for (int y = by * kBlockHeight; y < (by + 1) * kBlockHeight; ++y) {
        for (int plane = 0; plane < 3; ++plane) {
          float* light = row(plane, y) + apron_ + x0;
          std::fill(light, light + (end - bx) * kBlockWidth, 0.0f);
        }
      }
      bx = end;
    }
  }
  touched_ = 0;
}

float LightTile::red_at(int x, int y) const {
  return light_[static_cast<std::size_t>(y) * 3 * stride_ + static_cast<std::size_t>(apron_ + x)];
}

}  // namespace render
