#include "tests/support/base_picture.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace testing_support {
namespace {

using fleet::AtlasLayer;
using fleet::AtlasLevel;
using fleet::GridPoint;

GridPoint grid(double x, double y) {
  return {static_cast<std::uint32_t>(x * fleet::kGridSize),
          static_cast<std::uint32_t>(y * fleet::kGridSize)};
}

AtlasLevel square(AtlasLayer layer, double x0, double y0, double x1, double y1) {
  AtlasLevel level;
  level.layer = layer;
  level.area.vertices = {grid(x0, y0), grid(x1, y0), grid(x1, y1), grid(x0, y1)};
  level.area.triangles = {0, 1, 2, 0, 2, 3};
  level.area.chunks = {{grid(x0, y0), grid(x1, y1), 0, 6}};
  return level;
}

AtlasLevel line(AtlasLayer layer, float min_zoom, float max_zoom, std::vector<GridPoint> points) {
  AtlasLevel level;
  level.layer = layer;
  level.min_zoom = min_zoom;
  level.max_zoom = max_zoom;
  level.lines.begin = {0, static_cast<std::uint32_t>(points.size())};
  fleet::AtlasChunk whole{points[0], points[0], 0, 1};
  for (const GridPoint p : points) {
    whole.min = {std::min(whole.min.x, p.x), std::min(whole.min.y, p.y)};
    whole.max = {std::max(whole.max.x, p.x), std::max(whole.max.y, p.y)};
  }
  level.lines.chunks = {whole};
  level.lines.vertices = std::move(points);
  return level;
}

}  // namespace

render::Image screen_of(const render::BaseImage& base, const render::Camera& camera) {
  assert(base.pixels && base.scale == 1);
  render::Image image = render::Image::blank(camera.width_px, camera.height_px);
  const auto x0 = static_cast<std::size_t>(base.origin_x);
  const auto y0 = static_cast<std::size_t>(base.origin_y);
  const std::size_t row_bytes = static_cast<std::size_t>(camera.width_px) * 4;
  for (std::size_t y = 0; y < static_cast<std::size_t>(camera.height_px); ++y) {
    const std::uint32_t* row = base.pixels + (y0 + y) * static_cast<std::size_t>(base.width) + x0;
    std::memcpy(image.rgba.data() + y * row_bytes, row, row_bytes);
  }
  return image;
}

fleet::Atlas synthetic_atlas() {
  fleet::Atlas atlas;
  atlas.levels.push_back(square(AtlasLayer::land, 0.75, 0.35, 0.85, 0.45));
  atlas.levels.push_back(square(AtlasLayer::focus, 0.79, 0.38, 0.83, 0.42));
  atlas.levels.push_back(square(AtlasLayer::lakes, 0.80, 0.39, 0.805, 0.395));
  atlas.levels.push_back(line(
      AtlasLayer::coast, 0, 99,
      {grid(0.75, 0.35), grid(0.85, 0.35), grid(0.85, 0.45), grid(0.75, 0.45), grid(0.75, 0.35)}));
  atlas.levels.push_back(
      line(AtlasLayer::country_borders, 0, 6, {grid(0.79, 0.38), grid(0.83, 0.38)}));
  atlas.levels.push_back(line(AtlasLayer::country_borders, 6, 99,
                              {grid(0.79, 0.38), grid(0.81, 0.378), grid(0.83, 0.38)}));
  atlas.levels.push_back(
      line(AtlasLayer::province_borders, 0, 99, {grid(0.79, 0.40), grid(0.83, 0.405)}));
  atlas.levels.push_back(
      line(AtlasLayer::prefecture_borders, 5, 99, {grid(0.81, 0.38), grid(0.812, 0.42)}));
  return atlas;
}

}  // namespace testing_support
