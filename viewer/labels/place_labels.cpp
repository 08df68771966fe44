#include "viewer/labels/place_labels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace viewer {
namespace {

/// Cell of the neighbour grid: about the size of a name with its spacing.
constexpr float kCellPx = 128;
/// A new name keeps this far from marks, panels and the edge; a standing one may touch them.
constexpr float kEdgePx = 3;

bool inside(const Rect& inner, const Rect& outer) {
  return inner.x0 >= outer.x0 && inner.y0 >= outer.y0 && inner.x1 <= outer.x1 &&
         inner.y1 <= outer.y1;
}

}  // namespace

/// Boxes by the cells they touch, so that a test looks at a handful of neighbours.
class LabelPlacer::Grid {
 public:
  explicit Grid(const Rect& view)
      : view_(view),
        columns_(cells(view.width())),
        rows_(cells(view.height())),
        cells_(static_cast<std::size_t>(columns_ * rows_)) {}

  void add(const Rect& box) {
    const auto index = static_cast<std::uint32_t>(boxes_.size());
    boxes_.push_back(box);
    visit(box, [&](std::vector<std::uint32_t>& cell) {
      cell.push_back(index);
      return false;
    });
  }

  bool hits(const Rect& box) const {
    return const_cast<Grid*>(this)->visit(box, [&](const std::vector<std::uint32_t>& cell) {
      return std::any_of(cell.begin(), cell.end(),
                         [&](std::uint32_t i) { return boxes_[i].overlaps(box); });
    });
  }

 private:
  static int cells(float length) {
    return std::max(1, static_cast<int>(std::ceil(length / kCellPx)));
  }
  static int cell_of(float at, int count) {
    return std::clamp(static_cast<int>(std::floor(at / kCellPx)), 0, count - 1);
  }

  /// Calls `each` with the cells a box touches until it says true. Boxes beyond the view belong to
  /// the cells at its edge.
  template <class Each>
  bool visit(const Rect& box, Each&& each) {
    const int x1 = cell_of(box.x1 - view_.x0, columns_);
    const int y1 = cell_of(box.y1 - view_.y0, rows_);
    for (int y = cell_of(box.y0 - view_.y0, rows_); y <= y1; ++y) {
      for (int x = cell_of(box.x0 - view_.x0, columns_); x <= x1; ++x) {
        if (each(cells_[static_cast<std::size_t>(y * columns_ + x)])) return true;
      }
    }
    return false;
  }

  Rect view_;
  int columns_, rows_;
  std::vector<std::vector<std::uint32_t>> cells_;
  std::vector<Rect> boxes_;
};

std::vector<std::size_t> LabelPlacer::by_importance(
    std::span<const LabelCandidate> candidates) const {
  std::vector<std::size_t> order(candidates.size());
  std::vector<bool> kept(candidates.size());
  for (std::size_t i = 0; i < candidates.size(); ++i) kept[i] = shows(candidates[i].id);
  std::iota(order.begin(), order.end(), 0u);
  const auto before = [&](std::size_t a, std::size_t b) {
    const LabelCandidate& x = candidates[a];
    const LabelCandidate& y = candidates[b];
    if (x.rank != y.rank) return x.rank < y.rank;
    if (kept[a] != kept[b]) return kept[a] > kept[b];
    if (x.population != y.population) return x.population > y.population;
    return x.id < y.id;
  };
  std::sort(order.begin(), order.end(), before);
  if (order.size() > kMostCandidates) order.resize(kMostCandidates);
  return order;
}

bool LabelPlacer::rests(std::uint32_t id, const LabelRules& rules) const {
  const auto gone = gone_.find(id);
  // A clock that was set back ends all rest.
  return gone != gone_.end() && rules.time_s >= gone->second &&
         rules.time_s - gone->second < rules.rest_s;
}

Rect LabelPlacer::box_at(const LabelCandidate& c, Spot spot, const LabelRules& rules) {
  const float d = spot.far ? rules.far_px : rules.distance_px;
  const float w = c.width_px;
  const float h = rules.height_px;
  switch (spot.side) {
    case Side::on:
      return {c.at.x - w / 2, c.at.y - h / 2, c.at.x + w / 2, c.at.y + h / 2};
    case Side::right:
      return {c.at.x + d, c.at.y - h / 2, c.at.x + d + w, c.at.y + h / 2};
    case Side::left:
      return {c.at.x - d - w, c.at.y - h / 2, c.at.x - d, c.at.y + h / 2};
    case Side::below:
      return {c.at.x - w / 2, c.at.y + d, c.at.x + w / 2, c.at.y + d + h};
    case Side::above:
      return {c.at.x - w / 2, c.at.y - d - h, c.at.x + w / 2, c.at.y - d};
    case Side::right_above:
      return {c.at.x + d * 0.7f, c.at.y - d * 0.7f - h, c.at.x + d * 0.7f + w, c.at.y - d * 0.7f};
    case Side::right_below:
      return {c.at.x + d * 0.7f, c.at.y + d * 0.7f, c.at.x + d * 0.7f + w, c.at.y + d * 0.7f + h};
    case Side::left_above:
      return {c.at.x - d * 0.7f - w, c.at.y - d * 0.7f - h, c.at.x - d * 0.7f, c.at.y - d * 0.7f};
    case Side::left_below:
      break;
  }
  return {c.at.x - d * 0.7f - w, c.at.y + d * 0.7f, c.at.x - d * 0.7f, c.at.y + d * 0.7f + h};
}

const std::vector<PlacedLabel>& LabelPlacer::place(std::span<const LabelCandidate> candidates,
                                                   std::span<const Rect> obstacles,
                                                   const LabelRules& rules) {
  static constexpr std::array<Spot, 13> kSpots{
      Spot{Side::on, false},      {Side::right, false},      {Side::left, false},
      {Side::below, false},       {Side::above, false},      {Side::right_above, false},
      {Side::right_below, false}, {Side::left_above, false}, {Side::left_below, false},
      {Side::right, true},        {Side::left, true},        {Side::below, true},
      {Side::above, true}};
  placed_.clear();
  std::unordered_map<std::uint32_t, Spot> shown;
  Grid taken(rules.view);
  Grid names(rules.view);
  for (const Rect& obstacle : obstacles) taken.add(obstacle);
  for (const std::size_t i : by_importance(candidates)) {
    const LabelCandidate& candidate = candidates[i];
    const auto before = shown_.find(candidate.id);
    const bool kept = before != shown_.end();
    if (!kept && rests(candidate.id, rules)) continue;
    const std::size_t first = candidate.of_area ? 1 : 2;  // of kSpots
    for (std::size_t s = kept ? 0 : first; s <= kSpots.size(); s = std::max(s + 1, first)) {
      const Spot spot = s == 0 ? before->second : kSpots[s - 1];
      const bool stays = s == 0;  // only that spot is easier to keep
      const Rect box = box_at(candidate, spot, rules);
      const Rect room = box.shrunk(-(stays ? rules.kept_spacing_px : rules.spacing_px));
      if (!inside(stays ? box : box.shrunk(-kEdgePx), rules.view)) continue;
      if (taken.hits(stays ? box : box.shrunk(-kEdgePx)) || names.hits(room)) continue;
      names.add(box);
      placed_.push_back({candidate.id, i, box});
      shown.emplace(candidate.id, spot);
      break;
    }
  }
  std::erase_if(gone_, [&](const auto& gone) { return !rests(gone.first, rules); });
  for (const auto& [id, spot] : shown_) {
    if (shown.count(id) == 0) gone_[id] = rules.time_s;
  }
  shown_ = std::move(shown);
  return placed_;
}

}  // namespace viewer
