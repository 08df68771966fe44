#include "net/gateway/gateway_core.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace net {

namespace {

void sort_alarms(fleet::TickBatch& tick) {
  std::stable_sort(tick.alarms.begin(), tick.alarms.end(),
                   [](const auto& a, const auto& b) { return a.alarm.machine < b.alarm.machine; });
}

/// Of changes sorted by machine: one a machine, the last one.
template <class Change>
void keep_last_of_each(std::vector<Change>& changes) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (kept > 0 && changes[kept - 1].machine == changes[i].machine) --kept;
    changes[kept++] = changes[i];
  }
  changes.resize(kept);
}

bool holds_anything(const fleet::TickBatch& tick) {
  return !tick.rows.empty() || !tick.periods.empty() || !tick.figures.empty() ||
         !tick.alarms.empty();
}

}  // namespace

GatewayCore::GatewayCore(CoreConfig config, fleet::Time start)
    : config_(std::move(config)),
      judge_(config_.quality),
      figures_(config_.zone, config_.figures_every_ticks, config_.max_tick_shares),
      tracks_(config_.track_bytes) {
  tick_.begin = start;
  tracks_.begins(start);
  figures_.restore(state_, tick_index());
  state_.finish_tick({config_.epoch, 0}, start);
}

std::int64_t GatewayCore::tick_index() const {
  return fleet::ms_from_time(tick_.begin) / config_.tick.count();
}

void GatewayCore::restore(fleet::FleetState state, fleet::Time now) {
  assert(!pending());
  state_ = std::move(state);
  faults_.restore(state_.alarms());
  judge_.restore(state_);
  tick_.begin = now;
  tracks_.begins(now);
  figures_.restore(state_, tick_index());
  next_number_ = 1;
  state_.finish_tick({config_.epoch, 0}, now);
  roster_sent_ = state_.roster().version();
  fields_sent_ = state_.fields().size();
}

IngestOutcome GatewayCore::ingest(const fleet::ReportBatch& batch) {
  IngestOutcome outcome;
  state_.fit_roster();
  tick_.end = tick_end();
  for (const fleet::Report& report : batch.reports) take_report(report, batch, outcome);
  return outcome;
}

void GatewayCore::take_report(const fleet::Report& report, const fleet::ReportBatch& batch,
                              IngestOutcome& outcome) {
  const fleet::Verdict verdict = judge_.judge(report, batch, state_);
  for (const fleet::Rejection& r : verdict.rejections)
    outcome.rejected.push_back({report.line, r.reason, r.field});
  if (!verdict.accepted) return;
  ++outcome.accepted;

  const fleet::AcceptedRow& row = verdict.row;
  const std::int32_t period_ms = rhythm_.observe(state_, row);
  figures_.observe(state_, row, tick_index());
  state_.accept(row, tick_);
  if (period_ms != state_.head(row.machine).period_ms)
    state_.set_period(row.machine, period_ms, tick_);
  tracks_.observe(state_, row);
  if (verdict.has_faults) take_faults(report, batch.faults_of(report), outcome);
}

/// Whether the alarms that are open afterwards are not too many. A list with which they do not grow
/// fits always: by such lists they are closed.
bool GatewayCore::has_room_for(const fleet::Report& report, std::span<const fleet::Fault> faults) {
  if (tick_.alarms.size() >= config_.max_tick_alarms) return false;
  if (tick_.lists.size() >= config_.max_tick_alarms ||
      tick_.faults.size() + faults.size() > config_.max_tick_alarms)
    return false;
  const std::size_t open = state_.alarms().open().size();
  if (open + faults.size() <= config_.max_open_alarms) return true;
  const std::ptrdiff_t growth = faults_.growth(report.machine, report.device_time, faults);
  return growth <= 0 || open + static_cast<std::size_t>(growth) <= config_.max_open_alarms;
}

/// A list that would be too much is refused whole: half of one would say that the rest is over.
void GatewayCore::take_faults(const fleet::Report& report, std::span<const fleet::Fault> faults,
                              IngestOutcome& outcome) {
  if (!has_room_for(report, faults)) {
    judge_.take_back_faults();
    outcome.rejected.push_back({report.line, fleet::Reason::alarms_full, fleet::kFaultsField});
    return;
  }
  events_.clear();
  const fleet::Slot machine = report.machine;
  const bool in_order = faults_.observe(machine, state_.roster()[machine].id, report.device_time,
                                        report.receive_time, faults, events_);
  for (const fleet::AlarmEvent& event : events_) state_.raise(event, tick_);
  if (!in_order)
    fleet::add_late_list(tick_, machine, report.device_time, faults);
  else if (events_.empty())
    tick_.lists.push_back({machine, report.device_time, true, 0, 0});
}

