#include "render/basemap/painter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace render {
namespace {

using fleet::AtlasLayer;

struct LayerStyle {
  AtlasLayer layer;
  Rgb MapTheme::*area;
  Rgb MapTheme::*line;
  float width_px;   // of the line, at 1920 px
  bool over_tiles;  // raster tiles have the others in their own, and better, drawing
};

// In drawing order: what lies below comes first.
constexpr std::array<LayerStyle, 9> kLayers{{
    {AtlasLayer::land, &MapTheme::land, nullptr, 0, false},
    {AtlasLayer::focus, &MapTheme::focus_land, nullptr, 0, false},
    {AtlasLayer::lakes, &MapTheme::lake, &MapTheme::lake_rim, 1.0f, false},
    {AtlasLayer::rivers, nullptr, &MapTheme::river, 0.8f, false},
    {AtlasLayer::county_borders, nullptr, &MapTheme::county_border, 0.7f, false},
    {AtlasLayer::prefecture_borders, nullptr, &MapTheme::prefecture_border, 0.8f, false},
    {AtlasLayer::province_borders, nullptr, &MapTheme::province_border, 1.0f, true},
    {AtlasLayer::country_borders, nullptr, &MapTheme::country_border, 1.2f, true},
    {AtlasLayer::coast, nullptr, &MapTheme::coast, 1.2f, false},
}};

// The world is a circle: a view over its seam shows a copy on either side.
constexpr std::array<int, 3> kWorldCopies{-1, 0, 1};

// The camera in the terms of the shaders.
struct GridView {
  std::int64_t centre_x, centre_y;  // grid step at or before the camera's centre
  float offset_x_px, offset_y_px;   // where that step lies in the picture
  float px_per_grid;
  GridBox box;  // what the picture holds
};

GridView grid_view(const CacheView& view, int copy) {
  const Camera& camera = view.camera();
  const double px_per_grid = camera.px_per_world() / fleet::kGridSize;
  const double x = (camera.centre.x - copy) * fleet::kGridSize;
  const double y = camera.centre.y * fleet::kGridSize;
  const double half_x = view.width_px() / 2.0, half_y = view.height_px() / 2.0;
  GridView grid{};
  grid.centre_x = static_cast<std::int64_t>(std::floor(x));
  grid.centre_y = static_cast<std::int64_t>(std::floor(y));
  grid.offset_x_px = static_cast<float>(half_x - (x - std::floor(x)) * px_per_grid);
  grid.offset_y_px = static_cast<float>(half_y - (y - std::floor(y)) * px_per_grid);
  grid.px_per_grid = static_cast<float>(px_per_grid);
  constexpr double kLineReachPx = 8;  // a line's half width reaches over its segment
  const auto reach_x = static_cast<std::int64_t>((half_x + kLineReachPx) / px_per_grid) + 1;
  const auto reach_y = static_cast<std::int64_t>((half_y + kLineReachPx) / px_per_grid) + 1;
  grid.box = {grid.centre_x - reach_x, grid.centre_y - reach_y, grid.centre_x + reach_x,
              grid.centre_y + reach_y};
  return grid;
}

bool world_in(const GridBox& box) {
  return box.touches({0, 0, fleet::kGridSize - 1, fleet::kGridSize - 1});
}

// Lines grow with the view (same framing at 4K, but small views keep lines that can be seen) and a
// little with zoom, where there is room.
float line_width_px(float width_px, const Camera& camera) {
  const double view_scale = std::max(camera.width_px / 1920.0, 0.75);
  const double zoom_scale = 1 + 0.06 * std::clamp(camera.zoom - 5, 0.0, 8.0);
  return static_cast<float>(static_cast<double>(width_px) * view_scale * zoom_scale);
}

// `share` of the line's colour, the rest the area's that it is drawn on.
Rgb faint(Rgb area, Rgb line, double share) {
  const auto t = static_cast<float>(share);
  return {area.r + (line.r - area.r) * t, area.g + (line.g - area.g) * t,
          area.b + (line.b - area.b) * t};
}

// Rims of lakes come out with zoom: from afar a small lake would be nothing but its rim. So do
// counties, whose borders are a net all over the country.
Rgb line_colour(const MapTheme& theme, const LayerStyle& style, double zoom) {
  const Rgb line = theme.*style.line;
  if (style.area) return faint(theme.*style.area, line, std::clamp((zoom - 5) / 3, 0.15, 1.0));
  if (style.layer != AtlasLayer::county_borders) return line;
  return faint(theme.focus_land, line, std::clamp(zoom - 8, 0.4, 1.0));
}

void set_view(Program& program, const CacheView& view, const GridView& grid, Rgb colour) {
  program.set("u_centre_grid", static_cast<int>(grid.centre_x), static_cast<int>(grid.centre_y));
  program.set("u_offset_px", grid.offset_x_px, grid.offset_y_px);
  program.set("u_px_per_grid", grid.px_per_grid);
  program.set("u_size_px", static_cast<float>(view.width_px()),
              static_cast<float>(view.height_px()));
  program.set("u_colour", colour.r, colour.g, colour.b);
}

// Two triangles over the four corners of a segment; corner c of segment s is vertex 4 * s + c, with
// bit 0 of c for its end and bit 1 for its side.
constexpr std::uint32_t kIndicesPerSegment = 6;

std::vector<std::uint32_t> quad_indices(std::size_t segments) {
  std::vector<std::uint32_t> indices;
  indices.reserve(segments * kIndicesPerSegment);
  for (std::uint32_t first = 0; first < segments * 4; first += 4) {
    for (const std::uint32_t corner : {0u, 1u, 2u, 2u, 1u, 3u}) indices.push_back(first + corner);
  }
  return indices;
}

template <class T>
Buffer uploaded(const char* label, const std::vector<T>& items) {
  if (items.empty()) return {};
  return Buffer(label, items.size() * sizeof(T), items.data(), 0);
}

Program area_program(const std::string& shader_dir) {
  return {"base map area", shader_dir, {"basemap_area.vert", "basemap_area.frag"}};
}

Program line_program(const std::string& shader_dir) {
  return {"base map line", shader_dir, {"basemap_line.vert", "basemap_line.frag"}};
}

}  // namespace

