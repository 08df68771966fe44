#include "render/basemap/geometry.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace render {
namespace {

using fleet::GridPoint;

// Bits of x and y taken in turns: points near on this curve are near in the plane.
std::uint64_t spread_bits(std::uint64_t v) {
  v = (v | (v << 16)) & 0x0000FFFF0000FFFFull;
  v = (v | (v << 8)) & 0x00FF00FF00FF00FFull;
  v = (v | (v << 4)) & 0x0F0F0F0F0F0F0F0Full;
  v = (v | (v << 2)) & 0x3333333333333333ull;
  return (v | (v << 1)) & 0x5555555555555555ull;
}

std::uint64_t place_on_curve(std::uint64_t x, std::uint64_t y) {
  return spread_bits(x) | (spread_bits(y) << 1);
}

GridBox empty_box() {
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  return {kMax, kMax, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::min()};
}

void extend(GridBox& box, GridPoint p) {
  box.x0 = std::min<std::int64_t>(box.x0, p.x);
  box.y0 = std::min<std::int64_t>(box.y0, p.y);
  box.x1 = std::max<std::int64_t>(box.x1, p.x);
  box.y1 = std::max<std::int64_t>(box.y1, p.y);
}

// Cuts `items` (sorted along the curve) into chunks. add(box, item) extends the box.
template <class Item, class Add>
std::vector<Chunk> cut(const std::vector<Item>& items, Add add) {
  std::vector<Chunk> chunks;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (i % kChunkSize == 0) chunks.push_back({empty_box(), i, 0});
    add(chunks.back().box, items[i]);
    ++chunks.back().count;
  }
  return chunks;
}

template <class Item>
struct Keyed {
  std::uint64_t key;
  Item item;
};

template <class Item>
std::vector<Item> sorted_items(std::vector<Keyed<Item>>& keyed) {
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& a, const auto& b) { return a.key < b.key; });
  std::vector<Item> items;
  items.reserve(keyed.size());
  for (const auto& k : keyed) items.push_back(k.item);
  return items;
}

}  // namespace

AreaMesh chunked_area(const fleet::AtlasArea& area) {
  using Triangle = std::array<std::uint32_t, 3>;
  std::vector<Keyed<Triangle>> keyed;
  keyed.reserve(area.triangles.size() / 3);
  for (std::size_t i = 0; i + 2 < area.triangles.size(); i += 3) {
    const Triangle t{area.triangles[i], area.triangles[i + 1], area.triangles[i + 2]};
    if (*std::max_element(t.begin(), t.end()) >= area.vertices.size()) continue;
    const GridPoint a = area.vertices[t[0]], b = area.vertices[t[1]], c = area.vertices[t[2]];
    keyed.push_back(
        {place_on_curve((std::uint64_t{a.x} + b.x + c.x) / 3, (std::uint64_t{a.y} + b.y + c.y) / 3),
         t});
  }
  const std::vector<Triangle> triangles = sorted_items(keyed);

  AreaMesh mesh;
  mesh.vertices = area.vertices;
  mesh.indices.reserve(triangles.size() * 3);
  for (const Triangle& t : triangles) mesh.indices.insert(mesh.indices.end(), t.begin(), t.end());
  mesh.chunks = cut(triangles, [&](GridBox& box, const Triangle& t) {
    for (const std::uint32_t vertex : t) extend(box, area.vertices[vertex]);
  });
  return mesh;
}

LineMesh chunked_lines(const fleet::AtlasLines& lines) {
  std::vector<Keyed<Segment>> keyed;
  keyed.reserve(lines.vertices.size());
  for (std::size_t line = 0; line + 1 < lines.begin.size(); ++line) {
    const std::size_t end = std::min<std::size_t>(lines.begin[line + 1], lines.vertices.size());
    for (std::size_t i = lines.begin[line]; i + 1 < end; ++i) {
      const Segment s{lines.vertices[i], lines.vertices[i + 1]};
      if (s.a == s.b) continue;
      keyed.push_back(
          {place_on_curve((std::uint64_t{s.a.x} + s.b.x) / 2, (std::uint64_t{s.a.y} + s.b.y) / 2),
           s});
    }
  }
  LineMesh mesh;
  mesh.segments = sorted_items(keyed);
  mesh.chunks = cut(mesh.segments, [](GridBox& box, const Segment& s) {
    extend(box, s.a);
    extend(box, s.b);
  });
  return mesh;
}

void visible_ranges(std::span<const Chunk> chunks, const GridBox& view,
                    std::vector<DrawRange>& out) {
  out.clear();
  for (const Chunk& chunk : chunks) {
    if (!chunk.box.touches(view)) continue;
    if (!out.empty() && out.back().first + out.back().count == chunk.first) {
      out.back().count += chunk.count;
    } else {
      out.push_back({chunk.first, chunk.count});
    }
  }
}

}  // namespace render
