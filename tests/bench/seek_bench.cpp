// How long it takes to know everything at an instant of a recording: seeks to random instants of
// what is recorded, each from anywhere to anywhere, in one process.
//   seek_bench DIR [SEEKS [cold]]      default: 200 seeks
// cold: the day files are put out of the system's cache before each seek, and the recording is
// opened anew. Prints the first, the median, the 95th of 100 and the longest seek, and one number
// over the hashes of all states: the same for any two recordings of the same frames.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

#include "tests/bench/recording.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using bench::drop_from_cache;
using bench::or_exit;

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "seek_bench DIR [SEEKS [cold]]\n");
    return 2;
  }
  const auto seeks = static_cast<std::size_t>(std::max(argc > 2 ? std::atoi(argv[2]) : 200, 1));
  const bool cold = argc > 3 && std::string_view(argv[3]) == "cold";
  auto reader = or_exit(net::DayReader::open(argv[1]));
  const fleet::Time begin = reader->days().front().begin, end = reader->days().back().end;
  std::mt19937_64 random(1);
  std::vector<double> ms;
  fleet::FleetState state;
  std::uint64_t hashes = 0;
  for (std::size_t i = 0; i < seeks; ++i) {
    const fleet::Time t =
        begin + fleet::Millis(static_cast<std::int64_t>(
                    random() % static_cast<std::uint64_t>((end - begin).count())));
    if (cold) drop_from_cache(*reader);
    const auto from = Clock::now();
    if (cold) {
      state = fleet::FleetState();
      reader = or_exit(net::DayReader::open(argv[1]));
    }
    const auto reached = reader->seek(t, state);
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from).count());
    if (!reached) {
      std::fprintf(stderr, "%s\n", reached.error().what.c_str());
      return 1;
    }
    hashes = hashes * 31 + state.hash();
  }
  const double first = ms.front();
  std::sort(ms.begin(), ms.end());
  std::printf("%zu seeks: first %.1f, median %.1f, p95 %.1f, most %.1f ms; hashes %016llx\n", seeks,
              first, ms[seeks / 2], ms[seeks * 95 / 100], ms.back(),
              static_cast<unsigned long long>(hashes));
  return 0;
}
