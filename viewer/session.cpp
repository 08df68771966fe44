#include "viewer/session.hpp"

#include <filesystem>

namespace viewer {
namespace {

/// Options for recorded data in place of whatever the command line named.
Options replay_options(Options o, const std::string& path, const WallState& wall) {
  o.connect_url.clear();
  o.open_path = path;
  o.at.reset();
  o.speed.reset();
  o.paused = false;
  o.camera.reset();
  o.select.clear();
  o.mark.clear();
  o.width = wall.camera.width_px;
  o.height = wall.camera.height_px;
  o.language = wall.lang;
  o.theme = wall.theme;
  o.heat = wall.heat;
  o.counts = wall.counts;
  o.points = wall.points;
  o.names = wall.names;
  o.heat_choice = wall.heat_choice;
  o.trail = wall.trail;
  o.band = wall.band;
  o.panels = wall.panels;
  return o;
}

}  // namespace

Session::Session(AppConfig config, const fleet::Atlas& atlas, std::unique_ptr<Source> source,
                 App::Steady now)
    : config_(std::move(config)),
      atlas_(atlas),
      source_(std::move(source)),
      app_(std::make_unique<App>(config_, atlas_, *source_, now)) {}

Session::~Session() {
  app_.reset();  // before the source it reads
}

fleet::Result<void> Session::open_recording(const std::string& path, App::Steady now) {
  const Options options = replay_options(config_.options, path, app_->wall());
  auto source = Source::open(options);
  if (!source) {
    app_->say_cannot_open(std::filesystem::path(path).filename().string(), now);
    return source.error();
  }
  RunStats stats = std::move(app_->stats());
  app_.reset();
  source_ = std::move(source.value());
  config_.options = options;
  config_.camera_path.reset();
  app_ = std::make_unique<App>(config_, atlas_, *source_, now);
  stats.steady = {};
  app_->stats() = std::move(stats);
  return {};
}

}  // namespace viewer
