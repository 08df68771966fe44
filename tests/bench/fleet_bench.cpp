// The domain's hot paths at the size of the reference fleet: 32,730 machines, 30 % report a second,
// the eight fields of the wire comparison. `items_per_second` is rows (machines for hash, status).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/quality.hpp"
#include "fleet/rhythm.hpp"
#include "fleet/status.hpp"

namespace {

using namespace fleet;

constexpr Slot kMachines = 32'730;
constexpr int kTicks = 30;
constexpr Time kStart = time_from_ms(1792108800000);

/// A simulated feed: reports in order of receipt, tick by tick.
struct Feed {
  FleetState empty;
  std::vector<ReportBatch> ticks;

  Feed() {
    for (Slot m = 0; m < kMachines; ++m) (void)empty.roster().find_or_add("SY" + std::to_string(m));
    empty.fit_roster();
    std::mt19937_64 random(1);
    std::vector<LonLat> at(kMachines);
    for (LonLat& p : at) p = {75 + 55 * unit(random), 20 + 30 * unit(random)};
    for (int t = 0; t < kTicks; ++t) {
      ReportBatch& batch = ticks.emplace_back();
      for (Slot m = 0; m < kMachines; ++m) {
        if (t > 0 && random() % 10 >= 3) continue;
        add(batch, random, at[m], m, kStart + std::chrono::seconds{t});
      }
      // As they are received: machines in no order.
      std::ranges::stable_sort(batch.reports, {}, &Report::receive_time);
    }
  }

 private:
  static double unit(std::mt19937_64& random) {
    return static_cast<double>(random() >> 11) * 0x1p-53;
  }

  static void add(ReportBatch& batch, std::mt19937_64& random, LonLat& p, Slot m, Time begin) {
    p.lon_deg += 1e-4 * (unit(random) - 0.5);
    p.lat_deg += 1e-4 * (unit(random) - 0.5);
    Report r;
    r.machine = m;
    r.device_time = begin + Millis{m * 7919 % 1000} - Millis{random() % 40};
    r.receive_time = begin + Millis{1 + m * 7919 % 1000};
    r.has_position = true;
    r.position = p;
    r.value_begin = static_cast<std::uint32_t>(batch.values.size());
    batch.values.push_back({kHeadingDeg, 360 * unit(random)});
    batch.values.push_back({kSpeedKmh, 5 * unit(random)});
    batch.values.push_back({kEngineOn, 1});
    batch.values.push_back({kWorking, static_cast<double>(m % 2)});
    batch.values.push_back({kFuelLevelPct, 50 + unit(random)});
    r.value_end = static_cast<std::uint32_t>(batch.values.size());
    batch.reports.push_back(r);
  }
};

const Feed& feed() {
  static const Feed instance;
  return instance;
}

/// What the gateway accepted and cut, and the state at the end.
struct Cut {
  std::vector<std::vector<AcceptedRow>> rows;
  std::vector<std::vector<std::int64_t>> values;
  std::vector<TickBatch> ticks;
  FleetState first, last;  // after the first tick, after the last

  Cut() {
    QualityJudge judge;
    last = feed().empty;
    for (int t = 0; t < kTicks; ++t) cut(judge, t);
  }

