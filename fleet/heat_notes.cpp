#include "fleet/heat_notes.hpp"

#include <algorithm>
#include <limits>

#include "fleet/floor_mod.hpp"

namespace fleet {
namespace {

constexpr std::int64_t kQuarterMs = 900'000;  // zones differ by quarters of an hour
constexpr std::size_t kUsualShares = 4;
constexpr std::int64_t kHourMs = 3'600'000;

/// The shorter way round the world, in cells.
std::int32_t way(std::uint32_t from, std::uint32_t to) {
  const std::uint32_t d = (to - from) & (kHeatCells - 1);
  return static_cast<std::int32_t>(d) -
         (d >= kHeatCells / 2 ? static_cast<std::int32_t>(kHeatCells) : 0);
}

}  // namespace

std::uint8_t HeatNotes::hour_of(Time t) {
  const std::int64_t quarter = ms_from_time(t) / kQuarterMs;
  if (quarter != quarter_) {
    quarter_ = quarter;
    offset_ = zone_.offset_at(t);
  }
  return static_cast<std::uint8_t>(floor_mod(ms_from_time(t + offset_) / kHourMs, 24));
}

void HeatNotes::note(const FleetState& state, const AcceptedRow& row, const DayFigures& before,
                     const DayFigures& after) {
  const bool same_day = before.day == after.day;
  const std::int64_t gain = std::int64_t{after.working_s()} - (same_day ? before.working_s() : 0);
  if (noted_.size() <= row.machine) noted_.resize(state.machine_count());
  std::vector<Noted>& noted = noted_[row.machine];
  if (!same_day) noted.clear();
  if (gain == 0) return;
  // Before its first position a machine is where it is first seen; of a day it is first seen on,
  // the hour is that of this report.
  const bool placed = state.has(row.machine, kPosition);
  const bool places_now = (row.fields & 1) != 0;
  const Time earlier = state.head(row.machine).device_time;
  const std::uint8_t hour = hour_of(same_day && earlier != kNever ? earlier : row.device_time);
  const std::int64_t raw = placed ? state.raw(row.machine, kPosition) : 0;
  const HeatKey key = placed       ? HeatKey::of(unpacked(raw), hour)
                      : places_now ? HeatKey::of(unpacked(row.values[0]), hour)
                                   : HeatKey::unplaced(hour);
  auto at = std::ranges::find(noted, key, &Noted::key);
  if (at == noted.end()) {
    if (noted.size() < kMaxShares) noted.push_back({key, 0});
    at = noted.end() - 1;
  }
  using Limits = std::numeric_limits<std::int32_t>;
  at->seconds = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(at->seconds + gain, Limits::min(), Limits::max()));
}

std::span<const HeatShare> HeatNotes::take(const FleetState& state, Slot machine) {
  taken_.clear();
  if (machine >= noted_.size()) return taken_;
  const HeatKey here = HeatKey::of(unpacked(state.raw(machine, kPosition)), 0);
  for (const Noted& noted : noted_[machine]) {
    if (noted.seconds == 0 && noted_[machine].size() > 1) continue;
    HeatShare share{0, 0, noted.key.hour(), noted.seconds};
    if (noted.key.placed()) {
      share.dx = way(here.x(), noted.key.x());
      share.dy = way(here.y(), noted.key.y());
    }
    taken_.push_back(share);
  }
  // One that worked in many cells between two publications needs no room for them from then on.
  if (noted_[machine].capacity() > kUsualShares) noted_[machine] = {};
  noted_[machine].clear();
  if (!taken_.empty()) taken_.back().seconds = 0;
  return taken_;
}

}  // namespace fleet
