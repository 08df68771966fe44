// LightTile: the light of one tile's points, summed in float and toned over the picture. No GL.
//
// One per thread. Light lies in three planes, row by row, with an apron on both sides so that
// kernels need no clipping along a row. Only the blocks a kernel touched are toned and cleared.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/compose/splat_kernels.hpp"
#include "render/compose/splats.hpp"

namespace render {

/// Colour of light by Splat::kind.
using KindLight = std::array<Rgb, 2 * kPointStatusCount>;
KindLight kind_light_of(const MapTheme& theme);

class LightTile {
 public:
  static constexpr int kBlockWidth = 16, kBlockHeight = 8;

  /// Prepares the planes for kernels of this reach.
  void set_reach(int reach);
  /// Adds the splats of the tile whose top left pixel is (x0, y0).
  void add(std::span<const Splat> splats, const SplatKernels& kernels, const KindLight& light,
           int x0, int y0);
  /// Tones the light over `out` (top left pixel of the tile; `stride` pixels from row to the next
  /// one below, negative for pictures that lie bottom up) and clears it.
  /// as_ink: the sum takes its tone away from the picture, in place of adding it.
  void tone_over(std::uint32_t* out, std::ptrdiff_t stride, int width, int height, float exposure,
                 bool as_ink = false);
  /// Sum of the first plane at a pixel: for tests.
  float red_at(int x, int y) const;

 private:
  static constexpr int kBlockColumns = TileGrid::kWidth / kBlockWidth;
  static constexpr int kBlockRows = TileGrid::kHeight / kBlockHeight;
  float* row(int plane, int y) {
    return light_.data() +
           (static_cast<std::size_t>(y) * 3 + static_cast<std::size_t>(plane)) * stride_;
  }
  void touch(int x, int y, int reach);
  bool is_touched(int bx, int by) const { return (touched_ >> (8 * by + bx) & 1) != 0; }
  void add_tick(const PointLook& look, const Splat& splat, const Rgb& light, int x0, int y0);

  int apron_ = 0;
  std::size_t stride_ = 0;
  std::vector<float> light_;
  static_assert(kBlockColumns == 8 && kBlockRows == 8);
  std::uint64_t touched_ = 0;  ///< a byte a row of blocks, a bit a block
};

}  // namespace render
