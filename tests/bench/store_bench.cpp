// Time to reach an instant of a recorded day, and bytes a stored row takes.
//
//   store_bench [FOLDER]      a folder to write in; default: the system's temporary one
// The day: 32,730 machines with 16 fields each; then 30 minutes of 120 reports a second, keyframes
// every 10 minutes of feed time. Seeks go to random instants, in a warm process.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <vector>

#include "fleet/mercator.hpp"
#include "net/store/day_store.hpp"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

constexpr std::uint32_t kMachines = 32'730;
constexpr int kTicks = 1800, kRows = 120, kFields = 16, kSeeks = 41;
const fleet::Time kStart = fleet::time_from_ms(1'792'130'400'000);

double ms_since(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}

void check(const fleet::Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().what.c_str());
  std::exit(1);
}

/// A fleet that reports at random, and the frames of it.
class Recording {
 public:
  Recording() {
    roster_.complete = true;
    roster_.version = 1;
    for (std::uint32_t i = 0; i < kMachines; ++i) {
      fleet::Machine machine;
      machine.id = "SY" + std::to_string(100'000 + i);
      machine.model = "SY195C";
      machine.customer = "customer " + std::to_string(i % 3000);
      roster_.machines.emplace_back(i, machine);
    }
    check(state_.apply(roster_));
    state_.finish_tick({1, 0}, kStart);
    for (auto& values : values_) {
      for (int f = 1; f < kFields; ++f) values.push_back(pick(0, 3000));
      values.insert(values.begin(),
                    fleet::packed({static_cast<std::uint32_t>(pick(2 << 26, 3 << 26)),
                                   static_cast<std::uint32_t>(pick(1 << 26, 2 << 26))}));
    }
  }

  void tick(net::DayWriter& writer, std::uint32_t rows) {
    fleet::TickBatch tick;
    tick.position = {1, state_.position().number + 1};
    tick.begin = state_.time();
    tick.end = tick.begin + seconds(1);
    if (writer.needs_keyframe(tick.end)) {
      const auto roster = encoder_.encode(roster_, state_.position(), state_.time());
      check(writer.append_keyframe(writer.needs_roster(tick.end) ? &roster : nullptr,
                                   encoder_.encode(state_.keyframe()), tick.end));
    }
    for (std::uint32_t k = 0; k < rows; ++k) {
      const auto m = rows == kMachines ? k : static_cast<std::uint32_t>(pick(0, kMachines - 1));
      auto& values = values_[m];
      for (auto& v : values) v += pick(0, 9) < 5 ? 0 : pick(0, 20);
      state_.accept(
          {m, tick.begin + fleet::Millis(pick(0, 900)), tick.end, (1u << kFields) - 1, values},
          tick);
    }
    fleet::sort_by_machine(tick);
    state_.finish_tick(tick.position, tick.end);
    check(writer.append(encoder_.encode(tick)));
  }

  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }
  std::uint64_t hash() const { return state_.hash(); }

 private:
  std::mt19937_64 random_{1};
  fleet::RosterBatch roster_;
  fleet::FleetState state_;
  net::FrameEncoder encoder_;
  std::vector<std::vector<std::int64_t>> values_{kMachines};
};

}  // namespace

int main(int argc, char** argv) {
  const fs::path folder =
      (argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path()) / "fleetwall_store_bench";
  fs::remove_all(folder);
  Recording recording;
  const auto write_start = Clock::now();
  {
    net::DayStoreOptions options;
    options.durable = false;
    auto writer = net::DayWriter::open(folder, options);
    if (!writer) std::fprintf(stderr, "%s\n", writer.error().what.c_str()), std::exit(1);
    recording.tick(**writer, kMachines);
    for (int k = 0; k < kTicks; ++k) recording.tick(**writer, kRows);
    check((*writer)->close());
  }
  const double write_ms = ms_since(write_start);
  const auto file = folder / "2026-10-16.fleetday";
  std::printf("written: %d ticks in %.0f ms, %.1f MB\n", kTicks + 1, write_ms,
              static_cast<double>(fs::file_size(file)) / 1e6);

  auto reader = net::DayReader::open(folder);
  if (!reader) std::fprintf(stderr, "%s\n", reader.error().what.c_str()), std::exit(1);
  fleet::FleetState state;
  std::vector<double> times, cpu;
  for (int k = 0; k < kSeeks; ++k) {
    const fleet::Time t = kStart + fleet::Millis(recording.pick(0, kTicks * 1000));
    const auto start = Clock::now();
    const std::clock_t cpu_start = std::clock();
    check((*reader)->seek(t, state));
    if (k == 0) continue;
    times.push_back(ms_since(start));
    cpu.push_back(1e3 * static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC);
  }
  std::sort(times.begin(), times.end());
  std::sort(cpu.begin(), cpu.end());
  std::printf("seek: median %.0f ms, p95 %.0f ms, longest %.0f ms (%zu seeks); CPU %.0f ms\n",
              times[times.size() / 2], times[times.size() * 95 / 100], times.back(), times.size(),
              cpu[cpu.size() / 2]);
  check((*reader)->seek(fleet::Time::max(), state));
  const bool equal = state.hash() == recording.hash();
  std::printf("%s\n", equal ? "states equal" : "STATES DIFFER");
  fs::remove_all(folder);
  return equal ? 0 : 1;
}
