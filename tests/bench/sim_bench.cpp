// What the demo fleet costs: a day, a morning, construction, the moving fleet. CPU time, one core.
//   ninja -C build sim_bench && build/bin/sim_bench --benchmark_repetitions=3
#include <benchmark/benchmark.h>

#include "fleet/sim/simulator.hpp"

namespace {

using namespace fleet;
using namespace fleet::sim;

const Time kMidnight = time_from_ms(1792080000000);  // 2026-10-16T00:00+08:00

SimConfig config_of(std::int64_t machines, bool moving = false) {
  SimConfig config;
  config.machines = static_cast<std::uint32_t>(machines);
  config.start = kMidnight;
  config.moving = moving;
  return config;
}

/// args: machines, hours from midnight; in steps of a minute, as a recorder would take them.
void Hours(benchmark::State& state) {
  std::uint64_t reports = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Simulator sim(config_of(state.range(0)));
    ReportBatch batch;
    state.ResumeTiming();
    const Time end = kMidnight + std::chrono::hours(state.range(1));
    while (sim.now() < end) {
      batch.clear();
      sim.advance(sim.now() + std::chrono::minutes(1), batch);
      reports += batch.reports.size();
    }
  }
  state.counters["reports"] = static_cast<double>(reports / state.iterations());
}
BENCHMARK(Hours)->Args({32'730, 14})->Args({32'730, 24})->Unit(benchmark::kMillisecond);

void Construct(benchmark::State& state) {
  for (auto _ : state) {
    Simulator sim(config_of(state.range(0)));
    benchmark::DoNotOptimize(sim.machines().data());
  }
}
BENCHMARK(Construct)->Arg(32'730)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->Iterations(1);

void MovingSecond(benchmark::State& state) {
  Simulator sim(config_of(state.range(0), true));
  ReportBatch batch;
  for (auto _ : state) {
    batch.clear();
    sim.advance(sim.now() + std::chrono::seconds(1), batch);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(MovingSecond)->Arg(32'730)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
