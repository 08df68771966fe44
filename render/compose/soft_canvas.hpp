// SoftCanvas: the map picture drawn by the CPU into memory: base map, heat, points. No GL.
//
// For machines without a GPU, where drawing points ourselves costs a tenth of asking a software
// rasteriser. The screen is cut into tiles; points are sorted into them, a tile's light is summed
// and toned while it lies in the cache, and tiles nothing touches are a copy of the base map, left
// alone while that does not change. At most two threads: the caller's and a sleeping helper.
// Used by one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "render/compose/base_sampler.hpp"
#include "render/compose/heat_grid.hpp"
#include "render/compose/heat_view.hpp"
#include "render/compose/hex_view.hpp"
#include "render/compose/lanes.hpp"
#include "render/compose/light_tile.hpp"
#include "render/compose/look.hpp"

namespace render {

enum class RowOrder { top_down, bottom_up };

class SoftCanvas {
 public:
  /// threads: 1 or 2. order: of the rows of pixels().
  SoftCanvas(int threads, RowOrder order);

  void set_theme(const MapTheme& theme);
  /// Copies what changed; see MapComposer::set_points.
  void set_points(std::span<const PointInstance> points, std::span<const std::uint32_t> changed,
                  bool all);
  /// See MapComposer::set_heat_places.
  void set_heat_places(std::span<const HeatPlace> places) { places_.set(places); }
  /// Draws a frame of the camera's size.
  void draw(const MapFrame& frame, const BaseView& base);

  int width() const { return width_; }
  int height() const { return height_; }
  /// Bytes R, G, B, A, opaque; width() * height().
  std::span<const std::uint32_t> pixels() const { return pixels_; }
  /// Pixel with y from the top, whatever the row order.
  std::uint32_t pixel(int x, int y) const;
  /// Machines or weight of the places that stand on the screen; 0 without heat.
  double heat_sum() const { return heat_sum_; }
  std::optional<HexagonValue> hexagon_at(const MapFrame& frame, ScreenPoint point) const {
    return hexagons_.at(frame, point);
  }
  const HeatGrid& heat() const { return heat_; }
  /// Tiles written in the last frame: the others already showed the right base map.
  int tiles_drawn() const { return tiles_drawn_; }

 private:
  struct Lane {
    LightTile light;
    std::vector<std::uint32_t> base_scratch;
    std::vector<float> heat_scratch;
    int tiles_drawn = 0;
  };
  struct TileBox {
    int x, y, width, height;
  };
  void resize(int width, int height);
  TileBox box_of(int tile) const;
  std::uint32_t* row_at(int y);
  void draw_tile(Lane& lane, int tile, const MapFrame& frame);
  bool heated(const TileBox& box) const;
  void lay_heat(Lane& lane, const TileBox& box);
  void make_heat(const MapFrame& frame, const Projection& projection);

  Lanes lanes_;
  RowOrder order_;
  int width_ = 0, height_ = 0;
  std::vector<std::uint32_t> pixels_;
  std::vector<PointInstance> points_;
  HeatPlaces places_;
  KindLight kind_light_{};
  bool as_ink_ = false;
  // Of a density, of a difference: bytes R, G, B, opacity.
  std::array<std::array<std::uint32_t, std::tuple_size_v<HeatRamp>>, 2> ramps_{};
  SplatKernels kernels_;
  SplatSorter sorter_;
  BaseSampler base_;
  HeatGrid heat_;
  HexHeat hexagons_;
  std::uint64_t points_version_ = 0;
  bool heat_shown_ = false, heat_difference_ = false;
  HeatForm heat_form_ = HeatForm::smooth;
  HeatInView in_view_;
  double heat_sum_ = 0;
  TileGrid grid_;
  BaseView shown_base_;             // what bare tiles show
  std::vector<std::uint8_t> bare_;  // per tile: shows shown_base_ and nothing else
  Lane lane_[2];
  int tiles_drawn_ = 0;
};

}  // namespace render
