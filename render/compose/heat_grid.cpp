#include "render/compose/heat_grid.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "render/compose/look.hpp"
#include "render/compose/simd.hpp"

namespace render {
namespace {

// Half a step of the ramp: its first colour is transparent.
constexpr float kVisiblePlace = 0.5f / 255;

// log2(1 + v) for v >= 0, error below 1e-5: the ramp has 255 steps. The polynomial is exact at both
// ends of an octave, so octaves join without a step.
FLEETWALL_INLINE float log2_of_one_plus(float v) {
  const auto bits = std::bit_cast<std::uint32_t>(1 + v);
  const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 127);
  const float m = std::bit_cast<float>((bits & 0x7fffffu) | 0x3f800000u) - 1;
  const float p =
      0.44262266f + m * (-0.27630064f + m * (0.18364083f + m * (-0.09721374f + m * 0.02595538f)));
  return exponent + m + m * (1 - m) * p;
}

FLEETWALL_CLONES
void add_scaled(const float* __restrict in, float weight, int count, float* __restrict out) {
  for (int i = 0; i < count; ++i) out[i] += in[i] * weight;
}

FLEETWALL_CLONES
void blur_row(const float* __restrict bins, const float* __restrict weights, int taps, int first,
              int last, int columns, float* __restrict out) {
  // One pass per tap over the whole row: each inner loop is a plain vector loop.
  for (int k = -taps; k <= taps; ++k) {
    const float weight = weights[k < 0 ? -k : k];
    const int begin = std::max(first + k, 0), end = std::min(last + k, columns - 1);
    const float* __restrict in = bins - k;
    for (int i = begin; i <= end; ++i) out[i] += in[i] * weight;
  }
}

FLEETWALL_CLONES
float sum_of(const float* __restrict in, int count) {
  float lanes[16] = {};
  int i = 0;
  for (; i + 16 <= count; i += 16) {
    for (int k = 0; k < 16; ++k) lanes[k] += in[i + k];
  }
  float sum = 0;
  for (; i < count; ++i) sum += in[i];
  for (float lane : lanes) sum += lane;
  return sum;
}

FLEETWALL_CLONES
void places_of(const float* __restrict machines, float share_of_one, int count,
               float* __restrict out) {
  const float scale = 1.0f / std::log2(1.0f + kHeatScaleK);
  for (int i = 0; i < count; ++i) {
    const float share = machines[i] * share_of_one, size = std::abs(share);
    const float place = log2_of_one_plus(kHeatScaleK * (size < 1 ? size : 1.0f)) * scale;
    out[i] = std::copysign(place, share);
  }
}

FLEETWALL_CLONES
float mix_cell_rows(const float* __restrict a, const float* __restrict b, float share, int count,
                    float* __restrict out) {
  float most = 0;
  for (int i = 0; i < count; ++i) {
    out[i] = a[i] + (b[i] - a[i]) * share;
    const float size = std::abs(out[i]);
    most = size > most ? size : most;
  }
  return most;
}

// The pixels between the middles of neighbouring cells: kCell (0 = cell_px) of them for each pair.
template <int kCell>
FLEETWALL_INLINE void widen_pairs(const float* __restrict cells, int pairs, int cell_px,
                                  float* __restrict out) {
  const int size = kCell ? kCell : cell_px;
  const float step = 1.0f / static_cast<float>(size);
  for (int i = 0; i < pairs; ++i) {
    const float a = cells[i], b = cells[i + 1];
    for (int k = 0; k < size; ++k) {
      out[i * size + k] = a + (b - a) * ((static_cast<float>(k) + 0.5f) * step);
    }
  }
}

FLEETWALL_CLONES
void widen(const float* cells, int pairs, int cell_px, float* out) {
  if (cell_px == 2) return widen_pairs<2>(cells, pairs, cell_px, out);
  if (cell_px == 4) return widen_pairs<4>(cells, pairs, cell_px, out);
  widen_pairs<0>(cells, pairs, cell_px, out);
}

FLEETWALL_CLONES
float most_of(const float* __restrict in, int count) {
  float most = 0;
  for (int i = 0; i < count; ++i) {
    const float size = std::abs(in[i]);
    most = size > most ? size : most;
  }
  return most;
}

}  // namespace

// A row's cells in 64 groups: bits of the groups that columns first .. last touch.
std::uint64_t HeatGrid::group_bits(int first, int last) const {
  const int low = std::max(first, 0) / group_, high = std::min(last / group_, 63);
  const std::uint64_t below_high = high == 63 ? ~0ull : (1ull << (high + 1)) - 1;
  return below_high & ~((1ull << low) - 1);
}

std::uint64_t HeatGrid::groups_in(const float* places, int columns) const {
  std::uint64_t bits = 0;
  for (int group = 0; group * group_ < columns; ++group) {
    const int begin = group * group_, count = std::min(group_, columns - begin);
    if (most_of(places + begin, count) >= kVisiblePlace) bits |= 1ull << group;
  }
  return bits;
}

void HeatGrid::blur_along(int row_begin, int row_end, std::vector<float>& scratch) {
  scratch.resize(static_cast<std::size_t>(layout_.columns));
  for (int row = row_begin; row < row_end; ++row) {
    const auto r = static_cast<std::size_t>(row);
    const HeatBins::Used used = bins_.used(row);
    spread_[r] = {0, -1};
    if (!used.any()) continue;
    bins_.read(row, scratch.data());
    const int taps = layout_.taps[r];
    const HeatBins::Used spread{std::max(used.first - taps, 0),
                                std::min(used.last + taps, layout_.columns - 1)};
    spread_[r] = spread;
    std::fill(&along_[at(spread.first, row)], &along_[at(spread.last, row)] + 1, 0.0f);
    blur_row(scratch.data(), layout_.weights_of(row), taps, used.first, used.last, layout_.columns,
             &along_[at(0, row)]);
  }
}

