// Quality rules: what of a report is believed. Counted by reason, nothing dropped silently.
//
// Judges one report at a time against the live state and a little memory per machine (candidates
// after a jump, candidates after a counter fell, the newest fault list). Reports of one machine
// that come in device-time order always get the same verdicts, whatever stands between them. The
// exact rule of each reason, with its thresholds: fleet/README.md and the contract's table. One
// thread; no allocation per report.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/report.hpp"

namespace fleet {

/// `late` is counted beside the others but is no rejection. `roster_full`, `bad_machine`,
/// `malformed` and `too_long` are given by ingest adapters before a report exists, `alarms_full` by
/// the gateway to a list of faults that was good but has no room.
enum class Reason : std::uint8_t {
  zero_island,
  range,
  future,
  ancient,
  duplicate,
  conflict,
  jump,
  counter_back,
  late,
  malformed,
  bad_machine,
  roster_full,
  too_long,
  alarms_full
};
inline constexpr int kReasonCount = 14;
/// As in answers and metric labels: "zero_island", ...
const char* reason_name(Reason reason);

struct QualityRules {
  std::chrono::minutes future{5};
  Time ancient = time_from_ms(946684800000);  // 2000-01-01T00:00:00Z
  double zero_island_deg = 0.001;
  double max_speed_kmh = 200;
  int jump_agreeing_fixes = 3;    ///< 1 .. 255; 1 = every jump is believed
  int counter_reset_samples = 3;  ///< 1 .. 255; 1 = every fall is believed
};

/// Counts values: a position is one, a fault list is one. A report whose time is absurd counts its
/// values and one for the time. received == stored + sum(rejected) after every call; `late` and
/// `conflict` where the new value won are stored and counted in `noted` too.
struct QualityCounters {
  std::uint64_t received = 0;
  std::uint64_t stored = 0;
  std::array<std::uint64_t, kReasonCount> rejected{};
  std::array<std::uint64_t, kReasonCount> noted{};
};

inline constexpr FieldId kNoField = 255;      ///< the whole report
inline constexpr FieldId kFaultsField = 254;  ///< its list of faults

struct Rejection {
  Reason reason;
  FieldId field;  ///< kPosition for a fix, kFaultsField, or kNoField when the whole report went
  bool operator==(const Rejection&) const = default;
};

/// Name for an answer: the field's, "faults", or "" for the whole report.
std::string_view rejected_field_name(const FieldCatalog& fields, FieldId field);

/// What is left of a report. `row.values` and `rejections` point into the judge until the next
/// call.
struct Verdict {
  bool accepted = false;  ///< something (at least "it reported") is to be stored
  AcceptedRow row;
  bool has_faults = false;  ///< the fault list is to be judged (late ones included)
  std::span<const Rejection> rejections;
};

class QualityJudge {
 public:
  explicit QualityJudge(QualityRules rules = {});
  /// state: the live state, all earlier verdicts applied; has a record of the machine.
  Verdict judge(const Report& report, const ReportBatch& batch, const FleetState& state);
  /// Takes up what another judge remembers and counted; its machine i is machine first + i here, of
  /// which nothing was judged yet.
  void adopt(const QualityJudge& part, Slot first);
  /// Takes up what a restored state says of fault lists: the open alarms of a machine are its list
  /// at its newest report, so that one sent again after a crash is known as a duplicate.
  /// Precondition: nothing was judged yet.
  void restore(const FleetState& state);
  /// The fault list of the report judged last was good, but is not kept for want of room.
  /// As if it had never come, so that it is no duplicate when it is sent again.
  void take_back_faults();
  const QualityCounters& counters() const { return counters_; }
  const QualityRules& rules() const { return rules_; }

 private:
  /// A run of values that contradict the accepted one but may prove right.
  struct Run {
    std::int64_t raw = 0;
    Time time = kNever;
    int count = 0;
  };
  static constexpr int kCounters = 3;
  /// Candidates of one machine.
  struct Memory {
    Run jump;
    std::array<Run, kCounters> counters;
  };
  struct FaultList {
    Time time = kNever;
    std::uint64_t hash = 0;
    bool restored = false;  ///< from a state: the list may be older than `time`
  };
  /// What judging the last list replaced.
  struct FaultsBefore {
    Slot machine = 0;
    FaultList list;
    std::optional<Reason> noted;
  };
  /// What the values of the report under way are judged with.
  struct Case {
    const Report& report;
    const FleetState& state;
    FieldMask kept = 0;
    int duplicates = 0;  ///< values refused as such
  };

  Verdict reject_whole(const Report& report, const ReportBatch& batch, Reason reason);
  void judge_position(Case& c);
  void judge_value(Case& c, const ReportedValue& value);
  bool judge_faults(Case& c, std::span<const Fault> faults);
  void judge_raw(Case& c, FieldId field, std::int64_t raw);
  bool believes(Case& c, FieldId field, std::int64_t raw, const FieldSlot& held);
  bool believes_fix(Case& c, std::int64_t raw, const FieldSlot& held);
  bool believes_counter(Case& c, FieldId field, std::int64_t raw, const FieldSlot& held);
  bool reachable(std::int64_t raw_a, Time a, std::int64_t raw_b, Time b) const;
  void settle_conflict(Case& c, FieldId field, std::int64_t raw, std::int64_t held);
  void keep(Case& c, FieldId field, std::int64_t raw);
  void note(Reason reason) { ++counters_.noted[static_cast<std::size_t>(reason)]; }
  void reject(Case& c, Reason reason, FieldId field);
  Run* run_of(Slot machine, FieldId field);
  Run& make_run(Slot machine, FieldId field);

  QualityRules rules_;
  double max_steps_per_ms_;  ///< grid steps at the equator
  QualityCounters counters_;
  std::vector<std::uint32_t> memory_of_;  ///< by slot: index into memories_ plus one, 0 = none
  std::vector<Memory> memories_;          ///< only machines that ever had a candidate
  std::vector<FaultList> fault_lists_;    ///< by slot, up to the highest that ever sent a list
  FaultsBefore faults_before_;
  std::array<std::int64_t, kMaxFields> raw_{};     ///< kept values of the report, by field
  std::array<std::int64_t, kMaxFields> values_{};  ///< the same, close together, for the verdict
  std::vector<Rejection> rejections_;
};

}  // namespace fleet
