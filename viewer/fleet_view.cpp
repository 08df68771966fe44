#include "viewer/fleet_view.hpp"

#include <algorithm>

namespace viewer {
namespace {

/// moved_at_s is a float: after 4096 s its step is half a millisecond. Then the origin moves on.
constexpr double kRebaseAfterS = 4096;
constexpr float kLongAgoS = -1e9f;

}  // namespace

FleetView::FleetView(const fleet::Atlas& atlas, fleet::TimeZone zone)
    : regions_(atlas.provinces), places_(atlas.places), zone_(std::move(zone)) {}

void FleetView::fit() {
  const std::size_t count = state_.machine_count();
  if (points_.size() == count) return;
  points_.resize(count);
  statuses_.resize(count, fleet::Status::unknown);
  region_of_.resize(count, fleet::kNoRegion);
  status_until_.resize(count, fleet::Time::max());
  is_changed_.resize(count, false);
  all_changed_ = true;
}

fleet::Result<void> FleetView::apply(fleet::Update update, fleet::Time playhead) {
  if (origin_ == fleet::kNever) origin_ = playhead;
  touched_.clear();
  if (auto* roster = std::get_if<fleet::RosterBatch>(&update)) {
    auto result = state_.apply(std::move(*roster));
    fit();
    return result;
  }
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) {
    if (auto result = state_.apply(*tick, &touched_); !result) return result;
    fit();
    updates_applied_ += tick->rows.size();
    for (const fleet::Slot machine : touched_) refresh_machine(machine, playhead, true);
    if (!touched_.empty()) last_move_ = playhead;
    return {};
  }
  if (const auto* batch = std::get_if<fleet::StateBatch>(&update)) {
    if (auto result = state_.apply(*batch, &touched_); !result) return result;
    fit();
    updates_applied_ += batch->machines.size();
    if (batch->kind == fleet::StateBatch::Kind::keyframe) {
      take(std::move(state_), playhead);
    } else {
      for (const fleet::Slot machine : touched_) refresh_machine(machine, playhead, true);
      last_move_ = playhead;
    }
  }
  return {};
}

void FleetView::take(fleet::FleetState state, fleet::Time playhead) {
  state_ = std::move(state);
  origin_ = playhead;
  fit();
  for (fleet::Slot machine = 0; machine < points_.size(); ++machine) {
    refresh_machine(machine, playhead, false);
  }
  all_changed_ = true;
  figures_at_ = fleet::kNever;
  statuses_at_ = playhead;
}

void FleetView::refresh_machine(fleet::Slot machine, fleet::Time playhead, bool glide) {
  render::PointInstance& point = points_[machine];
  const fleet::FieldSlot& where = state_.field(machine, fleet::kPosition);
  has_engine_data_ = has_engine_data_ || state_.has(machine, fleet::kEngineOn) ||
                     state_.has(machine, fleet::kWorking);
  const bool hidden = where.receive_time == fleet::kNever;
  if (!hidden) {
    const fleet::GridPoint grid = fleet::unpacked(where.raw);
    const std::uint32_t x = grid.x << 4, y = grid.y << 4;
    if (!glide || (point.style & render::PointInstance::kHidden)) {
      point = {x, y, x, y, kLongAgoS, point.style};
      region_of_[machine] = regions_.find(grid);
    } else if (x != point.x || y != point.y) {
      point.from_x = point.x;
      point.from_y = point.y;
      point.x = x;
      point.y = y;
      point.moved_at_s = static_cast<float>(seconds(playhead));
      region_of_[machine] = regions_.find(grid);
    }
  }
  std::uint32_t style = point.style & (7u | render::PointInstance::kDimmed);
  if (hidden) style |= render::PointInstance::kHidden;
  if (state_.has(machine, fleet::kHeadingDeg)) {
    const auto heading =
        static_cast<std::uint32_t>(state_.field(machine, fleet::kHeadingDeg).raw / 10);
    style |= render::PointInstance::kHasHeading | (heading % 360) << 8;
  }
  point.style = style;
  mark_changed(machine);
  refresh_status(machine, playhead);
}

void FleetView::refresh_status(fleet::Slot machine, fleet::Time playhead) {
  const fleet::Status status = fleet::status_of(state_, machine, playhead);
  const bool may_fall_silent = status != fleet::Status::silent && status != fleet::Status::unknown;
  status_until_[machine] =
      may_fall_silent ? fleet::silent_after(state_.head(machine)) : fleet::Time::max();
  next_silence_ = std::min(next_silence_, status_until_[machine]);
  if (status == statuses_[machine] &&
      (points_[machine].style & 7u) == static_cast<unsigned>(status))
    return;
  statuses_[machine] = status;
  points_[machine].style = (points_[machine].style & ~7u) | static_cast<unsigned>(status);
  mark_changed(machine);
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
  if (!back && playhead <= next_silence_) return;
  next_silence_ = fleet::Time::max();
  for (fleet::Slot machine = 0; machine < status_until_.size(); ++machine) {
    if (back || playhead > status_until_[machine]) {
      refresh_status(machine, playhead);
    } else {
      next_silence_ = std::min(next_silence_, status_until_[machine]);
    }
  }
}

void FleetView::update(fleet::Time playhead) {
  if (origin_ == fleet::kNever || points_.empty()) return;
  if (seconds(playhead) > kRebaseAfterS || seconds(playhead) < 0) rebase(playhead);
  refresh_statuses(playhead);
  const bool due = figures_at_ == fleet::kNever || playhead < figures_at_ ||
                   playhead - figures_at_ >= std::chrono::seconds{1};
  if (!due) return;
  figures_at_ = playhead;
  const fleet::LocalDay today = zone_.day_of(playhead);
  figures_ = fleet::summarise_by_region(state_, statuses_, region_of_, regions_.regions().size(),
                                        today, playhead);
  ++figures_version_;
  fill_activity(playhead);
}

void FleetView::fill_activity(fleet::Time playhead) {
  const fleet::DayActivity& known = state_.activity();
  const fleet::LocalDay day{std::chrono::days{known.day}};
  const bool today = known.day != 0 && day == zone_.day_of(playhead);
  for (std::size_t i = 0; i < activity_.size(); ++i) {
    activity_[i] = today ? static_cast<float>(known.working[i]) : -1.f;
  }
  const auto step = static_cast<std::size_t>(zone_.time_of_day(playhead) / fleet::kActivityStep);
  if (step >= activity_.size()) return;
  activity_[step] =
      static_cast<float>(figures_.all.by_status[static_cast<std::size_t>(fleet::Status::working)]);
}

double FleetView::seconds(fleet::Time playhead) const {
  return std::chrono::duration<double>(playhead - origin_).count();
}

void FleetView::rebase(fleet::Time playhead) {
  const double shift = seconds(playhead);
  for (render::PointInstance& point : points_) {
    point.moved_at_s = std::max(point.moved_at_s - static_cast<float>(shift), kLongAgoS);
  }
  origin_ = playhead;
  all_changed_ = true;
}

std::string FleetView::place_name(fleet::Slot machine, bool english) const {
  if (machine >= points_.size() || !state_.has(machine, fleet::kPosition)) return {};
  const fleet::GridPoint where = fleet::unpacked(state_.field(machine, fleet::kPosition).raw);
  const fleet::RegionIndex region = region_of_[machine];
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