 private:
  void cut(QualityJudge& judge, int t) {
    TickBatch tick;
    tick.position = {1, static_cast<std::uint64_t>(t) + 1};
    tick.begin = kStart + std::chrono::seconds{t};
    tick.end = tick.begin + std::chrono::seconds{1};
    std::vector<AcceptedRow>& kept = rows.emplace_back();
    std::vector<std::int64_t>& raw = values.emplace_back();
    const ReportBatch& batch = feed().ticks[static_cast<std::size_t>(t)];
    raw.reserve(batch.reports.size() * 8);
    for (const Report& report : batch.reports) {
      AcceptedRow row = judge.judge(report, batch, last).row;
      last.accept(row, tick);
      const std::size_t begin = raw.size();
      raw.insert(raw.end(), row.values.begin(), row.values.end());
      row.values = std::span(raw).subspan(begin);
      kept.push_back(row);
    }
    sort_by_machine(tick);
    last.finish_tick(tick.position, tick.end);
    for (Row& row : tick.rows) row.device_time = kNever;
    ticks.push_back(std::move(tick));
    if (t == 0) first = last;
  }
};

const Cut& cut() {
  static const Cut instance;
  return instance;
}

void FleetApply(benchmark::State& bench) {
  std::int64_t rows = 0;
  FleetState state = cut().first;
  std::vector<Slot> changed;
  for (auto _ : bench) {
    for (std::size_t t = 1; t < kTicks; ++t) {
      if (!state.apply(cut().ticks[t], &changed)) bench.SkipWithError("refused");
      rows += static_cast<std::int64_t>(cut().ticks[t].rows.size());
    }
  }
  bench.SetItemsProcessed(rows);
}
BENCHMARK(FleetApply)->Unit(benchmark::kMillisecond);

void FleetAccept(benchmark::State& bench) {
  std::int64_t rows = 0;
  FleetState state = cut().first;
  TickBatch tick;
  for (auto _ : bench) {
    for (std::size_t t = 1; t < kTicks; ++t) {
      tick.clear();
      tick.begin = kStart + std::chrono::seconds{t};
      for (const AcceptedRow& row : cut().rows[t]) state.accept(row, tick);
      rows += static_cast<std::int64_t>(tick.rows.size());
    }
  }
  bench.SetItemsProcessed(rows);
}
BENCHMARK(FleetAccept)->Unit(benchmark::kMillisecond);

/// Everything a report costs the gateway's domain: judge, rhythm, day figures, accept.
void FleetIngest(benchmark::State& bench) {
  std::int64_t rows = 0;
  for (auto _ : bench) {
    bench.PauseTiming();
    FleetState state = cut().first;
    QualityJudge judge;
    RhythmLearner rhythm;
    DayAccumulator day(shanghai());
    TickBatch tick;
    bench.ResumeTiming();
    for (std::size_t t = 1; t < kTicks; ++t) {
      tick.clear();
      tick.begin = kStart + std::chrono::seconds{t};
      const ReportBatch& batch = feed().ticks[t];
      for (const Report& report : batch.reports) {
        const Verdict verdict = judge.judge(report, batch, state);
        if (!verdict.accepted) continue;
        const std::int32_t period = rhythm.observe(state, verdict.row);
        const DayFigures figures = day.observe(state, state.figures(report.machine), verdict.row);
        state.accept(verdict.row, tick);
        const Slot m = report.machine;
        if (period != state.head(m).period_ms) state.set_period(m, period, tick);
        if (figures != state.figures(m)) state.set_figures(m, figures);
      }
      rows += static_cast<std::int64_t>(batch.reports.size());
    }
  }
  bench.SetItemsProcessed(rows);
}
BENCHMARK(FleetIngest)->Unit(benchmark::kMillisecond);

void FleetJudge(benchmark::State& bench) {
  std::int64_t rows = 0;
  QualityJudge judge;
  const ReportBatch& batch = feed().ticks[1];
  for (auto _ : bench) {
    for (const Report& report : batch.reports) {
      benchmark::DoNotOptimize(judge.judge(report, batch, cut().first).accepted);
    }
    rows += static_cast<std::int64_t>(batch.reports.size());
  }
  bench.SetItemsProcessed(rows);
}
BENCHMARK(FleetJudge)->Unit(benchmark::kMillisecond);

void FleetHash(benchmark::State& bench) {
  for (auto _ : bench) benchmark::DoNotOptimize(cut().last.hash());
  bench.SetItemsProcessed(bench.iterations() * kMachines);
}
BENCHMARK(FleetHash)->Unit(benchmark::kMillisecond);

void FleetStatus(benchmark::State& bench) {
  const FleetState& state = cut().last;
  std::vector<Status> statuses(kMachines);
  for (auto _ : bench) {
    for (Slot m = 0; m < kMachines; ++m) statuses[m] = status_of(state, m, state.time());
    benchmark::DoNotOptimize(statuses.data());
  }
  bench.SetItemsProcessed(bench.iterations() * kMachines);
}
BENCHMARK(FleetStatus)->Unit(benchmark::kMillisecond);

void FleetKeyframe(benchmark::State& bench) {
  for (auto _ : bench) benchmark::DoNotOptimize(cut().last.keyframe().slots.size());
  bench.SetItemsProcessed(bench.iterations() * kMachines);
}
BENCHMARK(FleetKeyframe)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
