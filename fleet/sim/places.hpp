// Where worksites lie: towns of China with weights, and cells around them that are dry land.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "fleet/sim/random.hpp"

namespace fleet::sim {

/// One degree in millionths: positions of the simulator are whole microdegrees (0.11 m), so that
/// they are the same on every platform.
inline constexpr double kMicro = 1e6;
struct MicroPoint {
  std::int32_t lon = 0;  ///< millionths of a degree, WGS 84
  std::int32_t lat = 0;
};

struct Place {
  std::string_view province;  ///< without 省, e.g. 江苏
  std::string_view city;      ///< prefecture, without 市, e.g. 苏州
  double lon, lat;            ///< the town, degrees
  double weight;              ///< machines in a fleet of `total weight` machines
  bool mines;                 ///< mines and quarries about: more large sites
};

/// Figures of a province that the published operating rates are told from.
struct Province {
  std::string_view name;
  double operating_rate;  ///< share of the connected machines that work on a fair Friday
  double hours_scale;     ///< length of a working day against the country's
};

inline constexpr int kMaskCells = 24;               ///< cells a side of a place's mask
inline constexpr int kMiddleCell = kMaskCells / 2;  ///< begins at the place itself
inline constexpr double kCellLonDeg = 0.042;        ///< about 4 km
inline constexpr double kCellLatDeg = 0.036;        ///< 4.0 km

std::span<const Place> places();
std::span<const Province> provinces();
/// Index of a place's province in provinces().
int province_of(const Place& place);

/// Distribution of worksites around one place: cells of its mask, nearer ones more often.
class SiteField {
 public:
  explicit SiteField(int place);
  /// A point on dry land inside the place's prefecture, at least `margin_m` (< 1500) from the edge
  /// of its cell when cells at the border of the mask are concerned.
  MicroPoint draw(Draws& draws, double margin_m) const;

 private:
  const Place* place_;
  std::uint16_t cells_[kMaskCells * kMaskCells];
  double sums_[kMaskCells * kMaskCells];
  int count_ = 0;
};

}  // namespace fleet::sim
