// What the picture shows, as a table for other programs: the machines in it at the playhead.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fleet/fleet_state.hpp"
#include "net/export/row_writer.hpp"
#include "render/camera.hpp"

namespace viewer {

/// By the end of its name: .csv, .geojson or .ndjson. Nothing: it is another.
std::optional<net::ExportFormat> table_format(std::string_view path);

/// Writes the machines whose place is in the picture, by id, with everything known of them
/// (net::StateTable); the file is there whole or not at all. at: for their status. Returns how many
/// there are. Error: names the file and what is wrong.
fleet::Result<std::size_t> save_shown(const fleet::FleetState& state, fleet::Time at,
                                      const render::Camera& camera, const std::string& path);

}  // namespace viewer
