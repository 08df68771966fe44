// The maps that come with the program: where they lie, and the regions in them.
#pragma once

#include <string>
#include <vector>

#include "fleet/atlas.hpp"
#include "fleet/result.hpp"

namespace net {

/// The base map with its prefectures, and over it the boundaries of these files (as the wall's
/// --borders; GeoJSON in WGS 84, or packed maps). Error: names the file, and what is wrong.
fleet::Result<fleet::Atlas> load_regions(const std::vector<std::string>& own_borders);

}  // namespace net
