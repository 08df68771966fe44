// App's part for the heat on the map: what it is of, and the difference between two recorded days.
#include "viewer/app.hpp"
#include "viewer/model/fill.hpp"
#include "viewer/ui/format.hpp"

namespace viewer {
namespace {

/// A recording that begins or ends so near to midnight is of the whole day.
constexpr std::chrono::minutes kWholeDay{10};

/// "10-16 Fri".
std::string short_date(const fleet::TimeZone& zone, fleet::LocalDay day, Lang lang) {
  return date_text(lang, local_clock(zone, zone.start_of(day))).substr(5);
}

/// "08:00–17:30" where not all of a day is recorded; else empty.
std::string recorded_span(const fleet::TimeZone& zone, const net::DayOverview& day) {
  const fleet::Time begin = zone.start_of(day.day),
                    end = zone.start_of(day.day + std::chrono::days{1});
  if (day.begin <= begin + kWholeDay && day.end >= end - kWholeDay) return {};
  const auto clock = [&](fleet::Time t) {
    return t >= end ? std::string("24:00") : clock_text(zone, t).substr(0, 5);
  };
  return clock(day.begin) + "–" + clock(day.end);
}

}  // namespace

DifferenceModel::State App::difference_state() const {
  using State = DifferenceModel::State;
  if (!wall_.heat || !wall_.compare || !fleet_known()) return State::off;
  if (wall_.heat_choice.measure != HeatMeasure::hours) return State::hours_alone;
  if (!source_.other_heat() || !playback_->recorded()) return State::needs_recording;
  if (recorded_days().days.empty()) return State::reading;
  if (!other_day_) return State::alone;
  if (!other_recorded_) return State::not_recorded;
  if (difference_.damaged()) return State::damaged;
  return difference_.ready() && difference_.settled() ? State::ready : State::reading;
}

/// The shown day's hours less those of the other one, instead of the shown day's.
bool App::difference_drawn() const {
  const auto state = difference_state();
  return state == DifferenceModel::State::ready || state == DifferenceModel::State::reading;
}

bool App::difference_settled() const {
  return difference_state() != DifferenceModel::State::reading;
}

/// The day compared with; null: none, or nothing is recorded of it.
const net::RecordedDay* App::recorded_other_day() const {
  return other_day_ ? recorded_days().find(*other_day_) : nullptr;
}

/// Brings the difference along with the playhead.
void App::follow_difference(Steady now) {
  net::HeatShelf* const shelf = source_.other_heat();
  if (shelf == nullptr) return;
  const bool wanted = wall_.heat && wall_.compare && other_recorded_ && playback_->recorded() &&
                      wall_.heat_choice.measure == HeatMeasure::hours && fleet_known();
  if (!wanted) {
    if (!difference_.settled() || difference_.ready() || difference_.damaged()) changed_ = true;
    return difference_.rest(*shelf);
  }
  const bool there = playback_->caught_up() && !playback_->seeking();
  const fleet::Time at = playback_->playhead();
  // A film waits for each of its pictures: it is not to wait for the other day at all of them.
  const bool rests = !film_ && (held_ || playback_->pace() == 0);
  const net::RecordedDay* const recorded = recorded_other_day();  // may be today, and go on
  const HeatDifference::Shown shown{at,
                                    view_.day_of(at),
                                    *other_day_,
                                    wall_.heat_choice.hours,
                                    rests,
                                    now,
                                    recorded ? recorded->overview.end : fleet::kNever};
  const bool other = there ? difference_.update(*shelf, view_.zone(), shown, view_.state().heat())
                           : difference_.take_answer(*shelf);
  if (!other) return;
  difference_moved_ = true;
  changed_ = true;
}

/// What the heat of a frame is of; brings its places up to the fleet shown.
void App::choose_heat(render::MapFrame& frame) {
  if (!frame.heat) return;
  const HeatChoice& choice = wall_.heat_choice;
  frame.heat_of = choice.measure == HeatMeasure::working ? render::HeatOf::working_machines
                                                         : render::HeatOf::places;
  frame.heat_difference = difference_drawn();
  frame.heat_form = choice.hexagons ? render::HeatForm::hexagons : render::HeatForm::smooth;
  frame.heat_radius_m = choice.radius_m;
  if (frame.heat_of == render::HeatOf::places && playback_->playhead() != fleet::kNever) {
    give_heat_places(frame.heat_difference);
  }
  const bool same = choice.measure == HeatMeasure::field && choice.field == full_field_;
  full_field_ = choice.field;
  full_ = full_of(choice, heat_places_.mean(), same ? full_ : 0);
  if (frame.heat_difference) full_ = difference_full_of(choice);
  frame.heat_full_per_km2 = full_;
}

/// The picture has another difference than the panel's sum in view was told of.
bool App::tells_old_difference() const {
  return difference_drawn() && difference_.ready() &&
         picture_->heat_sum().value_or(kNone) != model_.heat.in_view;
}

/// Those of the difference or of the day shown, where they are others than the picture has.
void App::give_heat_places(bool difference) {
  const bool switched = std::exchange(places_of_difference_, difference) != difference;
  if (difference) {
    const bool moved = std::exchange(difference_moved_, false);
    if (moved || switched) picture_->set_heat_places(difference_.places());
    return;
  }
  const bool moved =
      heat_places_.update(view_, wall_.heat_choice, view_.day_of(playback_->playhead()));
  if (moved || switched) picture_->set_heat_places(heat_places_.places());
}

void App::fill_heat() {
  HeatModel& heat = model_.heat;
  const HeatChoice& choice = wall_.heat_choice;
  heat.on = wall_.heat && fleet_known();
  heat.measure = choice.measure;
  heat.field = choice.field;
  const fleet::FieldCatalog& fields = view_.state().fields();
  const auto field = fields.find(choice.field);
  heat.field_unit = field ? unit_text(wall_.lang, fields[*field].unit) : std::string{};
  heat.since = choice.measure == HeatMeasure::hours ? known_since(view_) : std::string{};
  heat.from_hour = choice.hours.from;
  heat.to_hour = choice.hours.to;
  heat.not_yet = choice.measure == HeatMeasure::hours && playback_->playhead() != fleet::kNever &&
                 !choice.hours.begun_by(local_clock(view_.zone(), playback_->playhead()).hour);
  heat.radius_m = static_cast<double>(choice.radius_m);
  heat.hexagons = choice.hexagons;
  heat.in_view = picture_->heat_sum().value_or(kNone);
  fill_difference();
  if (heat.difference.drawn()) {
    const bool ready = difference_.ready();
    heat.total = ready ? difference_.sums().net_h : kNone;
    heat.unplaced = difference_.sums().unplaced_h;
    if (!ready) heat.in_view = kNone;
    return;
  }
  if (choice.measure == HeatMeasure::working) {
    heat.total = static_cast<double>(model_.totals.by_status[0]);
    heat.unplaced = 0;
  } else {
    heat.total = heat_places_.total();
    heat.unplaced = heat_places_.unplaced();
  }
}

void App::fill_difference() {
  DifferenceModel& m = model_.heat.difference;
  m = {};
  m.state = difference_state();
  if (m.state == DifferenceModel::State::off) return;
  const fleet::TimeZone& zone = view_.zone();
  if (other_day_) m.other = short_date(zone, *other_day_, wall_.lang);
  if (!difference_drawn()) return;
  const net::RecordedDay* const recorded = recorded_other_day();
  if (recorded != nullptr) m.other_span = recorded_span(zone, recorded->overview);
  const fleet::Time now = playback_->playhead();
  m.shown = short_date(zone, view_.day_of(now), wall_.lang);
  if (!difference_.ready()) return;
  // What stands there, while the next one is read.
  const HeatDifference::Shown& of = difference_.of();
  m.shown = short_date(zone, of.day, wall_.lang);
  m.other = short_date(zone, of.other, wall_.lang);
  const bool whole = of.at >= zone.start_of(of.day + std::chrono::days{1});
  if (!whole) m.until = clock_text(zone, of.at).substr(0, 5);
  const HeatDifference::Sums sums = difference_.sums();
  m.shown_h = sums.shown_h;
  m.other_h = sums.other_h;
}

}  // namespace viewer
