// How it works: areas are united and cut into trapezoids with vertical sides by Boost.Polygon, in
// integers. Neighbouring trapezoids meet in vertical sides only, where ends of one in the middle of
// another leave no crack: the side's x is the same for both.
#include "net/borders/border_shapes.hpp"

#include <algorithm>
#include <boost/polygon/polygon.hpp>
#include <map>

namespace net {
namespace {

namespace bp = boost::polygon;
using fleet::GridPoint;
using Trapezoid = bp::polygon_data<int>;

/// Longest piece of a line: short pieces make small chunks.
constexpr std::size_t kPiecePoints = 128;

using Cell = std::pair<std::uint32_t, std::uint32_t>;
Cell cell_of(GridPoint p, int bits) {
  return {p.y >> bits, p.x >> bits};
}

void widen(fleet::AtlasChunk& chunk, GridPoint p) {
  chunk.min = {std::min(chunk.min.x, p.x), std::min(chunk.min.y, p.y)};
  chunk.max = {std::max(chunk.max.x, p.x), std::max(chunk.max.y, p.y)};
}

fleet::AtlasChunk empty_chunk(std::size_t first) {
  return {{~0u, ~0u}, {0, 0}, static_cast<std::uint32_t>(first), 0};
}

void add_triangles(const Trapezoid& shape, fleet::AtlasArea& area, fleet::AtlasChunk& chunk) {
  const auto first = static_cast<std::uint32_t>(area.vertices.size());
  for (const auto& corner : shape) {
    const GridPoint p{static_cast<std::uint32_t>(corner.x()),
                      static_cast<std::uint32_t>(corner.y())};
    area.vertices.push_back(p);
    widen(chunk, p);
  }
  if (area.vertices.size() > first && area.vertices.back() == area.vertices[first])
    area.vertices.pop_back();  // the outline may come closed
  const auto corners = static_cast<std::uint32_t>(area.vertices.size()) - first;
  for (std::uint32_t i = 2; i < corners; ++i)
    area.triangles.insert(area.triangles.end(), {first, first + i - 1, first + i});
}

}  // namespace

fleet::AtlasLines atlas_lines(std::span<const BorderPath> paths, int chunk_bits) {
  std::map<Cell, std::vector<std::span<const GridPoint>>> pieces;
  for (const BorderPath& path : paths) {
    for (std::size_t at = 0; at + 1 < path.size(); at += kPiecePoints - 1) {
      const std::size_t size = std::min(kPiecePoints, path.size() - at);
      pieces[cell_of(path[at], chunk_bits)].push_back(std::span(path).subspan(at, size));
    }
  }
  fleet::AtlasLines lines;
  for (const auto& [cell, list] : pieces) {
    fleet::AtlasChunk chunk = empty_chunk(lines.begin.size());
    for (const auto piece : list) {
      lines.begin.push_back(static_cast<std::uint32_t>(lines.vertices.size()));
      lines.vertices.insert(lines.vertices.end(), piece.begin(), piece.end());
      for (const GridPoint p : piece) widen(chunk, p);
    }
    chunk.count = static_cast<std::uint32_t>(list.size());
    lines.chunks.push_back(chunk);
  }
  if (!lines.begin.empty())
    lines.begin.push_back(static_cast<std::uint32_t>(lines.vertices.size()));
  return lines;
}

fleet::AtlasArea atlas_area(std::span<const FilledRing> rings, int chunk_bits) {
  bp::polygon_set_data<int> set;
  std::vector<bp::point_data<int>> corners;
  for (const FilledRing& ring : rings) {
    if (ring.points.size() < 3) continue;
    corners.clear();
    for (const GridPoint p : ring.points)
      corners.emplace_back(static_cast<int>(p.x), static_cast<int>(p.y));
    Trapezoid shape;
    bp::set_points(shape, corners.begin(), corners.end());
    set.insert(shape, ring.hole);
  }
  std::vector<Trapezoid> shapes;
  set.get_trapezoids(shapes);
  std::map<Cell, std::vector<const Trapezoid*>> cells;
  for (const Trapezoid& shape : shapes) {
    if (shape.size() < 3) continue;
    const auto corner = *shape.begin();
    const GridPoint p{static_cast<std::uint32_t>(corner.x()),
                      static_cast<std::uint32_t>(corner.y())};
    cells[cell_of(p, chunk_bits)].push_back(&shape);
  }
  fleet::AtlasArea area;
  for (const auto& [cell, list] : cells) {
    fleet::AtlasChunk chunk = empty_chunk(area.triangles.size());
    for (const Trapezoid* shape : list) add_triangles(*shape, area, chunk);
    chunk.count = static_cast<std::uint32_t>(area.triangles.size()) - chunk.first;
    area.chunks.push_back(chunk);
  }
  return area;
}

}  // namespace net
