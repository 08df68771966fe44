#include "viewer/options.hpp"

#include <sstream>

#include "fleet/time_control.hpp"
#include "net/command_line.hpp"
#include "net/feed/ws_client.hpp"
#include "viewer/datum_option.hpp"
#include "viewer/film/film_options.hpp"
#include "viewer/heat/heat_options.hpp"
#include "viewer/options_check.hpp"

namespace viewer {
namespace {

/// Limits that nobody reaches; below them every count and clock has room.
constexpr std::uint64_t kMostFrames = 1'000'000'000;
constexpr double kLeastSeconds = 0.001, kMostSeconds = 366 * 86'400;
constexpr std::uint64_t kMostMonitors = 100;

struct RawOptions {
  std::string size, wall, camera, at, compare,
      language = "zh", theme = "dark", panels = "on", heat = "off", counts = "off", points = "on",
      names = "on", borders_datum = "wgs84", trail = "2h", band = "day";
  RawHeatOptions heat_of;
  RawTileOptions tiles;
  RawFilmOptions film;
  double speed = 1, seconds = 0;
  std::uint64_t frames = 0;
};

TrailSpan span_of(std::string_view text) {
  if (text == "30min") return TrailSpan::half_hour;
  if (text == "2h") return TrailSpan::two_hours;
  if (text == "8h") return TrailSpan::eight_hours;
  return text == "today" ? TrailSpan::today : TrailSpan::off;
}

void add_source_options(CLI::App& app, Options& options) {
  auto* connect = app.add_option("--connect", options.connect_url,
                                 "gateway, e.g. ws://127.0.0.1:8686 (path /feed unless given)")
                      ->check(net::not_empty());
  auto* open = app.add_option("--open", options.open_path,
                              "recorded data: a .fleetday file or a data directory")
                   ->check(net::not_empty());
  connect->excludes(open);
  app.add_option("--token-file", options.token_file, "file with the gateway's access token")
      ->check(net::not_empty());
  app.add_option("--ca-file", options.ca_file,
                 "certificates (PEM) to trust for wss://, instead of the system's")
      ->check(net::not_empty());
  app.add_option("--config", options.config_file,
                 "refused: the wall has no settings file yet in this version")
      ->check(net::not_empty());
  app.add_option("--demo-machines", options.demo_machines,
                 "size of the demo fleet, 1..1000000 (over 71428: a shorter past)")
      ->check(net::whole_number_from(1, 1'000'000));
  app.add_option("--seed", options.seed, "seed of the demo fleet")
      ->check(net::whole_number_from(0, UINT64_MAX));
  app.add_flag("--demo-moving", options.demo_moving,
               "every demo machine reports every second (for measuring)");
}

void add_border_options(CLI::App& app, Options& options, RawOptions& raw) {
  auto* borders =
      app.add_option(
             "--borders", options.border_files,
             "own boundaries instead of the map's: GeoJSON (or .gz), a packed map (.fwm), or "
             "'prefectures' or 'counties' (with the prefectures) for the ones shipped; may be "
             "given "
             "more than once")
          ->check(net::not_empty())
          ->expected(1)
          ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--borders-datum", raw.borders_datum,
                 "of the GeoJSON's coordinates: wgs84, gcj02 or bd09")
      ->needs(borders)
      ->check(is_datum_name());
  app.add_option("--borders-attribution", options.border_attribution,
                 "shown with the map, e.g. its approval number")
      ->needs(borders)
      ->check(net::not_empty());
}

void add_time_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("--at", raw.at, "start at this instant (ISO 8601) of what is recorded")
      ->check(net::not_empty());
  app.add_option("--speed", raw.speed, "feed seconds per real second, -1440..1440")
      ->check(net::number_from(-fleet::kMaxSpeed, fleet::kMaxSpeed));
  app.add_flag("--paused", options.paused, "hold the playhead");
  app.add_option("--scene", options.scene, "refused: there are no scenes yet in this version")
      ->check(net::not_empty());
}

/// What the wall is, and how its words are written.
void add_wall_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("--lang", raw.language, "zh or en")->check(CLI::IsMember({"zh", "en"}));
  app.add_option("--theme", raw.theme, "dark, or light for a lit room (key D)")
      ->check(CLI::IsMember({"dark", "light"}));
  app.add_option("--size", raw.size, "WIDTHxHEIGHT in pixels")->check(net::not_empty());
  app.add_flag("--fullscreen", options.fullscreen, "cover a whole monitor");
  app.add_option("--monitor", options.monitor, "monitor for --fullscreen, from 0")
      ->check(net::whole_number_from(0, kMostMonitors - 1));
  app.add_option("--wall-scale", options.wall_scale, "type scale beside width/1920, 0.5..4")
      ->check(net::number_from(0.5, 4));
  app.add_option("--wall", raw.wall,
                 "WIDTHxHEIGHT@DISTANCE in metres, as 6.2x3.5m@8m: text legible from there")
      ->check(net::not_empty());
  app.add_option("--composer", options.composer, "auto, cpu or gpu")
      ->check(CLI::IsMember({"auto", "cpu", "gpu"}));
}

