// An operator's own boundaries in place of the base map's: drawn, filled, and figures told by them.
#pragma once

#include <string>

#include "fleet/atlas.hpp"
#include "fleet/result.hpp"
#include "fleet/tile.hpp"

namespace net {

struct BorderFile {
  std::string path;  ///< GeoJSON, plain or gzip, or a packed map (.fwm)
  fleet::Datum datum = fleet::Datum::wgs84;
  std::string attribution;  ///< told beside the map, e.g. an approval number; may be empty
};

/// What a file brought, for the log.
struct BorderCounts {
  std::size_t provinces = 0, prefectures = 0, unnamed = 0, lines = 0;
};

/// Lays the file's boundaries over `atlas`. The country it covers is what is focused on; the base
/// map's borders inside it, and beside its outline, go. Provinces and prefectures replace those of
/// the atlas where the file has any. The atlas stays as it was if this fails.
/// Error: names the file, and the feature.
fleet::Result<BorderCounts> lay_borders(const BorderFile& file, fleet::Atlas& atlas);

}  // namespace net
