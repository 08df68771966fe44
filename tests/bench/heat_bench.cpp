// How long it takes to have another day's heat, as the wall asks for it: the answer of the shelf at
// instants all over a day, and what is left to do where it is shown.
//   heat_bench DIR [INSTANTS]      default: 100, of the last day of DIR
// Prints the median and the 95th of 100 of both, and how many cells there are.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "net/recording/file_heat_shelf.hpp"
#include "tests/bench/recording.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point from) {
  return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

void tell(const char* what, std::vector<double>& ms) {
  std::sort(ms.begin(), ms.end());
  std::printf("%s: median %.1f, p95 %.1f, most %.1f ms\n", what, ms[ms.size() / 2],
              ms[ms.size() * 95 / 100], ms.back());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "heat_bench DIR [INSTANTS]\n");
    return 2;
  }
  const auto instants = static_cast<std::size_t>(std::max(argc > 2 ? std::atoi(argv[2]) : 100, 1));
  auto reader = bench::or_exit(net::DayReader::open(argv[1]));
  const net::DayReader::Day day = reader->days().back();
  fleet::FleetState shown;
  if (!reader->seek(day.end, shown, net::SeekEnd::whole_tick)) return 1;
  net::FileHeatShelf shelf(argv[1]);
  std::mt19937 random(1);
  const auto length = std::chrono::duration_cast<std::chrono::seconds>(day.end - day.begin).count();
  std::uniform_int_distribution<std::int64_t> any(0, length);
  std::vector<double> answer_ms, shown_ms;
  std::size_t cells = 0;
  for (std::size_t i = 0; i <= instants; ++i) {
    const auto from = Clock::now();
    shelf.want({day.begin + std::chrono::seconds(any(random)), day.day});
    while (!shelf.update()) std::this_thread::sleep_for(std::chrono::microseconds(100));
    if (shelf.heat()->damaged) return 1;
    const double answer = ms_since(from);
    const auto then = Clock::now();
    const fleet::HeatCells own = fleet::heat_cells(shown.heat(), day.day, fleet::kEveryHour);
    cells = fleet::difference(own, shelf.heat()->cells).cells.size();
    if (i == 0) continue;  // it opens the files
    answer_ms.push_back(answer);
    shown_ms.push_back(ms_since(then));
  }
  std::printf("%zu machines, %zu entries, %zu cells in the last difference\n",
              shown.roster().size(), shown.heat().entries().size(), cells);
  tell("another instant's heat", answer_ms);
  tell("the shown day's cells and the difference", shown_ms);
  return 0;
}
