// Lines of ingest and a judge for the tests of quality.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "builders.hpp"
#include "fleet/quality.hpp"

namespace fleet::test {

inline constexpr LonLat kSite{120.0, 30.0};

/// One line of ingest in the making.
struct Line {
  Time device = at_s(0);
  std::optional<LonLat> position = {};
  std::vector<ReportedValue> values = {};
  std::optional<std::vector<Fault>> faults = {};
  Slot machine = 0;
  Time receive = kNever;  ///< the device time where not given
};

/// A judge with a state that takes up what it accepts, as the gateway does.
class Judging {
 public:
  explicit Judging(QualityRules rules = {}) : judge_(rules) {}
  /// A judge that begins with a restored state.
  explicit Judging(FleetState state) : state_(std::move(state)) { judge_.restore(state_); }

  /// Rejections of the line, after it was taken up.
  std::vector<Rejection> take(const Line& line) {
    ReportBatch batch;
    batch.values = line.values;
    if (line.faults) batch.faults = *line.faults;
    Report report;
    report.machine = line.machine;
    report.device_time = line.device;
    report.receive_time = line.receive == kNever ? line.device : line.receive;
    report.has_position = line.position.has_value();
    report.position = line.position.value_or(LonLat{});
    report.value_end = static_cast<std::uint32_t>(batch.values.size());
    report.has_faults = line.faults.has_value();
    report.fault_end = static_cast<std::uint32_t>(batch.faults.size());
    const Verdict verdict = judge_.judge(report, batch, state_);
    accepted_ = verdict.accepted;
    fields_ = verdict.row.fields;
    has_faults_ = verdict.has_faults;
    if (verdict.accepted) {
      TickBatch tick = tick_at(report.receive_time);
      state_.accept(verdict.row, tick);
    }
    const QualityCounters& n = judge_.counters();
    EXPECT_EQ(n.received, std::accumulate(n.rejected.begin(), n.rejected.end(), n.stored));
    return {verdict.rejections.begin(), verdict.rejections.end()};
  }
  std::vector<Rejection> take(Time t, LonLat p) { return take({.device = t, .position = p}); }
  std::vector<Rejection> take(Time t, FieldId field, double value) {
    return take({.device = t, .values = {{field, value}}});
  }
  std::vector<Rejection> take_faults(Time t, std::vector<Fault> faults) {
    return take({.device = t, .faults = std::move(faults)});
  }

  bool accepted() const { return accepted_; }
  bool kept(FieldId f) const { return (fields_ >> f) & 1; }
  bool has_faults() const { return has_faults_; }
  void take_back_faults() { judge_.take_back_faults(); }
  std::int64_t raw(FieldId f) const { return state_.field(0, f).raw; }
  const QualityCounters& counters() const { return judge_.counters(); }
  std::uint64_t rejected(Reason r) const {
    return counters().rejected[static_cast<std::size_t>(r)];
  }
  std::uint64_t noted(Reason r) const { return counters().noted[static_cast<std::size_t>(r)]; }

 private:
  FleetState state_ = state_with(2);
  QualityJudge judge_;
  bool accepted_ = false, has_faults_ = false;
  FieldMask fields_ = 0;
};

/// A point so many metres north of kSite.
inline LonLat north(double metres) {
  return {kSite.lon_deg, kSite.lat_deg + metres / kEarthRadiusM * 180 / std::acos(-1.0)};
}
inline Rejection of(Reason reason, FieldId field) {
  return {reason, field};
}

}  // namespace fleet::test
