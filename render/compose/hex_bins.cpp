#include "render/compose/hex_bins.hpp"

#include <algorithm>

namespace render {
namespace {

bool before(const HexBins::Cell& a, const HexBins::Cell& b) {
  return a.hexagon < b.hexagon;
}

}  // namespace

void HexBins::add(Hexagon hexagon, std::int64_t steps) {
  // Places lie along a curve: many in turn belong to the same hexagon.
  if (cells_.empty() || cells_.back().hexagon != hexagon) cells_.push_back({hexagon, 0, 0});
  cells_.back().steps += steps;
  ++cells_.back().count;
}

void HexBins::join() {
  std::sort(cells_.begin(), cells_.end(), before);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (kept > 0 && cells_[kept - 1].hexagon == cells_[i].hexagon) {
      cells_[kept - 1].steps += cells_[i].steps;
      cells_[kept - 1].count += cells_[i].count;
    } else {
      cells_[kept++] = cells_[i];
    }
  }
  cells_.resize(kept);
}

void HexBins::count_machines(const HexGrid& grid, std::span<const PointInstance> points) {
  grid_ = grid;
  steps_of_one_ = 1;
  cells_.clear();
  for (const PointInstance& point : points) {
    if (point.style & (7u | PointInstance::kHidden | PointInstance::kDimmed)) continue;
    add(grid.at(point.x, point.y), 1);
  }
  join();
}

void HexBins::count_places(const HexGrid& grid, const HeatPlaces& places) {
  grid_ = grid;
  steps_of_one_ = places.steps_of_one();
  cells_.clear();
  for (const auto& entry : places.entries_of(places.levels().front())) {
    add(grid.at(entry.x, entry.y), entry.steps);
  }
  join();
}

const HexBins::Cell* HexBins::find(Hexagon hexagon) const {
  const auto at = std::lower_bound(cells_.begin(), cells_.end(), Cell{hexagon, 0, 0}, before);
  return at != cells_.end() && at->hexagon == hexagon ? &*at : nullptr;
}

}  // namespace render
