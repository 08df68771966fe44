#include "viewer/clock/live_watch.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace viewer {
namespace {

fleet::Result<void> apply(fleet::Update update, fleet::FleetState& state) {
  if (auto* roster = std::get_if<fleet::RosterBatch>(&update))
    return state.apply(std::move(*roster));
  if (const auto* whole = std::get_if<fleet::StateBatch>(&update)) return state.apply(*whole);
  return state.apply(std::get<fleet::TickBatch>(update));
}

bool before(const fleet::Alarm& a, const fleet::Alarm& b) {
  return a.severity != b.severity ? a.severity < b.severity : a.learned > b.learned;
}

}  // namespace

std::uint32_t LiveAlarms::count() const {
  return std::accumulate(by_severity.begin(), by_severity.end(), 0u);
}

fleet::Severity LiveAlarms::worst() const {
  const auto first = std::ranges::find_if(by_severity, [](std::uint32_t n) { return n > 0; });
  return static_cast<fleet::Severity>(first - by_severity.begin());
}

LiveWatch::LiveWatch(fleet::FleetState state, fleet::UpdateQueue& queue, net::Feed& feed)
    : state_(std::move(state)), queue_(queue), feed_(feed), left_(state_.newest_receive()) {
  count_alarms();
}

void LiveWatch::update(std::optional<std::chrono::microseconds> budget, SteadyNow clock) {
  const auto deadline = budget ? clock() + *budget : std::chrono::steady_clock::time_point::max();
  while (!budget || clock() < deadline) {
    auto update = queue_.try_pop();
    if (!update) break;
    if (const auto* beat = std::get_if<fleet::Heartbeat>(&*update)) {
      gateway_time_ = beat->gateway_time;
      continue;
    }
    if (const auto applied = apply(std::move(*update), state_); !applied) {
      feed_.resync();
      continue;
    }
    feed_.applied(state_.position(), state_.roster().version());
  }
  if (state_.alarms().version() != counted_) count_alarms();
}

void LiveWatch::count_alarms() {
  counted_ = state_.alarms().version();
  alarms_ = {};
  std::vector<fleet::AlarmId> open;
  for (const auto& [id, alarm] : state_.alarms().open()) {
    if (alarm.severity == fleet::Severity::low || alarm.learned <= left_) continue;
    ++alarms_.by_severity[static_cast<std::size_t>(alarm.severity)];
    open.push_back(id);
    if (std::ranges::binary_search(told_, id)) continue;
    if (!new_ || before(alarm, *new_)) new_ = alarm;
  }
  told_ = std::move(open);
}

}  // namespace viewer
