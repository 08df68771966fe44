#include "fleet/heat_notes.hpp"

#include <algorithm>
#include <iterator>
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

HeatValue HeatNotes::gain(const FleetState& state, const AcceptedRow& row, const DayFigures& before,
                          const DayFigures& after) {
  using Limits = std::numeric_limits<std::int32_t>;
  HeatValue value;
  value.seconds = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(gained_s(before, after), Limits::min(), Limits::max()));
  if (value.seconds == 0) return value;
  // Before its first position a machine is where it is first seen; of a day it is first seen on,
  // the hour is that of this report.
  const bool placed = state.has(row.machine, kPosition);
  const bool places_now = (row.fields & 1) != 0;
  const Time earlier = state.head(row.machine).device_time;
  const bool same_day = before.day == after.day;
  const std::uint8_t hour = hour_of(same_day && earlier != kNever ? earlier : row.device_time);
  const std::int64_t raw = placed ? state.raw(row.machine, kPosition) : 0;
  value.key = placed       ? HeatKey::of(unpacked(raw), hour)
              : places_now ? HeatKey::of(unpacked(row.values[0]), hour)
                           : HeatKey::unplaced(hour);
  return value;
}

void HeatNotes::note(const FleetState& state, const AcceptedRow& row, const DayFigures& before,
                     const DayFigures& after, bool ahead) {
  if (noted_.size() <= row.machine) noted_.resize(state.machine_count());
  std::vector<Noted>& noted = noted_[row.machine];
  if (before.day != after.day)
    std::erase_if(noted, [&](const Noted& n) { return n.ahead == ahead; });
  const HeatValue gained = gain(state, row, before, after);
  if (gained.seconds != 0) add(noted, gained.key, gained.seconds, ahead);
}

void HeatNotes::add(std::vector<Noted>& noted, HeatKey key, std::int64_t gain, bool ahead) {
  Noted* at = nullptr;  // the same cell, or else the last one of that day
  std::size_t of_day = 0;
  for (Noted& n : noted) {
    if (n.ahead != ahead) continue;
    ++of_day;
    at = &n;
    if (n.key == key) break;
  }
  if (!at || (at->key != key && of_day < kMaxShares))
    at = &noted.emplace_back(Noted{key, 0, ahead});
  using Limits = std::numeric_limits<std::int32_t>;
  at->seconds = static_cast<std::int32_t>(
      std::clamp<std::int64_t>(at->seconds + gain, Limits::min(), Limits::max()));
}

void HeatNotes::begin_ahead(Slot machine) {
  if (machine >= noted_.size()) return;
  std::erase_if(noted_[machine], [](const Noted& n) { return !n.ahead; });
  for (Noted& noted : noted_[machine]) noted.ahead = false;
}

void HeatNotes::adopt_ahead(const HeatNotes& part, Slot first) {
  if (noted_.size() < first + part.noted_.size()) noted_.resize(first + part.noted_.size());
  for (std::size_t i = 0; i < part.noted_.size(); ++i) {
    std::ranges::copy_if(part.noted_[i], std::back_inserter(noted_[first + i]), &Noted::ahead);
  }
}

std::span<const HeatShare> HeatNotes::take(const FleetState& state, Slot machine) {
  taken_.clear();
  if (machine >= noted_.size()) return taken_;
  std::vector<Noted>& all = noted_[machine];
  const HeatKey here = HeatKey::of(unpacked(state.raw(machine, kPosition)), 0);
  for (const Noted& noted : all) {
    if (noted.ahead || (noted.seconds == 0 && all.size() > 1)) continue;
    HeatShare share{0, 0, noted.key.hour(), noted.seconds};
    if (noted.key.placed()) {
      share.dx = way(here.x(), noted.key.x());
      share.dy = way(here.y(), noted.key.y());
    }
    taken_.push_back(share);
  }
  std::erase_if(all, [](const Noted& n) { return !n.ahead; });
  // One that worked in many cells between two publications needs no room for them from then on.
  if (all.empty() && all.capacity() > kUsualShares) all = {};
  if (!taken_.empty()) taken_.back().seconds = 0;
  return taken_;
}

}  // namespace fleet
