#include "viewer/trails/trail.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

using std::chrono::duration;

/// A question that nobody answered for this long is asked again ...
constexpr double kPatienceS = 30;
/// ... and one that could not be answered, after this.
constexpr double kRetryS = 5;
/// Replay: asked beyond the span by what plays in half a minute, within these.
constexpr fleet::Millis kLeastAhead{10 * 60'000}, kMostAhead{60 * 60'000};
constexpr double kAheadS = 30;
/// How fine the trail's ends follow the playhead.
constexpr fleet::Millis kStep{1000};

}  // namespace

TrailSpan next_span(TrailSpan span) {
  switch (span) {
    case TrailSpan::off:
      return TrailSpan::half_hour;
    case TrailSpan::half_hour:
      return TrailSpan::two_hours;
    case TrailSpan::two_hours:
      return TrailSpan::eight_hours;
    case TrailSpan::eight_hours:
      return TrailSpan::today;
    case TrailSpan::today:
      break;
  }
  return TrailSpan::off;
}

fleet::Time begin_of(TrailSpan span, fleet::Time playhead, const fleet::TimeZone& zone) {
  switch (span) {
    case TrailSpan::half_hour:
      return playhead - std::chrono::minutes(30);
    case TrailSpan::two_hours:
      return playhead - std::chrono::hours(2);
    case TrailSpan::eight_hours:
      return playhead - std::chrono::hours(8);
    case TrailSpan::today:
      return zone.start_of(zone.day_of(playhead));
    case TrailSpan::off:
      break;
  }
  return playhead;
}

void Trail::begin(const std::string& machine_id) {
  track_.clear();
  machine_id_ = machine_id;
  covered_from_ = covered_to_ = known_from_ = fleet::kNever;
  waiting_ = false;
  retry_s_ = 0;
}

bool Trail::covers(const Wanted& wanted) const {
  return covered_from_ != fleet::kNever && from_ >= covered_from_ &&
         (!wanted.recorded || wanted.playhead <= covered_to_);
}

std::optional<net::TrackQuestion> Trail::question(const Wanted& wanted) const {
  if (!shown_ || waiting_ || wanted.now_s < retry_s_ || covers(wanted)) return std::nullopt;
  net::TrackQuestion question;
  question.machine = *wanted.machine;
  question.machine_id = machine_id_;
  question.from = from_;
  question.to = wanted.playhead;
  if (wanted.recorded) {
    const double ahead_ms = std::abs(wanted.speed) * kAheadS * 1000;
    const fleet::Millis ahead = std::clamp(
        fleet::Millis{static_cast<std::int64_t>(std::min(ahead_ms, 1e9))}, kLeastAhead, kMostAhead);
    question.to += ahead;
    question.from -= ahead;
    question.to = std::min(question.to, from_ + net::kMaxTrackSpan);
    question.from = std::max(question.from, question.to - net::kMaxTrackSpan);
  }
  return question;
}

void Trail::asked(net::TrackQuestion question, double now_s) {
  question_ = std::move(question);
  waiting_ = true;
  asked_s_ = now_s;
}

/// What was seen beyond the answer stays: it came while the answer was under way.
void Trail::merge(net::TrackAnswer answer) {
  const fleet::Track seen = std::move(track_);
  track_ = {};
  for (const fleet::TrackStay& stay : answer.stays) track_.add(stay);
  for (fleet::TrackStay stay : seen.stays()) {
    if (!track_.stays().empty() && stay.time <= track_.stays().back().until) stay.time = stay.until;
    track_.add(stay);
  }
  known_from_ = answer.known_from;
  covered_from_ = question_.from;
  covered_to_ = question_.to;
}

bool Trail::take(net::TrackAnswer& answer, double now_s) {
  if (!waiting_ || answer.number != question_.number) return false;
  waiting_ = false;
  if (answer.failed) {
    retry_s_ = now_s + kRetryS;
  } else {
    merge(std::move(answer));
    answered_ = true;
  }
  return true;
}

/// No trail is shown. True if one was.
bool Trail::hide() {
  const bool was = !machine_id_.empty();
  begin({});
  picture_ = {};
  span_ = TrailSpan::off;
  return was;
}

/// Turns to the machine and span wanted, and to a feed that began anew. True if the trail is
/// another.
bool Trail::turn_to(const Wanted& wanted, const std::string& machine_id) {
  bool changed = span_ != wanted.span;
  span_ = wanted.span;
  if (machine_id != machine_id_) {
    begin(machine_id);
    changed = true;
  }
  if (epoch_ != wanted.epoch || connections_ != wanted.connections) {
    epoch_ = wanted.epoch;
    connections_ = wanted.connections;
    covered_from_ = fleet::kNever;  // something may be missing since
    waiting_ = false;
  }
  return changed;
}

/// Takes the machine's newest fix in. True if it was news.
bool Trail::take_fix(const Wanted& wanted, const fleet::FleetState& state, fleet::Slot machine) {
  const auto fix = fleet::newest_fix(state, machine);
  if (!fix) return false;
  const bool newer = track_.stays().empty() || fix->time > track_.stays().back().until;
  // In replay what was read ahead holds it already; a jump into the unknown does not.
  return (newer || !wanted.recorded) && track_.add(*fix);
}

bool Trail::update(const FleetView& view, const Wanted& wanted, bool later) {
  const fleet::FleetState& state = view.state();
  shown_ = wanted.machine && *wanted.machine < state.machine_count() &&
           wanted.span != TrailSpan::off && wanted.playhead != fleet::kNever;
  if (!shown_) return hide();
  const fleet::Slot machine = *wanted.machine;
  bool changed = turn_to(wanted, state.roster()[machine].id);
  changed = std::exchange(answered_, false) || changed;
  news_ = take_fix(wanted, state, machine) || news_;
  const bool grows = news_ || std::chrono::abs(wanted.playhead - to_) >= kStep;
  changed = changed || from_ == fleet::kNever || to_ == fleet::kNever || (grows && !later);
  if (changed) {
    from_ = begin_of(span_, wanted.playhead, view.zone());
    to_ = wanted.playhead;
    if (!wanted.recorded) track_.drop_before(to_ - net::kMaxTrackSpan);
    fleet::picture_of(track_.stays(), from_, to_, picture_);
    news_ = false;
  }
  if (waiting_ && wanted.now_s - asked_s_ > kPatienceS) waiting_ = false;
  return changed;
}

TrailModel Trail::model(const fleet::TimeZone& zone) const {
  TrailModel m;
  m.span = span_;
  if (span_ == TrailSpan::off) return m;
  m.driven_km = picture_.driven_m / 1000;
  m.hauled_km = picture_.hauled_m / 1000;
  m.gaps = static_cast<int>(picture_.gaps);
  m.silent_s = duration<double>(picture_.silent).count();
  m.waiting = waiting_first();
  const bool unanswered = covered_from_ == fleet::kNever && !waiting_;
  fleet::Time since = known_from_;
  if (unanswered && !track_.stays().empty()) since = track_.stays().front().time;
  if (since > from_) m.since = clock_text(zone, since).substr(0, 5);
  return m;
}

}  // namespace viewer
