// Regions (polygons with names) and places (points with names): where on the map something is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fleet/mercator.hpp"

namespace fleet {

struct Names {
  std::string zh;
  std::string en;
};

/// One region. rings: even-odd; each ring is closed implicitly.
struct Region {
  std::string code;  ///< ISO 3166-2 or GB/T 2260, e.g. "CN-JS"
  Names names;
  std::vector<std::vector<GridPoint>> rings;
};

using RegionIndex = std::int32_t;
inline constexpr RegionIndex kNoRegion = -1;

/// Answers "which region holds this point?" through a grid of cells: most are wholly inside one
/// region (or none) and answer at once. A cell with borders knows which regions hold its corner and
/// counts the borders between that corner and the point. Integers throughout: no rounding.
/// Immutable once made; any thread may ask.
class RegionMap {
 public:
  RegionMap() = default;
  explicit RegionMap(std::vector<Region> regions);
  std::span<const Region> regions() const { return regions_; }
  /// kNoRegion outside of all. On a shared border: exactly one of the neighbours. Where regions
  /// overlap: the one listed first.
  RegionIndex find(GridPoint p) const;
  /// As find, and outside of all regions the one whose border is nearest within max_km (at most
  /// kNearKmMax): a port on new land is still in its province though the drawn coast ends short.
  RegionIndex find_near(GridPoint p, double max_km) const;
  static constexpr double kNearKmMax = 50;

 private:
  /// A border, a.y <= b.y. Both neighbours hold the same one, whichever way their ring runs.
  struct Edge {
    GridPoint a;
    GridPoint b;
  };
  /// One region's part of a cell that has borders.
  struct Part {
    RegionIndex region = kNoRegion;
    std::uint32_t first_edge = 0;
    std::uint32_t last_edge = 0;  ///< one past the end
    bool holds_corner = false;    ///< the cell's north-west corner is inside the region
  };
  struct Grid;  // helps to build
  friend struct Grid;

  RegionIndex find_among(std::uint32_t cell, GridPoint p) const;
  std::uint32_t cell_of(GridPoint p) const;
  GridPoint corner_of(std::uint32_t cell) const;
  bool covers(GridPoint p) const;

  std::vector<Region> regions_;
  GridPoint origin_;   ///< north-west corner of the grid of cells
  int cell_bits_ = 0;  ///< a cell is 2^cell_bits_ grid steps wide and high
  std::uint32_t columns_ = 0;
  std::uint32_t rows_ = 0;
  std::vector<std::int32_t> cells_;        ///< region, kNoRegion, or kBordersFrom - border cell
  std::vector<std::uint32_t> part_begin_;  ///< border cell i: parts_[part_begin_[i] .. [i+1])
  std::vector<Part> parts_;
  std::vector<Edge> edges_;
};

struct Place {
  Names names;
  GridPoint where;
  std::uint8_t rank = 0;  ///< 0 = national capital, 1 = province seat, 2 = prefecture, 3 = smaller
  std::uint32_t population = 0;  ///< 0 = not known
};

/// Nearest place on the sphere, by a k-d tree over unit vectors. Immutable once made.
class PlaceIndex {
 public:
  PlaceIndex() = default;
  explicit PlaceIndex(std::vector<Place> places);
  std::span<const Place> places() const { return places_; }
  /// Null when no place lies within max_km (great circle). The pointer lives as long as this index.
  const Place* nearest(GridPoint p, double max_km = 300) const;

 private:
  using Vector = std::array<double, 3>;
  struct Node {
    Vector at;
    std::uint32_t place = 0;
  };
  struct Best {
    double chord_squared = 0;
    const Node* node = nullptr;
  };
  void build(std::size_t begin, std::size_t end, int axis);
  void search(std::size_t begin, std::size_t end, int axis, const Vector& p, Best& best) const;

  std::vector<Place> places_;
  std::vector<Node> nodes_;  ///< the middle of each range splits it along x, y, z in turn
};

}  // namespace fleet
