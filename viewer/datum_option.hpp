// Datums by the names the command line has for them.
#pragma once

#include <CLI/CLI.hpp>
#include <string_view>

#include "fleet/tile.hpp"

namespace viewer {

/// Lets only the names through that datum_named() knows.
inline CLI::IsMember is_datum_name() {
  return CLI::IsMember({"wgs84", "gcj02", "bd09"});
}

/// One of those names; any other is taken for wgs84.
inline fleet::Datum datum_named(std::string_view name) {
  if (name == "gcj02") return fleet::Datum::gcj02;
  return name == "bd09" ? fleet::Datum::bd09 : fleet::Datum::wgs84;
}

}  // namespace viewer
