#include "render/compose/heat_bins.hpp"

#include <algorithm>

#include "render/compose/simd.hpp"

namespace render {

// A place in the grid, shared between four cells in 32nds each way.
struct HeatBins::Shares {
  int x, y;  // the upper left cell
  std::uint32_t right, lower;
};

namespace {

constexpr HeatBins::Used kNothing{1 << 30, -1};

// Cells of a block of places. Written as one plain loop, for vectors.
FLEETWALL_CLONES
void cells_of(const HeatPlaces::Entry* __restrict entries, std::size_t count, Projection projection,
              float per_px, float shift, float* __restrict x, float* __restrict y) {
  const float centre_row = projection.offset_y, centre_column = projection.offset_x;
  for (std::size_t i = 0; i < count; ++i) {
    const auto dx = static_cast<std::int32_t>(entries[i].x - projection.centre_x);
    const double dy = static_cast<double>(entries[i].y) - static_cast<double>(projection.centre_y);
    x[i] = (static_cast<float>(dx) * projection.px_per_unit + centre_column) * per_px + shift;
    y[i] = (static_cast<float>(dy) * projection.px_per_unit + centre_row) * per_px + shift;
  }
}

FLEETWALL_CLONES
void floats_of(const std::uint64_t* __restrict in, int count, float scale, float* __restrict out) {
  for (int i = 0; i < count; ++i) {
    out[i] = static_cast<float>(static_cast<std::int64_t>(in[i])) * scale;
  }
}

FLEETWALL_INLINE void widen(HeatBins::Used& used, int first, int last) {
  used.first = std::min(used.first, first);
  used.last = std::max(used.last, last);
}

}  // namespace

void HeatBins::clear(const HeatLayout& layout) {
  per_px_ = 1.0f / static_cast<float>(layout.cell_px);
  shift_ = static_cast<float>(layout.margin) - 0.5f;
  if (layout.columns == columns_ && layout.rows == rows_) {
    for (int row = 0; row < rows_; ++row) {
      const Used used = used_[static_cast<std::size_t>(row)];
      if (used.any()) std::fill(&bins_[at(used.first, row)], &bins_[at(used.last, row)] + 1, 0u);
    }
  } else {
    columns_ = layout.columns;
    rows_ = layout.rows;
    bins_.assign(at(0, rows_), 0u);
  }
  used_.assign(static_cast<std::size_t>(rows_), kNothing);
}

FLEETWALL_INLINE void HeatBins::add(const Shares& s, std::uint64_t steps, Part* part) {
  const std::uint64_t left = 32 - s.right, upper = 32 - s.lower;
  std::uint64_t* cell = &bins_[at(s.x, s.y)];
  const bool apart = part && s.y + 1 == part->end && !part->below.empty();
  std::uint64_t* under = apart ? &part->below[static_cast<std::size_t>(s.x)] : cell + columns_;
  cell[0] += steps * (left * upper);
  cell[1] += steps * (s.right * upper);
  under[0] += steps * (left * s.lower);
  under[1] += steps * (std::uint64_t{s.right} * s.lower);
  widen(used_[static_cast<std::size_t>(s.y)], s.x, s.x + 1);
  widen(apart ? part->below_used : used_[static_cast<std::size_t>(s.y) + 1], s.x, s.x + 1);
}

void HeatBins::add_machines(const Projection& projection, std::span<const PointInstance> points) {
  share_of_step_ = 1.0f / static_cast<float>(kHeatUnit);
  const auto columns = static_cast<float>(columns_ - 1), rows = static_cast<float>(rows_ - 1);
  for (const PointInstance& point : points) {
    // Bits 0-2: status working = 0; hidden and dimmed ones do not count.
    if (point.style & (7u | PointInstance::kHidden | PointInstance::kDimmed)) continue;
    const auto px = projection.pixel_of(point);
    const float gx = px.x * per_px_ + shift_, gy = px.y * per_px_ + shift_;
    if (!(gx >= 0 && gx < columns && gy >= 0 && gy < rows)) continue;
    const int x = static_cast<int>(gx), y = static_cast<int>(gy);
    add({x, y, static_cast<std::uint32_t>((gx - static_cast<float>(x)) * 32),
         static_cast<std::uint32_t>((gy - static_cast<float>(y)) * 32)},
        1, nullptr);
  }
}

bool HeatBins::touches(const Projection& projection, const HeatPlaces::Block& block,
                       const Part& part) const {
  // A cell more on each side covers all rounding.
  const auto row_of = [&](std::uint32_t y) {
    const double dy = static_cast<double>(y) - static_cast<double>(projection.centre_y);
    return (dy * static_cast<double>(projection.px_per_unit) +
            static_cast<double>(projection.offset_y)) *
               static_cast<double>(per_px_) +
           static_cast<double>(shift_);
  };
  if (row_of(block.y_max) < part.begin - 1 || row_of(block.y_min) > part.end + 1) return false;
  const auto west = static_cast<std::int32_t>(block.x_min - projection.centre_x);
  const auto east = static_cast<std::int32_t>(block.x_max - projection.centre_x);
  if (west > east) return true;  // reaches over the side of the world opposite the camera
  const auto column_of = [&](std::int32_t dx) {
    return (static_cast<double>(dx) * static_cast<double>(projection.px_per_unit) +
            static_cast<double>(projection.offset_x)) *
               static_cast<double>(per_px_) +
           static_cast<double>(shift_);
  };
  return column_of(east) >= -1 && column_of(west) <= columns_ + 1;
}

void HeatBins::add_part(const Projection& projection, const HeatPlaces& places,
                        const HeatPlaces::Level& level, Part& part) {
  const auto entries = places.entries_of(level);
  const auto blocks = places.blocks_of(level);
  const auto columns = static_cast<float>(columns_ - 1);
  const auto begin = static_cast<float>(part.begin), end = static_cast<float>(part.end);
  float xs[HeatPlaces::kBlockEntries], ys[HeatPlaces::kBlockEntries];
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    if (!touches(projection, blocks[b], part)) continue;
    const std::size_t first = b * HeatPlaces::kBlockEntries;
    const std::size_t count = std::min(HeatPlaces::kBlockEntries, entries.size() - first);
    cells_of(&entries[first], count, projection, per_px_, shift_, xs, ys);
    for (std::size_t i = 0; i < count; ++i) {
      const float gx = xs[i], gy = ys[i];
      if (!(gx >= 0 && gx < columns && gy >= begin && gy < end)) continue;
      const int x = static_cast<int>(gx), y = static_cast<int>(gy);
      add({x, y, static_cast<std::uint32_t>((gx - static_cast<float>(x)) * 32),
           static_cast<std::uint32_t>((gy - static_cast<float>(y)) * 32)},
          static_cast<std::uint64_t>(entries[first + i].steps), &part);
    }
  }
}

