#include "render/tiles/tile_side.hpp"

#include <algorithm>
#include <bit>

namespace render {
namespace {

int whole_side(int px) {
  return static_cast<int>(
      std::bit_floor(static_cast<unsigned>(std::clamp(px, kLeastTilePx, kMostTilePx))));
}

std::size_t place_of(int side_px) {
  return static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(side_px)) -
                                  std::countr_zero(static_cast<unsigned>(kLeastTilePx)));
}

}  // namespace

TileSide::TileSide(int told_px) : told_(told_px > 0), px_(told_ ? whole_side(told_px) : 0) {}

bool TileSide::add(int width_px) {
  if (told_ || width_px < kBlankBelowPx) return false;
  const int side = whole_side(width_px);
  const std::uint64_t count = ++counts_[place_of(side)];
  const int before = px();
  if (px_ == 0 || count > 2 * counts_[place_of(px_)] + kTileSideSure) px_ = side;
  return px() != before;
}

}  // namespace render
