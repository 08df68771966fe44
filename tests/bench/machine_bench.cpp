// How long it takes to know what one machine did: whole days of machines out of a recording.
//   machine_bench DIR [MACHINES [cold]]      default: 50 machines, every so many of the roster
// cold: the day files are put out of the system's cache before each. Prints the median and the 95th
// of 100, the reports of a machine, and how long the longest took.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "net/store/machine_scan.hpp"
#include "tests/bench/recording.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using bench::drop_from_cache;
using bench::or_exit;

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "machine_bench DIR [MACHINES [cold]]\n");
    return 2;
  }
  const auto machines = static_cast<std::size_t>(std::max(argc > 2 ? std::atoi(argv[2]) : 50, 1));
  const bool cold = argc > 3 && std::string_view(argv[3]) == "cold";
  auto reader = or_exit(net::DayReader::open(argv[1]));
  const net::DayReader::Day& day = reader->days().back();
  const fleet::Time begin = reader->zone().start_of(day.day);
  const fleet::Time end = reader->zone().start_of(day.day + std::chrono::days{1});
  fleet::FleetState state;
  if (!reader->seek(day.end, state)) return 1;
  auto scan = or_exit(net::MachineScan::open(argv[1]));
  std::vector<double> ms;
  std::size_t reports = 0;
  for (std::size_t i = 0; i < machines; ++i) {
    const std::size_t slot = i * state.roster().size() / machines;
    const std::string& machine = state.roster()[static_cast<fleet::Slot>(slot)].id;
    if (cold) drop_from_cache(*reader);
    const auto from = Clock::now();
    const auto found = or_exit(scan->read(machine, begin, end));
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from).count());
    reports += found.history.reports.size();
  }
  std::sort(ms.begin(), ms.end());
  std::printf("%zu machines of %zu, %zu reports each: median %.1f, p95 %.1f, most %.1f ms\n",
              machines, state.roster().size(), reports / machines, ms[machines / 2],
              ms[machines * 95 / 100], ms.back());
  return 0;
}
