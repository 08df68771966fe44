#include "net/pack/heat_pack.hpp"

#include "net/pack/columns.hpp"
#include "net/pack/history_pack.hpp"

namespace net {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::int64_t kPlaces = std::int64_t{1} << (2 * fleet::kHeatCellBits);
/// Seconds of a cell, either way: 2^21 machines for longer than a day has.
constexpr std::int64_t kMaxSeconds = std::int64_t{1} << 40;

}  // namespace

std::string pack_heat(const fleet::HeatCells& heat) {
  PackWriter out(kHistoryLevel);
  std::vector<std::int64_t> steps, seconds;
  std::int64_t before = 0;
  for (const fleet::HeatCells::Cell& cell : heat.cells) {
    const auto place = static_cast<std::int64_t>(cell.place);
    steps.push_back(place - before);
    seconds.push_back(cell.seconds);
    before = place;
  }
  out.number(kVersion);
  out.number(heat.placed_s);
  out.number(heat.unplaced_s);
  out.column(steps);
  out.column(seconds);
  return out.take();
}

fleet::Result<fleet::HeatCells> unpack_heat(std::string_view pack, std::size_t most_numbers) {
  PackReader in(pack, most_numbers);
  in.number(kVersion, kVersion, "its version");
  fleet::HeatCells heat;
  heat.placed_s = in.number();
  heat.unplaced_s = in.number(-kMaxSeconds, kMaxSeconds, "what lies nowhere");
  const std::vector<std::int64_t> steps = in.column();
  const std::vector<std::int64_t> seconds = in.column(steps.size(), "seconds");
  if (auto whole = in.finish(); !whole) return whole.error();
  std::int64_t place = 0, sum = 0;
  heat.cells.reserve(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool ascends = steps[i] > 0 || (i == 0 && steps[i] == 0);
    if (!ascends || steps[i] >= kPlaces - place || seconds[i] == 0 || seconds[i] < -kMaxSeconds ||
        seconds[i] > kMaxSeconds)
      return fleet::Error{"cell " + std::to_string(i) + " of a heat is out of range"};
    place += steps[i];
    sum += seconds[i];
    heat.cells.push_back({static_cast<std::uint64_t>(place), seconds[i]});
  }
  if (sum != heat.placed_s) return fleet::Error{"the cells of a heat do not add up"};
  return heat;
}

}  // namespace net
