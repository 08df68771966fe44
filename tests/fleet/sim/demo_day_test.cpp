// The demo day as a whole: a fleet of 8,000 from 00:00 to 24:00 of 2026-10-16, looked at from all
// sides. One run serves all tests of this file; its table is printed for whoever wants to look.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "fleet/alarms.hpp"
#include "fleet/sim/simulator.hpp"

namespace fleet::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Time kMidnight = time_from_ms(1792080000000);  // 2026-10-16T00:00+08:00

/// What a gateway would know of one machine, simplified.
struct Known {
  Time received = kNever, device = kNever;
  bool on = false, working = false;
  LonLat position;
  double speed_kmh = 0, fuel_pct = -1, first_h = -1, last_h = -1, first_idle_h = -1,
         last_idle_h = -1;
  std::vector<Fault> faults;
};

struct StatusCount {
  int working = 0, idling = 0, stopped = 0, silent = 0;
};

struct Day {
  SimConfig config;
  std::vector<Machine> machines;
  std::vector<Known> known;
  std::map<int, StatusCount> by_hour;
  std::array<std::uint64_t, 12> lies{};  // as in the contract's table, see count_lies
  std::array<int, kSeverityCount> raised{};
  std::uint64_t reports = 0, dry = 0, wet = 0, still = 0, stole_away = 0, hauled = 0;
  std::int64_t shortest_ms = INT64_MAX, longest_ms = 0;
};

/// Boxes well inside lakes and the sea.
struct Box {
  const char* name;
  double west, east, south, north;
};
constexpr Box kWater[] = {
    {"Taihu", 119.98, 120.12, 31.15, 31.32},        {"Hongze", 118.50, 118.72, 33.22, 33.38},
    {"Chaohu", 117.42, 117.62, 31.50, 31.58},       {"Poyang", 116.20, 116.32, 29.10, 29.22},
    {"Gaoyou", 119.20, 119.32, 32.80, 32.92},       {"Luoma", 118.14, 118.24, 34.05, 34.14},
    {"Qinghai", 99.90, 100.50, 36.75, 37.00},       {"Bohai", 118.6, 120.5, 38.35, 39.0},
    {"Yellow Sea", 121.4, 125.0, 32.9, 36.5},       {"East China Sea", 122.7, 127.0, 24.0, 32.0},
    {"South China Sea", 112.5, 118.0, 15.0, 21.4},  {"Hangzhou Bay", 121.0, 121.6, 30.42, 30.55},
    {"Yangtze mouth", 121.95, 122.3, 31.35, 31.42},
};

const Box* water_at(LonLat p) {
  for (const Box& b : kWater)
    if (p.lon_deg > b.west && p.lon_deg < b.east && p.lat_deg > b.south && p.lat_deg < b.north)
      return &b;
  return nullptr;
}

enum Lie { zero_island, range, future, ancient, duplicate, conflict, jump, counter_back, late };

class Observer {
 public:
  explicit Observer(Day& day) : day_(day) {}

  void observe(const Report& r, const ReportBatch& batch) {
    Known& k = day_.known[r.machine];
    ++day_.reports;
    const std::uint64_t lies_before = sum();
    std::map<FieldId, double> values;
    for (const ReportedValue& v : batch.values_of(r)) values[v.field] = v.value;
    const bool time_is_sane = judge_time(r, k, values);
    judge_values(r, k, values);
    if (r.has_faults) judge_faults(batch.faults_of(r), k);
    k.received = r.receive_time;
    if (!time_is_sane || r.device_time < k.device || sum() != lies_before) return;
    if (k.device != kNever) {
      const std::int64_t step = ms_from_time(r.device_time) - ms_from_time(k.device);
      day_.shortest_ms = std::min(day_.shortest_ms, step);
      day_.longest_ms = std::max(day_.longest_ms, step);
      judge_rest(r, k, values);
    }
    (water_at(r.position) ? day_.wet : day_.dry) += 1;
    k.device = r.device_time;
    k.on = values[kEngineOn] == 1;
    k.working = values[kWorking] == 1;
    k.position = r.position;
    k.speed_kmh = values[kSpeedKmh];
    k.fuel_pct = values[kFuelLevelPct];
    day_.hauled += !k.on && k.speed_kmh > 30;
  }

 private:
  std::uint64_t sum() const {
    std::uint64_t total = 0;
    for (int lie : {zero_island, range, future, ancient, duplicate, conflict, jump}) {
      total += day_.lies[static_cast<std::size_t>(lie)];
    }
    return total;
  }
  void count(Lie lie) { ++day_.lies[lie]; }

