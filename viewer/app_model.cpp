// App's half that fills the panels' model: what to say, once a frame.
#include <algorithm>

#include "viewer/app.hpp"
#include "viewer/model/fill.hpp"
#include "viewer/panels/panels.hpp"
#include "viewer/ui/feed_texts.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

constexpr std::size_t kAlarmRows = kMostAlarmRows;
/// Without a message for this long a gateway that sends heartbeats every second counts as lost.
constexpr double kLostAfterS = 5;
/// Long enough to read two lines twice.
constexpr std::chrono::seconds kSayFor{12};

double seconds_since(std::int64_t steady_ns, App::Steady now) {
  if (steady_ns == 0) return kNone;
  return std::chrono::duration<double>(now.time_since_epoch() - std::chrono::nanoseconds(steady_ns))
      .count();
}

HashAgreement agreement(Agreement a) {
  switch (a) {
    case Agreement::agrees:
      return HashAgreement::equal;
    case Agreement::diverged:
      return HashAgreement::diverged;
    case Agreement::unknown:
      break;
  }
  return HashAgreement::unknown;
}

}  // namespace

void App::fill_model(Steady now, const net::FeedHealth& health) {
  const bool english = wall_.lang == Lang::en;
  const fleet::Time playhead = playback_->playhead();
  if (model_version_ != view_.figures_version()) {
    model_version_ = view_.figures_version();
    model_.totals = totals_model(view_);
    model_.utilisation = utilisation_model(view_);
    model_.ranking = ranking_model(view_, english);
    model_.alarms = alarms_model(view_, playhead, wall_.selected, english, kAlarmRows);
  }
  model_.card =
      wall_.selected ? card_model(view_, *wall_.selected, playhead, english) : CardModel{};
  if (const Trail* trail = wall_.selected ? trails_.of(*wall_.selected) : nullptr) {
    model_.card.trail = trail->model(view_.zone());
  }
  if (model_.card.status == fleet::Status::silent) {
    model_.card.trail.silent_for_s = model_.card.report_age_s;
  }
  fill_history();
  model_.trails = {wall_.marked.slots(view_.state().roster()).size(), wall_.trail,
                   trails_.waiting(), wall_.marked.found()};
  model_.search = wall_.search;
  model_.chooser = wall_.chooser ? chooser_model(view_, *wall_.chooser) : ChooserModel{};
  model_.help = wall_.help;
  model_.panels = wall_.panels;
  model_.fleet = fleet_known();
  fill_clock();
  model_.utilisation.then = model_.card.then = playback_->recorded();
  if (playback_->recorded()) {
    model_.alarms.as_of = clock_text(view_.zone(), playhead).substr(0, 5);
  }
  fill_heat();
  fill_top_and_health(now, health);
  fill_live_alarms();
  fill_notice(now);
}

void App::fill_top_and_health(Steady now, const net::FeedHealth& health) {
  const fleet::Time playhead = playback_->playhead();
  const PlaybackHealth& play = playback_->health();
  TopBarModel& top = model_.top;
  const bool paused = playback_->recorded() && model_.band.paused;
  top.mode = paused ? Mode::paused : playback_->recorded() ? Mode::replay : Mode::live;
  top.speed = playback_->recorded() ? playback_->control().speed() : health.hello.speed;
  top.demo = health.hello.demo || source_.demo();
  top.scope =
      model_.fleet ? scope_text(view_, wall_.camera, picture_->map_rect(), wall_.lang, scope_) : "";
  top.preparing = source_.preparing().has_value();
  top.clock.reset();
  if (playhead != fleet::kNever) top.clock = local_clock(view_.zone(), playhead);
  top.connected = health.state == net::FeedHealth::State::receiving || playback_->recorded();
  top.heartbeats = play.heartbeats;
  // Of what is shown: a jump back leaves what was received since out again.
  const fleet::Time newest =
      playback_->recorded() ? view_.state().newest_receive() : play.newest_receive;
  top.data_age_s = age_s(newest, playhead);
  top.catching_up = model_.band.catching_up;
  top.calendar = wall_.replays;
  top.updates_per_s = updates_per_s_;
  top.frame_ms = stats_.steady.cpu_ms.count() > 0 ? stats_.steady.cpu_ms.at(0.5) : kNone;
  top.reconnects = stats_.reconnects;

  HealthModel& h = model_.health;
  h.feed_age_s = playback_->recorded() ? kNone : seconds_since(health.last_frame_steady_ns, now);
  h.data_age_s = top.data_age_s;
  h.updates_per_s = updates_per_s_;
  h.updates_recent = updates_recent_;
  h.frame_p50_ms = stats_.steady.cpu_ms.count() ? stats_.steady.cpu_ms.at(0.5) : kNone;
  h.frame_p99_ms = stats_.steady.cpu_ms.count() ? stats_.steady.cpu_ms.at(0.99) : kNone;
  h.reconnects = stats_.reconnects;
  h.queue_bytes = film_ ? 0 : static_cast<double>(source_.queue().bytes());
  h.queue_limit_bytes = static_cast<double>(Source::kQueueBytes);
  h.agreement = agreement(play.agreement);
  h.bad_frames = film_ ? 0 : health.bad_frames;  // read ahead of what is shown
  if (const net::FeedHealth live = source_.feed().health(); live.trouble.empty()) {
    h.trouble.reset();
  } else {
    h.trouble = live.trouble_kind;
  }
  h.gateway = source_.address();
  h.gateway_version = health.hello.gateway_version;
  h.own_version = FLEETWALL_VERSION;
  h.renderer = config_.renderer;
}

