// What the panel of a machine's history shows, as plain data. See models.hpp for the rest.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fleet/alarms.hpp"
#include "fleet/status.hpp"
#include "viewer/charts/value_line.hpp"
#include "viewer/history/history_choice.hpp"

namespace viewer {

/// A stretch of the day for each time that something was so.
struct HistoryLane {
  std::optional<fleet::Status> status{};  ///< nothing: a fault
  fleet::Severity severity = fleet::Severity::low;
  int spn = 0, fmi = 0;
  std::vector<Span> spans;    ///< hours since the day began
  std::vector<Span> other{};  ///< of the day beside it, at the same times of the clock
};
struct HistoryChart {
  std::string field, unit;
  int decimals = 0;
  bool steps = false;                   ///< a value holds until the next one
  std::vector<ChartSample> samples;     ///< hours since the day began, ascending
  std::optional<ChartRange> range;      ///< of the span shown; nothing: no value in it
  std::optional<ChartSample> read_out;  ///< a real sample: nearest to the pointer, else the newest
                                        ///< at the playhead
  std::string read_at;                  ///< when that was, "14:29:53"
  std::vector<ChartSample> other;       ///< of the day beside it, as `samples`, and so on
  std::optional<ChartRange> other_range;
  std::optional<ChartSample> other_read_out;
  std::string other_read_at;
};
/// The day that the one shown is compared with.
struct DayBeside {
  enum class State : std::uint8_t {
    none,          ///< nobody asked for one
    alone,         ///< no other day is recorded
    not_recorded,  ///< this one is not
    reading,
    nothing,  ///< of this machine
    ready
  };
  State state = State::none;
  std::string date;          ///< "2026-10-15 Thu"
  std::vector<Span> breaks;  ///< where no line goes through
  std::optional<fleet::Status> pointer_status;
  bool operator==(const DayBeside&) const = default;
};
struct HistoryTick {
  double at_h = 0;
  std::string label;
};
/// Hours count from the day's first instant: a day with a clock change has 23 or 25.
struct HistoryModel {
  enum class State : std::uint8_t { needs_recording, reading, nothing, ready };
  bool open = false;
  State state = State::ready;
  bool damaged = false;  ///< something could not be read
  bool moving = false;   ///< "working" is called "moving"
  std::string serial, date;
  double day_h = 24;
  double from_h = 0, width_h = 24;  ///< of the span shown
  std::int64_t from_ms = 0;         ///< the instant at which it begins, ms since 1970
  std::optional<std::size_t> span;  ///< index into kHistorySpansH; nothing: zoomed
  double playhead_h = 0;
  double pointer_h = std::numeric_limits<double>::quiet_NaN();  ///< NaN: it is not on the span
  std::optional<Span> dragged;  ///< hours of the span being dragged over, ascending
  std::string pointer_at;       ///< "14:29:53"
  std::optional<fleet::Status> pointer_status;
  std::vector<HistoryTick> ticks;
  std::vector<HistoryLane> lanes;  ///< the four states, then faults, most severe first
  std::vector<Span> breaks;        ///< where no line goes through
  std::array<HistoryChart, kHistoryCharts> charts;
  DayBeside other;
  std::optional<std::size_t> choosing;  ///< the list of values is open, for this chart
  std::vector<std::string> listed;      ///< values that it has
};

}  // namespace viewer
