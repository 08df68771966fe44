#include "render/basemap/geometry.hpp"

namespace render {
namespace {

GridBox box_of(const fleet::AtlasChunk& chunk) {
  return {chunk.min.x, chunk.min.y, chunk.max.x, chunk.max.y};
}

}  // namespace

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
