// BaseMapPainter: the GL objects of the base map, and drawing it for one CacheView.
// Main thread with a current context. Made anew by BaseMapLayer::rebuild.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "render/basemap/cache_view.hpp"
#include "render/basemap/prepare.hpp"
#include "render/gl/gl_objects.hpp"
#include "render/gl/program.hpp"
#include "render/map_frame.hpp"
#include "render/tiles/tile_layer.hpp"

namespace render {

class BaseMapPainter {
 public:
  /// `levels` must outlive the painter.
  BaseMapPainter(const std::string& shader_dir, const std::vector<PreparedLevel>& levels);

  /// Fills the whole framebuffer, of view.width_px() x view.height_px(), row 0 = top. tiles: laid
  /// over land and water, under the borders of provinces and countries; null = none.
  void draw(const CacheView& view, const MapTheme& theme, unsigned framebuffer,
            TileLayer* tiles = nullptr);
  std::uint64_t gpu_bytes() const;
  /// Throws when one does not compile, and keeps both as they were.
  void reload_shaders(const std::string& shader_dir);
  std::uint64_t primitives() const { return primitives_; }

 private:
  // One level on the GPU: an index and a vertex buffer (area), segments (lines).
  struct LevelBuffers {
    Buffer vertices;
    Buffer indices;
    Buffer segments;
  };

  void draw_layer(std::size_t layer, const CacheView& view, const MapTheme& theme);
  void draw_area(std::size_t level, const CacheView& view, Rgb colour);
  void draw_lines(std::size_t level, const CacheView& view, Rgb colour, float width_px);
  void draw_copies(Program& program, const CacheView& view, Rgb colour,
                   const std::vector<Chunk>& chunks, std::uint32_t per_item);
  void draw_ranges(const std::vector<Chunk>& chunks, const GridBox& box, std::uint32_t per_item);

  const std::vector<PreparedLevel>& levels_;
  std::vector<LevelRange> ranges_;
  std::vector<LevelBuffers> buffers_;
  Program area_program_;
  Program line_program_;
  VertexArray area_vertices_;
  VertexArray line_vertices_;  // indices only: segments are read from a storage buffer
  Buffer quad_indices_;        // of as many segments as the longest level has
  std::uint64_t primitives_ = 0;
  // Kept between draws so that drawing allocates nothing once they have grown.
  std::vector<DrawRange> visible_;
  std::vector<GLsizei> counts_;
  std::vector<const void*> offsets_;
};

}  // namespace render
