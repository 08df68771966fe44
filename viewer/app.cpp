#include "viewer/app.hpp"

#include <algorithm>
#include <cmath>

#include "net/zone.hpp"
#include "viewer/heat/heat_field.hpp"
#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

using std::chrono::duration;

/// 4 ms: a quarter of a 60 Hz frame for taking in data, the rest for drawing.
constexpr std::chrono::microseconds kApplyBudget{4000};
/// A rate is measured each second: a minute of them.
constexpr std::size_t kRecentRates = 60;

bool is_shown(const render::PointInstance& p) {
  return (p.style & render::PointInstance::kHidden) == 0;
}

}  // namespace

App::App(AppConfig config, const fleet::Atlas& atlas, Source& source, Steady now)
    : config_(std::move(config)),
      source_(source),
      view_(atlas, fleet::shanghai()),
      playback_(std::make_unique<Playback>(
          view_, Playback::Course{&source.queue(), &source.feed(), source.recorded(), false})),
      desk_(*playback_),
      interaction_(wall_, view_),
      picture_(std::make_unique<WallPicture>(config_.shader_dir, atlas, config_.options)),
      started_(now),
      last_update_(now),
      last_draw_(now - std::chrono::hours(1)),
      rates_at_(now) {
  const Options& o = config_.options;
  wall_.lang = o.language;
  wall_.theme = o.theme;
  wall_.heat = o.heat;
  wall_.counts = o.counts;
  wall_.points = o.points;
  wall_.names = o.names;
  wall_.heat_choice = o.heat_choice;
  wall_.trail = o.trail;
  if (o.history) wall_.history.emplace();
  wall_.compare = o.compare;
  wall_.band = o.band;
  wall_.panels = o.panels;
  resize(o.width, o.height);
  if (config_.tiles) {
    picture_->show_tiles(*config_.tiles,
                         tile_map(config_.tiles->source().about(), o.tiles.datum, o.tiles.look));
  }
  if (o.camera) {
    wall_.camera.centre = fleet::world_from_lonlat({o.camera->lon_deg, o.camera->lat_deg});
    wall_.camera.zoom = o.camera->zoom;
  }
  moved_ = o.camera.has_value() || config_.camera_path.has_value();
  for (const fleet::Error& file : source_.unreadable())
    complaints_.push_back(file.what + "; this day is left out.");
}

App::~App() = default;

void App::resize(int width_px, int height_px) {
  if (width_px == wall_.camera.width_px && height_px == wall_.camera.height_px) return;
  wall_.camera.width_px = width_px;
  wall_.camera.height_px = height_px;
  changed_ = true;
}

void App::update(const Input& input, Steady now, bool exact) {
  const auto dt = held_ ? std::chrono::nanoseconds{0}
                        : std::chrono::duration_cast<std::chrono::nanoseconds>(now - last_update_);
  last_update_ = now;
  const net::FeedHealth live = source_.feed().health();
  adopt_health(live);
  if (source_.recorded() && !started_playing_) start_playing(now, live);
  follow_past(now, exact);
  playback_->update(dt, feed().health(), exact ? std::nullopt : std::optional(kApplyBudget),
                    [] { return std::chrono::steady_clock::now(); });
  follow_playhead(input, now, now);
}

/// Everything else, once the fleet is that of the playhead. real_now: for what is fetched.
void App::follow_playhead(const Input& input, Steady now, Steady real_now) {
  adopt_health(source_.feed().health());
  const net::FeedHealth health = feed().health();
  view_.set_end(playback_->recorded() ? past_health().range_end : fleet::kNever);
  view_.update(playback_->playhead());
  fit_when_due(now, health);
  check_heat_field(now);
  look_for_asked(now, health);
  if (config_.camera_path) {
    config_.camera_path->apply(duration<double>(now - started_).count(), wall_.camera);
    changed_ = true;
  }
  follow_trails(now, health);
  if (picture_->update_tiles(real_now)) changed_ = true;
  measure_rates(now);
  take_input(input, now, health);
  follow_pointer(input, now);
  serve_requests();
  save_asked_for(now);
  follow_history();
  follow_difference(now);
}

void App::take_input(const Input& input, Steady now, const net::FeedHealth& health) {
  picture_->ui().set_pointer(input.pointer_inside ? Point{static_cast<float>(input.pointer.x),
                                                          static_cast<float>(input.pointer.y)}
                                                  : Point{-1, -1});
  const render::Camera camera = wall_.camera;
  const auto selected = wall_.selected;
  const bool had_history = wall_.history.has_value();
  requests_ = interaction_.handle(input, picture_->ui(), picture_->map_rect(), changed_);
  moved_ = moved_ || !(wall_.camera == camera);
  if (interaction_.found_marked()) fit_marked(now, health);
  const bool opened = wall_.history && !had_history;
  if (!wall_.selected || (wall_.selected == selected && !opened)) return;
  // Its card takes a part of the map: the machine is not to lie under it.
  fill_model(now, health);
  const Rect map = picture_->layout(model_, wall_.camera).map;
  if (interaction_.flew()) {
    interaction_.fly_to_machine(*wall_.selected, map);
  } else {
    interaction_.keep_clear(*wall_.selected, map);
  }
}

