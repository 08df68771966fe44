#include "viewer/model/history_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>

#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

constexpr double kHourMs = 3'600'000;

double hours_since(fleet::Time begin, fleet::Time t) {
  return static_cast<double>((t - begin).count()) / kHourMs;
}
fleet::Time time_at(fleet::Time begin, double hours) {
  return begin + fleet::Millis{std::llround(hours * kHourMs)};
}

/// What a chart shows as long as nobody chose: the first of these that the machine reports.
constexpr std::array<std::string_view, 8> kFirstFields{
    "load_pct",  "rpm",       "fuel_level_pct", "oil_pressure_kpa",
    "speed_kmh", "coolant_c", "hydraulic_c",    "battery_v"};

int decimals_of(double step) {
  int decimals = 0;
  for (; step < 0.999 && decimals < 3; step *= 10) ++decimals;
  return decimals;
}

void add_status_lanes(const fleet::MachineHistory& history, fleet::Time begin, HistoryModel& m) {
  using fleet::Status;
  for (const Status status : {Status::working, Status::idling, Status::stopped, Status::silent}) {
    HistoryLane& lane = m.lanes.emplace_back();
    lane.status = status;
    for (const auto& span : history.statuses)
      if (span.status == status)
        lane.spans.push_back({hours_since(begin, span.begin), hours_since(begin, span.end)});
  }
}

/// A lane for each fault, however often it came and went.
void add_fault_lanes(const fleet::MachineHistory& history, fleet::Time begin, HistoryModel& m) {
  std::map<std::pair<std::uint32_t, int>, HistoryLane> lanes;
  for (const auto& fault : history.faults) {
    const fleet::Fault& code = fault.alarm.fault;
    const fleet::Time until = fault.end == fleet::kNever ? history.until : fault.end;
    const Span open{std::max(hours_since(begin, fault.alarm.occurred), 0.0),
                    std::min(hours_since(begin, until), m.day_h)};
    if (open.to < open.from) continue;  // of the day before, or the one behind
    const auto [found, fresh] = lanes.try_emplace({code.spn, int{code.fmi}});
    HistoryLane& lane = found->second;
    lane.spn = static_cast<int>(code.spn);
    lane.fmi = code.fmi;
    lane.severity = fresh ? fault.alarm.severity : std::min(lane.severity, fault.alarm.severity);
    lane.spans.push_back(open);
  }
  for (auto& [code, lane] : lanes) m.lanes.push_back(std::move(lane));
  sort_fault_lanes(m);
}

/// Values that came at least once; a position is no number.
std::vector<std::string> fields_with_values(const fleet::MachineHistory& history) {
  fleet::FieldMask seen = 0;
  for (const auto& report : history.reports) seen |= report.fields;
  std::vector<std::string> fields;
  for (std::size_t f = 0; f < history.fields.size(); ++f)
    if ((seen >> f & 1) != 0 && history.fields[f].name != "position")
      fields.push_back(history.fields[f].name);
  return fields;
}

std::array<std::string, kHistoryCharts> charted(const HistoryModel& m,
                                                const HistoryChoice& choice) {
  std::array<std::string, kHistoryCharts> fields;
  const auto takes = [&](std::string_view field) {
    return std::ranges::find(m.listed, field) != m.listed.end() &&
           std::ranges::find(fields, field) == fields.end();
  };
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (takes(choice.fields[i])) fields[i] = choice.fields[i];
  for (std::string& field : fields) {
    if (!field.empty()) continue;
    const auto known = std::ranges::find_if(kFirstFields, takes);
    if (known != kFirstFields.end()) {
      field = *known;
    } else if (const auto any = std::ranges::find_if(m.listed, takes); any != m.listed.end()) {
      field = *any;
    }
  }
  return fields;
}

void fill_chart(const fleet::MachineHistory& history, fleet::Time begin, double day_h,
                HistoryChart& chart) {
  const auto info = std::ranges::find(history.fields, chart.field, &fleet::FieldInfo::name);
  if (info == history.fields.end()) return;
  chart.unit = info->unit;
  chart.decimals = decimals_of(info->step);
  chart.steps = info->step == 1 && !info->counter && info->max <= 32;
  const auto place = static_cast<std::size_t>(info - history.fields.begin());
  for (const fleet::MachineValue& value : fleet::values_of(history, place)) {
    const double at = hours_since(begin, value.device_time);
    if (at >= 0 && at <= day_h) chart.samples.push_back({at, value.value});
  }
}

/// The finest of these of which a span has at most fourteen.
constexpr std::array<int, 8> kTickMinutes{1, 2, 5, 10, 15, 30, 60, 120};
constexpr double kMostTicks = 14;

