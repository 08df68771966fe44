#include "viewer/options_check.hpp"

#include <algorithm>
#include <array>

#include "net/borders/borders.hpp"
#include "net/command_line.hpp"
#include "viewer/heat/heat_field.hpp"
#include "viewer/saving/shown_table.hpp"

namespace viewer {
namespace {

bool given(const CLI::App& app, const char* option) {
  return app.count(option) > 0;
}

/// The first of `options` that was given, or nothing.
template <std::size_t N>
std::string first_given(const CLI::App& app, const std::array<const char*, N>& options) {
  for (const char* option : options) {
    if (given(app, option)) return option;
  }
  return {};
}

constexpr std::array kDemoOptions{"--demo-machines", "--seed", "--demo-moving"};
constexpr std::array kHeatOptions{"--heat-of", "--heat-hours", "--heat-radius", "--heat-full",
                                  "--heat-form"};

std::string heat_contradiction(const CLI::App& app, const Options& o) {
  const HeatChoice& heat = o.heat_choice;
  if (given(app, "--heat-hours") && heat.measure != HeatMeasure::hours)
    return "--heat-hours: hours of the day exist for --heat-of hours alone";
  if (given(app, "--heat-radius") && heat.hexagons)
    return "--heat-radius: hexagons have no radius; leave it out, or use --heat-form smooth";
  if (heat.measure != HeatMeasure::field) return {};
  // What a gateway or a recording has beside the core fields is known once it is open.
  const fleet::FieldCatalog core;
  if (o.demo() || core.find(heat.field)) return heat_field_problem(core, heat.field);
  return {};
}

}  // namespace

std::string contradiction(const CLI::App& app, const Options& o) {
  if (given(app, "--wall") && given(app, "--wall-scale"))
    return "--wall and --wall-scale exclude each other: both say how large text is";
  if (given(app, "--camera") && given(app, "--camera-path"))
    return "--camera and --camera-path exclude each other";
  if (!o.export_file.empty() && !table_format(o.export_file))
    return "--export " + o.export_file + ": the name of a table ends in .csv, .geojson or .ndjson";
  return heat_contradiction(app, o);
}

std::vector<std::string> without_effect(const CLI::App& app, const Options& o) {
  std::vector<std::string> lines;
  const auto say = [&](const std::string& option, const char* why) {
    lines.push_back(option + ": no effect. " + why);
  };
  const std::string demo_option = first_given(app, kDemoOptions);
  if (!demo_option.empty() && !o.demo())
    say(demo_option, "It is of the demo, which --connect and --open replace.");
  if (given(app, "--token-file") && o.connect_url.empty())
    say("--token-file", "It is shown to a gateway: give --connect URL.");
  if (given(app, "--ca-file") && !o.connect_url.starts_with("wss://"))
    say("--ca-file", "Only wss:// gateways are asked for certificates.");
  const auto knows_its_datum = [](const std::string& file) {
    return file == kShippedPrefectures || file == kShippedCounties || net::is_packed_map(file);
  };
  if (given(app, "--borders-datum") && std::ranges::all_of(o.border_files, knows_its_datum))
    say("--borders-datum", "It is of GeoJSON; the boundaries named know theirs.");
  if (given(app, "--size") && o.fullscreen) say("--size", "A full screen has its monitor's.");
  if (given(app, "--monitor") && !o.fullscreen) say("--monitor", "It is of --fullscreen.");
  if (o.paused && o.open_path.empty() && !o.at)
    say("--paused", "Only what is recorded can be held: give --open PATH, or --at with --connect.");
  if (!o.headless) return lines;  // in a window, keys and pointer come to it later
  const std::string heat_option = first_given(app, kHeatOptions);
  if (!heat_option.empty() && !o.heat) say(heat_option, "The heat is off: give --heat on.");
  if (given(app, "--band") && o.demo())
    say("--band", "It is of recorded data: give --open PATH or --connect URL.");
  if (o.compare && !o.history && !o.heat)
    say("--compare", "It is of a machine's history or of the heat: give --history or --heat on.");
  if (o.history && o.select.empty())
    say("--history", "It is of the selected machine: give --select ID.");
  if (o.history && o.demo())
    say("--history", "It is of recorded data: give --open PATH or --connect URL.");
  if (given(app, "--trail") && o.select.empty() && o.mark.empty())
    say("--trail", "It is of the machines chosen: give --select ID or --mark TEXT.");
  return lines;
}

}  // namespace viewer
