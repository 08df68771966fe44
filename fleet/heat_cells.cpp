#include "fleet/heat_cells.hpp"

#include <algorithm>

namespace fleet {
namespace {

constexpr std::uint64_t kPlaceBits = (std::uint64_t{1} << (2 * kHeatCellBits)) - 1;

/// Cells with the same place become one, and those of nothing none.
void join(std::vector<HeatCells::Cell>& cells) {
  std::ranges::sort(cells, {}, &HeatCells::Cell::place);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells.size();) {
    HeatCells::Cell sum = cells[i];
    for (++i; i < cells.size() && cells[i].place == sum.place; ++i) sum.seconds += cells[i].seconds;
    if (sum.seconds != 0) cells[kept++] = sum;
  }
  cells.resize(kept);
}

}  // namespace

HeatCells heat_cells(const HeatHours& heat, LocalDay day, HourBits hours) {
  HeatCells out;
  if (heat.day() != day.time_since_epoch().count()) return out;
  for (const HeatHours::Entry& entry : heat.entries()) {
    if ((hours >> entry.key.hour() & 1) == 0) continue;
    if (!entry.key.placed()) {
      out.unplaced_s += entry.seconds;
      continue;
    }
    out.placed_s += entry.seconds;
    out.cells.push_back({entry.key.bits & kPlaceBits, entry.seconds});
  }
  join(out.cells);
  return out;
}

HeatCells difference(const HeatCells& more, const HeatCells& less) {
  HeatCells out;
  out.placed_s = more.placed_s - less.placed_s;
  out.unplaced_s = more.unplaced_s - less.unplaced_s;
  auto b = less.cells.begin();
  for (const HeatCells::Cell& a : more.cells) {
    for (; b != less.cells.end() && b->place < a.place; ++b)
      out.cells.push_back({b->place, -b->seconds});
    const bool both = b != less.cells.end() && b->place == a.place;
    const std::int64_t seconds = a.seconds - (both ? b++->seconds : 0);
    if (seconds != 0) out.cells.push_back({a.place, seconds});
  }
  for (; b != less.cells.end(); ++b) out.cells.push_back({b->place, -b->seconds});
  return out;
}

}  // namespace fleet
