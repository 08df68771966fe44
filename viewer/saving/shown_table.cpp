#include "viewer/saving/shown_table.hpp"

#include "fleet/mercator.hpp"
#include "net/export/state_table.hpp"
#include "net/export/whole_file.hpp"

namespace viewer {
namespace {

bool in_picture(const render::Camera& camera, fleet::GridPoint at) {
  const render::ScreenPoint p = camera.screen_from_world(fleet::world_from_grid(at));
  return p.x >= 0 && p.y >= 0 && p.x < camera.width_px && p.y < camera.height_px;
}

}  // namespace

std::optional<net::ExportFormat> table_format(std::string_view path) {
  using enum net::ExportFormat;
  if (path.ends_with(".csv")) return csv;
  if (path.ends_with(".geojson")) return geojson;
  if (path.ends_with(".ndjson")) return ndjson;
  return std::nullopt;
}

fleet::Result<std::size_t> save_shown(const fleet::FleetState& state, fleet::Time at,
                                      const render::Camera& camera, const std::string& path) {
  const auto format = table_format(path);
  if (!format)
    return fleet::Error{path + ": the name of a table ends in .csv, .geojson or .ndjson."};
  const net::StateTable table(state, at);
  net::WholeFile file(path);
  net::RowWriter writer(*format, table.columns(),
                        [&](std::string_view bytes) { return file.write(bytes); });
  std::size_t machines = 0;
  for (const fleet::Slot slot : state.roster().by_id()) {
    if (slot >= state.machine_count() || !state.has(slot, fleet::kPosition)) continue;
    if (!in_picture(camera, fleet::unpacked(state.field(slot, fleet::kPosition).raw))) continue;
    if (!writer.write(table.cells(slot))) break;
    ++machines;
  }
  writer.finish();
  if (!file.finish()) return fleet::Error{file.problem()};
  return machines;
}

}  // namespace viewer