/// At full hours and minutes of the wall clock.
std::vector<HistoryTick> ticks_of(const HistoryModel& m, const fleet::TimeZone& zone,
                                  fleet::Time begin) {
  int minutes = kTickMinutes.back();
  for (const int step : kTickMinutes) {
    if (m.width_h * 60 / step > kMostTicks) continue;
    minutes = step;
    break;
  }
  std::vector<HistoryTick> ticks;
  const auto first = static_cast<int>(std::ceil(m.from_h * 60 - 1e-6));
  const auto last = static_cast<int>(std::floor((m.from_h + m.width_h) * 60 + 1e-6));
  for (int at = first; at <= last; ++at) {
    const LocalClock clock = local_clock(zone, begin + std::chrono::minutes(at));
    if ((clock.hour * 60 + clock.minute) % minutes != 0) continue;
    char text[8];
    const bool ends_day = at > 0 && clock.hour == 0 && at / 60.0 >= m.day_h - 1e-6;
    std::snprintf(text, sizeof text, "%02d:%02d", ends_day ? 24 : clock.hour, clock.minute);
    ticks.push_back({at / 60.0, text});
  }
  return ticks;
}

void read_chart(const HistoryModel& m, const fleet::TimeZone& zone, fleet::Time begin,
                HistoryChart& chart) {
  chart.range = range_of(chart.samples, {m.from_h, m.from_h + m.width_h});
  chart.read_out = read_out_of(chart.samples, m);
  chart.read_at = chart.read_out ? clock_text(zone, time_at(begin, chart.read_out->x)) : "";
}

}  // namespace

std::optional<ChartSample> read_out_of(const std::vector<ChartSample>& samples,
                                       const HistoryModel& m) {
  if (!std::isnan(m.pointer_h))
    return nearest_sample(samples, {m.from_h, m.from_h + m.width_h}, m.pointer_h);
  const auto after = std::ranges::upper_bound(samples, m.playhead_h, {}, &ChartSample::x);
  if (after == samples.begin()) return std::nullopt;
  return *std::prev(after);
}

void sort_fault_lanes(HistoryModel& m) {
  const auto first = std::ranges::find_if(
      m.lanes, [](const HistoryLane& lane) { return !lane.status.has_value(); });
  std::stable_sort(first, m.lanes.end(), [](const HistoryLane& a, const HistoryLane& b) {
    return a.severity < b.severity;
  });
}

HistoryModel history_model(const fleet::MachineHistory& history, const fleet::TimeZone& zone,
                           fleet::LocalDay day, const HistoryChoice& choice) {
  HistoryModel m;
  const fleet::Time begin = zone.start_of(day);
  m.day_h = hours_since(begin, zone.start_of(day + std::chrono::days{1}));
  add_status_lanes(history, begin, m);
  add_fault_lanes(history, begin, m);
  for (const fleet::MachineGap& gap : fleet::gaps_of(history))
    m.breaks.push_back({hours_since(begin, gap.begin), hours_since(begin, gap.end)});
  m.listed = fields_with_values(history);
  const auto fields = charted(m, choice);
  for (std::size_t i = 0; i < kHistoryCharts; ++i) {
    m.charts[i].field = fields[i];
    fill_chart(history, begin, m.day_h, m.charts[i]);
  }
  const bool nothing = history.reports.empty() && history.statuses.empty();
  m.state = nothing ? HistoryModel::State::nothing : HistoryModel::State::ready;
  return m;
}

void place_history(HistoryModel& m, const fleet::MachineHistory& history,
                   const fleet::TimeZone& zone, fleet::LocalDay day, const HistoryChoice& choice,
                   fleet::Time playhead) {
  const fleet::Time begin = zone.start_of(day);
  m.playhead_h = hours_since(begin, playhead);
  const HistorySpan shown = shown_span(choice, m.day_h, m.playhead_h);
  m.from_h = shown.from_h;
  m.width_h = shown.width_h;
  m.from_ms = fleet::ms_from_time(time_at(begin, m.from_h));
  const auto preset = std::ranges::find(kHistorySpansH, choice.width_h);
  m.span.reset();
  if (preset != kHistorySpansH.end() && !choice.from_h)
    m.span = static_cast<std::size_t>(preset - kHistorySpansH.begin());
  m.choosing = choice.choosing;
  m.pointer_h = std::numeric_limits<double>::quiet_NaN();
  m.pointer_at.clear();
  m.pointer_status.reset();
  if (choice.pointer) {
    m.pointer_h = m.from_h + *choice.pointer * m.width_h;
    const fleet::Time t = time_at(begin, m.pointer_h);
    m.pointer_at = clock_text(zone, t);
    m.pointer_status = fleet::status_at(history, t);
  }
  m.dragged.reset();
  if (choice.drag_from && choice.pointer) {
    const auto [from, to] = std::minmax(*choice.drag_from, *choice.pointer);
    m.dragged = Span{m.from_h + from * m.width_h, m.from_h + to * m.width_h};
  }
  m.ticks = ticks_of(m, zone, begin);
  for (HistoryChart& chart : m.charts) read_chart(m, zone, begin, chart);
}

}  // namespace viewer
