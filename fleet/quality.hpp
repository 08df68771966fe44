// Quality rules: what of a report is believed. Counted by reason, nothing dropped silently.
//
// Judges one report at a time against the live state and a little memory per machine (candidates
// after a jump, candidates after a counter fell). Reports of one machine that come in device-time
// order always get the same verdicts, whatever stands between them.
// The exact rule of each reason, with its thresholds: fleet/README.md and the contract's table.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/report.hpp"

namespace fleet {

/// `late` is counted beside the others but is no rejection. `roster_full`, `bad_machine` and
/// `malformed` are given by ingest adapters before a report exists.
enum class Reason : std::uint8_t {
  zero_island, range, future, ancient, duplicate, conflict, jump, counter_back,
  late, malformed, bad_machine, roster_full
};
inline constexpr int kReasonCount = 12;
/// As in answers and metric labels: "zero_island", ...
const char* reason_name(Reason reason);

struct QualityRules {
  std::chrono::minutes future{5};
  Time ancient = time_from_ms(946684800000);  // 2000-01-01T00:00:00Z
  double zero_island_deg = 0.001;
  double max_speed_kmh = 200;
  int jump_agreeing_fixes = 3;
  int counter_reset_samples = 3;
};

/// Values, a position counting as one, a fault list as one; a report's time itself counts as one
/// when it is rejected whole. received == stored + sum(rejected) after every call; `late` and
/// `conflict` where the new value won are stored and counted in `noted` too.
struct QualityCounters {
  std::uint64_t received = 0;
  std::uint64_t stored = 0;
  std::array<std::uint64_t, kReasonCount> rejected{};
  std::array<std::uint64_t, kReasonCount> noted{};
};

struct Rejection {
  Reason reason;
  FieldId field;    ///< kPosition for a fix; kNoField when the whole report went
};
inline constexpr FieldId kNoField = 255;

/// What is left of a report. `row.values` points into the judge until the next call.
struct Verdict {
  bool accepted = false;  ///< something (at least "it reported") is to be stored
  AcceptedRow row;
  bool has_faults = false;
  std::span<const Rejection> rejections;
};

class QualityJudge {
 public:
  explicit QualityJudge(QualityRules rules = {}) : rules_(rules) {}
  /// state: the live state, all earlier verdicts applied.
  Verdict judge(const Report& report, const ReportBatch& batch, const FleetState& state);
  const QualityCounters& counters() const { return counters_; }
  const QualityRules& rules() const { return rules_; }

 private:
  struct Memory;  // candidates of one machine; only machines that have any are kept
  QualityRules rules_;
  QualityCounters counters_;
  // (private members are the implementer's choice)
};

}  // namespace fleet