void HeatBins::join(Part& part) {
  if (!part.below_used.any()) return;
  for (int x = part.below_used.first; x <= part.below_used.last; ++x) {
    bins_[at(x, part.end)] += part.below[static_cast<std::size_t>(x)];
  }
  widen(used_[static_cast<std::size_t>(part.end)], part.below_used.first, part.below_used.last);
}

void HeatBins::add_places(Lanes& lanes, const Projection& projection, const HeatPlaces& places) {
  share_of_step_ =
      static_cast<float>(1.0 / (static_cast<double>(kHeatUnit) * places.steps_of_one()));
  const double cell_units =
      1.0 / (static_cast<double>(projection.px_per_unit) * static_cast<double>(per_px_));
  const HeatPlaces::Level& level = places.level_for(cell_units);
  const int middle = lanes.count() == 2 ? rows_ / 2 : rows_ - 1;
  parts_[0].begin = 0;
  parts_[0].end = parts_[1].begin = middle;
  parts_[1].end = rows_ - 1;
  for (Part& part : parts_) {
    part.below.assign(part.end < rows_ - 1 ? static_cast<std::size_t>(columns_) : 0, 0u);
    part.below_used = kNothing;
  }
  lanes.run([&](int lane) { add_part(projection, places, level, parts_[lane]); });
  join(parts_[0]);
}

void HeatBins::read(int row, float* out) const {
  const Used used = used_[static_cast<std::size_t>(row)];
  if (!used.any()) return;
  floats_of(&bins_[at(used.first, row)], used.last - used.first + 1, share_of_step_,
            out + used.first);
}

}  // namespace render
