// FleetState: many ticks at once, machine by machine.
#include <algorithm>

#include "fleet/fleet_state.hpp"
#include "fleet/fleet_state_checks.hpp"

namespace fleet {
namespace {

Result<void> check_ticks(std::span<const std::uint32_t> of, std::size_t entries, std::size_t ticks,
                         const char* what) {
  if (of.size() != entries) return Error{std::string(what) + " of a span lack their ticks"};
  for (const std::uint32_t tick : of) {
    if (tick >= ticks) return Error{std::string(what) + " of a span are of no tick in it"};
  }
  return {};
}

/// That what is looked at by itself is what apply_span takes it to be.
Result<void> check_order(const TickSpan& span) {
  const TickBatch& all = span.all;
  for (std::size_t i = 1; i < all.rows.size(); ++i) {
    const Slot before = all.rows[i - 1].machine, machine = all.rows[i].machine;
    if (before > machine || (before == machine && span.row_ticks[i - 1] > span.row_ticks[i]))
      return Error{"rows of a span are not in order"};
  }
  for (std::size_t i = 1; i < all.figures.size(); ++i) {
    const Slot before = all.figures[i - 1].machine, machine = all.figures[i].machine;
    if (before > machine || (before == machine && span.figure_ticks[i - 1] > span.figure_ticks[i]))
      return Error{"figures of a span are not in order"};
  }
  return {};
}

Result<void> check_span(const TickSpan& span, std::size_t until, std::size_t machines,
                        std::size_t fields) {
  const std::size_t ticks = span.ticks.size();
  for (const TickSpan::Head& head : span.ticks) {
    TickBatch empty;
    empty.position = head.position, empty.begin = head.begin, empty.end = head.end;
    if (auto checked = check_tick(empty, machines, fields); !checked) return checked;
  }
  TickBatch const& all = span.all;
  const std::pair<std::span<const std::uint32_t>, std::pair<std::size_t, const char*>> lists[] = {
      {span.row_ticks, {all.rows.size(), "rows"}},
      {span.period_ticks, {all.periods.size(), "periods"}},
      {span.figure_ticks, {all.figures.size(), "figures"}},
      {span.alarm_ticks, {all.alarms.size(), "alarms"}},
      {span.list_ticks, {all.lists.size(), "fault lists"}}};
  for (const auto& [of, entries] : lists) {
    if (auto checked = check_ticks(of, entries.first, ticks, entries.second); !checked)
      return checked;
  }
  for (const TickSpan::Sample& sample : span.activity) {
    if (sample.tick >= ticks || sample.sample.step < 0 || sample.sample.step >= kActivitySteps)
      return Error{"an activity sample of a span is of no tick in it, or of no step of a day"};
  }
  if (auto checked = check_order(span); !checked) return checked;
  return check_parts(span, until, machines, fields);
}

}  // namespace

/// Rows and figures of one machine, in order of ticks; within a tick the figures come last.
void FleetState::apply_machine(const TickSpan& span, SpanPlace& at, std::size_t ticks) {
  const TickBatch& all = span.all;
  const bool figures_first =
      at.row == all.rows.size() || (at.figures < all.figures.size() &&
                                    all.figures[at.figures].machine < all.rows[at.row].machine);
  const Slot machine = figures_first ? all.figures[at.figures].machine : all.rows[at.row].machine;
  const auto take_figures_before = [&](std::size_t tick) {
    for (; at.figures < all.figures.size() && all.figures[at.figures].machine == machine &&
           span.figure_ticks[at.figures] < tick;
         ++at.figures) {
      const FiguresChange& change = all.figures[at.figures];
      take_figures(machine, change.figures,
                   std::span(all.shares).subspan(change.share_begin, change.share_count),
                   span.ticks[span.figure_ticks[at.figures]].position.number);
    }
  };
  for (; at.row < all.rows.size() && all.rows[at.row].machine == machine; ++at.row) {
    const std::uint32_t tick = span.row_ticks[at.row];
    if (tick >= ticks) continue;
    take_figures_before(tick);
    const Row& row = all.rows[at.row];
    apply_row(all, row, times_of(span.ticks[tick].begin, all.receive_is_lag, row));
  }
  take_figures_before(ticks);
  while (at.figures < all.figures.size() && all.figures[at.figures].machine == machine)
    ++at.figures;
}

Result<void> FleetState::apply(const TickSpan& span, std::size_t ticks) {
  fit_roster();
  if (auto checked = check_span(span, ticks, records_.size(), fields_.size()); !checked)
    return checked;
  if (ticks == 0) return {};
  scratch_.resize(kMaxFields);
  const TickBatch& all = span.all;
  SpanPlace at;
  while (at.row < all.rows.size() || at.figures < all.figures.size())
    apply_machine(span, at, ticks);
  for (std::size_t i = 0; i < all.periods.size(); ++i) {
    if (span.period_ticks[i] < ticks)
      records_.head(all.periods[i].machine).period_ms = all.periods[i].period_ms;
  }
  for (std::size_t i = 0; i < all.alarms.size(); ++i) {
    if (span.alarm_ticks[i] < ticks) alarms_.apply(all.alarms[i]);
  }
  for (const TickSpan::Sample& sample : span.activity) {
    if (sample.tick < ticks) activity_.add(sample.sample);
  }
  const TickSpan::Head& last = span.ticks[ticks - 1];
  finish_tick(last.position, last.end);
  return {};
}

}  // namespace fleet