  bool judge_time(const Report& r, const Known& k, std::map<FieldId, double>& values) {
    if (r.device_time > r.receive_time + minutes{5}) return count(future), false;
    if (r.device_time < time_from_ms(946684800000)) return count(ancient), false;
    if (r.device_time < k.device) count(late);
    if (r.device_time == k.device) {
      count(values[kFuelLevelPct] == k.fuel_pct ? duplicate : conflict);
    }
    return true;
  }

  void judge_values(const Report& r, Known& k, std::map<FieldId, double>& values) {
    if (r.position == LonLat{}) count(zero_island);
    if (std::fabs(r.position.lon_deg) > 180) count(range);
    for (const auto& [field, value] : values)
      if (!std::isfinite(value) || value > 1e5 * (field == kFuelUsedL ? 100 : 1)) count(range);
    if (values[kFuelLevelPct] > 100) count(range);
    const double far_deg = std::fabs(r.position.lat_deg - k.position.lat_deg);
    if (k.device != kNever && r.position != LonLat{} && far_deg > 0.25 &&
        r.device_time - k.device < minutes{3})
      count(jump);
    if (values.contains(kEngineHours) && r.device_time > k.device) {
      const double h = values[kEngineHours];
      if (k.first_h < 0) k.first_h = h, k.first_idle_h = values[kIdleHours];
      if (h < k.last_h) count(counter_back);
      if (h >= k.last_h && h < k.first_h + 24) k.last_h = h, k.last_idle_h = values[kIdleHours];
    }
  }

  /// A machine with its engine off and no lorry under it must stand still.
  void judge_rest(const Report& r, const Known& k, std::map<FieldId, double>& values) {
    if (k.on || values[kEngineOn] == 1 || k.speed_kmh > 0 || values[kSpeedKmh] > 0) return;
    ++day_.still;
    day_.stole_away += distance_deg(r.position, k.position) > 0.003;
  }
  static double distance_deg(LonLat a, LonLat b) {
    return std::fabs(a.lon_deg - b.lon_deg) + std::fabs(a.lat_deg - b.lat_deg);
  }

  void judge_faults(std::span<const Fault> faults, Known& k) {
    for (const Fault& f : faults)
      if (std::find(k.faults.begin(), k.faults.end(), f) == k.faults.end())
        ++day_.raised[static_cast<std::size_t>(severity_of(f))];
    k.faults.assign(faults.begin(), faults.end());
  }

  Day& day_;
};

/// Silent: three periods without a word; periods are guessed by status, as a gateway learns them.
StatusCount count_status(const Day& day, Time now) {
  StatusCount count;
  for (const Known& k : day.known) {
    const auto limit = k.on ? std::chrono::milliseconds(minutes{15}) : hours{7};
    if (now - k.received > limit)
      ++count.silent;
    else if (!k.on)
      ++count.stopped;
    else
      ++(k.working ? count.working : count.idling);
  }
  return count;
}

void print(const Day& day) {
  std::printf("hour  working  idling stopped  silent\n");
  for (const auto& [hour, c] : day.by_hour)
    std::printf("%4d %8d %7d %7d %7d\n", hour, c.working, c.idling, c.stopped, c.silent);
  std::printf("raised: %d critical, %d high, %d medium, %d low; %llu reports\n", day.raised[0],
              day.raised[1], day.raised[2], day.raised[3],
              static_cast<unsigned long long>(day.reports));
}

const Day& demo_day() {
  static const Day day = [] {
    Day d;
    d.config.machines = 8000;
    d.config.start = kMidnight;
    Simulator sim(d.config);
    d.machines = sim.machines();
    d.known.resize(d.machines.size());
    Observer observer(d);
    ReportBatch batch;
    for (int hour = 1; hour <= 24; ++hour) {
      batch.clear();
      sim.advance(kMidnight + hours{hour}, batch);
      for (const Report& r : batch.reports) observer.observe(r, batch);
      d.by_hour[hour] = count_status(d, sim.now());
    }
    print(d);
    return d;
  }();
  return day;
}