void App::start_playing(Steady now, const net::FeedHealth& health) {
  const Options& o = config_.options;
  playback_->start(o.at, o.speed.value_or(1), o.paused);
  started_playing_ = true;
  complain_if_outside(health, now);
}

void App::complain_if_outside(const net::FeedHealth& recorded, Steady now) {
  const Options& o = config_.options;
  const fleet::Time begin = recorded.range_begin, end = recorded.range_end;
  if (!o.at || begin == fleet::kNever || (*o.at >= begin && *o.at <= end)) return;
  complaints_.push_back("--at " + fleet::iso8601(*o.at) +
                        ": outside of the recording, which goes from " + fleet::iso8601(begin) +
                        " to " + fleet::iso8601(end) + ". The nearest instant is shown.");
  say(Notice::outside_recording, instant_text(view_.zone(), *o.at), now);
  said_.fact = instant_text(view_.zone(), begin) + " – " + instant_text(view_.zone(), end);
}

/// Brings the camera to the fleet with its first machine. A recording may begin with a few of them:
/// each time their number has doubled, all are brought into view again, until somebody moves the
/// map.
void App::fit_when_due(Steady now, const net::FeedHealth& health) {
  const bool again = playback_->recorded() || fitted_machines_ == 0;
  if (moved_ || !again || !playback_->ready()) return;
  // They change with the figures: once a second of the feed.
  if (fitted_machines_ > 0 && fit_version_ == view_.figures_version()) return;
  fit_version_ = view_.figures_version();
  const auto points = view_.points();
  const auto shown =
      static_cast<std::size_t>(std::count_if(points.begin(), points.end(), is_shown));
  if (shown == 0 || shown < 2 * fitted_machines_) return;
  fill_model(now, health);  // the layout is that of the fleet
  if (!interaction_.fit_fleet(picture_->layout(model_, wall_.camera).map)) return;
  fitted_machines_ = shown;
  changed_ = true;
}

/// A field that the fleet does not have, or whose values make no sum, gives way to the hours.
void App::check_heat_field(Steady now) {
  HeatChoice& choice = wall_.heat_choice;
  if (choice.measure != HeatMeasure::field || !playback_->ready()) return;
  if (choice.field == checked_field_) return;
  const fleet::FieldCatalog& fields = view_.state().fields();
  // A field comes with the first report that has it.
  const bool reported = playback_->caught_up() && std::ranges::any_of(view_.points(), is_shown);
  if (!fields.find(choice.field) && !reported) return;
  checked_field_ = choice.field;
  std::string problem = heat_field_problem(fields, choice.field);
  if (problem.empty()) return;
  complaints_.push_back(std::move(problem));
  call_was_wrong_ = true;
  say(fields.find(choice.field) ? Notice::no_sum : Notice::no_field,
      field_label(wall_.lang, choice.field), now);
  choice.measure = HeatMeasure::hours;
  choice.field.clear();
}

void App::adopt_health(const net::FeedHealth& health) {
  if (health.connections > 1) stats_.reconnects = health.connections - 1;
  stats_.dropped = health.dropped;
  const std::string& name = health.hello.day_zone;
  if (name.empty() || name == view_.zone().name()) return;
  // A zone that this machine does not know leaves the one before: hours may differ, data does not.
  if (auto zone = net::load_zone(name)) view_.set_zone(std::move(zone.value()));
}

void App::rebuild_gl() {
  picture_->rebuild();
  changed_ = true;
}

std::string App::reload_shaders_if_changed() {
  const render::ShaderReload result = picture_->reload_shaders_if_changed();
  if (result.reloaded) changed_ = true;
  return result.error;
}

void App::follow_trails(Steady now, const net::FeedHealth& health) {
  Trail::Wanted wanted;
  if (playback_->ready()) wanted.machine = wall_.selected;
  wanted.span = wall_.trail;
  wanted.playhead = playback_->recorded() ? playback_->playhead() : view_.state().time();
  wanted.now_s = duration<double>(now - started_).count();
  wanted.speed = playback_->recorded() ? playback_->control().speed() : 1;
  wanted.recorded = playback_->recorded();
  wanted.epoch = health.hello.epoch;
  wanted.connections = health.connections;
  std::vector<fleet::Slot> marked;
  if (playback_->ready()) marked = wall_.marked.slots(view_.state().roster());
  if (trails_.update(view_, wanted, marked, feed())) changed_ = true;
}

void App::measure_rates(Steady now) {
  const double passed = duration<double>(now - rates_at_).count();
  if (passed < 1) return;
  updates_per_s_ = static_cast<double>(view_.updates_applied() - rates_updates_) / passed;
  updates_recent_.push_back(static_cast<float>(updates_per_s_));
  if (updates_recent_.size() > kRecentRates) updates_recent_.erase(updates_recent_.begin());
  rates_updates_ = view_.updates_applied();
  rates_at_ = now;
}

/// A gateway without a machine sends its whole state all the same: there is no fleet in it.
bool App::fleet_known() const {
  return playback_->ready() && (playback_->recorded() || view_.state().roster().size() > 0);
}

Arrival App::arrival_of(const net::FeedHealth& health) const {
  using State = net::FeedHealth::State;
  if (fleet_known()) return Arrival::fleet;
  if (health.state == State::lost || health.state == State::refused) return Arrival::no_feed;
  return playback_->ready() ? Arrival::no_fleet : Arrival::under_way;
}

}  // namespace viewer
