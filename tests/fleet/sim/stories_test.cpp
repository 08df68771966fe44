// The told stories, and what the fleet is made of.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "fleet/alarms.hpp"
#include "fleet/sim/places.hpp"
#include "fleet/sim/simulator.hpp"

namespace fleet::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Time kMidnight = time_from_ms(1792080000000);  // 2026-10-16T00:00+08:00

SimConfig fleet_of(std::uint32_t machines, Time start) {
  SimConfig config;
  config.machines = machines;
  config.start = start;
  return config;
}

struct FaultChange {
  Time at;
  bool active;
};

/// When a fault of a machine came and went, by its complete lists.
std::vector<FaultChange> changes_of(Simulator& sim, Slot machine, std::uint32_t spn, Time until) {
  std::vector<FaultChange> changes;
  ReportBatch batch;
  while (sim.now() < until) {
    batch.clear();
    sim.advance(std::min(until, sim.now() + hours{1}), batch);
    for (const Report& r : batch.reports) {
      if (r.machine != machine || !r.has_faults) continue;
      const auto faults = batch.faults_of(r);
      const bool active =
          std::any_of(faults.begin(), faults.end(), [&](const Fault& f) { return f.spn == spn; });
      if (changes.empty() ? active : active != changes.back().active)
        changes.push_back({r.device_time, active});
    }
  }
  return changes;
}

TEST(Stories, Sy0121LosesOilPressureOnTheSixteenthAndAgainOnTheSeventeenth) {
  for (std::uint64_t seed : {1, 99}) {
    SimConfig config = fleet_of(1500, kMidnight + hours{8});
    config.seed = seed;
    Simulator sim(config);
    const Machine& machine = sim.machines()[120];

    const auto changes = changes_of(sim, 120, 100, kMidnight + hours{48});

    EXPECT_EQ(machine.serial, "SY0121");
    EXPECT_EQ(machine.model, "SY215C");
    EXPECT_EQ(machine.branch, "苏州分公司");
    ASSERT_EQ(changes.size(), 4u);
    EXPECT_EQ(changes[0].at, kMidnight + hours{13} + minutes{29} + std::chrono::seconds{4});
    EXPECT_TRUE(changes[0].active);
    EXPECT_GT(changes[1].at, kMidnight + hours{17}) << "gone in the evening";
    EXPECT_LT(changes[1].at, kMidnight + hours{19});
    EXPECT_GT(changes[2].at, kMidnight + hours{24 + 6}) << "back in the morning";
    EXPECT_LT(changes[2].at, kMidnight + hours{24 + 9});
  }
}

TEST(Stories, TheOilPressureOfSy0121FallsOverTheHalfHourBefore) {
  Simulator sim(fleet_of(300, kMidnight + hours{9}));
  std::map<Time, double> pressure;
  ReportBatch batch;

  sim.advance(kMidnight + hours{14}, batch);
  for (const Report& r : batch.reports)
    for (const ReportedValue& v : batch.values_of(r))
      if (r.machine == 120 && v.field == kOilPressureKpa && v.value > 0)
        pressure[r.device_time] = v.value;

  const auto at = [&](int hour, int minute) {
    return std::prev(pressure.upper_bound(kMidnight + hours{hour} + minutes{minute}))->second;
  };
  EXPECT_GT(at(11, 0), 250);
  EXPECT_GT(at(13, 2), at(13, 20));
  EXPECT_GT(at(13, 20), at(13, 29));
  EXPECT_LT(at(13, 30), 100);
}

