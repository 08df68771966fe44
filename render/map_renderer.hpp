// MapRenderer: the map picture, from base map to points. One for the program's life.
//
// The composition (points, heat, tone mapping, base under it) stands behind MapComposer, with two
// implementations that give the same picture: on the GPU (gl_composer), and on the CPU for machines
// without one (soft_composer), where it costs a tenth. Main thread with a current context.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "fleet/atlas.hpp"
#include "render/image.hpp"
#include "render/map_frame.hpp"
#include "render/tiles/tile_map.hpp"

namespace render {

enum class ComposerChoice { automatic, gpu, cpu };

/// What reload_shaders_if_changed did.
struct ShaderReload {
  bool reloaded = false;  ///< draw a frame to see them
  std::string error;      ///< a shader does not compile: file, line and why; its old one stays
};

struct RenderStats {
  double gpu_ms = 0;            ///< last finished GPU timers of all passes, 0 if none yet
  double base_gpu_ms = 0;       ///< of that, the base map
  std::uint64_t gpu_bytes = 0;  ///< textures and buffers we made
  std::uint64_t base_redraws = 0;
  bool base_exact =
      false;  ///< false: the base map is resampled; one more frame at rest sharpens it
  const char* composer = "";         ///< "gpu" or "cpu"
  double heat_sum = 0;               ///< over the heat map in view: machines, or weight of places
  std::uint32_t tiles_drawn = 0;     ///< places of the base map's picture with a tile of their own
  std::uint32_t tiles_stand_in = 0;  ///< places that show a coarser one, or finer ones
  std::uint64_t tile_bytes = 0;      ///< of gpu_bytes, the tiles kept
};

class MapRenderer {
 public:
  /// shader_dir: folder of shaders/. Throws with file and line when a shader does not compile.
  MapRenderer(const std::string& shader_dir, const fleet::Atlas& atlas, MapTheme theme,
              ComposerChoice choice = ComposerChoice::automatic);
  ~MapRenderer();

  /// All points, order = slot. `changed`: slots whose PointInstance differs from the last call
  /// (only these are uploaded); a null pointer data() with `all` = everything changed.
  void set_points(std::span<const PointInstance> points, std::span<const std::uint32_t> changed,
                  bool all);
  /// All weighted places for MapFrame::heat_of = places, each time any of them changes: order does
  /// not matter, weights that are not above zero count nothing. Costs sorting (30 ms for 300,000
  /// unsorted ones) and 32 bytes a place at most.
  void set_heat_places(std::span<const HeatPlace> places);
  void set_theme(const MapTheme& theme);

  // Raster tiles over the land of the base map. Whoever loads them asks which are wanted, hands
  // over what comes, and says now and then that it may be shown: each such time costs a redraw of
  // the base map. Until a tile is there, its parent or the land shows.
  /// Nothing: no tiles, as at first.
  void set_tiles(const std::optional<TileMap>& map);
  /// What the last frame's base map lacks, in the order of use; good until the next call of
  /// another function. Those said to be absent are among them: they may come all the same.
  std::span<const fleet::TileId> wanted_tiles();
  /// Those whose pictures the last drawing of the base map shows, each once. Valid until the next.
  std::span<const fleet::TileId> shown_tiles();
  /// Grows whenever wanted_tiles() may have changed.
  std::uint64_t wanted_tiles_version() const;
  /// Uploads a picture of 1 to kTileSidePxMax px a side: some tenths of a millisecond.
  void add_tile(fleet::TileId tile, const Image& picture);
  /// The set does not have it, or it cannot be read now: its parent is wanted in its place.
  void set_tile_absent(fleet::TileId tile);
  /// Lets the next frame show what came since the last redraw; false when nothing did.
  bool show_new_tiles();

  /// Draws into the framebuffer `target` (0 = window), whole of frame.camera's size.
  void draw(const MapFrame& frame, unsigned target_framebuffer);
  /// The hexagon under a point of the screen (px), for hover: of the last frame drawn with
  /// HeatForm::hexagons, in that frame's unit. Nothing beyond the map's edge or before any.
  std::optional<HexagonValue> hexagon_at(const MapFrame& frame, ScreenPoint point) const;
  const RenderStats& stats() const;
  /// Destroys and rebuilds every GL object from what is held on the CPU (context loss, debug
  /// command).
  void rebuild();
  /// For working on shaders: reads the shader folder's times, and makes all programs anew if a file
  /// was changed. Programs that do not compile keep their last good one, and the error is given
  /// once a change. Call it once a second at most; it is no part of drawing.
  ShaderReload reload_shaders_if_changed();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace render
