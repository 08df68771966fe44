// The list of active faults in a line. For the ndjson*.cpp only, see ndjson_values.hpp.
#pragma once

#include <vector>

#include "fleet/report.hpp"
#include "net/ingest/ndjson_values.hpp"

namespace net {

/// Appends the list to `out`, all of it or, if anything in it is wrong, nothing: half a list would
/// say that the missing faults are over. After `broken` anything may stand there.
Fate read_faults(od::value& value, std::vector<fleet::Fault>& out);

}  // namespace net
