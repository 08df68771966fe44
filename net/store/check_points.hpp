// Check-points of packed hours that a closed day does without.
//
// While a day is open each of its packs begins with a check-point where it can: a damaged page
// costs an hour at most. A closed day has its parity (page_parity.hpp), by which damage costs
// nothing, and as many as keep any instant near.
#pragma once

#include "net/store/day_file.hpp"

namespace net {

/// Sizes for a day that is open: as `closed`, with a check-point in every pack.
PackSizes open_day_sizes(PackSizes closed);

/// Removes check-points that are nearer together than `sizes` say, in one transaction. Those that
/// others build on stay. Error: SQLite's, or damaged; all stay then.
fleet::Result<void> thin_check_points(DayFile& file, const PackSizes& sizes);

}  // namespace net