IngestOutcome GatewayCore::absorb(const fleet::ReportBatch& batch, fleet::Time until) {
  assert(!pending());
  IngestOutcome outcome = ingest(batch);
  begin_silently(until);
  sample_activity(until);
  tick_.activity.reset();
  return outcome;
}

void GatewayCore::adopt(const GatewayCore& part, fleet::Slot first) {
  assert(!pending() && !part.pending());
  state_.fit_roster();
  state_.adopt(part.state_, first);
  judge_.adopt(part.judge_, first);
  rhythm_.adopt(part.rhythm_, first);
  faults_.adopt(part.faults_, first);
  figures_.adopt(part.figures_, first);
  activity_ = part.activity_;
  tracks_.adopt(part.tracks_, first);
  begin_silently(part.tick_begin());
}

/// Goes on at `begin` as if all that is known had been sent.
void GatewayCore::begin_silently(fleet::Time begin) {
  tick_.clear();
  tick_.begin = begin;
  figures_.publish_silently(state_, begin, tick_index());
  roster_sent_ = state_.roster().version();
  fields_sent_ = state_.fields().size();
  state_.finish_tick(state_.position(), begin);
}

/// Notes how many machines are at work, once every five minutes. The sample travels in the tick
/// under way.
void GatewayCore::sample_activity(fleet::Time now) {
  const auto sample = activity_.sample(state_, now, config_.zone);
  if (!sample) return;
  state_.note_activity(*sample);
  tick_.activity = sample;
}

void GatewayCore::collect_changed() {
  last_changed_.clear();
  for (const auto& row : tick_.rows) last_changed_.push_back(row.machine);
  for (const auto& change : tick_.periods) last_changed_.push_back(change.machine);
  for (const auto& change : tick_.figures) last_changed_.push_back(change.machine);
  std::sort(last_changed_.begin(), last_changed_.end());
  last_changed_.erase(std::unique(last_changed_.begin(), last_changed_.end()), last_changed_.end());
}

/// Brings the tick under way into the form in which it is sent. Returns the roster it needs.
std::optional<fleet::RosterBatch> GatewayCore::close_tick() {
  figures_.publish(state_, tick_, tick_index());
  tick_.end = tick_end();
  collect_changed();
  if (holds_anything(tick_)) {
    fleet::sort_by_machine(tick_);
    keep_last_of_each(tick_.periods);
    sort_alarms(tick_);
    sample_activity(tick_.end);
    tick_.position = {config_.epoch, next_number_++};
  }
  if (state_.roster().version() == roster_sent_ && state_.fields().size() == fields_sent_)
    return std::nullopt;
  auto roster = roster_of(state_, roster_sent_);
  roster_sent_ = state_.roster().version();
  fields_sent_ = state_.fields().size();
  return roster;
}

/// last: of the tick frame just cut, or of the one before it if it was empty.
void GatewayCore::open_next_tick(fleet::FramePosition last, fleet::Time begin) {
  state_.finish_tick(last, begin);
  tick_.clear();
  tick_.begin = begin;
  journaled_ = {};
}

GatewayCore::TickFrames GatewayCore::end_tick() {
  TickFrames frames;
  if (const auto roster = close_tick()) frames.roster = encode_roster(*roster);
  if (holds_anything(tick_))
    frames.tick = std::make_shared<const EncodedFrame>(encoder_.encode(tick_));
  open_next_tick(frames.tick ? tick_.position : state_.position(), tick_.end);
  return frames;
}

GatewayCore::TickCut GatewayCore::cut_tick() {
  TickCut cut{close_tick(), state_.position(), state_.time(), std::nullopt};
  const fleet::Time end = tick_.end;
  if (holds_anything(tick_)) cut.tick.emplace(std::move(tick_));
  open_next_tick(cut.tick ? cut.tick->position : state_.position(), end);
  return cut;
}

