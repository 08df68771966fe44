// Reports of machines into the order of device time, one an instant, for a DayRollup.
//
// Values of one machine and instant are joined field by field, of two different ones the one that
// wins a `conflict` stays; of two lists of faults the one with the smaller number. So neither order
// nor repetition matter.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fleet/day_rollup.hpp"
#include "net/store/frame_walk.hpp"

namespace net {

/// One report, cut down to what a DayRollup looks at.
struct HeldReport {
  static constexpr std::size_t kValues =
      static_cast<std::size_t>(std::popcount(fleet::DayRollup::kFields));

  fleet::Time device_time = fleet::kNever, receive_time = fleet::kNever;
  fleet::FieldMask fields = 0;
  std::array<std::int64_t, kValues> values{};  ///< one per set bit of DayRollup::kFields
  fleet::Slot machine = 0;
  std::uint32_t faults = 0;  ///< index into the lists kept beside, plus one; 0 = none
};

/// Keeps the lists of faults that reports refer to.
class ReportJoiner {
 public:
  HeldReport held(const StoredRow& stored, fleet::Slot machine);
  /// Joins another report of the same machine and instant.
  void join(HeldReport& held, const HeldReport& other);
  void observe(const HeldReport& report, fleet::DayRollup& day);

 private:
  /// Place of the list among those kept, plus one.
  std::uint32_t number_of(const std::vector<fleet::Fault>& faults);

  std::vector<std::vector<fleet::Fault>> lists_;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  ///< by fault_list_hash
  fleet::FieldCatalog fields_;
};

/// Of reports as they come: takes those of each machine in as long as they are in order.
class ReportStream {
 public:
  void take(const StoredRow& stored, fleet::Slot machine, fleet::DayRollup& day);
  /// Takes in what was held back for more of the same instant.
  void finish(fleet::DayRollup& day);
  /// A report of the machine was older than one taken in: what it adds up to is worth nothing.
  bool disordered(fleet::Slot machine) const {
    return machine < machines_.size() && machines_[machine].disordered;
  }
  std::size_t reports(fleet::Slot machine) const {
    return machine < machines_.size() ? machines_[machine].reports : 0;
  }

 private:
  struct Machine {
    HeldReport last;
    std::uint32_t reports = 0;
    bool disordered = false;
  };
  ReportJoiner joiner_;
  std::vector<Machine> machines_;
};

/// Gathers reports and sorts them.
class ReportHeap {
 public:
  void take(const StoredRow& stored, fleet::Slot machine) {
    reports_.push_back(joiner_.held(stored, machine));
  }
  void finish(fleet::DayRollup& day);

 private:
  ReportJoiner joiner_;
  std::vector<HeldReport> reports_;
};

}  // namespace net
