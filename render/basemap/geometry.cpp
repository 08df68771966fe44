#include "render/basemap/geometry.hpp"

#include <algorithm>
#include <utility>

namespace render {
namespace {

GridBox box_of(const fleet::AtlasChunk& chunk) {
  return {chunk.min.x, chunk.min.y, chunk.max.x, chunk.max.y};
}

// A side of a triangle, its lower end first, and the chunk its triangle belongs to.
struct Side {
  std::uint64_t low, high;
  std::uint32_t chunk;
  bool same_as(const Side& o) const { return low == o.low && high == o.high; }
};

std::uint64_t key_of(const fleet::GridPoint& p) {
  return std::uint64_t{p.x} << 32 | p.y;
}

fleet::GridPoint point_of(std::uint64_t key) {
  return {static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key)};
}

std::vector<Side> sides_of(const AreaMesh& area) {
  std::vector<Side> sides;
  sides.reserve(area.indices.size());
  for (std::uint32_t chunk = 0; chunk < area.chunks.size(); ++chunk) {
    const Chunk& c = area.chunks[chunk];
    for (std::size_t i = c.first * std::size_t{3}; i < (c.first + c.count) * std::size_t{3};
         i += 3) {
      for (std::size_t k = 0; k < 3; ++k) {
        const std::uint64_t a = key_of(area.vertices[area.indices[i + k]]);
        const std::uint64_t b = key_of(area.vertices[area.indices[i + (k + 1) % 3]]);
        if (a != b) sides.push_back({std::min(a, b), std::max(a, b), chunk});
      }
    }
  }
  return sides;
}

}  // namespace

LineMesh rim_mesh(const AreaMesh& area) {
  std::vector<Side> sides = sides_of(area);
  std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) {
    return std::pair(a.low, a.high) < std::pair(b.low, b.high);
  });
  std::vector<Side> rim;
  for (std::size_t i = 0; i < sides.size();) {
    std::size_t end = i + 1;
    while (end < sides.size() && sides[end].same_as(sides[i])) ++end;
    if (end == i + 1) rim.push_back(sides[i]);
    i = end;
  }
  std::stable_sort(rim.begin(), rim.end(),
                   [](const Side& a, const Side& b) { return a.chunk < b.chunk; });
  LineMesh mesh;
  for (const Side& side : rim) {
    const GridBox& box = area.chunks[side.chunk].box;
    const auto first = static_cast<std::uint32_t>(mesh.segments.size());
    const bool next = mesh.chunks.empty() || side.chunk != rim[first - 1].chunk;
    if (next) mesh.chunks.push_back({box, first, 0});
    ++mesh.chunks.back().count;
    mesh.segments.push_back({point_of(side.low), point_of(side.high)});
  }
  return mesh;
}

AreaMesh area_mesh(const fleet::AtlasArea& area) {
  AreaMesh mesh{area.vertices, area.triangles, {}};
  mesh.chunks.reserve(area.chunks.size());
  for (const fleet::AtlasChunk& chunk : area.chunks) {
    mesh.chunks.push_back({box_of(chunk), chunk.first / 3, chunk.count / 3});
  }
  return mesh;
}

LineMesh line_mesh(const fleet::AtlasLines& lines) {
  LineMesh mesh;
  mesh.segments.reserve(lines.vertices.size());
  mesh.chunks.reserve(lines.chunks.size());
  for (const fleet::AtlasChunk& chunk : lines.chunks) {
    const auto first = static_cast<std::uint32_t>(mesh.segments.size());
    for (std::uint32_t line = chunk.first; line < chunk.first + chunk.count; ++line) {
      for (std::uint32_t i = lines.begin[line]; i + 1 < lines.begin[line + 1]; ++i) {
        const Segment segment{lines.vertices[i], lines.vertices[i + 1]};
        if (segment.a != segment.b) mesh.segments.push_back(segment);
      }
    }
    const auto count = static_cast<std::uint32_t>(mesh.segments.size()) - first;
    if (count > 0) mesh.chunks.push_back({box_of(chunk), first, count});
  }
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
