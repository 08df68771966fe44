// Boundaries as an operator brings them: a GeoJSON file of regions and lines, read into plain data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fleet/mercator.hpp"
#include "fleet/regions.hpp"
#include "fleet/result.hpp"
#include "fleet/tile.hpp"

namespace net {

/// Largest file of boundaries, unpacked, and most corners in it: a country's counties at 200 m are
/// 40 MB and 0.9 million.
inline constexpr std::size_t kBorderBytesMax = 256u << 20;
inline constexpr std::size_t kBorderPointsMax = 8u << 20;

enum class BorderLevel { country, province, prefecture };

/// Closed implicitly; three corners at least, equal neighbours once.
struct BorderRing {
  std::vector<fleet::GridPoint> points;
  bool hole = false;
};

/// Without a name: drawn, but no region that figures are told by.
struct BorderRegion {
  BorderLevel level = BorderLevel::country;
  std::string code;
  fleet::Names names;
  std::string province_code;    ///< of prefectures; empty: not told
  fleet::Names province_names;  ///< of prefectures
  std::vector<BorderRing> rings;
};

/// A line that bounds nothing, e.g. a piece of a dashed border at sea; two points at least.
struct BorderLine {
  BorderLevel level = BorderLevel::country;
  std::vector<fleet::GridPoint> points;
};

/// Warnings of one file that are kept; the rest of a file that is wrong throughout says no more.
inline constexpr std::size_t kBorderWarningsMax = 10;

struct BorderFeatures {
  std::vector<BorderRegion> regions;
  std::vector<BorderLine> lines;
  /// What is taken all the same but will look wrong: sentences that name the feature.
  std::vector<std::string> warnings;
};

/// Reads GeoJSON (RFC 7946): Polygon and MultiPolygon are regions, LineString and MultiLineString
/// lines, alone, in a GeometryCollection or as Features. Which level, code and name a feature has:
/// README.md here. `datum`: of the coordinates.
/// Error: a sentence that names the feature (from 1) and what is wrong with it.
fleet::Result<BorderFeatures> parse_border_features(std::string_view json, fleet::Datum datum);

}  // namespace net
