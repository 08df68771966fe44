// TileLayer: raster tiles as part of the base map's picture. Main thread with a current context.
//
// How it works: whoever loads tiles asks which are wanted, and hands over pictures as they come;
// each becomes a texture with mip-maps on a shelf bounded in bytes. Drawing lays them over the
// land of the base map, in a tone that leaves machines the brightest thing. What lacks shows its
// parent or the land below: there are no holes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "render/gl/gl_objects.hpp"
#include "render/gl/program.hpp"
#include "render/image.hpp"
#include "render/tiles/tile_plan.hpp"
#include "render/tiles/tile_side.hpp"

namespace render {

/// A view of 3840 px fills 163 MiB of it at most, the rest is for coming back.
inline constexpr std::size_t kTileBytesMax = std::size_t{256} << 20;

class TileLayer {
 public:
  /// Throws when a shader does not compile.
  TileLayer(const std::string& shader_dir, const TileMap& map, bool dark,
            std::size_t bytes_max = kTileBytesMax);

  void set_theme(bool dark) { tone_ = tile_tone(map_.look, dark); }
  /// Tiles for this view are wanted from now on.
  void look_at(const CacheView& view);
  /// Over what the framebuffer of look_at's view holds; it is bound, its viewport set.
  void draw();

  /// See TilePlan. Valid until the next call of anything but const functions.
  const std::vector<fleet::TileId>& wanted();
  /// Grows whenever wanted() may have changed.
  std::uint64_t wanted_version() const { return version_; }
  /// A picture of 1 to kTileSidePxMax px a side.
  void add(fleet::TileId tile, const Image& picture);
  /// The set does not have the tile, or it cannot be read (now).
  void set_absent(fleet::TileId tile);
  /// Whether tiles came that the last drawing did not have.
  bool has_news() const { return news_; }

  /// Textures and programs anew; all tiles are wanted again.
  void rebuild(const std::string& shader_dir);
  void reload_shaders(const std::string& shader_dir);
  std::uint64_t gpu_bytes() const { return shelf_.bytes() + vertex_buffer_.size_bytes(); }
  std::uint64_t tile_bytes() const { return shelf_.bytes(); }
  /// Places of the last drawing that showed a tile of their own zoom, not one that stands in.
  std::uint32_t drawn() const { return drawn_; }
  /// Places of the last drawing that showed a coarser tile or finer ones in its stead.
  std::uint32_t stand_in() const { return stand_in_; }
  /// Tiles that the last drawing used, each once.
  const std::vector<fleet::TileId>& shown() const { return shown_; }

 private:
  struct Vertex {
    float x_px, y_px, u, v;
  };
  struct Run {
    unsigned texture;
    int first, count;
  };

  TilePlan::Has has() const;
  void changed();
  void lay_out(const std::vector<TileShown>& shown);
  void append(const TileShown& shown);
  const std::vector<fleet::WorldPoint>& lattice_of(fleet::TileId tile);
  void upload();

  TileMap map_;
  TileTone tone_;
  TilePlan plan_;
  std::optional<CacheView> view_;
  TileSide side_;
  TileShelf<Texture> shelf_;
  Program program_;
  VertexArray vertex_array_;
  Buffer vertex_buffer_;
  std::vector<Vertex> vertices_;
  std::vector<Run> runs_;
  // Moving a lattice costs hundreds of sines: kept while its tile is in the picture.
  std::unordered_map<fleet::TileId, std::vector<fleet::WorldPoint>, TileHash> lattices_;
  std::vector<fleet::TileId> wanted_;
  std::uint64_t version_ = 1, wanted_of_ = 0;
  bool news_ = false;
  std::uint32_t drawn_ = 0, stand_in_ = 0;
  std::vector<fleet::TileId> shown_;
};

}  // namespace render
