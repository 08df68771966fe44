// fleetwalld export: what is stored, as a table for other programs.
#include <filesystem>
#include <memory>
#include <optional>

#include "net/borders/shipped_maps.hpp"
#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/export/export_tables.hpp"
#include "net/export/whole_file.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string data, from, to, format = "csv", what = "fixes", out, region;
  std::vector<std::string> borders;
};

fleet::Result<fleet::Time> time_of(const char* option, const std::string& text) {
  if (const auto time = fleet::parse_time(text)) return *time;
  return fleet::Error{std::string(option) + " '" + text +
                      "' is no time; expected ISO 8601 with offset, such as "
                      "2026-10-16T14:00:00+08:00."};
}

int finish(const ExportResult& result, WholeFile& output) {
  if (!output.finish()) return complain(output.problem(), kExitFailed);
  constexpr std::size_t kListed = 20;
  for (std::size_t i = 0; i < std::min(result.damages.size(), kListed); ++i)
    complain("Left out: " + result.damages[i], kExitFailed);
  if (result.damages.size() > kListed)
    complain("... and " + std::to_string(result.damages.size() - kListed) +
                 " more places; see fleetwalld verify.",
             kExitFailed);
  return result.damages.empty() ? kExitDone : kExitFailed;
}

fleet::Result<ExportResult> export_what(const Options& o, const ExportSpan& span,
                                        ExportFormat format, RowWriter::Sink sink,
                                        const RegionChoice* region) {
  if (o.what == "hours") return export_hours(o.data, span, format, std::move(sink), region);
  if (o.what == "heat") return export_heat(o.data, span, format, std::move(sink), region);
  if (o.what == "alarms") return export_alarms(o.data, span, format, std::move(sink), region);
  auto rows = StoredRows::open(o.data);
  if (!rows) return rows.error();
  const auto in_region = [region](const StoredRow& row) {
    const auto place = place_of(row);
    return place && region->holds(*place);
  };
  return export_fixes(*rows.value(), span, format, std::move(sink),
                      region ? std::function<bool(const StoredRow&)>(in_region) : nullptr);
}

/// Nothing: none was asked for.
fleet::Result<std::optional<RegionChoice>> region_of(const Options& o) {
  if (o.region.empty()) return std::optional<RegionChoice>();
  const auto atlas = load_regions(o.borders);
  if (!atlas) return atlas.error();
  auto region = RegionChoice::find(*atlas, o.region);
  if (!region) return region.error();
  return std::optional<RegionChoice>(std::move(*region));
}

int export_data(const Options& o) {
  const auto from = time_of("--from", o.from);
  if (!from) return complain(from.error().what, kExitUsage);
  const auto to = time_of("--to", o.to);
  if (!to) return complain(to.error().what, kExitUsage);
  if (*to <= *from) return complain("--to must be later than --from.", kExitUsage);
  const auto region = region_of(o);
  if (!region) return complain("--region: " + region.error().what, kExitUsage);
  for (const std::string& note : salvage_notes(o.data)) complain(note, kExitDone);
  WholeFile output(o.out);
  if (!output.good()) return complain(output.problem(), kExitFailed);
  const ExportFormat format = o.format == "geojson"  ? ExportFormat::geojson
                              : o.format == "ndjson" ? ExportFormat::ndjson
                                                     : ExportFormat::csv;
  const auto result = export_what(
      o, {*from, *to}, format, [&](std::string_view bytes) { return output.write(bytes); },
      *region ? &**region : nullptr);
  if (!result) return complain(result.error().what, kExitFailed);
  return finish(*result, output);
}

}  // namespace

void add_export(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("export", "What is stored, as CSV, GeoJSON or NDJSON.");
  command->add_option("--data", o->data, "Folder of day files, or one day file.")
      ->required()
      ->check(not_empty());
  command->add_option("--from", o->from, "Device time of the first row, ISO 8601 with offset.")
      ->required();
  command->add_option("--to", o->to, "The first instant that is out.")->required();
  command->add_option("--format", o->format, "csv (default), geojson or ndjson.")
      ->check(CLI::IsMember({"csv", "geojson", "ndjson"}));
  command
      ->add_option("--what", o->what,
                   "fixes (default): a row a report; hours: a row a machine and day; alarms; heat: "
                   "where hours were worked, a row a cell and hour of the day.")
      ->check(CLI::IsMember({"fixes", "hours", "alarms", "heat"}));
  command
      ->add_option("--region", o->region,
                   "Only what was in this province or prefecture: its name (Chinese or English) or "
                   "code.")
      ->check(not_empty());
  command->add_option("--borders", o->borders,
                      "GeoJSON files whose boundaries replace the map's, as on the wall.");
  command->add_option("--out", o->out, "File to write; else stdout.")->check(not_empty());
  command->callback([o, &run] { run = [o] { return export_data(*o); }; });
}

}  // namespace net::daemon
