// Regions (polygons with names) and places (points with names): where on the map something is.
#pragma once

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
/// region (or none) and answer at once, the rest by a ray cast over the edges near them.
class RegionMap {
 public:
  RegionMap() = default;
  explicit RegionMap(std::vector<Region> regions);
  std::span<const Region> regions() const { return regions_; }
  /// kNoRegion outside of all. On a shared border: exactly one of the neighbours.
  RegionIndex find(GridPoint p) const;

 private:
  std::vector<Region> regions_;
  // (private members are the implementer's choice)
};

struct Place {
  Names names;
  GridPoint where;
  std::uint8_t rank = 0;        ///< 0 = national capital, 1 = province seat, 2 = prefecture, 3 = smaller
  std::uint32_t population = 0; ///< 0 = not known
};

/// Nearest place within max_km.
class PlaceIndex {
 public:
  PlaceIndex() = default;
  explicit PlaceIndex(std::vector<Place> places);
  std::span<const Place> places() const { return places_; }
  const Place* nearest(GridPoint p, double max_km = 300) const;

 private:
  std::vector<Place> places_;
  // (private members are the implementer's choice)
};

}  // namespace fleet
