#include "render/tiles/tile_layer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <unordered_set>

namespace render {
namespace {

/// Lattices kept: those of a full picture and of the ones it goes to.
constexpr std::size_t kLatticesMax = 4 * kTilePatchesMax;

Program tile_program(const std::string& shader_dir) {
  return {"base map tile", shader_dir, {"basemap_tile.vert", "basemap_tile.frag"}};
}

VertexArray tile_vertices() {
  VertexArray array("base map tile");
  for (const GLuint attribute : {0u, 1u}) {
    glEnableVertexArrayAttrib(array.id(), attribute);
    glVertexArrayAttribFormat(array.id(), attribute, 2, GL_FLOAT, GL_FALSE,
                              attribute * 2 * sizeof(float));
    glVertexArrayAttribBinding(array.id(), attribute, 0);
  }
  return array;
}

}  // namespace

TileLayer::TileLayer(const std::string& shader_dir, const TileMap& map, bool dark,
                     std::size_t bytes_max)
    : map_(map),
      tone_(tile_tone(map.look, dark)),
      plan_(map),
      side_(map.tile_px),
      shelf_(bytes_max),
      program_(tile_program(shader_dir)),
      vertex_array_(tile_vertices()) {}

TilePlan::Has TileLayer::has() const {
  return [this](fleet::TileId tile) { return shelf_.has(tile); };
}

void TileLayer::changed() {
  ++version_;
}

void TileLayer::look_at(const CacheView& view) {
  view_ = view;
  plan_.look_at(view, side_.px());
  changed();
}

const std::vector<fleet::TileId>& TileLayer::wanted() {
  if (wanted_of_ != version_) wanted_ = plan_.wanted(has());
  wanted_of_ = version_;
  return wanted_;
}

void TileLayer::add(fleet::TileId tile, const Image& picture) {
  assert(picture.width > 0 && picture.width <= kTileSidePxMax && picture.height > 0 &&
         picture.height <= kTileSidePxMax);
  Texture texture("map tile", GL_RGBA8, picture.width, picture.height, true);
  texture.update(GL_RGBA, GL_UNSIGNED_BYTE, picture.rgba.data());
  texture.make_mipmaps();
  const std::size_t bytes = texture.size_bytes();
  if (!shelf_.put(tile, std::move(texture), bytes)) {
    plan_.set_refused(tile);
    changed();
    return;
  }
  plan_.set_present(tile);
  news_ = true;
  changed();
  if (side_.add(picture.width) && view_) look_at(CacheView(*view_));
}

void TileLayer::set_absent(fleet::TileId tile) {
  plan_.set_absent(tile);
  changed();
}

const std::vector<fleet::WorldPoint>& TileLayer::lattice_of(fleet::TileId tile) {
  const auto found = lattices_.find(tile);
  if (found != lattices_.end()) return found->second;
  if (lattices_.size() >= kLatticesMax) lattices_.clear();
  const int steps = lattice_steps(map_.datum, tile.zoom);
  return lattices_.emplace(tile, tile_lattice(tile, map_.datum, steps)).first->second;
}

void TileLayer::append(const TileShown& shown) {
  const TilePatch& patch = shown.patch;
  const int steps = lattice_steps(map_.datum, patch.tile.zoom);
  const auto& lattice = lattice_of(patch.tile);
  const Camera& camera = view_->camera();
  const double scale = camera.px_per_world();
  const double left = camera.centre.x - view_->width_px() / 2.0 / scale - patch.world;
  const double top = camera.centre.y - view_->height_px() / 2.0 / scale;
  const auto vertex = [&](int column, int row) {
    const auto at = static_cast<std::size_t>(row * (steps + 1) + column);
    const float u = static_cast<float>(column) / static_cast<float>(steps);
    const float v = static_cast<float>(row) / static_cast<float>(steps);
    return Vertex{static_cast<float>((lattice[at].x - left) * scale),
                  static_cast<float>((lattice[at].y - top) * scale),
                  shown.u0 + (shown.u1 - shown.u0) * u, shown.v0 + (shown.v1 - shown.v0) * v};
  };
  for (int row = 0; row < steps; ++row) {
    for (int column = 0; column < steps; ++column) {
      for (const auto& [x, y] :
           std::array<std::pair<int, int>, 6>{{{0, 0}, {1, 0}, {0, 1}, {0, 1}, {1, 0}, {1, 1}}}) {
        vertices_.push_back(vertex(column + x, row + y));
      }
    }
  }
}

void TileLayer::lay_out(const std::vector<TileShown>& shown) {
  vertices_.clear();
  runs_.clear();
  drawn_ = stand_in_ = 0;
  std::unordered_set<fleet::TileId, TileHash> used;
  std::optional<TilePatch> stood_in;
  for (const TileShown& each : shown) {
    used.insert(each.source);
    const unsigned texture = shelf_.use(each.source)->id();
    const auto first = static_cast<int>(vertices_.size());
    append(each);
    const int count = static_cast<int>(vertices_.size()) - first;
    if (!runs_.empty() && runs_.back().texture == texture) {
      runs_.back().count += count;
    } else {
      runs_.push_back({texture, first, count});
    }
    const int zoom = plan_.patches().front().tile.zoom;
    if (each.patch.tile.zoom == zoom && each.source.zoom == std::min(zoom, map_.zoom_max)) {
      ++drawn_;
      continue;
    }
    // One place after another, each with all that stands in for it.
    const TilePatch place{ancestor_at(each.patch.tile, zoom), each.patch.world};
    stand_in_ += stood_in != place;
    stood_in = place;
  }
  shown_.assign(used.begin(), used.end());
}

void TileLayer::upload() {
  const std::size_t bytes = vertices_.size() * sizeof(Vertex);
  if (vertex_buffer_.size_bytes() < bytes) {
    vertex_buffer_ = Buffer("base map tiles", std::bit_ceil(bytes));
  }
  vertex_buffer_.update(0, bytes, vertices_.data());
  glVertexArrayVertexBuffer(vertex_array_.id(), 0, vertex_buffer_.id(), 0, sizeof(Vertex));
}

void TileLayer::draw() {
  news_ = false;
  shelf_.begin_picture();
  lay_out(view_ ? plan_.shown(has()) : std::vector<TileShown>{});
  if (vertices_.empty()) return;
  const DebugGroup group("tiles");
  upload();
  // Tiles may be transparent where they have nothing.
  glEnable(GL_BLEND);
  program_.use();
  program_.set("u_size_px", static_cast<float>(view_->width_px()),
               static_cast<float>(view_->height_px()));
  program_.set("u_tile", 0);
  program_.set("u_black", tone_.black.r, tone_.black.g, tone_.black.b);
  program_.set("u_white", tone_.white.r, tone_.white.g, tone_.white.b);
  program_.set("u_chroma", tone_.chroma);
  glBindVertexArray(vertex_array_.id());
  for (const Run& run : runs_) {
    glBindTextureUnit(0, run.texture);
    glDrawArrays(GL_TRIANGLES, run.first, run.count);
  }
  glBindTextureUnit(0, 0);
}

void TileLayer::rebuild(const std::string& shader_dir) {
  shelf_.clear();
  shown_.clear();
  runs_.clear();
  vertex_buffer_ = {};
  vertex_array_ = {};
  program_ = {};
  program_ = tile_program(shader_dir);
  vertex_array_ = tile_vertices();
  changed();
}

void TileLayer::reload_shaders(const std::string& shader_dir) {
  program_ = tile_program(shader_dir);
}

}  // namespace render
