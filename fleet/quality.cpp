#include "fleet/quality.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "fleet/bytes.hpp"

namespace fleet {
namespace {

constexpr double kPi = 3.14159265358979323846;
/// Length of a grid step at the equator of the distance sphere. Mercator stretches everywhere else,
/// so that a step is never longer on the ground.
constexpr double kLongestStepM = 2 * kPi * kEarthRadiusM / kGridSize;

int run_index(FieldId field) {
  return field == kFuelUsedL ? 0 : field == kEngineHours ? 1 : 2;
}

/// Puts a part of a list by slot into the whole, which grows if it must.
template <class T>
void place(const std::vector<T>& part, Slot first, std::vector<T>& whole) {
  whole.resize(std::max(whole.size(), first + part.size()));
  std::ranges::copy(part, whole.begin() + static_cast<std::ptrdiff_t>(first));
}

/// Loads the records of the machines of reports that are soon to be judged.
void look_ahead(const Report& report, const ReportBatch& batch, const FleetState& state) {
  constexpr std::ptrdiff_t kReports = 6;
  const Report* begin = batch.reports.data();
  const Report* end = begin + batch.reports.size();
  const bool inside = !std::less<>{}(&report, begin) && std::less<>{}(&report, end);
  if (inside && end - &report > kReports) state.prefetch((&report + kReports)->machine);
}

}  // namespace

const char* reason_name(Reason reason) {
  constexpr std::array<const char*, kReasonCount> kNames = {
      "zero_island", "range",       "future",       "ancient",    "duplicate",
      "conflict",    "jump",        "counter_back", "late",       "malformed",
      "bad_machine", "roster_full", "too_long",     "alarms_full"};
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view rejected_field_name(const FieldCatalog& fields, FieldId field) {
  if (field == kNoField) return {};
  if (field == kFaultsField) return "faults";
  return fields[field].name;
}

QualityJudge::QualityJudge(QualityRules rules)
    : rules_(rules), max_steps_per_ms_(rules.max_speed_kmh / 3600 / kLongestStepM) {}

Verdict QualityJudge::judge(const Report& report, const ReportBatch& batch,
                            const FleetState& state) {
  rejections_.clear();
  look_ahead(report, batch, state);
  assert(report.machine < state.machine_count());
  // Not as a difference: an absurd device time would overflow it.
  if (report.device_time > report.receive_time + rules_.future) {
    return reject_whole(report, batch, Reason::future);
  }
  if (report.device_time < rules_.ancient) return reject_whole(report, batch, Reason::ancient);

  Case c{report, state};
  if (report.has_position) judge_position(c);
  for (const ReportedValue& value : batch.values_of(report)) judge_value(c, value);
  const bool has_faults = report.has_faults && judge_faults(c, batch.faults_of(report));

  Verdict verdict;
  // A report of which nothing is new, and something is known to have been here: sent twice.
  verdict.accepted = c.kept != 0 || has_faults || c.duplicates == 0;
  if (!verdict.accepted) {
    std::erase_if(rejections_, [](Rejection r) { return r.reason == Reason::duplicate; });
    rejections_.push_back({Reason::duplicate, kNoField});
  }
  std::size_t count = 0;
  for (FieldMask rest = c.kept; rest != 0; rest &= rest - 1) {
    values_[count++] = raw_[static_cast<std::size_t>(std::countr_zero(rest))];
  }
  verdict.row = {report.machine, report.device_time, report.receive_time, c.kept,
                 std::span(values_).first(count)};
  verdict.has_faults = has_faults;
  verdict.rejections = rejections_;
  return verdict;
}

Verdict QualityJudge::reject_whole(const Report& report, const ReportBatch& batch, Reason reason) {
  const std::size_t values = batch.values_of(report).size() + (report.has_position ? 1 : 0) +
                             (report.has_faults ? 1 : 0) + 1;
  counters_.received += values;
  counters_.rejected[static_cast<std::size_t>(reason)] += values;
  rejections_.push_back({reason, kNoField});
  Verdict verdict;
  verdict.row.machine = report.machine;
  verdict.rejections = rejections_;
  return verdict;
}

void QualityJudge::reject(Case& c, Reason reason, FieldId field) {
  ++counters_.rejected[static_cast<std::size_t>(reason)];
  if (reason == Reason::duplicate) ++c.duplicates;
  rejections_.push_back({reason, field});
}

void QualityJudge::keep(Case& c, FieldId field, std::int64_t raw) {
  ++counters_.stored;
  c.kept |= FieldMask{1} << field;
  raw_[field] = raw;
}

void QualityJudge::judge_position(Case& c) {
  ++counters_.received;
  const LonLat p = c.report.position;
  // Written so that NaN fails.
  const bool on_earth = std::abs(p.lon_deg) <= 180 && std::abs(p.lat_deg) <= 90;
  if (!on_earth) {
    reject(c, Reason::range, kPosition);
  } else if (std::abs(p.lon_deg) < rules_.zero_island_deg &&
             std::abs(p.lat_deg) < rules_.zero_island_deg) {
    reject(c, Reason::zero_island, kPosition);
  } else {
    judge_raw(c, kPosition, packed(grid_from_lonlat(p)));
  }
}

void QualityJudge::judge_value(Case& c, const ReportedValue& value) {
  ++counters_.received;
  assert(value.field != kPosition && value.field < c.state.fields().size());
  const FieldInfo& field = c.state.fields()[value.field];
  const bool in_range = value.value >= field.min && value.value <= field.max;  // NaN fails
  if (!in_range) {
    reject(c, Reason::range, value.field);
  } else {
    judge_raw(c, value.field, canonical_raw(value.field, raw_from_value(field, value.value)));
  }
}

void QualityJudge::judge_raw(Case& c, FieldId field, std::int64_t raw) {
  const FieldMask bit = FieldMask{1} << field;
  if (c.kept & bit) {
    // Twice in one report: the same instant, so one of them goes.
    --counters_.stored;
    const std::int64_t first = raw_[field];
    keep(c, field,
         first == raw || !wins_conflict(c.state.fields()[field], raw, first) ? first : raw);
    reject(c, first == raw ? Reason::duplicate : Reason::conflict, field);
    return;
  }
  const FieldSlot& held = c.state.field(c.report.machine, field);
  if (c.report.device_time == held.device_time) {
    if (raw == held.raw) {
      reject(c, Reason::duplicate, field);
    } else {
      settle_conflict(c, field, raw, held.raw);
    }
    return;
  }
  if (!believes(c, field, raw, held)) return;
  if (c.report.device_time < held.device_time) note(Reason::late);
  keep(c, field, raw);
}

void QualityJudge::settle_conflict(Case& c, FieldId field, std::int64_t raw, std::int64_t held) {
  if (wins_conflict(c.state.fields()[field], raw, held)) {
    note(Reason::conflict);
    keep(c, field, raw);
  } else {
    reject(c, Reason::conflict, field);
  }
}

/// Rules that weigh a value against the accepted one of another time.
bool QualityJudge::believes(Case& c, FieldId field, std::int64_t raw, const FieldSlot& held) {
  if (held.receive_time == kNever) return true;
  if (field == kPosition) return believes_fix(c, raw, held);
  if (c.state.fields()[field].counter) return believes_counter(c, field, raw, held);
  return true;
}

bool QualityJudge::believes_fix(Case& c, std::int64_t raw, const FieldSlot& held) {
  const Time t = c.report.device_time;
  const bool newer = t > held.device_time;
  if (reachable(held.raw, held.device_time, raw, t)) {
    if (Run* run = newer ? run_of(c.report.machine, kPosition) : nullptr) run->count = 0;
    return true;
  }
  if (newer) {
    Run& run = make_run(c.report.machine, kPosition);
    if (run.count == 0 || t > run.time) {
      const bool agrees = run.count > 0 && reachable(run.raw, run.time, raw, t);
      run = {raw, t, agrees ? run.count + 1 : 1};
      if (run.count >= rules_.jump_agreeing_fixes) {
        run.count = 0;
        return true;
      }
    }
  }
  reject(c, Reason::jump, kPosition);
  return false;
}

bool QualityJudge::believes_counter(Case& c, FieldId field, std::int64_t raw,
                                    const FieldSlot& held) {
  const Time t = c.report.device_time;
  if (t < held.device_time) return true;  // late: of course lower
  if (raw >= held.raw) {
    if (Run* run = run_of(c.report.machine, field)) run->count = 0;
    return true;
  }
  Run& run = make_run(c.report.machine, field);
  if (run.count == 0 || t > run.time) {
    const bool agrees = run.count > 0 && raw >= run.raw;
    run = {raw, t, agrees ? run.count + 1 : 1};
    if (run.count >= rules_.counter_reset_samples) {
      run.count = 0;
      return true;
    }
  }
  reject(c, Reason::counter_back, field);
  return false;
}

/// Can a machine be at b at its time, having been at a? Either may be the earlier.
bool QualityJudge::reachable(std::int64_t raw_a, Time a, std::int64_t raw_b, Time b) const {
  const GridPoint p = unpacked(raw_a), q = unpacked(raw_b);
  const std::uint32_t east = (q.x - p.x) & kGridMask;
  const double dx = std::min(east, kGridSize - east);
  const double dy = static_cast<double>(q.y) - p.y;
  const double dt_ms = static_cast<double>(std::chrono::abs(b - a).count());
  // On the grid no way is shorter than on the ground: what is near there is near.
  const double steps = max_steps_per_ms_ * dt_ms;
  if (dx * dx + dy * dy <= steps * steps) return true;
  const double allowed_m = rules_.max_speed_kmh / 3600 * dt_ms;
  return distance_m(lonlat_from_grid(p), lonlat_from_grid(q)) <= allowed_m;
}

/// The list counts as one value. True if it is to be judged for alarms.
bool QualityJudge::judge_faults(Case& c, std::span<const Fault> faults) {
  ++counters_.received;
  const Slot machine = c.report.machine;
  if (machine >= fault_lists_.size()) fault_lists_.resize(std::size_t{machine} + 1);
  FaultList& newest = fault_lists_[machine];
  const Time t = c.report.device_time;
  const std::uint64_t hash = fault_list_hash(faults);
  faults_before_ = {machine, newest, std::nullopt};
  if (t == newest.time && hash == newest.hash) {
    reject(c, Reason::duplicate, kFaultsField);
    return false;
  }
  if (newest.restored) newest = {};
  if (t == newest.time && hash > newest.hash) {
    reject(c, Reason::conflict, kFaultsField);
    return false;
  }
  ++counters_.stored;
  if (t <= newest.time) {
    faults_before_.noted = t < newest.time ? Reason::late : Reason::conflict;
    note(*faults_before_.noted);
  }
  if (t >= newest.time) newest = {t, hash};
  return true;
}

void QualityJudge::take_back_faults() {
  --counters_.stored;
  ++counters_.rejected[static_cast<std::size_t>(Reason::alarms_full)];
  fault_lists_[faults_before_.machine] = faults_before_.list;
  if (faults_before_.noted) --counters_.noted[static_cast<std::size_t>(*faults_before_.noted)];
}

void QualityJudge::restore(const FleetState& state) {
  std::vector<std::vector<Fault>> open(state.machine_count());
  for (const auto& [id, alarm] : state.alarms().open()) open[alarm.machine].push_back(alarm.fault);
  fault_lists_.resize(open.size());
  for (Slot machine = 0; machine < open.size(); ++machine)
    fault_lists_[machine] = {state.head(machine).device_time, fault_list_hash(open[machine]), true};
}

void QualityJudge::adopt(const QualityJudge& part, Slot first) {
  const auto sum = [](auto& into, const auto& from) {
    for (std::size_t i = 0; i < into.size(); ++i) into[i] += from[i];
  };
  counters_.received += part.counters_.received;
  counters_.stored += part.counters_.stored;
  sum(counters_.rejected, part.counters_.rejected);
  sum(counters_.noted, part.counters_.noted);
  place(part.fault_lists_, first, fault_lists_);
  const auto known = static_cast<std::uint32_t>(memories_.size());
  memories_.insert(memories_.end(), part.memories_.begin(), part.memories_.end());
  std::vector<std::uint32_t> indices = part.memory_of_;
  for (std::uint32_t& index : indices) index += index == 0 ? 0 : known;
  place(indices, first, memory_of_);
}

QualityJudge::Run* QualityJudge::run_of(Slot machine, FieldId field) {
  if (machine >= memory_of_.size() || memory_of_[machine] == 0) return nullptr;
  return &make_run(machine, field);
}

QualityJudge::Run& QualityJudge::make_run(Slot machine, FieldId field) {
  if (machine >= memory_of_.size()) memory_of_.resize(std::size_t{machine} + 1);
  std::uint32_t& index = memory_of_[machine];
  if (index == 0) {
    memories_.emplace_back();
    index = static_cast<std::uint32_t>(memories_.size());
  }
  Memory& memory = memories_[index - 1];
  return field == kPosition ? memory.jump
                            : memory.counters[static_cast<std::size_t>(run_index(field))];
}

}  // namespace fleet
