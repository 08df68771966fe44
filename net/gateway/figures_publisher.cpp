#include "net/gateway/figures_publisher.hpp"

#include <algorithm>

#include "fleet/floor_mod.hpp"

namespace net {

static_assert(fleet::HeatNotes::kMaxShares <= kMaxSharesOfMachine);

FiguresPublisher::FiguresPublisher(const fleet::TimeZone& zone, int every_ticks,
                                   std::size_t max_tick_shares)
    : day_(zone),
      own_days_(zone),
      heat_(zone),
      max_tick_shares_(max_tick_shares),
      due_(static_cast<std::size_t>(std::max(1, every_ticks))) {}

void FiguresPublisher::fit(std::size_t machines) {
  if (newest_.size() >= machines) return;
  newest_.resize(machines);
  noted_.resize(machines);
  sent_.resize(machines);
}

void FiguresPublisher::observe(const fleet::FleetState& state, const fleet::AcceptedRow& row,
                               std::int64_t tick) {
  fit(state.machine_count());
  reach(row.receive_time, tick);
  // Of a machine whose published figures are of that day already, nothing can be kept apart.
  const std::int32_t day = day_.day_of(row.device_time);
  other_day_ = other_day_ || day != today_;
  const bool ahead = day > today_ && newest_[row.machine].day <= today_;
  fleet::DayFigures& newest = ahead ? ahead_[row.machine] : newest_[row.machine];
  const fleet::DayFigures figures = day_.observe(state, newest, row);
  if (figures == newest) return;
  heat_.note(state, row, newest, figures, ahead);
  newest = figures;
  if (!ahead) note(row.machine, tick);
}

/// Where the gateway's day has changed, what was kept apart becomes the figures of today.
void FiguresPublisher::reach(fleet::Time now, std::int64_t tick) {
  const std::int32_t day = own_days_.of(now);
  if (day <= today_) return;
  today_ = day;
  std::vector<fleet::Slot> begun;
  for (const auto& [machine, figures] : ahead_) {
    if (figures.day <= today_) begun.push_back(machine);
  }
  std::ranges::sort(begun);  // the same order of calls whatever the table's
  for (const fleet::Slot machine : begun) {
    newest_[machine] = ahead_.at(machine);
    heat_.begin_ahead(machine);
    note(machine, tick);
    ahead_.erase(machine);
  }
  if (ahead_.empty()) ahead_ = {};
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
  reach(tick.begin, index);
  const auto turns = static_cast<std::int64_t>(due_.size());
  const std::int64_t first = index - turns + 1;
  for (std::int64_t i = publish_all_ ? first : std::max(last_ + 1, first); i <= index; ++i) {
    auto& due = due_[static_cast<std::size_t>(fleet::floor_mod(i, turns))];
    for (const fleet::Slot machine : due) {
      auto shares = heat_.take(state, machine);
      // A frame holds so many; a gain without shares counts where the machine stands.
      if (tick.shares.size() + shares.size() > max_tick_shares_) shares = {};
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

void FiguresPublisher::publish_silently(fleet::FleetState& state, fleet::Time now,
                                        std::int64_t index) {
  fit(state.machine_count());
  reach(now, index);
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
  ahead_ = {};
  last_ = index - 1;
}

void FiguresPublisher::adopt(const FiguresPublisher& part, fleet::Slot first) {
  fit(first + part.newest_.size());
  std::ranges::copy(part.newest_, newest_.begin() + static_cast<std::ptrdiff_t>(first));
  today_ = std::max(today_, part.today_);
  heat_.adopt_ahead(part.heat_, first);
  for (const auto& [machine, figures] : part.ahead_) ahead_[first + machine] = figures;
}

}  // namespace net