/// What of the fleet is shown.
void add_view_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_option("--camera", raw.camera, "LON,LAT,ZOOM (zoom as in MapLibre at 1920 px)")
      ->check(net::not_empty());
  app.add_option("--camera-path", options.camera_path_file, "CSV t_s,lon,lat,zoom; looped")
      ->check(net::not_empty());
  app.add_option("--select", options.select, "machine whose card is open from the start, by id")
      ->check(net::not_empty());
  app.add_option("--mark", options.mark,
                 "machines marked from the start, with their trails: all that have this text in "
                 "serial, id or customer, 50 at most (key F marks one)")
      ->check(net::not_empty());
  app.add_flag("--history", options.history,
               "show what the selected machine did that day, of recorded data (key V)");
  app.add_option(
         "--compare", raw.compare,
         "of recorded data: compare the day shown with this one, 2026-10-15, or -1d for the "
         "day before, in a machine's history and in the heat of hours (key X)")
      ->check(net::not_empty());
  app.add_option("--trail", raw.trail,
                 "of the selected and the marked machines: 30min, 2h, 8h, today, off (key T)")
      ->check(CLI::IsMember({"30min", "2h", "8h", "today", "off"}));
  app.add_option("--band", raw.band, "of recorded data, along the bottom: day, week, month (key Z)")
      ->check(CLI::IsMember({"day", "week", "month"}));
  app.add_option("--panels", raw.panels, "on or off")->check(CLI::IsMember({"on", "off"}));
  app.add_option("--points", raw.points, "the machines themselves (key O), on or off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--names", raw.names,
                 "names of places (key K), on or off, e.g. where --tiles have their own")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--heat", raw.heat, "the heat map (key M), on or off")
      ->check(CLI::IsMember({"on", "off"}));
  app.add_option("--counts", raw.counts, "numbers of machines on the map (key C), on or off")
      ->check(CLI::IsMember({"on", "off"}));
}

void add_run_options(CLI::App& app, Options& options, RawOptions& raw) {
  app.add_flag("--headless", options.headless, "draw without a display");
  app.add_option("--frames", raw.frames, "draw this many frames, as fast as possible, and end")
      ->check(net::whole_number_from(1, kMostFrames));
  app.add_option("--seconds", raw.seconds,
                 "end after this much real time (not counting a demo's start)")
      ->check(net::number_from(kLeastSeconds, kMostSeconds));
  app.add_option(
         "--rebuild-every", options.rebuild_every,
         "make everything on the GPU anew every so many pictures, for testing (key F9: once)")
      ->check(net::whole_number_from(1, kMostFrames));
  app.add_option("--screenshot", options.screenshot_file, "write the last frame here (PNG)")
      ->check(net::not_empty());
  app.add_option("--export", options.export_file,
                 "write the machines in the last frame here: .csv, .geojson or .ndjson (key "
                 "Shift+F12: CSV and GeoJSON)")
      ->check(net::not_empty());
  app.add_option("--stats", options.stats_file, "write measurements here (JSON)")
      ->check(net::not_empty());
}

/// Size and place: texts that CLI11 took as they are, made into values.
std::string finish_geometry(const RawOptions& raw, Options& options) {
  if (!raw.size.empty()) {
    const auto size = parse_size(raw.size);
    if (!size) return "--size: expected WIDTHxHEIGHT, each 16..16384, got '" + raw.size + "'";
    std::tie(options.width, options.height) = *size;
    options.size_given = true;
  }
  if (!raw.wall.empty()) {
    options.wall = parse_wall(raw.wall);
    if (!options.wall) {
      return "--wall: expected WIDTHxHEIGHT@DISTANCE in metres within 0.1..100, 0.1..100 and "
             "0.2..200, as 6.2x3.5m@8m, got '" +
             raw.wall + "'";
    }
  }
  if (!raw.camera.empty()) {
    options.camera = parse_camera(raw.camera);
    if (!options.camera) {
      return "--camera: expected LON,LAT,ZOOM within -180..180, -90..90, 0..22, got '" +
             raw.camera + "'";
    }
  }
  return {};
}

