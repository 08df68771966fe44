#include "fleet/tick_span.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

namespace fleet {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from, std::size_t begin, std::size_t count) {
  const auto first = from.begin() + static_cast<std::ptrdiff_t>(begin);
  to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(count));
}

std::size_t value_count(const Row& row) {
  return static_cast<std::size_t>(std::popcount(row.fields));
}

}  // namespace

void TickSpan::clear() {
  ticks.clear();
  all.clear();
  row_ticks.clear();
  period_ticks.clear();
  figure_ticks.clear();
  alarm_ticks.clear();
  list_ticks.clear();
  activity.clear();
}

void TickSpanBuilder::add(const TickBatch& tick, std::span<const std::int64_t> lags_ms) {
  assert(lags_ms.size() == tick.rows.size());
  const auto index = static_cast<std::uint32_t>(span_.ticks.size());
  span_.ticks.push_back({tick.position, tick.begin, tick.end});
  for (std::size_t i = 0; i < tick.rows.size(); ++i) {
    Row row = tick.rows[i];
    const std::size_t from = row.value_begin;
    row.value_begin = static_cast<std::uint32_t>(values_.size());
    row.receive_ms = lags_ms[i];
    row.device_time = kNever;
    append(values_, tick.values, from, value_count(row));
    rows_.push_back({row, index});
  }
  for (const FiguresChange& change : tick.figures) {
    FiguresChange own = change;
    own.share_begin = static_cast<std::uint32_t>(shares_.size());
    append(shares_, tick.shares, change.share_begin, change.share_count);
    figures_.push_back({own, index});
  }
  TickBatch& all = span_.all;
  append(all.periods, tick.periods, 0, tick.periods.size());
  append(all.alarms, tick.alarms, 0, tick.alarms.size());
  append_lists(all, tick.lists, tick.faults);
  span_.list_ticks.resize(all.lists.size(), index);
  span_.period_ticks.resize(all.periods.size(), index);
  span_.alarm_ticks.resize(all.alarms.size(), index);
  if (tick.activity) span_.activity.push_back({index, *tick.activity});
}

bool MachineSpans::next(MachineSpan& part) {
  const TickBatch& all = span_.all;
  const std::size_t rows = all.rows.size(), figures = all.figures.size();
  if (row_ == rows && figures_ == figures) return false;
  const bool figures_first = row_ == rows || (figures_ < figures && all.figures[figures_].machine <
                                                                        all.rows[row_].machine);
  part.machine = figures_first ? all.figures[figures_].machine : all.rows[row_].machine;
  const std::size_t row = row_, change = figures_;
  while (row_ < rows && all.rows[row_].machine == part.machine) ++row_;
  while (figures_ < figures && all.figures[figures_].machine == part.machine) ++figures_;
  part.rows = std::span(all.rows).subspan(row, row_ - row);
  part.row_ticks = std::span(span_.row_ticks).subspan(row, row_ - row);
  part.values = all.values;
  part.figures = std::span(all.figures).subspan(change, figures_ - change);
  part.figure_ticks = std::span(span_.figure_ticks).subspan(change, figures_ - change);
  part.shares = all.shares;
  return true;
}

/// Values move along with their rows: whoever reads a span reads them in order.
void TickSpanBuilder::take_rows() {
  std::ranges::stable_sort(rows_, {}, [](const Placed& p) { return p.row.machine; });
  TickBatch& all = span_.all;
  for (Placed& placed : rows_) {
    const std::size_t from = placed.row.value_begin;
    placed.row.value_begin = static_cast<std::uint32_t>(all.values.size());
    append(all.values, values_, from, value_count(placed.row));
    all.rows.push_back(placed.row);
    span_.row_ticks.push_back(placed.tick);
  }
}

void TickSpanBuilder::take_figures() {
  std::ranges::stable_sort(figures_, {}, [](const PlacedFigures& p) { return p.change.machine; });
  TickBatch& all = span_.all;
  for (const PlacedFigures& placed : figures_) {
    FiguresChange change = placed.change;
    change.share_begin = static_cast<std::uint32_t>(all.shares.size());
    append(all.shares, shares_, placed.change.share_begin, change.share_count);
    all.figures.push_back(change);
    span_.figure_ticks.push_back(placed.tick);
  }
}

