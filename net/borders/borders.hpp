// An operator's own boundaries in place of the base map's: drawn, filled, and figures told by them.
#pragma once

#include <string>
#include <vector>

#include "fleet/atlas.hpp"
#include "fleet/result.hpp"
#include "fleet/tile.hpp"
#include "net/borders/border_features.hpp"
#include "net/borders/replaced.hpp"

namespace net {

struct Borders {
  std::vector<std::string> paths;            ///< GeoJSON, plain or gzip, or packed maps (.fwm)
  fleet::Datum datum = fleet::Datum::wgs84;  ///< of all GeoJSON
  std::string attribution;  ///< of all, told beside the map, e.g. an approval number; may be empty
};

/// What the files brought, for the log.
struct BorderCounts {
  std::size_t provinces = 0, prefectures = 0, unnamed = 0, lines = 0;
  std::vector<std::string> warnings;  ///< sentences that name file and feature
};

/// Whether a path is one of a packed map, which knows its datum itself.
bool is_packed_map(const std::string& path);

/// Reads all files, then lays their boundaries over `atlas`: all GeoJSON together, as one file
/// would be, where the first of it stands; packed maps in their order before and after that. The
/// country that GeoJSON covers is what is focused on; the base map's borders inside it, and beside
/// its outline, go. Provinces and prefectures replace those of the atlas where there are any. The
/// atlas stays as it was if this fails.
/// Error: names the file, and the feature.
fleet::Result<BorderCounts> lay_borders(const Borders& borders, fleet::Atlas& atlas);

/// The same of features alone. marked_steps_max: see Replaced.
BorderCounts lay_border_features(const BorderFeatures& features, fleet::Atlas& atlas,
                                 std::size_t marked_steps_max = kMarkedStepsMax);

}  // namespace net