bool GatewayCore::pending() const {
  return holds_anything(tick_);
}

void GatewayCore::skip_to(fleet::Time t) {
  assert(!pending() && t >= tick_.begin);
  tick_.begin = t;
  state_.finish_tick(state_.position(), t);
}

GatewayCore::TickFrames GatewayCore::take_journal() {
  TickFrames frames;
  roster_journaled_ = std::max(roster_journaled_, roster_sent_);
  fields_journaled_ = std::max(fields_journaled_, fields_sent_);
  const std::uint64_t roster_version = state_.roster().version();
  if (roster_version != roster_journaled_ || state_.fields().size() != fields_journaled_) {
    frames.roster = encode_roster(roster_of(state_, roster_journaled_));
    roster_journaled_ = roster_version;
    fields_journaled_ = state_.fields().size();
  }
  fleet::TickBatch part = tick_since_journal();
  if (holds_anything(part)) {
    frames.tick = std::make_shared<const EncodedFrame>(encoder_.encode(part));
  }
  return frames;
}

fleet::TickBatch GatewayCore::tick_since_journal() {
  fleet::TickBatch part;
  part.position = {config_.epoch, next_number_};
  part.begin = tick_.begin;
  part.end = tick_end();
  const auto since = [](const auto& all, std::size_t mark) {
    return std::vector(all.begin() + static_cast<std::ptrdiff_t>(mark), all.end());
  };
  part.rows = since(tick_.rows, journaled_.rows);
  part.periods = since(tick_.periods, journaled_.periods);
  part.alarms = since(tick_.alarms, journaled_.alarms);
  fleet::append_lists(part, std::span(tick_.lists).subspan(journaled_.lists), tick_.faults);
  for (fleet::Row& row : part.rows) {
    const auto first = tick_.values.begin() + row.value_begin;
    row.value_begin = static_cast<std::uint32_t>(part.values.size());
    part.values.insert(part.values.end(), first, first + std::popcount(row.fields));
  }
  journaled_ = {tick_.rows.size(), tick_.periods.size(), tick_.alarms.size(), tick_.lists.size()};
  fleet::sort_by_machine(part);
  keep_last_of_each(part.periods);
  return part;
}

std::shared_ptr<const EncodedFrame> GatewayCore::encode_roster(const fleet::RosterBatch& batch) {
  return std::make_shared<const EncodedFrame>(
      encoder_.encode(batch, state_.position(), state_.time()));
}

std::shared_ptr<const EncodedFrame> GatewayCore::full_roster() {
  return encode_roster(full_roster_batch());
}

std::shared_ptr<const EncodedFrame> GatewayCore::roster_since(std::uint64_t version) {
  return encode_roster(roster_of(state_, version));
}

std::shared_ptr<const EncodedFrame> GatewayCore::keyframe() {
  return std::make_shared<const EncodedFrame>(encoder_.encode(keyframe_batch()));
}

fleet::StateBatch GatewayCore::keyframe_batch() {
  assert(!pending());
  state_.fit_roster();
  return state_.keyframe();
}

std::shared_ptr<const EncodedFrame> GatewayCore::catch_up(std::span<const fleet::Slot> machines,
                                                          std::uint64_t since) {
  assert(!pending());
  return std::make_shared<const EncodedFrame>(encoder_.encode(state_.catch_up(machines, since)));
}

fleet::Result<void> append_tick(fleet::TickBatch& tick, const fleet::TickBatch& next) {
  if (tick.position != next.position || tick.begin != next.begin)
    return fleet::Error{"A journal entry belongs to tick " + std::to_string(next.position.number) +
                        ", expected one of tick " + std::to_string(tick.position.number) + "."};
  const auto offset = static_cast<std::uint32_t>(tick.values.size());
  for (fleet::Row row : next.rows) {
    row.value_begin += offset;
    tick.rows.push_back(row);
  }
  tick.values.insert(tick.values.end(), next.values.begin(), next.values.end());
  tick.periods.insert(tick.periods.end(), next.periods.begin(), next.periods.end());
  tick.alarms.insert(tick.alarms.end(), next.alarms.begin(), next.alarms.end());
  fleet::append_lists(tick, next.lists, next.faults);
  fleet::sort_by_machine(tick);
  keep_last_of_each(tick.periods);
  sort_alarms(tick);
  return {};
}

}  // namespace net
