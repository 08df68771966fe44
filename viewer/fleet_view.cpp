#include "viewer/fleet_view.hpp"

#include <algorithm>

namespace viewer {
namespace {

/// moved_at_s is a float: after 4096 s its step is half a millisecond. Then the origin moves on.
constexpr double kRebaseAfterS = 4096;

}  // namespace

FleetView::FleetView(const fleet::Atlas& atlas, fleet::TimeZone zone)
    : regions_(atlas.provinces),
      places_(atlas.places),
      counties_(atlas.counties),
      zone_(std::move(zone)) {}

void FleetView::fit() {
  if (!fleet_.fit()) return;
  change_all();
}

void FleetView::change_all() {
  changed_.clear();
  is_changed_.assign(fleet_.points.size(), false);
  all_changed_ = true;
}

fleet::Result<void> FleetView::apply(fleet::Update update, fleet::Time playhead) {
  if (origin_ == fleet::kNever) origin_ = playhead;
  touched_.clear();
  if (auto* roster = std::get_if<fleet::RosterBatch>(&update)) {
    auto result = fleet_.state.apply(std::move(*roster));
    fit();
    return result;
  }
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) {
    if (auto result = fleet_.state.apply(*tick, &touched_); !result) return result;
    fit();
    updates_applied_ += tick->rows.size();
    // Ticks that a jump in time passes over were over before: nothing of them glides any more.
    const fleet::Time moved_at = std::min(playhead, fleet_.state.time());
    glide_touched(playhead, moved_at);
    if (!touched_.empty()) last_move_ = moved_at;
    return {};
  }
  if (const auto* batch = std::get_if<fleet::StateBatch>(&update)) {
    if (auto result = fleet_.state.apply(*batch, &touched_); !result) return result;
    fit();
    updates_applied_ += batch->machines.size();
    if (batch->kind == fleet::StateBatch::Kind::keyframe) {
      fleet_.refresh_all(playhead, regions_);
      begin_afresh(playhead);
    } else {
      glide_touched(playhead, playhead);
      last_move_ = playhead;
    }
  }
  return {};
}

void FleetView::glide_touched(fleet::Time playhead, fleet::Time moved_at) {
  const auto moved_at_s = static_cast<float>(seconds(moved_at));
  for (const fleet::Slot machine : touched_) {
    fleet_.refresh(machine, playhead, regions_, moved_at_s);
    mark_changed(machine);
  }
}

ShownFleet FleetView::take(ShownFleet fleet, fleet::Time playhead, std::size_t updates) {
  std::swap(fleet_, fleet);
  updates_applied_ += updates;
  begin_afresh(playhead);
  return fleet;
}

void FleetView::begin_afresh(fleet::Time playhead) {
  origin_ = playhead;
  change_all();
  figures_at_ = fleet::kNever;
  statuses_at_ = playhead;
}

void FleetView::mark_changed(fleet::Slot machine) {
  if (all_changed_ || is_changed_[machine]) return;
  is_changed_[machine] = true;
  changed_.push_back(machine);
}

void FleetView::clear_changed() {
  for (const fleet::Slot machine : changed_) is_changed_[machine] = false;
  changed_.clear();
  all_changed_ = false;
}

void FleetView::refresh_statuses(fleet::Time playhead) {
  const bool back = playhead < statuses_at_;
  statuses_at_ = playhead;
  if (!back && playhead <= fleet_.next_silence) return;
  fleet_.next_silence = fleet::Time::max();
  for (fleet::Slot machine = 0; machine < fleet_.status_until.size(); ++machine) {
    if (back || playhead > fleet_.status_until[machine]) {
      if (fleet_.refresh_status(machine, playhead)) mark_changed(machine);
    } else {
      fleet_.next_silence = std::min(fleet_.next_silence, fleet_.status_until[machine]);
    }
  }
}

fleet::LocalDay FleetView::day_of(fleet::Time t) const {
  const fleet::LocalDay day = zone_.day_of(t);
  return t == end_ && t == zone_.start_of(day) ? day - std::chrono::days{1} : day;
}

void FleetView::update(fleet::Time playhead) {
  if (origin_ == fleet::kNever || fleet_.points.empty()) return;
  if (seconds(playhead) > kRebaseAfterS || seconds(playhead) < 0) rebase(playhead);
  refresh_statuses(playhead);
  const bool due = figures_at_ == fleet::kNever || playhead < figures_at_ ||
                   playhead - figures_at_ >= std::chrono::seconds{1};
  if (!due) return;
  figures_at_ = playhead;
  const fleet::LocalDay today = day_of(playhead);
  figures_ = fleet::summarise_by_region(fleet_.state, fleet_.statuses, fleet_.region_of,
                                        regions_.regions().size(), today, playhead);
  ++figures_version_;
  fill_activity(playhead);
}

void FleetView::fill_activity(fleet::Time playhead) {
  const fleet::DayActivity& known = fleet_.state.activity();
  const fleet::LocalDay day{std::chrono::days{known.day}};
  const bool today = known.day != 0 && day == day_of(playhead);
  for (std::size_t i = 0; i < activity_.size(); ++i) {
    activity_[i] = today ? static_cast<float>(known.working[i]) : -1.f;
  }
  const auto step = static_cast<std::size_t>(zone_.time_of_day(playhead) / fleet::kActivityStep);
  if (step >= activity_.size() || day_of(playhead) != zone_.day_of(playhead)) return;
  activity_[step] =
      static_cast<float>(figures_.all.by_status[static_cast<std::size_t>(fleet::Status::working)]);
}

double FleetView::seconds(fleet::Time playhead) const {
  return std::chrono::duration<double>(playhead - origin_).count();
}

void FleetView::rebase(fleet::Time playhead) {
  const double shift = seconds(playhead);
  for (render::PointInstance& point : fleet_.points) {
    point.moved_at_s = std::max(point.moved_at_s - static_cast<float>(shift), kLongAgoS);
  }
  origin_ = playhead;
  all_changed_ = true;
}

std::string FleetView::place_name(fleet::Slot machine, bool english) const {
  if (machine >= fleet_.points.size() || !fleet_.state.has(machine, fleet::kPosition)) return {};
  const fleet::GridPoint where = fleet::unpacked(fleet_.state.field(machine, fleet::kPosition).raw);
  const fleet::RegionIndex region = fleet_.region_of[machine];
  std::string name;
  if (region != fleet::kNoRegion) {
    const fleet::Names& names = regions_.regions()[static_cast<std::size_t>(region)].names;
    name = english ? names.en : names.zh;
  }
  if (const fleet::Place* place = places_.nearest(where)) {
    const std::string& town = english ? place->names.en : place->names.zh;
    if (name.empty() || town == name) return town;
    if (!town.empty()) return english ? town + ", " + name : name + " " + town;
  }
  return name;
}

}  // namespace viewer
