#include "render/compose/soft_canvas.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "render/compose/simd.hpp"

namespace render {
namespace {

std::uint32_t byte_from(float v) {
  return static_cast<std::uint32_t>(std::lround(std::clamp(v, 0.0f, 1.0f) * 255));
}

// Lays the ramp's colours over a row of pixels. places: -1..1.
FLEETWALL_CLONES
void lay_ramp(const float* __restrict places, const std::uint32_t* __restrict ramp, int count,
              std::uint32_t* __restrict out) {
  for (int i = 0; i < count; ++i) {
    const std::uint32_t over = ramp[heat_ramp_index(places[i])];
    const std::uint32_t under = out[i];
    std::uint32_t opacity = over >> 24;
    opacity += opacity >> 7;  // 0..256, so that 255 covers fully
    const std::uint32_t rest = 256 - opacity;
    constexpr std::uint32_t kPairs = 0x00ff00ffu, kRound = 0x00800080u;
    const std::uint32_t even = (under & kPairs) * rest + (over & kPairs) * opacity + kRound;
    const std::uint32_t green = ((under >> 8) & 255u) * rest + ((over >> 8) & 255u) * opacity + 128;
    out[i] = ((even >> 8) & kPairs) | (green & 0xff00u) | 0xff000000u;
  }
}

}  // namespace

SoftCanvas::SoftCanvas(int threads, RowOrder order) : lanes_(threads), order_(order) {}

void SoftCanvas::set_theme(const MapTheme& theme) {
  kind_light_ = kind_light_of(theme);
  as_ink_ = !theme.dark;
  for (const bool difference : {false, true}) {
    const HeatRamp ramp = heat_ramp_of(theme, difference);
    for (std::size_t i = 0; i < ramp.size(); ++i) {
      ramps_[difference][i] = byte_from(ramp[i][0]) | byte_from(ramp[i][1]) << 8 |
                              byte_from(ramp[i][2]) << 16 | byte_from(ramp[i][3]) << 24;
    }
  }
}

void SoftCanvas::set_points(std::span<const PointInstance> points,
                            std::span<const std::uint32_t> changed, bool all) {
  if (all || !changed.empty() || points.size() != points_.size()) ++points_version_;
  if (all) {
    points_.assign(points.begin(), points.end());
    return;
  }
  points_.resize(points.size());
  for (const std::uint32_t slot : changed) {
    if (slot < points.size()) points_[slot] = points[slot];
  }
}

void SoftCanvas::resize(int width, int height) {
  if (width == width_ && height == height_) return;
  width_ = width;
  height_ = height;
  pixels_.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0xff000000u);
  grid_ = TileGrid::of(width, height);
  bare_.assign(static_cast<std::size_t>(grid_.count()), 0);
}

std::uint32_t SoftCanvas::pixel(int x, int y) const {
  const int row = order_ == RowOrder::top_down ? y : height_ - 1 - y;
  return pixels_[static_cast<std::size_t>(row) * static_cast<std::size_t>(width_) +
                 static_cast<std::size_t>(x)];
}

std::uint32_t* SoftCanvas::row_at(int y) {
  const int row = order_ == RowOrder::top_down ? y : height_ - 1 - y;
  return pixels_.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(width_);
}

SoftCanvas::TileBox SoftCanvas::box_of(int tile) const {
  const int x = tile % grid_.columns * TileGrid::kWidth;
  const int y = tile / grid_.columns * TileGrid::kHeight;
  return {x, y, std::min(TileGrid::kWidth, width_ - x), std::min(TileGrid::kHeight, height_ - y)};
}

bool SoftCanvas::heated(const TileBox& box) const {
  if (!heat_shown_) return false;
  return heat_form_ == HeatForm::hexagons || heat_.any_in(box.x, box.y, box.width, box.height);
}

void SoftCanvas::lay_heat(Lane& lane, const TileBox& box) {
  if (heat_form_ == HeatForm::hexagons) {
    const std::ptrdiff_t stride = order_ == RowOrder::top_down ? width_ : -width_;
    return paint_hexagons(hexagons_.view(), ramps_[heat_difference_], box.x, box.y, box.width,
                          box.height, row_at(box.y) + box.x, stride);
  }
  for (int y = box.y; y < box.y + box.height; ++y) {
    const float* places = heat_.row(y, box.x, box.width, lane.heat_scratch);
    if (places) lay_ramp(places, ramps_[heat_difference_].data(), box.width, row_at(y) + box.x);
  }
}

void SoftCanvas::draw_tile(Lane& lane, int tile, const MapFrame& frame) {
  const TileBox box = box_of(tile);
  const bool dark = !frame.points || sorter_.empty(tile);
  const bool heated = this->heated(box);
  std::uint8_t& bare = bare_[static_cast<std::size_t>(tile)];
  const bool stays_bare = dark && !heated;
  if (bare && stays_bare) return;
  bare = stays_bare;
  ++lane.tiles_drawn;
  for (int y = box.y; y < box.y + box.height; ++y) {
    base_.row(y, box.x, box.width, row_at(y) + box.x, lane.base_scratch);
  }
  if (heated) lay_heat(lane, box);
  if (dark) return;
  sorter_.visit(tile, [&](std::span<const Splat> splats) {
    lane.light.add(splats, kernels_, kind_light_, box.x, box.y);
  });
  const std::ptrdiff_t stride = order_ == RowOrder::top_down ? width_ : -width_;
  lane.light.tone_over(row_at(box.y) + box.x, stride, box.width, box.height,
                       kernels_.look().exposure, as_ink_);
}

void SoftCanvas::make_heat(const MapFrame& frame, const Projection& projection) {
  heat_shown_ = frame.heat;
  heat_form_ = frame.heat_form;
  heat_difference_ = frame.heat_difference;
  heat_sum_ = in_view_.update(frame, points_, points_version_, places_);
  if (!frame.heat) return;
  if (frame.heat_form == HeatForm::hexagons) {
    hexagons_.update(frame, points_, points_version_, places_);
  } else {
    heat_.make(lanes_, frame, projection, points_, places_);
  }
}

void SoftCanvas::draw(const MapFrame& frame, const BaseView& base) {
  resize(frame.camera.width_px, frame.camera.height_px);
  if (width_ <= 0 || height_ <= 0) return;
  const Projection projection = Projection::of(frame);
  if (!(base == shown_base_)) std::fill(bare_.begin(), bare_.end(), std::uint8_t{0});
  shown_base_ = base;
  base_.set(base, width_);
  kernels_.set_look(point_look(frame));
  if (frame.points) {
    for (int status = 0; status < kPointStatusCount; ++status) kernels_.make(status);
    sorter_.sort(lanes_, projection, points_, grid_, kernels_.reach());
  }
  make_heat(frame, projection);
  std::atomic<int> next{0};
  lanes_.run([&](int i) {
    Lane& lane = lane_[i];
    lane.tiles_drawn = 0;
    lane.light.set_reach(kernels_.reach());
    for (int tile = next++; tile < grid_.count(); tile = next++) draw_tile(lane, tile, frame);
  });
  tiles_drawn_ = lane_[0].tiles_drawn + (lanes_.count() == 2 ? lane_[1].tiles_drawn : 0);
}

}  // namespace render
