#include "tests/support/tile_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace testing_support {
namespace {

using render::Image;
using Colour = std::array<std::uint8_t, 3>;

void fill(Image& image, int x0, int y0, int x1, int y1, Colour colour) {
  for (int y = y0; y < y1; ++y) {
    for (int x = x0; x < x1; ++x) {
      const auto pixel = image.at(x, y);
      std::copy(colour.begin(), colour.end(), pixel.begin());
      pixel[3] = 255;
    }
  }
}

/// `count` bits of a number as squares from left to right, the highest first.
void bits(Image& image, std::uint32_t number, int count, int y, int step, Colour colour) {
  for (int bit = 0; bit < count; ++bit) {
    const bool set = number >> (count - 1 - bit) & 1;
    const int x = step * (bit + 1), size = set ? step * 3 / 4 : step / 4;
    fill(image, x, y, x + size, y + size, colour);
  }
}

}  // namespace

Image plain_tile(std::uint8_t r, std::uint8_t g, std::uint8_t b, int side_px, std::uint8_t alpha) {
  Image image = Image::blank(side_px, side_px);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    image.rgba[i] = r;
    image.rgba[i + 1] = g;
    image.rgba[i + 2] = b;
    image.rgba[i + 3] = alpha;
  }
  return image;
}

Image numbered_tile(fleet::TileId tile, int side_px) {
  constexpr std::array<Colour, 6> kPaper{{{242, 239, 233},
                                          {205, 235, 176},
                                          {170, 211, 223},
                                          {250, 219, 173},
                                          {224, 204, 230},
                                          {247, 196, 190}}};
  const auto& paper = kPaper[(tile.x + 2 * tile.y + static_cast<std::uint32_t>(tile.zoom)) % 6];
  Image image = plain_tile(paper[0], paper[1], paper[2], side_px);
  const int rim = std::max(side_px / 64, 1), step = side_px / 14;
  const Colour ink{90, 80, 70}, road{230, 110, 60};
  fill(image, 0, 0, side_px, rim, ink);
  fill(image, 0, 0, rim, side_px, ink);
  for (int bar = 0; bar < tile.zoom; ++bar) {
    fill(image, step + bar * step * 3 / 5, step, step + bar * step * 3 / 5 + step / 3, 3 * step,
         road);
  }
  bits(image, tile.x, 12, 5 * step, step, ink);
  bits(image, tile.y, 12, 8 * step, step, {60, 90, 160});
  return image;
}

Image ramp_tile(fleet::TileId tile, double period, int side_px) {
  Image image = Image::blank(side_px, side_px);
  const double side = std::exp2(tile.zoom);
  const auto level = [period](double at) {
    const double turns = at / period;
    const double wave = std::abs(2 * (turns - std::floor(turns)) - 1);  // no jump from 255 to 0
    return static_cast<std::uint8_t>(std::lround(255 * wave));
  };
  for (int y = 0; y < side_px; ++y) {
    for (int x = 0; x < side_px; ++x) {
      const auto pixel = image.at(x, y);
      pixel[0] = level((tile.x + (x + 0.5) / side_px) / side);
      pixel[1] = level((tile.y + (y + 0.5) / side_px) / side);
      pixel[2] = 128;
      pixel[3] = 255;
    }
  }
  return image;
}

}  // namespace testing_support