double HeatGrid::blur_down(const MapFrame& frame, int row_begin, int row_end) {
  const int first_shown = layout_.margin, last_shown = layout_.columns - layout_.margin - 1;
  double total = 0;
  for (int row = row_begin; row < row_end; ++row) {
    const auto r = static_cast<std::size_t>(row);
    HeatBins::Used shown{layout_.columns, -1};
    coloured_[r] = 0;
    const int from = std::max(row - layout_.taps_max, 0);
    const int to = std::min(row + layout_.taps_max, layout_.rows - 1);
    float* sum = &density_[at(0, row)];
    std::fill(sum, sum + layout_.columns, 0.0f);
    for (int source = from; source <= to; ++source) {
      const auto s = static_cast<std::size_t>(source);
      const int distance = std::abs(source - row);
      if (!spread_[s].any() || distance > layout_.taps[s]) continue;
      const float weight = layout_.weights_of(source)[distance];
      const HeatBins::Used part = spread_[s];
      add_scaled(&along_[at(part.first, source)], weight, part.last - part.first + 1,
                 sum + part.first);
      shown = {std::min(shown.first, part.first), std::max(shown.last, part.last)};
    }
    float* place = &place_[at(0, row)];
    std::fill(place, place + layout_.columns, 0.0f);
    if (!shown.any()) continue;
    const float share = 1.0f / (layout_.cell_km2[r] * std::max(frame.heat_full_per_km2, 1e-12f));
    places_of(sum + shown.first, share, shown.last - shown.first + 1, place + shown.first);
    coloured_[r] = groups_in(place, layout_.columns);
    const double row_share = layout_.row_share(row, frame.camera.height_px);
    if (row_share <= 0) continue;
    double inside = static_cast<double>(sum_of(sum + first_shown, last_shown - first_shown + 1));
    inside -= static_cast<double>(sum[last_shown]) *
              (1 - layout_.column_share(last_shown, frame.camera.width_px));
    total += inside * row_share;
  }
  return total;
}

void HeatGrid::make(Lanes& lanes, const MapFrame& frame, const Projection& projection,
                    std::span<const PointInstance> points, const HeatPlaces& places) {
  layout_ = HeatLayout::of(frame);
  const auto rows = static_cast<std::size_t>(layout_.rows);
  const std::size_t cells = rows * static_cast<std::size_t>(layout_.columns);
  for (auto* plane : {&along_, &place_, &density_}) plane->resize(cells);
  spread_.resize(rows);
  coloured_.resize(rows);
  group_ = (layout_.columns + 63) / 64;
  bins_.clear(layout_);
  if (frame.heat_of == HeatOf::places) {
    bins_.add_places(lanes, projection, places);
  } else {
    bins_.add_machines(projection, points);
  }
  const int half = layout_.rows / 2;
  const auto begin = [&](int lane) { return lane == 0 ? 0 : half; };
  const auto end = [&](int lane) { return lane == 0 && lanes.count() == 2 ? half : layout_.rows; };
  double sums[2] = {};
  lanes.run([&](int lane) { blur_along(begin(lane), end(lane), bin_scratch_[lane]); });
  lanes.run([&](int lane) { sums[lane] = blur_down(frame, begin(lane), end(lane)); });
  sum_ = sums[0] + sums[1];
}

double HeatGrid::density(int column, int row) const {
  return static_cast<double>(density_[at(column, row)]) /
         static_cast<double>(layout_.cell_km2[static_cast<std::size_t>(row)]);
}

bool HeatGrid::any_in(int x, int y, int width, int height) const {
  const int first = x / layout_.cell_px - 1 + layout_.margin;
  const int last = (x + width) / layout_.cell_px + 1 + layout_.margin;
  const int top = y / layout_.cell_px - 1 + layout_.margin;
  const int bottom =
      std::min((y + height) / layout_.cell_px + 1 + layout_.margin, layout_.rows - 1);
  const std::uint64_t asked = group_bits(first, last);
  for (int row = top; row <= bottom; ++row) {
    if (coloured_[static_cast<std::size_t>(row)] & asked) return true;
  }
  return false;
}

const float* HeatGrid::row(int y, int x, int count, std::vector<float>& scratch) const {
  const int size = layout_.cell_px;
  const double at_cell = (y + 0.5) / size - 0.5 + layout_.margin;
  const int top = static_cast<int>(at_cell);
  const auto share = static_cast<float>(at_cell - top);
  // The pair of cells around the first pixel, and the pixel where that pair begins.
  const int first = (x + size / 2) / size - 1 + layout_.margin;
  const int begin = (first - layout_.margin) * size + size / 2;
  const int pairs = (x + count - begin + size - 1) / size;
  const auto cells = static_cast<std::size_t>(pairs) + 1;
  const std::size_t wanted = cells + static_cast<std::size_t>(pairs * size);
  if (scratch.size() < wanted) scratch.resize(wanted);
  const float most = mix_cell_rows(&place_[at(first, top)], &place_[at(first, top + 1)], share,
                                   static_cast<int>(cells), scratch.data());
  if (most < kVisiblePlace) return nullptr;
  float* pixels = scratch.data() + cells;
  widen(scratch.data(), pairs, size, pixels);
  return pixels + (x - begin);
}

}  // namespace render
