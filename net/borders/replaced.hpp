// What an operator's outline stands in for: the base map's lines inside it or beside it.
#pragma once

#include <span>
#include <unordered_set>
#include <vector>

#include "fleet/atlas.hpp"
#include "fleet/regions.hpp"
#include "net/borders/border_shapes.hpp"

namespace net {

/// Cells of 2^14 grid steps, 2.1 km wide at 30 degrees north: more than two maps of one coast
/// differ.
inline constexpr int kBesideBits = 14;

/// Steps of one cell along outlines that are marked in all: a country's outline at 120 m has
/// 40,000. Beyond them base lines stay, drawn beside the outline.
inline constexpr std::size_t kMarkedStepsMax = 4'000'000;

class Replaced {
 public:
  /// `areas`: what is the operator's to draw; `outlines`: its edge.
  Replaced(std::vector<fleet::Region> areas, std::span<const BorderPath> outlines,
           std::size_t marked_steps_max = kMarkedStepsMax);

  /// Whether `p` is inside an area, or in a cell that an outline crosses, or in one beside it.
  bool holds(fleet::GridPoint p) const;
  /// The runs of vertices that are not held, two at least each; appended to `paths`.
  void append_kept(const fleet::AtlasLines& lines, std::vector<BorderPath>& paths) const;

 private:
  void mark(std::span<const fleet::GridPoint> path);
  void mark_around(fleet::GridPoint p);

  fleet::RegionMap inside_;
  std::size_t marked_max_;
  std::size_t marked_ = 0;                   ///< steps
  std::unordered_set<std::uint32_t> cells_;  ///< row << kBesideBits | column
};

}  // namespace net
