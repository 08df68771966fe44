// App's part for pictures: when one is due, drawing it, and what is measured of it.
#include <cmath>

#include "viewer/app.hpp"

namespace viewer {
namespace {

using std::chrono::duration;

/// Points glide for this much feed time, and above this speed not at all.
constexpr float kGlideS = 0.4f;
constexpr double kGlideMaxSpeed = 20;
/// Frames a second while something moves by itself.
constexpr double kMotionHz = 60;
/// ... and while only alarm rings pulse: enough for a soft pulse, and cheap without a GPU.
constexpr double kPulseHz = 20, kPulseSoftwareHz = 8;
/// Clock, ages and heartbeat change once a second, whatever else happens.
constexpr double kIdleHz = 1;
/// While the demo prepares: its bar moves, and the processor is needed for what it waits for.
constexpr double kPreparingHz = 4;

}  // namespace

/// While time stands still every point stands at its place.
float App::glide_s() const {
  const double pace = playback_->pace();
  return held_ || pace == 0 || std::abs(pace) > kGlideMaxSpeed ? 0.f : kGlideS;
}

bool App::gliding() const {
  if (glide_s() == 0 || view_.last_move() == fleet::kNever) return false;
  const duration<double> since = playback_->playhead() - view_.last_move();
  return since.count() >= 0 && since.count() < static_cast<double>(kGlideS);
}

bool App::settled() const {
  return playback_->ready() && playback_->caught_up() && !gliding() && history_settled() &&
         difference_settled() && (source_.recorded() || !config_.options.at || started_playing_) &&
         (!past_is_looked_at() ||
          source_.days()->complete(shown_days().first, shown_days().last()));
}

bool App::needs_frame(Steady now) const {
  const double passed = duration<double>(now - last_draw_).count();
  if (changed_ || config_.camera_path) return true;
  const bool motion = gliding() || !view_.changed().empty() || view_.all_changed();
  if (motion) return passed >= 0.9 / kMotionHz;
  if (model_.alarms.unacknowledged > 0) {
    return passed >= 1 / (config_.software ? kPulseSoftwareHz : kPulseHz);
  }
  return passed >= 1 / (source_.preparing() ? kPreparingHz : kIdleHz);
}

duration<double> App::patience(Steady now) const {
  if (needs_frame(now)) return duration<double>(0);
  // A live feed is looked at 60 times a second: taking a lock and finding nothing costs nothing.
  return duration<double>(playback_->recorded() && playback_->pace() == 0 ? 0.1 : 1 / kMotionHz);
}

void App::draw(unsigned target_framebuffer, Steady now) {
  fill_model(now, feed().health());
  render::MapFrame frame;
  frame.camera = wall_.camera;
  frame.playhead_s = view_.seconds(playback_->playhead());
  frame.glide_s = glide_s();
  frame.points = wall_.points;
  frame.heat = wall_.heat;
  frame.ui_scale = picture_->layout(model_, wall_.camera).scale;
  choose_heat(frame);
  fill_legend(frame);
  const auto draw_picture = [&] {
    picture_->draw(frame, view_, model_, wall_, trails_, gliding(),
                   duration<double>(now - started_).count(), target_framebuffer);
  };
  draw_picture();
  // What is in view is known once it is drawn; there is no next picture to tell it where time is
  // held.
  const bool tells_old = tells_old_difference();
  if (tells_old && held_) {
    fill_heat();
    draw_picture();
  }
  view_.clear_changed();
  changed_ = tells_old && !held_;
  // Of pictures of a fleet, not across a change of source.
  if (fleet_drawn_ && last_draw_ >= started_) {
    const double ms = duration<double, std::milli>(now - last_draw_).count();
    stats_.frame_ms.add(ms);
    if (stats_.steady.updates_before) stats_.steady.frame_ms.add(ms);
  }
  fleet_drawn_ = fleet_known();
  ++stats_.frames;
  last_draw_ = now;
  if (playback_->health().ticks_applied != drawn_ticks_) {
    drawn_ticks_ = playback_->health().ticks_applied;
    if (const auto age = playback_->latency_clock().age_ms(view_.state().time(), now)) {
      stats_.latency_ms.add(*age);
    }
  }
}

void App::wait_for_tiles(std::chrono::milliseconds most) {
  if (MapTiles* tiles = picture_->tiles()) tiles->wait(most);
}

std::string App::take_tile_trouble() {
  MapTiles* tiles = picture_->tiles();
  return tiles ? tiles->take_trouble() : std::string{};
}

void App::note_steady(double cpu_ms, Steady now) {
  SteadyStats& steady = stats_.steady;
  if (steady.updates_before) {
    ++steady.frames;
    steady.cpu_ms.add(cpu_ms);
  } else if (fleet_known() && playback_->caught_up()) {
    // This one had the whole fleet to take in: what is steady comes after it.
    steady.updates_before = view_.updates_applied();
    steady.began_s = duration<double>(now - started_).count();
  }
}

void App::finish_stats() {
  stats_.seconds = duration<double>(last_update_ - started_).count();
  stats_.machines = view_.state().machine_count();
  stats_.updates_applied = view_.updates_applied();
  stats_.hash_checks = playback_->health().hash_checks;
  stats_.divergences = playback_->health().divergences;
  stats_.state_hash = view_.state().hash();
  stats_.width = wall_.camera.width_px;
  stats_.height = wall_.camera.height_px;
  if (wall_.heat && wall_.heat_choice.measure != HeatMeasure::working) {
    stats_.heat_total = difference_drawn() ? difference_.sums().net_h : heat_places_.total();
  }
  // Summed from the machines' day figures, not from the cells that the heat is drawn from.
  if (fleet_known() && playback_->playhead() != fleet::kNever) {
    const fleet::LocalDay today = view_.day_of(playback_->playhead());
    std::int64_t worked_s = 0;
    for (fleet::Slot m = 0; m < view_.state().machine_count(); ++m) {
      const fleet::DayFigures& figures = view_.state().figures(m);
      if (figures.day == today.time_since_epoch().count()) worked_s += figures.working_s();
    }
    stats_.worked_h = static_cast<double>(worked_s) / 3600;
  }
  picture_->add_to(stats_);
}

}  // namespace viewer
