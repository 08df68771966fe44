// BaseMapLayer: land, lakes and borders, drawn into a cached picture that moves with the camera.
// Main thread with a current context.
//
// Areas are triangles without anti-aliasing: their rims lie under the coast and border lines, which
// are quads with a distance to the line in the fragment. Vertices stay integers of the world grid;
// the shader subtracts the camera's integer centre before it goes to float, so that near the centre
// nothing is lost at any zoom. What a redraw costs: README.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fleet/atlas.hpp"
#include "render/compose/map_composer.hpp"
#include "render/tiles/tile_layer.hpp"

namespace render {

class BaseMapLayer {
 public:
  /// Takes what it needs of the atlas. Throws when a shader does not compile.
  BaseMapLayer(const std::string& shader_dir, const fleet::Atlas& atlas, const MapTheme& theme);
  ~BaseMapLayer();

  /// The next update redraws.
  void set_theme(const MapTheme& theme);
  /// Shows raster tiles from the next update on, or none any more.
  void set_tiles(const std::optional<TileMap>& map);
  /// To hand tiles over; null without.
  TileLayer* tiles();
  /// Draws anew at the next update if tiles came since the last redraw; says whether.
  bool show_new_tiles();
  /// The picture for this camera, redrawn only when the cached one does not do. A camera equal to
  /// the last call's is at rest: it gets an exact picture. cpu_copy: fill BaseImage::pixels as
  /// well.
  BaseImage update(const Camera& camera, bool cpu_copy);

  /// Whether the last picture maps pixel on pixel; if not, one more frame at rest makes it so.
  bool exact() const;
  std::uint64_t redraws() const;
  std::uint64_t gpu_bytes() const;
  /// Triangles and segments drawn by the last redraw.
  std::uint64_t primitives() const;
  /// Destroys and rebuilds every GL object.
  void rebuild();
  /// Makes the programs anew and forgets the picture. Throws with file and line when one does not
  /// compile, and keeps all as it was.
  void reload_shaders();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace render
