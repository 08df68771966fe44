// Time zones by name, from the system's database. `fleet` takes a zone as a value; this loads it.
#pragma once

#include <string_view>

#include "fleet/result.hpp"
#include "fleet/time.hpp"

namespace net {

/// name: IANA ("Asia/Shanghai"), "UTC", or an offset ("+08:00", "-0330").
/// Transitions from 1970 to 2100. Error: no such zone (with examples), or no database.
fleet::Result<fleet::TimeZone> load_zone(std::string_view name);

}  // namespace net