BaseMapPainter::BaseMapPainter(const std::string& shader_dir,
                               const std::vector<PreparedLevel>& levels)
    : levels_(levels),
      area_program_(area_program(shader_dir)),
      line_program_(line_program(shader_dir)),
      area_vertices_("base map area"),
      line_vertices_("base map line") {
  glEnableVertexArrayAttrib(area_vertices_.id(), 0);
  glVertexArrayAttribIFormat(area_vertices_.id(), 0, 2, GL_UNSIGNED_INT, 0);
  glVertexArrayAttribBinding(area_vertices_.id(), 0, 0);
  std::size_t segments_max = 0;
  for (const PreparedLevel& level : levels) {
    segments_max = std::max(segments_max, level.lines.segments.size());
    ranges_.push_back(level.range);
    buffers_.push_back({uploaded("base map vertices", level.area.vertices),
                        uploaded("base map triangles", level.area.indices),
                        uploaded("base map segments", level.lines.segments)});
  }
  quad_indices_ = uploaded("base map quads", quad_indices(segments_max));
  if (quad_indices_) glVertexArrayElementBuffer(line_vertices_.id(), quad_indices_.id());
}

void BaseMapPainter::reload_shaders(const std::string& shader_dir) {
  Program area = area_program(shader_dir), line = line_program(shader_dir);
  area_program_ = std::move(area);
  line_program_ = std::move(line);
}

void BaseMapPainter::draw(const CacheView& view, const MapTheme& theme, unsigned framebuffer,
                          TileLayer* tiles) {
  primitives_ = 0;
  glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
  glViewport(0, 0, view.width_px(), view.height_px());
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_CULL_FACE);
  glClearColor(theme.sea.r, theme.sea.g, theme.sea.b, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  // Alpha stays 1: the picture is opaque.
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  for (std::size_t i = 0; i < kLayers.size(); ++i) {
    if (!tiles || !kLayers[i].over_tiles) draw_layer(i, view, theme);
  }
  if (tiles) {
    tiles->draw();
    for (std::size_t i = 0; i < kLayers.size(); ++i) {
      if (kLayers[i].over_tiles) draw_layer(i, view, theme);
    }
  }
  glDisable(GL_BLEND);
  glBindVertexArray(0);
}

void BaseMapPainter::draw_layer(std::size_t layer, const CacheView& view, const MapTheme& theme) {
  const LayerStyle& style = kLayers[layer];
  const auto level = level_for(ranges_, style.layer, view.camera());
  if (!level) return;
  if (style.area && buffers_[*level].vertices) draw_area(*level, view, theme.*style.area);
  if (style.line && buffers_[*level].segments) {
    draw_lines(*level, view, line_colour(theme, style, view.camera().zoom), style.width_px);
  }
}

void BaseMapPainter::draw_area(std::size_t level, const CacheView& view, Rgb colour) {
  glDisable(GL_BLEND);
  glVertexArrayVertexBuffer(area_vertices_.id(), 0, buffers_[level].vertices.id(), 0,
                            sizeof(fleet::GridPoint));
  glVertexArrayElementBuffer(area_vertices_.id(), buffers_[level].indices.id());
  glBindVertexArray(area_vertices_.id());
  draw_copies(area_program_, view, colour, levels_[level].area.chunks, 3);
}

void BaseMapPainter::draw_lines(std::size_t level, const CacheView& view, Rgb colour,
                                float width_px) {
  glEnable(GL_BLEND);
  line_program_.set("u_width_px", line_width_px(width_px, view.camera()));
  glBindVertexArray(line_vertices_.id());
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, 0, buffers_[level].segments.id());
  draw_copies(line_program_, view, colour, levels_[level].lines.chunks, kIndicesPerSegment);
}

void BaseMapPainter::draw_copies(Program& program, const CacheView& view, Rgb colour,
                                 const std::vector<Chunk>& chunks, std::uint32_t per_item) {
  program.use();
  for (const int copy : kWorldCopies) {
    const GridView grid = grid_view(view, copy);
    if (!world_in(grid.box)) continue;
    set_view(program, view, grid, colour);
    draw_ranges(chunks, grid.box, per_item);
  }
}

void BaseMapPainter::draw_ranges(const std::vector<Chunk>& chunks, const GridBox& box,
                                 std::uint32_t per_item) {
  visible_ranges(chunks, box, visible_);
  if (visible_.empty()) return;
  counts_.clear();
  offsets_.clear();
  for (const DrawRange& range : visible_) {
    primitives_ += range.count;
    counts_.push_back(static_cast<GLsizei>(range.count * per_item));
    offsets_.push_back(reinterpret_cast<const void*>(static_cast<std::uintptr_t>(range.first) *
                                                     per_item * sizeof(std::uint32_t)));
  }
  const auto draws = static_cast<GLsizei>(visible_.size());
  glMultiDrawElements(GL_TRIANGLES, counts_.data(), GL_UNSIGNED_INT, offsets_.data(), draws);
}

std::uint64_t BaseMapPainter::gpu_bytes() const {
  std::uint64_t bytes = quad_indices_.size_bytes();
  for (const LevelBuffers& level : buffers_) {
    bytes += level.vertices.size_bytes() + level.indices.size_bytes() + level.segments.size_bytes();
  }
  return bytes;
}

}  // namespace render
