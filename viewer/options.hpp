// Command line of the wall, read and checked. Everything the contract names, and nothing guessed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/tile.hpp"
#include "fleet/time.hpp"
#include "viewer/clock/band_span.hpp"
#include "viewer/film/film_plan.hpp"
#include "viewer/heat/heat_choice.hpp"
#include "viewer/history/other_day.hpp"
#include "viewer/tiles/tile_options.hpp"
#include "viewer/trails/span.hpp"
#include "viewer/ui/layout.hpp"
#include "viewer/ui/texts.hpp"
#include "viewer/ui/theme.hpp"

namespace viewer {

struct CameraOption {
  double lon_deg = 0, lat_deg = 0, zoom = 0;
};

/// Names that --borders knows: the prefectures of assets/, and the counties laid over these.
inline constexpr const char* kShippedPrefectures = "prefectures";
inline constexpr const char* kShippedCounties = "counties";

struct Options {
  // Where the data comes from; both empty = the demo.
  std::string connect_url;
  std::string open_path;
  std::string token_file;
  std::string ca_file;  ///< for wss://; empty = the system's
  std::string config_file;

  std::uint32_t demo_machines = 32'730;
  std::uint64_t seed = 1;
  bool demo_moving = false;

  /// Laid over the map in this order; kShippedPrefectures and
  /// kShippedCounties are such.
  std::vector<std::string> border_files;
  fleet::Datum border_datum = fleet::Datum::wgs84;
  std::string border_attribution;

  Lang language = Lang::zh;
  ThemeName theme = ThemeName::dark;
  std::optional<fleet::Time> at;
  std::optional<double> speed;
  bool paused = false;
  std::string scene;

  int width = 1920, height = 1080;
  bool size_given = false;
  bool fullscreen = false;
  int monitor = 0;
  double wall_scale = 1;         ///< on top of width / 1920
  std::optional<WallSize> wall;  ///< its size in the room: text is legible from there
  bool panels = true;
  bool heat = false;
  bool counts = false;
  bool points = true;
  bool names = true;  ///< of places on the map
  HeatChoice heat_choice;
  std::string select;               ///< id of the machine whose card is open from the start
  bool history = false;             ///< of that machine is open, too
  std::optional<OtherDay> compare;  ///< that the one shown is compared with
  std::string mark;  ///< search text: the machines it finds are marked from the start
  TrailSpan trail = TrailSpan::two_hours;
  BandSpan band = BandSpan::day;
  TileOptions tiles;
  std::string composer = "auto";  ///< auto, cpu, gpu
  std::optional<CameraOption> camera;
  std::string camera_path_file;

  bool headless = false;
  std::optional<std::uint64_t> frames;
  std::optional<double> seconds;
  std::uint64_t rebuild_every = 0;  ///< pictures; everything on the GPU is made anew; 0: never
  std::string screenshot_file;
  std::string export_file;  ///< table of the machines in the last picture
  std::string stats_file;
  FilmPlan film;  ///< of recorded data; its out is empty: none

  bool demo() const { return connect_url.empty() && open_path.empty(); }
};

/// What main should do after reading the command line.
struct Parsed {
  std::optional<Options> options;  ///< nothing: print `text` and exit with `exit_code`
  int exit_code = 0;
  std::string text;
  std::vector<std::string> warnings;  ///< a line for each option that changes nothing
};

/// Never exits and never throws. --help and --version give text with code 0, a wrong call text with
/// code 2.
Parsed parse_options(int argc, const char* const* argv);

/// "1920x1080" -> width and height, each 16..16384. Nothing if it is not that.
std::optional<std::pair<int, int>> parse_size(const std::string& text);
/// "6.2x3.5m@8m" (the m may be left out) -> width, height and distance in metres, 0.1..100,
/// 0.1..100 and 0.2..200. Nothing if it is not that.
std::optional<WallSize> parse_wall(const std::string& text);
/// "LON,LAT,ZOOM" in degrees and MapLibre zoom, within -180..180, -90..90 and 0..22; else nothing.
std::optional<CameraOption> parse_camera(const std::string& text);

}  // namespace viewer
