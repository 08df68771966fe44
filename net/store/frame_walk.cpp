#include "net/store/frame_walk.hpp"

#include <algorithm>

namespace net {

void FrameWalk::read(const std::filesystem::path& day_file, fleet::Time from, fleet::Time until,
                     std::vector<std::string>& damages) {
  auto reader = DayReader::open(day_file);
  if (!reader) return damages.push_back(reader.error().what);
  if (auto found = reader.value()->rewind_to(from); !found)
    return damages.push_back(found.error().what);
  int in_vain = 0;
  for (bool whole = false; !whole && going_on_ && in_vain < kMostInVain;) {
    fleet::Result<void> taken;
    ++in_vain;
    const auto read = reader.value()->read_until(until, [&](fleet::Update&& update) {
      in_vain = 0;
      taken = std::visit([this](const auto& batch) { return take(batch); }, update);
      if (sinks_.go_on) going_on_ = sinks_.go_on();
      return taken.ok() && going_on_;
    });
    if (!taken) return damages.push_back(day_file.string() + ": " + taken.error().what);
    if (!read) damages.push_back(read.error().what);
    whole = read.ok();
  }
}

fleet::Result<void> FrameWalk::take(const fleet::TickBatch& tick) {
  fault_lists_.take(tick);
  if (sinks_.tick) sinks_.tick(tick);
  if (!sinks_.row) return state_.apply(tick);
  const fleet::FleetState::RowObserver observer = [this](const fleet::AcceptedRow& row) {
    sinks_.row({row, state_, fault_lists_.of(row.machine, row.device_time)});
  };
  return state_.apply(tick, nullptr, &observer);
}

fleet::Result<void> FrameWalk::take(const fleet::RosterBatch& roster) {
  if (roster.complete) ++rosters_;
  return state_.apply(roster);
}

fleet::Result<void> FrameWalk::take(const fleet::StateBatch& keyframe) {
  auto applied = state_.apply(keyframe);
  if (!applied) return applied;
  fault_lists_.restore(state_.alarms());
  if (sinks_.keyframe) sinks_.keyframe(keyframe);
  return applied;
}

}  // namespace net