TEST(DemoDay, HasTheStatusMixOfAFridayAfternoonAndEvening) {
  const Day& day = demo_day();
  const double n = static_cast<double>(day.machines.size());
  const StatusCount afternoon = day.by_hour.at(14), evening = day.by_hour.at(20);

  // The target picture: 11,128 working, 5,891 idling, 13,420 stopped, 2,291 silent of 32,730.
  EXPECT_NEAR(afternoon.working / n, 0.340, 0.03);
  EXPECT_NEAR(afternoon.idling / n, 0.180, 0.03);
  EXPECT_NEAR(afternoon.stopped / n, 0.410, 0.04);
  EXPECT_NEAR(afternoon.silent / n, 0.070, 0.02);
  EXPECT_LT(evening.working, afternoon.working / 3);
  EXPECT_GT(evening.working, 0);
  EXPECT_LT(day.by_hour.at(13).working, day.by_hour.at(11).working / 2) << "no noon break";
}

TEST(DemoDay, HasThePublishedOperatingRateHoursAndIdleShare) {
  struct Sum {
    int machines = 0, operating = 0, worked = 0;
    double engine_h = 0, idle_h = 0;
  } all, jiangsu;
  const Day& day = demo_day();
  const std::string jiangsu_cities =
      "苏州 无锡 南京 常州 南通 徐州 盐城 扬州 泰州 淮安 镇江 连云港 宿迁";

  for (std::size_t i = 0; i < day.machines.size(); ++i) {
    const Known& k = day.known[i];
    const std::string city =
        day.machines[i].branch.substr(0, day.machines[i].branch.find("分公司"));
    const double engine_h = k.last_h - k.first_h, idle_h = k.last_idle_h - k.first_idle_h;
    for (Sum* s : {&all, &jiangsu}) {
      if (s == &jiangsu && jiangsu_cities.find(city) == std::string::npos) continue;
      ++s->machines;
      s->operating += engine_h >= 0.5;
      s->worked += engine_h > 0;
      s->engine_h += engine_h;
      s->idle_h += idle_h;
    }
  }
  const auto rate = [](const Sum& s) { return double(s.operating) / s.machines; };
  std::printf("operating rate %.3f (Jiangsu %.3f), %.2f h, idle %.3f\n", rate(all), rate(jiangsu),
              all.engine_h / all.worked, all.idle_h / all.engine_h);

  EXPECT_NEAR(rate(all), 0.57, 0.025);
  EXPECT_NEAR(rate(jiangsu), 0.66, 0.03);
  EXPECT_NEAR(all.engine_h / all.worked, 7.4, 0.3);
  EXPECT_NEAR(all.idle_h / all.engine_h, 0.21, 0.02);
}

TEST(DemoDay, BreaksEveryQualityRuleAtABelievableRate) {
  const Day& day = demo_day();
  const char* names[] = {"zero_island", "range", "future",       "ancient", "duplicate",
                         "conflict",    "jump",  "counter_back", "late"};

  for (int lie = zero_island; lie <= late; ++lie) {
    const std::uint64_t count = day.lies[static_cast<std::size_t>(lie)];
    std::printf("%-13s %llu\n", names[lie], static_cast<unsigned long long>(count));
    EXPECT_GT(count, 20u) << names[lie];
    EXPECT_LT(count, day.reports / (lie == late ? 50 : 1000)) << names[lie];
  }
}

TEST(DemoDay, KeepsItsMachinesOnLandAndStillWhileTheEngineIsOff) {
  const Day& day = demo_day();

  EXPECT_EQ(day.wet, 0u);
  EXPECT_GT(day.dry, 2'000'000u);
  EXPECT_GT(day.still, 100'000u);
  EXPECT_LT(day.stole_away, day.still / 1000);
  EXPECT_GT(day.hauled, 100u) << "lorries";
}

TEST(DemoDay, ReportsEveryTenSecondsToHours) {
  const Day& day = demo_day();

  EXPECT_LT(day.shortest_ms, 10'000);
  EXPECT_GT(day.longest_ms, ms_from_time(Time{hours{2}}));
  EXPECT_GT(day.reports, 6'000'000u / 4);
  EXPECT_LT(day.reports, 10'000'000u / 4);
}

TEST(DemoDay, RaisesFaultsOfAllSeveritiesInTheExpectedMix) {
  const Day& day = demo_day();
  const double upper = day.raised[0] + day.raised[1] + day.raised[2];

  EXPECT_NEAR(day.raised[0] / upper, 0.05, 0.05);
  EXPECT_NEAR(day.raised[1] / upper, 0.15, 0.10);
  EXPECT_NEAR(day.raised[2] / upper, 0.80, 0.12);
  EXPECT_GT(day.raised[3], upper);
}

}  // namespace
}  // namespace fleet::sim
