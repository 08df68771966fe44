// App's part for machines that the command line names: they may come later than the wall does.
#include <utility>

#include "viewer/app.hpp"

namespace viewer {

/// Of a gateway's wall that is called with an instant, those of that instant are meant.
void App::look_for_asked(Steady now, const net::FeedHealth& health) {
  const Options& o = config_.options;
  if (!playback_->ready() || playback_->seeking() || (o.at && !started_playing_)) return;
  if (!o.select.empty()) select_asked_for(now, health);
  if (!o.mark.empty()) mark_asked_for(now, health);
}

void App::select_asked_for(Steady now, const net::FeedHealth& health) {
  const std::string& id = config_.options.select;
  const auto machine = view_.state().roster().find(id);
  if (!machine || !view_.state().has(*machine, fleet::kPosition)) {  // it may come yet
    if (std::exchange(select_missed_, true)) return;
    complaints_.push_back("--select " + id +
                          ": no machine of this id is on the map; it is selected as soon as it "
                          "reports a position.");
    say(Notice::no_machine, id, now);
    return;
  }
  config_.options.select.clear();
  if (said_.kind == Notice::no_machine) said_ = {};
  wall_.selected = *machine;
  fill_model(now, health);  // its card leaves less of the map, in whose middle it is to stand
  const Rect map = picture_->layout(model_, wall_.camera).map;
  if (!config_.options.camera) {
    interaction_.fly_to_machine(*machine, map);
    moved_ = true;
  }
  changed_ = true;
}

/// Brings the marked machines into the part of the map that the strip about them leaves free.
void App::fit_marked(Steady now, const net::FeedHealth& health) {
  fill_model(now, health);
  const Layout layout = picture_->layout(model_, wall_.camera);
  Rect map = layout.map;
  if (!layout.trails.empty()) map.y1 = layout.trails.y0;
  interaction_.fit_marked(map);
}

/// The camera goes to them only if nothing else was said of it.
void App::mark_asked_for(Steady now, const net::FeedHealth& health) {
  const std::string& text = config_.options.mark;
  const bool placed = config_.options.camera || config_.camera_path || wall_.selected;
  const render::Camera camera = wall_.camera;
  fill_model(now, health);
  const std::size_t found =
      interaction_.mark_found(text, picture_->layout(model_, wall_.camera).map);
  if (found == 0 || wall_.marked.empty()) {  // they may come yet
    if (std::exchange(mark_missed_, true)) return;
    complaints_.push_back("--mark " + text +
                          ": no machine on the map has this in its serial, id or customer; they "
                          "are marked as soon as one comes.");
    say(Notice::none_to_mark, text, now);
    return;
  }
  if (found > MarkedMachines::kMost) {
    complaints_.push_back("--mark " + text + ": " + std::to_string(found) +
                          " machines are found; the first " +
                          std::to_string(MarkedMachines::kMost) + " are marked.");
  }
  config_.options.mark.clear();
  if (said_.kind == Notice::none_to_mark) said_ = {};
  if (placed) {
    wall_.camera = camera;
  } else {
    fit_marked(now, health);
    moved_ = true;
  }
  changed_ = true;
}

}  // namespace viewer
