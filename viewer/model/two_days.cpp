#include "viewer/model/two_days.hpp"

#include <algorithm>
#include <cmath>

#include "viewer/history/other_day.hpp"
#include "viewer/model/fill.hpp"
#include "viewer/model/history_model.hpp"

namespace viewer {
namespace {

using Pieces = std::vector<ClockPiece>;

std::vector<Span> moved(const std::vector<Span>& spans, const Pieces& pieces) {
  std::vector<Span> there;
  for (const Span& span : spans) {
    for (const ClockPiece& piece : pieces) {
      const double from = std::max(span.from, piece.from_h), to = std::min(span.to, piece.to_h);
      if (from < to || (from == to && span.from == span.to))
        there.push_back({from + piece.shift_h, to + piece.shift_h});
    }
  }
  return there;
}

std::vector<ChartSample> moved(const std::vector<ChartSample>& samples, const Pieces& pieces) {
  std::vector<ChartSample> there;
  for (const ClockPiece& piece : pieces) {
    auto at = std::ranges::lower_bound(samples, piece.from_h, {}, &ChartSample::x);
    // Midnight itself belongs to the last piece.
    for (; at != samples.end() &&
           (at->x < piece.to_h || (&piece == &pieces.back() && at->x == piece.to_h));
         ++at)
      there.push_back({at->x + piece.shift_h, at->y});
  }
  return there;
}

/// Where the day shown has hours that the other one has not, no line goes through.
void add_missing_hours(const Pieces& pieces, std::vector<Span>& breaks) {
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const double from = pieces[i - 1].to_h + pieces[i - 1].shift_h;
    const double to = pieces[i].from_h + pieces[i].shift_h;
    if (to > from) breaks.push_back({from, to});
  }
  std::ranges::sort(breaks, {}, &Span::from);
}

/// The lane of the same state or fault; a new one for a fault that the day shown has not.
HistoryLane& lane_like(HistoryModel& m, const HistoryLane& lane) {
  const auto known = std::ranges::find_if(m.lanes, [&](const HistoryLane& l) {
    return l.status == lane.status && l.spn == lane.spn && l.fmi == lane.fmi;
  });
  if (known != m.lanes.end()) {
    known->severity = std::min(known->severity, lane.severity);
    return *known;
  }
  HistoryLane& fresh = m.lanes.emplace_back();
  fresh.severity = lane.severity;
  fresh.spn = lane.spn;
  fresh.fmi = lane.fmi;
  return fresh;
}

}  // namespace

void add_other_day(HistoryModel& m, const fleet::MachineHistory& other, const fleet::TimeZone& zone,
                   fleet::LocalDay other_day, fleet::LocalDay shown) {
  HistoryChoice same;
  for (std::size_t i = 0; i < kHistoryCharts; ++i) same.fields[i] = m.charts[i].field;
  const HistoryModel beside = history_model(other, zone, other_day, same);
  m.other.state = beside.state == HistoryModel::State::ready ? DayBeside::State::ready
                                                             : DayBeside::State::nothing;
  const Pieces pieces = same_clock(zone, other_day, shown);
  for (const HistoryLane& lane : beside.lanes) {
    std::vector<Span> spans = moved(lane.spans, pieces);
    // An hour that only the other day has is not on the clock: nor is a fault of that hour alone.
    if (lane.status || !spans.empty()) lane_like(m, lane).other = std::move(spans);
  }
  sort_fault_lanes(m);
  m.other.breaks = moved(beside.breaks, pieces);
  add_missing_hours(pieces, m.other.breaks);
  for (HistoryChart& chart : m.charts) {
    const auto same_field = std::ranges::find(beside.charts, chart.field, &HistoryChart::field);
    const bool has = !chart.field.empty() && same_field != beside.charts.end();
    chart.other = has ? moved(same_field->samples, pieces) : std::vector<ChartSample>{};
  }
}

void place_other_day(HistoryModel& m, const fleet::TimeZone& zone, fleet::LocalDay shown) {
  const Span part{m.from_h, m.from_h + m.width_h};
  const bool pointed = !std::isnan(m.pointer_h);
  m.other.pointer_status.reset();
  for (const HistoryLane& lane : m.lanes) {
    const bool holds = pointed && std::ranges::any_of(lane.other, [&](const Span& span) {
                         return span.from <= m.pointer_h && m.pointer_h < span.to;
                       });
    if (lane.status && holds) m.other.pointer_status = lane.status;
  }
  const fleet::Time begin = zone.start_of(shown);
  for (HistoryChart& chart : m.charts) {
    chart.other_range = range_of(chart.other, part);
    chart.other_read_out = read_out_of(chart.other, m);
    chart.other_read_at.clear();
    if (!chart.other_read_out) continue;
    const fleet::Millis since{std::llround(chart.other_read_out->x * 3'600'000)};
    chart.other_read_at = clock_text(zone, begin + since);
  }
}

}  // namespace viewer
