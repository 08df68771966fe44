#include "net/pack/machine_pick.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <optional>

#include "net/pack/pack_parts.hpp"
#include "net/pack/span_pack.hpp"
#include "net/pack/span_parts.hpp"

namespace net {
namespace {

/// Which of all rows are the machine's.
struct Place {
  std::size_t begin = 0, count = 0, rows = 0;
};

/// Its run of entries, out of all that EntryRuns reads. Fills in the ticks of them.
Place find_runs(PackReader& in, fleet::Slot machine, fleet::TickSpan& span) {
  std::vector<std::uint32_t> machines;
  read_ascending(in, fleet::kMaxMachines, machines, fleet::kMaxMachines);
  const auto counts = in.column(machines.size(), "entries of machines");
  const auto firsts = in.column(machines.size(), "first ticks");
  NumberRun gaps = in.run();
  if (!in.ok()) return {};
  Place place;
  place.rows = machines.size() + gaps.size();
  std::size_t entries = 0;
  for (const std::int64_t count : counts) {
    const bool good = count >= 1 && count <= static_cast<std::int64_t>(place.rows - entries);
    if (!good) {
      in.fail("a machine of it has too many entries");
      return {};
    }
    entries += static_cast<std::size_t>(count);
  }
  if (entries != place.rows) in.fail("it has entries of no machine");
  const auto found = std::ranges::lower_bound(machines, machine);
  if (found == machines.end() || *found != machine) return place;
  const auto index = found - machines.begin();
  place.begin = static_cast<std::size_t>(
      std::accumulate(counts.begin(), counts.begin() + index, std::int64_t{0}));
  place.count = static_cast<std::size_t>(counts[static_cast<std::size_t>(index)]);
  gaps.skip(place.begin - static_cast<std::size_t>(index));
  std::int64_t tick = firsts[static_cast<std::size_t>(index)];
  for (std::size_t i = 0; i < place.count && in.ok(); ++i) {
    const std::int64_t gap = i > 0 ? gaps.next() : 0;
    const bool good = gap >= 0 && gap < std::ssize(span.ticks) && tick >= 0 &&
                      tick + gap < std::ssize(span.ticks);
    if (!good) {
      in.fail("an entry of it is of no tick");
      break;
    }
    tick += gap;
    span.row_ticks.push_back(static_cast<std::uint32_t>(tick));
  }
  return place;
}

/// Values of each field in the rows before the machine's.
using Before = std::array<std::size_t, fleet::kMaxFields>;

/// Shapes of its rows, and how many values stand before theirs.
Before read_shapes(PackReader& in, const Place& place, fleet::FieldMask& all,
                   std::vector<fleet::Row>& rows) {
  const auto masks = in.column();
  NumberRun shapes = in.run(place.rows, "shapes");
  Before before{};
  std::vector<std::size_t> seen(masks.size());
  for (std::size_t i = 0; i < place.begin + place.count && in.ok(); ++i) {
    const auto shape = static_cast<std::size_t>(shapes.next());
    if (shape >= masks.size()) {
      in.fail("a row of it has no shape");
      break;
    }
    if (i < place.begin)
      ++seen[shape];
    else
      rows.emplace_back().fields = static_cast<fleet::FieldMask>(masks[shape]);
  }
  for (std::size_t shape = 0; shape < masks.size(); ++shape) {
    const auto mask = static_cast<fleet::FieldMask>(masks[shape]);
    all |= mask;
    for (fleet::FieldMask left = mask; left != 0; left &= left - 1)
      before[static_cast<std::size_t>(std::countr_zero(left))] += seen[shape];
  }
  return before;
}

/// The machine's part of a column whose numbers are of all rows.
std::vector<std::int64_t> part_of(PackReader& in, std::size_t skipped, std::size_t count) {
  NumberRun run = in.run();
  std::vector<std::int64_t> part(count);
  if (run.size() < skipped + count) in.fail("a column of values is not as long as it must be");
  if (!in.ok()) return part;
  run.skip(skipped);
  for (std::int64_t& number : part) number = run.next();
  return part;
}

/// Values of the fields wanted, put in order of rows.
void read_values(PackReader& in, const Before& before, fleet::FieldMask all,
                 fleet::FieldMask wanted, fleet::TickBatch& batch) {
  const auto has = [](int field) {
    return [bit = fleet::FieldMask{1} << field](const fleet::Row& row) {
      return (row.fields & bit) != 0;
    };
  };
  std::array<std::vector<std::int64_t>, fleet::kMaxFields> columns;
  std::array<std::size_t, fleet::kMaxFields> next{};
  for (fleet::FieldMask left = all; left != 0 && in.ok(); left &= left - 1) {
    const int field = std::countr_zero(left);
    const auto count = static_cast<std::size_t>(std::ranges::count_if(batch.rows, has(field)));
    const bool skipped = (wanted >> field & 1) == 0 || count == 0;
    if (skipped) {
      in.skip_column();
      if (field == fleet::kPosition) in.skip_column();
      continue;
    }
    const auto f = static_cast<std::size_t>(field);
    columns[f] = part_of(in, before[f], count);
    if (field != fleet::kPosition) continue;
    const auto south = part_of(in, before[f], count);
    for (std::size_t i = 0; i < count; ++i) columns[f][i] = grid_move(columns[f][i], south[i]);
  }
  if (!in.ok()) return;
  for (fleet::Row& row : batch.rows) {
    row.fields &= wanted;
    row.value_begin = static_cast<std::uint32_t>(batch.values.size());
    for (fleet::FieldMask left = row.fields; left != 0; left &= left - 1) {
      const auto f = static_cast<std::size_t>(std::countr_zero(left));
      batch.values.push_back(columns[f][next[f]++]);
    }
  }
}

/// Leaves only the machine's entries of a list with their ticks.
template <class Entry, class MachineOf>
void keep_of(std::vector<Entry>& entries, std::vector<std::uint32_t>& ticks, fleet::Slot machine,
             MachineOf machine_of) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (machine_of(entries[i]) != machine) continue;
    entries[kept] = entries[i];
    ticks[kept++] = ticks[i];
  }
  entries.resize(kept);
  ticks.resize(kept);
}

}  // namespace

fleet::Result<fleet::TickSpan> unpack_machine(std::string_view packed, fleet::Slot machine,
                                              fleet::FieldMask fields) {
  PackReader in(packed, kMaxPackNumbers);
  fleet::TickSpan span;
  span.all.receive_is_lag = true;
  read_ticks(in, span);
  const Place place = find_runs(in, machine, span);
  if (in.ok() && place.rows > kMaxPackRows) in.fail("it holds too many reports");
  fleet::FieldMask all = 0;
  const Before before = read_shapes(in, place, all, span.all.rows);
  const auto offsets = part_of(in, place.begin, place.count);
  const auto lags = part_of(in, place.begin, place.count);
  if (auto read = in.result(); !read) return read.error();
  for (std::size_t i = 0; i < place.count; ++i) {
    span.all.rows[i].machine = machine;
    span.all.rows[i].device_offset_ms = offsets[i];
    span.all.rows[i].receive_ms = lags[i];
  }
  read_values(in, before, all, fields, span.all);
  read_periods(in, span);
  read_alarm_events(in, span);
  if (auto read = in.result(); !read) return read.error();
  keep_of(span.all.periods, span.period_ticks, machine,
          [](const fleet::PeriodChange& change) { return change.machine; });
  keep_of(span.all.alarms, span.alarm_ticks, machine,
          [](const fleet::AlarmEvent& event) { return event.alarm.machine; });
  return span;
}

}  // namespace net
