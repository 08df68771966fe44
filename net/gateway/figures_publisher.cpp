#include "net/gateway/figures_publisher.hpp"

#include <algorithm>

#include "fleet/floor_mod.hpp"
#include "net/codec/bodies.hpp"

namespace net {

FiguresPublisher::FiguresPublisher(const fleet::TimeZone& zone, int every_ticks)
    : day_(zone), heat_(zone), due_(static_cast<std::size_t>(std::max(1, every_ticks))) {}

void FiguresPublisher::fit(std::size_t machines) {
  if (newest_.size() >= machines) return;
  newest_.resize(machines);
  noted_.resize(machines);
  sent_.resize(machines);
}

void FiguresPublisher::observe(const fleet::FleetState& state, const fleet::AcceptedRow& row,
                               std::int64_t tick) {
  fit(state.machine_count());
  fleet::DayFigures& newest = newest_[row.machine];
  const fleet::DayFigures figures = day_.observe(state, newest, row);
  if (figures == newest) return;
  heat_.note(state, row, newest, figures);
  newest = figures;
  note(row.machine, tick);
}

void FiguresPublisher::note(fleet::Slot machine, std::int64_t tick) {
  if (noted_[machine]) return;
  noted_[machine] = true;
  // A machine's very first figures do not wait for its turn.
  const auto turn =
      sent_[machine] ? std::int64_t{machine} : fleet::floor_mod(tick, std::int64_t(due_.size()));
  due_[static_cast<std::size_t>(turn) % due_.size()].push_back(machine);
}

void FiguresPublisher::publish(fleet::FleetState& state, fleet::TickBatch& tick,
                               std::int64_t index) {
  const auto turns = static_cast<std::int64_t>(due_.size());
  const std::int64_t first = index - turns + 1;
  for (std::int64_t i = publish_all_ ? first : std::max(last_ + 1, first); i <= index; ++i) {
    auto& due = due_[static_cast<std::size_t>(fleet::floor_mod(i, turns))];
    for (const fleet::Slot machine : due) {
      auto shares = heat_.take(state, machine);
      // A frame holds so many; a gain without shares counts where the machine stands.
      if (tick.shares.size() + shares.size() > kMaxFrameShares) shares = {};
      state.set_figures(machine, newest_[machine], shares);
      tick.figures.push_back({machine, newest_[machine],
                              static_cast<std::uint32_t>(tick.shares.size()),
                              static_cast<std::uint32_t>(shares.size())});
      tick.shares.insert(tick.shares.end(), shares.begin(), shares.end());
      noted_[machine] = false;
      sent_[machine] = true;
    }
    due.clear();
  }
  last_ = index;
  publish_all_ = false;
}

void FiguresPublisher::publish_silently(fleet::FleetState& state, std::int64_t index) {
  fit(state.machine_count());
  for (auto& due : due_) {
    for (const fleet::Slot machine : due) {
      state.set_figures(machine, newest_[machine], heat_.take(state, machine));
    }
    due.clear();
  }
  noted_.assign(noted_.size(), false);
  sent_.assign(sent_.size(), true);
  last_ = index - 1;
}

void FiguresPublisher::restore(const fleet::FleetState& state, std::int64_t index) {
  fit(state.machine_count());
  for (fleet::Slot machine = 0; machine < state.machine_count(); ++machine) {
    newest_[machine] = state.figures(machine);
  }
  sent_.assign(sent_.size(), true);
  last_ = index - 1;
}

void FiguresPublisher::adopt(const FiguresPublisher& part, fleet::Slot first) {
  fit(first + part.newest_.size());
  std::ranges::copy(part.newest_, newest_.begin() + static_cast<std::ptrdiff_t>(first));
}

}  // namespace net
