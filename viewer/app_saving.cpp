// App's part for what is saved of what it shows: tables of machines, and word of what was saved.
#include <filesystem>
#include <utility>

#include "viewer/app.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

std::string folder_here() {
  std::error_code ignored;
  const auto folder = std::filesystem::current_path(ignored);
  return ignored ? "." : folder.string();
}

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

}  // namespace

std::string App::picture_path() const {
  return free_stem(folder_here(), view_.zone(), playback_->playhead(), {".png"}) + ".png";
}

void App::say_saved(const std::string& path, const fleet::Result<void>& saved, Steady now) {
  say(saved ? Notice::saved : Notice::not_saved, name_of(path), now);
  said_.fact = saved ? path : saved.error().what;
}

fleet::Result<std::size_t> App::save_table(const std::string& path) const {
  if (!fleet_known()) return fleet::Error{"No fleet is known: " + path + " was not written."};
  return save_shown(view_.state(), playback_->playhead(), wall_.camera, path);
}

/// The machines in the picture, as CSV and as GeoJSON.
void App::save_asked_for(Steady now) {
  if (requests_.save_table && fleet_known() && !saver_.busy()) {
    const std::string stem =
        free_stem(folder_here(), view_.zone(), playback_->playhead(), {".csv", ".geojson"});
    saver_.start(view_.state(), playback_->playhead(), wall_.camera,
                 {stem + ".csv", stem + ".geojson"});
  }
  const auto saved = saver_.take();
  if (!saved) return;
  if (!saved->problem.empty()) {
    say(Notice::not_saved, std::string(picture_->ui().tr(Text::saved_table)), now);
    said_.fact = saved->problem;
    return;
  }
  say(Notice::saved, name_of(saved->files.front()) + ", .geojson", now);
  said_.fact = filled(picture_->ui().tr(Text::saved_machines), "n",
                      grouped(static_cast<std::int64_t>(saved->machines))) +
               " · " + saved->files.front();
}

}  // namespace viewer
