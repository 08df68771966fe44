// Alarms: severity, the open ones, and what happens to them.
//
// In this first form an alarm is an active J1939 fault of one machine. The gateway alone judges
// (FaultJudge); everyone else applies the events that travel in frames to an AlarmTable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "fleet/report.hpp"
#include "fleet/roster.hpp"
#include "fleet/time.hpp"

namespace fleet {

enum class Severity : std::uint8_t { critical, high, medium, low };
inline constexpr int kSeverityCount = 4;

/// What raised the alarm. Only `fault` yet; numbers are on the wire and never change.
enum class AlarmRule : std::uint8_t { fault = 0 };

/// Severity of a fault, first match wins: red stop lamp, or FMI 0/1 on SPN 100, 110, 175, 190, 1638
/// = critical; other FMI 0/1, or protect lamp = high; amber lamp, or FMI 16/18 = medium; else low.
Severity severity_of(const Fault& fault);

/// Identifies one occurrence of one alarm: xxh64 over machine id, rule, spn, fmi, source and the
/// device time it occurred, so that any order of arrival gives the same number. Exact layout:
/// fleet/README.md. machine_id: at most kMaxMachineIdBytes.
using AlarmId = std::uint64_t;
AlarmId alarm_id(std::string_view machine_id, AlarmRule rule, const Fault& fault, Time occurred);

/// A number that is the same for the same list of faults, whatever its order. Of two lists of one
/// machine and time the one with the smaller number counts.
std::uint64_t fault_list_hash(std::span<const Fault> faults);

struct Alarm {
  AlarmId id = 0;
  Slot machine = 0;
  AlarmRule rule = AlarmRule::fault;
  Fault fault;
  Severity severity = Severity::low;
  Time occurred = kNever;  ///< device time of the first report that had it
  Time learned = kNever;   ///< receive time of that report
  bool operator==(const Alarm&) const = default;
};

struct AlarmEvent {
  enum class Kind : std::uint8_t { raised = 0, changed = 1, cleared = 2 };
  Kind kind = Kind::raised;
  Alarm alarm;       ///< as it is after the event
  Time at = kNever;  ///< device time of the report that caused the event
};

/// The open alarms of a fleet. Order: id.
class AlarmTable {
 public:
  void apply(const AlarmEvent& event);
  void replace(std::span<const Alarm> open);
  void clear() {
    open_.clear();
    ++version_;
  }
  const std::map<AlarmId, Alarm>& open() const { return open_; }
  /// Grows with every change.
  std::uint64_t version() const { return version_; }

 private:
  std::map<AlarmId, Alarm> open_;
  std::uint64_t version_ = 0;
};

/// Turns complete fault lists of machines, in device-time order per machine, into alarm events.
/// A list older than the newest one of its machine changes nothing; one of the same time replaces
/// it. Of a fault listed twice the worse lamp counts. Gateway only.
class FaultJudge {
 public:
  /// Takes up the open alarms of a restored state.
  void restore(const AlarmTable& table);
  /// Takes up what another judge knows; its machine i is machine first + i here, of which nothing
  /// is known yet.
  void adopt(const FaultJudge& part, Slot first);
  /// How many open alarms more (or, if negative, fewer) the machine would have after `observe`.
  std::ptrdiff_t growth(Slot machine, Time device_time, std::span<const Fault> active);
  /// machine_id: text id, for alarm_id. Events are appended to `out`, sorted by (spn, fmi, source).
  /// False: the list is older than the newest one of its machine.
  bool observe(Slot machine, std::string_view machine_id, Time device_time, Time receive_time,
               std::span<const Fault> active, std::vector<AlarmEvent>& out);

 private:
  struct Known {
    Time newest = kNever;
    std::vector<Alarm> open;
  };
  Known& known_of(Slot machine);
  void list(std::span<const Fault> active);

  std::vector<Known> known_;       ///< by slot; as long as the highest slot that ever sent a list
  std::vector<Fault> listed_;      ///< scratch: sorted, each fault once
  std::vector<Alarm> still_open_;  ///< scratch of `observe`
};

}  // namespace fleet