TEST(Stories, AtTwoOClockTheDrawnAlarmsAreActive) {
  Simulator sim(fleet_of(32'730, kMidnight + hours{13}));
  std::map<Slot, std::vector<Fault>> active;
  ReportBatch batch;

  sim.advance(kMidnight + hours{14}, batch);
  for (const Report& r : batch.reports) {
    const auto faults = batch.faults_of(r);
    if (r.has_faults) active[r.machine].assign(faults.begin(), faults.end());
  }

  const auto has = [&](Slot slot, std::uint32_t spn, int fmi) {
    return !active[slot].empty() && active[slot][0].spn == spn && active[slot][0].fmi == fmi;
  };
  EXPECT_TRUE(has(120, 100, 1));
  EXPECT_EQ(severity_of(active[120][0]), Severity::critical);
  EXPECT_TRUE(has(3306, 110, 0));
  EXPECT_EQ(sim.machines()[3306].branch, "郑州分公司");
  EXPECT_TRUE(has(876, 96, 1));
  EXPECT_EQ(sim.machines()[876].branch, "成都分公司");
}

TEST(Stories, FourteenSy215cInShanxiShowSootLoadOnTheDemoDay) {
  std::set<std::string> shanxi;
  for (const Place& p : places())
    if (p.province == "山西") shanxi.insert(std::string(p.city) + "分公司");
  Simulator sim(fleet_of(32'730, kMidnight + hours{7}));
  std::set<Slot> soot;
  ReportBatch batch;

  while (sim.now() < kMidnight + hours{13}) {
    batch.clear();
    sim.advance(sim.now() + hours{1}, batch);
    for (const Report& r : batch.reports)
      for (const Fault& f : batch.faults_of(r))
        if (f.spn == 3719 && f.fmi == 16 && shanxi.count(sim.machines()[r.machine].branch) &&
            sim.machines()[r.machine].model == "SY215C")
          soot.insert(r.machine);
  }

  EXPECT_GE(soot.size(), 14u);
  EXPECT_LE(soot.size(), 17u) << "14 told, few by chance";
}

TEST(DemoFleet, HasOverElevenThousandMachinesInJiangsuAndSuzhouIsTheDensest) {
  std::map<std::string, std::string> province_of_branch;
  for (const Place& p : places())
    province_of_branch[std::string(p.city) + "分公司"] = std::string(p.province);
  const Simulator sim(fleet_of(32'730, kMidnight));
  std::map<std::string, int> by_province, by_branch, suzhou_models;

  for (const Machine& m : sim.machines()) {
    ++by_province[province_of_branch[m.branch]];
    ++by_branch[m.branch];
    if (m.branch == "苏州分公司") ++suzhou_models[m.model];
  }

  EXPECT_GT(by_province["江苏"], 11'000);
  EXPECT_LT(by_province["江苏"], 11'500);
  EXPECT_EQ(by_province.size(), 31u);
  EXPECT_GT(by_branch.size(), 120u);
  for (const auto& [branch, count] : by_branch) EXPECT_LE(count, by_branch["苏州分公司"]);
  EXPECT_NEAR(double(suzhou_models["SY195C"]) / suzhou_models["SY215C"], 3.0, 0.3);
}

TEST(DemoFleet, IsOwnedByOneMachinePeopleAndByCompaniesOfDozens) {
  const Simulator sim(fleet_of(32'730, kMidnight));
  std::map<std::string, int> by_customer;
  std::set<std::string> ids;
  int with_loan = 0;

  for (const Machine& m : sim.machines()) {
    ++by_customer[m.branch + m.customer];
    ids.insert(m.id);
    with_loan += m.loan_monthly > 0;
    ASSERT_EQ(machine_id_problem(m.id), nullptr) << m.id;
    ASSERT_FALSE(m.customer.empty());
    ASSERT_LT(m.delivered, "2026-10-16");
  }

  int largest = 0, singles = 0;
  for (const auto& [name, count] : by_customer)
    largest = std::max(largest, count), singles += count == 1;
  EXPECT_EQ(ids.size(), sim.machines().size());
  EXPECT_GT(singles, 1000);
  EXPECT_GE(largest, 40);
  EXPECT_NEAR(with_loan / 32'730.0, 0.55, 0.03);
}

TEST(DemoFleet, OfAMillionMachinesIsMadeAndReports) {
  SimConfig config = fleet_of(2'000'000, kMidnight + minutes{1});
  Simulator sim(config);
  ReportBatch batch;

  sim.advance(kMidnight + minutes{2}, batch);

  EXPECT_EQ(sim.machines().size(), kMaxSimMachines) << "the limit";
  EXPECT_GT(batch.reports.size(), 10'000u);
}

}  // namespace
}  // namespace fleet::sim
