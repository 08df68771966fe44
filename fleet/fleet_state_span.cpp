// FleetState: many ticks at once, machine by machine.
#include <algorithm>
#include <array>

#include "fleet/fleet_state.hpp"
#include "fleet/fleet_state_checks.hpp"

namespace fleet {
namespace {

/// What of a machine's part belongs to the first `ticks` ticks.
MachineSpan beginning(const MachineSpan& part, std::size_t ticks) {
  const auto before = [ticks](std::span<const std::uint32_t> of) {
    if (of.empty() || of.back() < ticks) return of.size();
    return static_cast<std::size_t>(std::ranges::lower_bound(of, ticks) - of.begin());
  };
  MachineSpan begin = part;
  begin.rows = part.rows.first(before(part.row_ticks));
  begin.row_ticks = part.row_ticks.first(begin.rows.size());
  begin.figures = part.figures.first(before(part.figure_ticks));
  begin.figure_ticks = part.figure_ticks.first(begin.figures.size());
  return begin;
}

/// Machines ascend, and of those that count everything fits.
Result<void> check_machines(const TickSpan& span, std::size_t ticks, std::size_t machines,
                            std::size_t fields) {
  MachineSpans parts(span);
  MachineSpan part;
  std::optional<Slot> before;
  while (parts.next(part)) {
    if (before && part.machine <= *before) return Error{"rows of a span are not in order"};
    if (!std::ranges::is_sorted(part.row_ticks) || !std::ranges::is_sorted(part.figure_ticks))
      return Error{"rows or figures of a span are not in order"};
    before = part.machine;
    const MachineSpan begin = beginning(part, ticks);
    if (begin.rows.empty() && begin.figures.empty()) continue;
    if (auto checked = check_machine(begin, machines, fields); !checked) return checked;
  }
  return {};
}

}  // namespace

/// In order of ticks; within a tick the figures come last.
void FleetState::apply_machine(const MachineSpan& part, std::span<const TickSpan::Head> ticks,
                               SpanGains& gains) {
  std::array<std::int64_t, kMaxFields> scratch;
  const Slot machine = part.machine;
  std::size_t figures = 0;
  const auto take_figures_before = [&](std::size_t tick) {
    for (; figures < part.figures.size() && part.figure_ticks[figures] < tick; ++figures) {
      const FiguresChange& change = part.figures[figures];
      note_gains(figures_[machine], change.figures, place_of(machine),
                 part.shares.subspan(change.share_begin, change.share_count),
                 ticks[part.figure_ticks[figures]].position.number, gains.heat);
      figures_[machine] = change.figures;
    }
  };
  for (std::size_t i = 0; i < part.rows.size(); ++i) {
    const Row& row = part.rows[i];
    take_figures_before(part.row_ticks[i]);
    const MachineRecords::Times times = times_of(ticks[part.row_ticks[i]].begin, true, row);
    apply_row(part.values.data() + row.value_begin, row, times, scratch.data());
    gains.newest_receive = std::max(gains.newest_receive, times.receive);
  }
  take_figures_before(ticks.size());
}

Result<void> FleetState::apply(const MachineSpan& part, std::span<const TickSpan::Head> ticks,
                               SpanGains& gains) {
  const MachineSpan begin = beginning(part, ticks.size());
  if (begin.rows.empty() && begin.figures.empty()) return {};
  if (auto checked = check_machine(begin, records_.size(), fields_.size()); !checked)
    return checked;
  apply_machine(begin, ticks, gains);
  return {};
}

void FleetState::take(const SpanGains& gains) {
  heat_.add(gains.heat);
  newest_receive_ = std::max(newest_receive_, gains.newest_receive);
}

Result<void> FleetState::finish_span(const TickSpan& span, std::size_t ticks) {
  fit_roster();
  if (auto checked = check_span_rest(span, ticks, records_.size()); !checked) return checked;
  if (ticks == 0) return {};
  const TickBatch& all = span.all;
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

Result<void> FleetState::apply(const TickSpan& span, std::size_t ticks) {
  fit_roster();
  const TickBatch& all = span.all;
  if (!all.receive_is_lag) return Error{"receive times of a span are no lags"};
  if (span.row_ticks.size() != all.rows.size() || span.figure_ticks.size() != all.figures.size())
    return Error{"rows or figures of a span lack their ticks"};
  if (auto checked = check_ticks(span.row_ticks, span.ticks.size(), "rows"); !checked)
    return checked;
  if (auto checked = check_ticks(span.figure_ticks, span.ticks.size(), "figures"); !checked)
    return checked;
  if (auto checked = check_span_rest(span, ticks, records_.size()); !checked) return checked;
  if (auto checked = check_machines(span, ticks, records_.size(), fields_.size()); !checked)
    return checked;
  SpanGains gains;
  MachineSpans parts(span);
  MachineSpan part;
  while (parts.next(part))
    apply_machine(beginning(part, ticks), std::span(span.ticks).first(ticks), gains);
  take(gains);
  return finish_span(span, ticks);
}

}  // namespace fleet
