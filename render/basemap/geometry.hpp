// Geometry of the base map made ready for drawing: triangles and segments in chunks with a box
// each, so that a view draws only the chunks it touches. No GL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "fleet/atlas.hpp"

namespace render {

/// A box on the grid, both corners inside it. 64 bits: a view may reach beyond the world.
struct GridBox {
  std::int64_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  bool touches(const GridBox& other) const {
    return x0 <= other.x1 && other.x0 <= x1 && y0 <= other.y1 && other.y0 <= y1;
  }
};

/// A run of triangles or segments and the box that holds it.
struct Chunk {
  GridBox box;
  std::uint32_t first = 0;  ///< triangle or segment
  std::uint32_t count = 0;
};

struct AreaMesh {
  std::vector<fleet::GridPoint> vertices;
  std::vector<std::uint32_t> indices;  ///< three a triangle
  std::vector<Chunk> chunks;           ///< of triangles
};

struct Segment {
  fleet::GridPoint a, b;
};

struct LineMesh {
  std::vector<Segment> segments;
  std::vector<Chunk> chunks;  ///< of segments
};

/// The chunks are the atlas's own. Takes an atlas as parse_atlas lets it through: indices in range.
AreaMesh area_mesh(const fleet::AtlasArea& area);
/// Segments without length are left out.
LineMesh line_mesh(const fleet::AtlasLines& lines);

/// The rim of an area: sides that belong to one triangle only, each once. For areas whose edge no
/// line of the atlas covers.
LineMesh rim_mesh(const AreaMesh& area);

struct DrawRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool operator==(const DrawRange&) const = default;
};

/// The runs of triangles or segments that touch `view`, adjacent chunks merged. Reuses `out`.
void visible_ranges(std::span<const Chunk> chunks, const GridBox& view,
                    std::vector<DrawRange>& out);

}  // namespace render
