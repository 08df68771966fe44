// Lines with fewer vertices, by Ramer, Douglas and Peucker.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "fleet/mercator.hpp"

namespace fleet {

/// Keeps its scratch from line to line.
class LineSimplifier {
 public:
  /// Appends what stays of `line`: both ends, and so much between them that no vertex left out is
  /// farther than `tolerance` grid steps from what stays. Two points at least come in. No
  /// recursion: a line may have a million vertices.
  void append(std::span<const GridPoint> line, double tolerance, std::vector<GridPoint>& out);

 private:
  using Range = std::pair<std::size_t, std::size_t>;
  std::vector<Range> open_;
  std::vector<bool> kept_;
};

}  // namespace fleet