TickSpan TickSpanBuilder::take() {
  span_.all.receive_is_lag = true;
  take_rows();
  take_figures();
  TickSpan taken = std::move(span_);
  *this = TickSpanBuilder();
  return taken;
}

void SpanTicks::Index::build(const std::vector<std::uint32_t>& ticks, std::size_t count) {
  begin.assign(count + 1, 0);
  for (const std::uint32_t tick : ticks) ++begin[tick + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  order.resize(ticks.size());
  std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
  for (std::uint32_t i = 0; i < ticks.size(); ++i) order[next[ticks[i]]++] = i;
}

SpanTicks::SpanTicks(TickSpan span) : span_(std::move(span)) {
  rows_.build(span_.row_ticks, size());
  periods_.build(span_.period_ticks, size());
  figures_.build(span_.figure_ticks, size());
  alarms_.build(span_.alarm_ticks, size());
  lists_.build(span_.list_ticks, size());
}

namespace {

TickBatch begin_tick(const TickSpan& span, std::size_t index) {
  const TickSpan::Head& head = span.ticks[index];
  TickBatch tick;
  tick.position = head.position;
  tick.begin = head.begin;
  tick.end = head.end;
  tick.receive_is_lag = span.all.receive_is_lag;
  const auto sample = std::ranges::lower_bound(span.activity, index, {}, &TickSpan::Sample::tick);
  if (sample != span.activity.end() && sample->tick == index) tick.activity = sample->sample;
  return tick;
}

void add_row(const TickBatch& all, std::size_t i, TickBatch& tick) {
  Row row = all.rows[i];
  row.value_begin = static_cast<std::uint32_t>(tick.values.size());
  append(tick.values, all.values, all.rows[i].value_begin, value_count(row));
  tick.rows.push_back(row);
}

void add_figures(const TickBatch& all, std::size_t i, TickBatch& tick) {
  FiguresChange change = all.figures[i];
  change.share_begin = static_cast<std::uint32_t>(tick.shares.size());
  append(tick.shares, all.shares, all.figures[i].share_begin, change.share_count);
  tick.figures.push_back(change);
}

}  // namespace

TickBatch tick_of(const TickSpan& span, std::size_t index) {
  const TickBatch& all = span.all;
  TickBatch tick = begin_tick(span, index);
  const auto each = [index](const std::vector<std::uint32_t>& ticks, auto&& add) {
    for (std::size_t i = 0; i < ticks.size(); ++i)
      if (ticks[i] == index) add(i);
  };
  each(span.row_ticks, [&](std::size_t i) { add_row(all, i, tick); });
  each(span.period_ticks, [&](std::size_t i) { tick.periods.push_back(all.periods[i]); });
  each(span.figure_ticks, [&](std::size_t i) { add_figures(all, i, tick); });
  each(span.alarm_ticks, [&](std::size_t i) { tick.alarms.push_back(all.alarms[i]); });
  each(span.list_ticks,
       [&](std::size_t i) { append_lists(tick, std::span(all.lists).subspan(i, 1), all.faults); });
  return tick;
}

TickBatch SpanTicks::tick(std::size_t index) const {
  const TickBatch& all = span_.all;
  TickBatch tick = begin_tick(span_, index);
  for (const std::uint32_t i : rows_.of(index)) add_row(all, i, tick);
  for (const std::uint32_t i : periods_.of(index)) tick.periods.push_back(all.periods[i]);
  for (const std::uint32_t i : figures_.of(index)) add_figures(all, i, tick);
  for (const std::uint32_t i : alarms_.of(index)) tick.alarms.push_back(all.alarms[i]);
  for (const std::uint32_t i : lists_.of(index))
    append_lists(tick, std::span(all.lists).subspan(i, 1), all.faults);
  return tick;
}

}  // namespace fleet
