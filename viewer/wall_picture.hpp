// WallPicture: one frame of the wall, from the map up to the panels.
//
// How it works: the map is drawn into a picture of its own, and only when something on it changed;
// each frame takes a copy of it, then labels, marks and panels go on top. A second in which only
// the clock moves therefore costs a copy and one small panel. Main thread, GL context current.
#pragma once

#include <memory>
#include <string>

#include "fleet/atlas.hpp"
#include "render/map_renderer.hpp"
#include "viewer/interaction.hpp"
#include "viewer/options.hpp"
#include "viewer/run_stats.hpp"
#include "viewer/tiles/map_tiles.hpp"
#include "viewer/trails/trail_set.hpp"
#include "viewer/ui/layout.hpp"

namespace viewer {

class WallPicture {
 public:
  /// Throws when a shader or an asset does not load.
  WallPicture(const std::string& shader_dir, const fleet::Atlas& atlas, const Options& options);
  ~WallPicture();

  Ui& ui();
  Layout layout(const WallModel& model, const render::Camera& camera) const;
  /// The part of the map that no panel covers, of the last frame.
  Rect map_rect() const;

  /// moving: points are gliding. time_s: steady seconds, for pulses.
  void draw(const render::MapFrame& frame, const FleetView& view, const WallModel& model,
            const WallState& wall, const TrailSet& trails, bool moving, double time_s,
            unsigned target_framebuffer);
  /// Destroys every GL object and makes it anew from what the CPU holds; after a frame. The next
  /// one shows the same picture.
  void rebuild();
  /// See render::MapRenderer; the next frame shows them.
  render::ShaderReload reload_shaders_if_changed();

  /// Raster tiles on the map from now on. `loader` must outlive the picture.
  void show_tiles(TileLoader& loader, const render::TileMap& map);
  /// Takes in the tiles that came. True: the map is to be drawn anew.
  bool update_tiles(MapTiles::Steady now);
  /// Null without tiles.
  MapTiles* tiles();
  /// Nothing more is to come for the last picture.
  bool tiles_settled() const;

  /// The base map of the last picture was drawn for its very camera.
  bool exact() const;

  /// Renderer, composer, GPU memory and times.
  /// All places of the heat, each time any of them changes (see render::MapRenderer).
  void set_heat_places(std::span<const render::HeatPlace> places);
  /// Sum over the heat of the last picture; nothing without heat.
  std::optional<double> heat_sum() const;
  void add_to(RunStats& stats) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace viewer
