// The roster: what is known of each machine beside its reports, and which slot it has.
// One thread, `by_id` included: it fills a cache.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fleet/report.hpp"
#include "fleet/result.hpp"

namespace fleet {

/// A machine id is at most this long, so that no sender can fill memory with names.
inline constexpr std::size_t kMaxMachineIdBytes = 64;
/// Any other roster text.
inline constexpr std::size_t kMaxRosterTextBytes = 128;

/// Static record of one machine. Empty text and NaN mean "not known".
struct Machine {
  std::string id;      ///< unique, 1..64 bytes of UTF-8, no control characters
  std::string serial;  ///< e.g. SY0121; often equal to the id
  std::string maker;
  std::string model;          ///< e.g. SY195C
  std::string machine_class;  ///< mini, small, medium, large, loader, crane, ... (key `class`)
  std::string customer;
  std::string branch;
  std::string delivered;  ///< ISO date
  double hours_offset_h = kUnknown;
  double loan_monthly = kUnknown;
  double wage_monthly = kUnknown;
  double income_per_h = kUnknown;
  double fuel_per_h = kUnknown;
  std::string last_service_time;  ///< ISO 8601
  double last_service_h = kUnknown;

  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  const std::string& name() const { return serial.empty() ? id : serial; }
};

class Roster {
 public:
  std::size_t size() const { return machines_.size(); }
  /// Grows by one with every change; 0 = empty. Travels in every keyframe.
  std::uint64_t version() const { return version_; }
  /// Two rosters of one process with the same number hold the same records: one is a copy of the
  /// other. Another one after every change; means nothing elsewhere.
  std::uint64_t content() const { return content_; }
  const Machine& operator[](Slot slot) const { return machines_[slot]; }
  std::optional<Slot> find(std::string_view id) const;
  /// Slot of a machine, made with an empty record if new. Error: bad id, or kMaxMachines reached.
  Result<Slot> find_or_add(std::string_view id);
  /// Replaces a record (the id stays). True if anything changed.
  bool update(Slot slot, Machine record);
  /// Slots changed since `version` (order: slot). For roster frames.
  std::vector<Slot> changed_since(std::uint64_t version) const;
  /// Slots in byte order of their ids. Cached; rebuilt after additions.
  const std::vector<Slot>& by_id() const;

  /// For decoders: sets the record of the next slot (slot == size()) or of a known one, which must
  /// have the same id. Error (roster unchanged): another slot, another id, or a bad record.
  Result<void> put(Slot slot, Machine record);
  /// The error that putting these one after another would meet; the roster is unchanged.
  Result<void> check(std::span<const std::pair<Slot, Machine>> records) const;
  /// Makes room for this many machines.
  void reserve(std::size_t machines);
  void set_version(std::uint64_t version) {
    version_ = version;
    note_change();
  }

 private:
  /// A machine by the hash of its id: found without touching other machines' records.
  struct Cell {
    std::uint32_t hash = 0;
    Slot slot = kNoSlot;
  };
  static constexpr Slot kNoSlot = UINT32_MAX;

  void index(Slot slot, std::uint32_t hash);
  void widen_index(std::size_t machines);
  void append(Machine record);
  void note_change();

  std::vector<Machine> machines_;
  std::vector<std::uint64_t> changed_;
  std::vector<Cell> cells_;  ///< open addressing; a power of two, at most half in use
  mutable std::vector<Slot> by_id_;
  std::uint64_t version_ = 0;
  std::uint64_t content_ = 0;
};

/// Null if `id` may name a machine, else what is wrong with it.
const char* machine_id_problem(std::string_view id);

/// Error: a bad id, or a text longer than kMaxRosterTextBytes.
Result<void> check_record(const Machine& record);

}  // namespace fleet
