// MapComposer: the base map, the points and the heat of one frame made into one picture.
//
// Two implementations give the same picture: on the GPU, and on the CPU for machines without one,
// where a textured full-screen pass costs more than drawing the points into memory. Main thread
// with a current context.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "render/map_frame.hpp"

namespace render {

/// The base map under the machines, for the camera of this frame: premade by BaseMapLayer.
/// Positions are continuous: the centre of the first pixel is (0.5, 0.5), y grows down.
struct BaseImage {
  /// GL RGBA8 texture, opaque, sRGB as one writes #RRGGBB. Texel row 0 is the TOP of the picture
  /// (the target framebuffer's row 0 is its bottom, as GL has it). Linear filter, clamped to edge.
  unsigned texture = 0;
  /// The same on the CPU (bytes R, G, B, A; row 0 = top; width * height), null unless asked for.
  const std::uint32_t* pixels = nullptr;
  int width = 0, height = 0;  ///< px, margins included
  /// base_px = origin + screen_px * scale. At rest origin is whole and scale is 1: a plain copy.
  double origin_x = 0, origin_y = 0, scale = 1;
  std::uint64_t version = 0;  ///< grows with each redraw of the cache
};

class MapComposer {
 public:
  virtual ~MapComposer() = default;
  /// "gpu" or "cpu".
  virtual const char* name() const = 0;
  /// Whether BaseImage::pixels is wanted.
  virtual bool wants_cpu_base() const = 0;
  /// All points, order = slot. `changed`: the slots that differ from the last call; `all`: every
  /// one.
  virtual void set_points(std::span<const PointInstance> points,
                          std::span<const std::uint32_t> changed, bool all) = 0;
  /// All weighted places (up to some 10 million), each time any of them changes. 32 bytes a place
  /// at most are kept in memory, and as many again on the GPU by the composer that draws there.
  virtual void set_heat_places(std::span<const HeatPlace> places) = 0;
  virtual void set_theme(const MapTheme& theme) = 0;
  /// Draws the whole of frame.camera's size into the framebuffer (0 = window).
  virtual void compose(const MapFrame& frame, const BaseImage& base,
                       unsigned target_framebuffer) = 0;
  virtual std::uint64_t gpu_bytes() const = 0;
  /// Sum over the heat map in view, machines or weight as MapFrame::heat_of says; 0 without heat.
  virtual double heat_sum() const = 0;
  /// The hexagon under a point of the screen, of the last composed frame with hexagons (`frame`
  /// gives the camera); nothing beyond the map's edge or before any.
  virtual std::optional<HexagonValue> hexagon_at(const MapFrame& frame,
                                                 ScreenPoint point) const = 0;
  /// Destroys and rebuilds every GL object from what is held on the CPU.
  virtual void rebuild() = 0;
  /// Makes all programs anew from their files. Throws with file and line when one does not compile,
  /// and keeps all as they were.
  virtual void reload_shaders() = 0;
};

/// shader_dir: folder of shaders/. Throws with file and line when a shader does not compile.
std::unique_ptr<MapComposer> make_gpu_composer(const std::string& shader_dir);
std::unique_ptr<MapComposer> make_cpu_composer(const std::string& shader_dir);

}  // namespace render