void App::fill_legend(const render::MapFrame& frame) {
  LegendModel& legend = model_.legend;
  legend.moving = !view_.has_engine_data() && view_.state().machine_count() > 0;
  legend.heat = frame.heat;
  legend.heat_full = static_cast<double>(frame.heat_full_per_km2);
  legend.heat_measure = wall_.heat_choice.measure;
  legend.points = frame.points;
  legend.heat_window.clear();
  legend.heat_hours.clear();
  if (legend.heat_measure == HeatMeasure::hours) {
    const HourSpan& hours = wall_.heat_choice.hours;
    legend.heat_window = text_of(wall_.lang, Text::heat_today);
    if (!hours.whole()) legend.heat_hours = hours_text(wall_.lang, hours.from, hours.to);
    if (!hours.whole()) legend.heat_window += " " + legend.heat_hours;
  }
  const DifferenceModel& difference = model_.heat.difference;
  legend.heat_difference = frame.heat && frame.heat_difference;
  legend.heat_days.clear();
  legend.heat_days_short.clear();
  if (known(difference.shown_h)) {
    legend.heat_days =
        difference.shown + " − " + difference.other + " " + until_text(difference, wall_.lang);
    legend.heat_days_short = difference.shown.substr(0, 5) + " − " + difference.other.substr(0, 5);
  }
  legend.heat_not_yet = model_.heat.not_yet;
  legend.heat_since = model_.heat.since;
  legend.heat_field = summed_field_label(wall_.lang, wall_.heat_choice.field);
  if (!model_.heat.field_unit.empty()) legend.heat_field += " " + model_.heat.field_unit;
  model_.heat.drawn_radius_m = render::effective_heat_radius_m(frame);
  legend.heat_widened = widened(model_.heat);
  legend.heat_radius_m = wall_.heat_choice.hexagons ? 0 : model_.heat.drawn_radius_m;
  legend.heat_hexagon_m = wall_.heat_choice.hexagons ? render::hexagon_width_m(frame) : 0;
  legend.metres_per_px = frame.camera.metres_per_px();
  legend.attribution = config_.attribution;
  legend.caveat = config_.caveat;
  if (const MapTiles* tiles = picture_->tiles()) {
    const std::string& told = config_.options.tiles.attribution;
    legend.tiles = {told.empty() ? config_.tiles->source().about().attribution : told,
                    tiles->failing(), tiles->reachable()};
  }
}

void App::say(Notice kind, std::string name, Steady now) {
  said_ = {};
  said_.kind = kind;
  said_.address = std::move(name);
  said_until_ = now + kSayFor;
  changed_ = true;
}

void App::say_cannot_open(std::string name, Steady now) {
  say(Notice::cannot_open, std::move(name), now);
}

void App::fill_live_alarms() {
  TopBarModel& top = model_.top;
  top.live_alarms = watch_ ? watch_->alarms().count() : 0;
  if (top.live_alarms > 0) top.live_worst = watch_->alarms().worst();
}

/// Where the recording has nothing of the instant shown, the fleet falls silent in the picture:
/// that is not what happened.
void App::fill_gap_notice(NoticeModel& notice) const {
  if (!playback_->recorded() || playback_->seeking()) return;
  const net::RecordedDay* const day = recorded_days().find(view_.day_of(desk_.wanted()));
  const bool damaged = day && day->overview.damaged;
  const BandGap* const gap = unknown_stretch(model_.band, damaged);
  if (gap == nullptr) return;
  const fleet::TimeZone& zone = view_.zone();
  const fleet::LocalDay first = shown_days().first;
  const std::string from = instant_text(zone, time_at_hours(zone, first, gap->from_h)),
                    to = instant_text(zone, time_at_hours(zone, first, gap->to_h));
  notice.kind = damaged ? Notice::in_damage : Notice::in_gap;
  notice.age_s = kNone;
  notice.fact = from + " – " + to;
}

void App::fill_notice(Steady now) {
  using State = net::FeedHealth::State;
  const net::FeedHealth health = source_.feed().health();
  NoticeModel& notice = model_.notice;
  notice = {};
  notice.address = source_.address();
  notice.reason = health.reason;
  notice.fact = health.reason == net::FeedReason::none ? health.detail : health.fact;
  notice.age_s = seconds_since(health.last_frame_steady_ns, now);
  if (health.state == State::refused) {
    notice.kind = Notice::refused;
  } else if (const auto share = source_.preparing()) {
    notice.kind = Notice::preparing;
    notice.share = *share;
    notice.age_s = std::chrono::duration<double>(now - started_).count();
  } else if (!fleet_known()) {
    const bool empty = arrival_of(health) == Arrival::no_fleet;
    notice.kind = empty ? Notice::empty_fleet : Notice::connecting;
    if (empty || health.state != State::receiving)
      notice.age_s = std::chrono::duration<double>(now - started_).count();
  } else if (source_.recorded()) {
    const bool at_end = playback_->playhead() >= health.range_end && model_.band.paused;
    if (at_end) notice.kind = Notice::replay_ended;
    notice.age_s = kNone;
  } else if (health.state == State::lost || (known(notice.age_s) && notice.age_s > kLostAfterS)) {
    notice.kind = Notice::gateway_lost;
  } else if (!health.trouble.empty()) {
    notice.kind = Notice::not_recorded;
    notice.trouble = health.trouble_kind;
    if (trouble_needs_words(health.trouble_kind)) notice.fact = health.trouble;
    notice.age_s = kNone;
  }
  if (notice.kind == Notice::none) fill_gap_notice(notice);
  const bool room = notice.kind == Notice::none || notice.kind == Notice::in_gap ||
                    notice.kind == Notice::not_recorded || notice.kind == Notice::replay_ended;
  if (room && now < said_until_) notice = said_;
}

}  // namespace viewer
