// The shifted map datums of China, there and back.
//
// Maps published in China are drawn in GCJ-02, WGS 84 moved by 10 to 730 m by a fixed formula, or
// in Baidu's BD-09, which moves GCJ-02 by about 900 m more. Positions of machines are WGS 84, so a
// map drawn in either has to be moved under them. The formulas have been public for years; nobody
// publishes them officially. Source: the openly known constants, as given at
// https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China (GCJ-02, BD-09).
#pragma once

#include "fleet/mercator.hpp"
#include "fleet/tile.hpp"

namespace fleet {

/// Where the shift applies, and what is outside stays as it is: a box, as in every program that
/// knows the formula, not China's border. At its edge a shifted map jumps by up to 1.5 km; the
/// edges lie in other countries and at sea, where such a map has nothing to show.
inline constexpr LonLat kShiftedSouthWest{72.004, 0.8293};
inline constexpr LonLat kShiftedNorthEast{137.8347, 55.8271};

/// Where a map drawn in `to` has the place p of WGS 84 (degrees). Within the box above by the
/// formula, else p itself. Error: that of double arithmetic, below a micrometre; against providers'
/// own answers below a metre (datum_files_test.cpp). Some 20 sines.
LonLat from_wgs84(LonLat p, Datum to);

/// The place in WGS 84 of what a map drawn in `from` has at p (degrees): the inverse of from_wgs84
/// by iteration, to below 1e-10 degrees (0.01 mm). Where the edge of the box makes two places fall
/// on p, the one within; where it makes none, p itself. Some 6 times the work of from_wgs84.
LonLat to_wgs84(LonLat p, Datum from);

}  // namespace fleet
