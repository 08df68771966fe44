#include "viewer/shown_fleet.hpp"

#include <algorithm>

namespace viewer {

bool ShownFleet::fit() {
  const std::size_t count = state.machine_count();
  if (points.size() == count) return false;
  points.resize(count);
  statuses.resize(count, fleet::Status::unknown);
  region_of.resize(count, fleet::kNoRegion);
  status_until.resize(count, fleet::Time::max());
  return true;
}

void ShownFleet::refresh(fleet::Slot machine, fleet::Time playhead, const fleet::RegionMap& regions,
                         std::optional<float> moved_at_s) {
  render::PointInstance& point = points[machine];
  const fleet::FieldSlot where = state.field(machine, fleet::kPosition);
  has_engine_data = has_engine_data || state.has(machine, fleet::kEngineOn) ||
                    state.has(machine, fleet::kWorking);
  has_work_data = has_work_data || has_engine_data || state.has(machine, fleet::kEngineHours);
  const bool hidden = where.receive_time == fleet::kNever;
  if (!hidden) {
    const fleet::GridPoint grid = fleet::unpacked(where.raw);
    const std::uint32_t x = grid.x << 4, y = grid.y << 4;
    if (!moved_at_s || (point.style & render::PointInstance::kHidden)) {
      point = {x, y, x, y, kLongAgoS, point.style};
      region_of[machine] = regions.find(grid);
    } else if (x != point.x || y != point.y) {
      point = {x, y, point.x, point.y, *moved_at_s, point.style};
      region_of[machine] = regions.find(grid);
    }
  }
  std::uint32_t style = point.style & (7u | render::PointInstance::kDimmed);
  if (hidden) style |= render::PointInstance::kHidden;
  if (state.has(machine, fleet::kHeadingDeg)) {
    const auto heading =
        static_cast<std::uint32_t>(state.field(machine, fleet::kHeadingDeg).raw / 10);
    style |= render::PointInstance::kHasHeading | (heading % 360) << 8;
  }
  point.style = style;
  refresh_status(machine, playhead);
}

bool ShownFleet::refresh_status(fleet::Slot machine, fleet::Time playhead) {
  const fleet::Status status = fleet::status_of(state, machine, playhead);
  const bool may_fall_silent = status != fleet::Status::silent && status != fleet::Status::unknown;
  status_until[machine] =
      may_fall_silent ? fleet::silent_after(state.head(machine)) : fleet::Time::max();
  next_silence = std::min(next_silence, status_until[machine]);
  std::uint32_t& style = points[machine].style;
  if (status == statuses[machine] && (style & 7u) == static_cast<unsigned>(status)) return false;
  statuses[machine] = status;
  style = (style & ~7u) | static_cast<unsigned>(status);
  return true;
}

void ShownFleet::refresh_all(fleet::Time playhead, const fleet::RegionMap& regions) {
  for (fleet::Slot machine = 0; machine < points.size(); ++machine) {
    refresh(machine, playhead, regions, {});
  }
}

}  // namespace viewer