/// Where data comes from and how its time passes.
std::string finish_time(const RawOptions& raw, Options& options) {
  if (!options.connect_url.empty()) {
    if (const auto url = net::parse_ws_url(options.connect_url, "/feed"); !url)
      return "--connect: " + url.error().what;
  }
  if (!raw.at.empty()) {
    options.at = fleet::parse_time(raw.at);
    if (!options.at) {
      return "--at: expected a time with its offset, as 2026-10-16T14:32:00+08:00, got '" + raw.at +
             "'";
    }
    if (options.demo())
      return "--at needs recorded data: give --open PATH, or --connect URL of a gateway that "
             "records";
  }
  if (!raw.compare.empty()) {
    options.compare = parse_other_day(raw.compare);
    if (!options.compare) {
      return "--compare: expected a day, as 2026-10-15, or -1d for the day before, got '" +
             raw.compare + "'";
    }
  }
  if (options.demo() && options.speed && *options.speed <= 0) {
    return "--speed: the demo runs forward only; give a number above 0";
  }
  if (!options.connect_url.empty() && !options.at && options.speed && *options.speed != 1) {
    return "--speed: live data sets its own pace; start in the past with --at, or use it with "
           "--open or the demo";
  }
  return {};
}

/// The whole of it. Returns what is wrong, or nothing.
std::string finish(const CLI::App& app, const RawOptions& raw, Options& options) {
  options.language = raw.language == "en" ? Lang::en : Lang::zh;
  options.theme = raw.theme == "light" ? ThemeName::light : ThemeName::dark;
  options.panels = raw.panels == "on";
  options.heat = raw.heat == "on";
  options.counts = raw.counts == "on";
  options.border_datum = datum_named(raw.borders_datum);
  options.points = raw.points == "on";
  options.names = raw.names == "on";
  options.trail = span_of(raw.trail);
  options.band = raw.band == "week"    ? BandSpan::week
                 : raw.band == "month" ? BandSpan::month
                                       : BandSpan::day;
  if (app.count("--speed")) options.speed = raw.speed;
  if (app.count("--frames")) options.frames = raw.frames;
  if (app.count("--seconds")) options.seconds = raw.seconds;
  if (auto wrong = finish_heat(raw.heat_of, options.heat_choice); !wrong.empty()) return wrong;
  if (auto wrong = finish_tiles(raw.tiles, options.tiles); !wrong.empty()) return wrong;
  if (auto wrong = finish_geometry(raw, options); !wrong.empty()) return wrong;
  if (auto wrong = finish_time(raw, options); !wrong.empty()) return wrong;
  if (auto wrong = finish_film(app, raw.film, options); !wrong.empty()) return wrong;
  if (!options.scene.empty()) return "--scene: there are no scenes yet in this version";
  if (!options.config_file.empty())
    return "--config: the wall has no settings file yet in this version";
  if (options.headless && options.fullscreen)
    return "--headless and --fullscreen exclude each other";
  if (options.headless && options.film.out.empty() && !options.frames && !options.seconds) {
    return "--headless needs an end: give --frames N or --seconds S";
  }
  return contradiction(app, options);
}

}  // namespace

Parsed parse_options(int argc, const char* const* argv) {
  Options options;
  RawOptions raw;
  CLI::App app{"fleetwall: a real-time fleet map for a wall. Without arguments: a demo fleet.",
               "fleetwall"};
  app.set_version_flag("--version", "fleetwall " FLEETWALL_VERSION);
  add_source_options(app, options);
  add_border_options(app, options, raw);
  add_time_options(app, options, raw);
  add_wall_options(app, options, raw);
  add_view_options(app, options, raw);
  add_heat_options(app, options.heat_choice, raw.heat_of);
  add_tile_options(app, options.tiles, raw.tiles);
  add_run_options(app, options, raw);
  add_film_options(app, options.film, raw.film);
  Parsed parsed;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::ostringstream text, errors;
    const int code = app.exit(e, text, errors);
    parsed.exit_code = code == 0 ? 0 : 2;
    parsed.text = code == 0 ? text.str() : "fleetwall: " + errors.str();
    return parsed;
  }
  if (const std::string problem = finish(app, raw, options); !problem.empty()) {
    parsed.exit_code = 2;
    parsed.text = "fleetwall: " + problem + "\n";
    return parsed;
  }
  parsed.warnings = without_effect(app, options);
  parsed.options = options;
  return parsed;
}

}  // namespace viewer
