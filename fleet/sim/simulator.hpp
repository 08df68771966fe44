// The demo fleet: machines that live a believable week, and report like real ones, lies included.
//
// Everything follows from (machines, seed, start, moving): same arguments, same reports, byte for
// byte. No clock. See fleet/sim/README.md for the model and its sources.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "fleet/field.hpp"
#include "fleet/report.hpp"
#include "fleet/roster.hpp"
#include "fleet/time.hpp"

namespace fleet::sim {

/// The product's promise; more are not simulated.
inline constexpr std::uint32_t kMaxSimMachines = 1'000'000;

struct SimConfig {
  std::uint32_t machines = 32'730;  ///< 1 .. kMaxSimMachines; clamped
  std::uint64_t seed = 1;
  Time start = time_from_ms(1792108800000);  // 2026-10-16T08:00+08:00
  bool moving = false;  ///< every machine reports every second (for benchmarks)
};

/// Slots begin, begin + 1, ... end - 1.
struct SlotRange {
  Slot begin = 0, end = 0;
};

class Simulator {
 public:
  explicit Simulator(const SimConfig& config);
  ~Simulator();
  Simulator(Simulator&&) noexcept;

  /// Static records; slot i of the simulator is machine i here. Report::machine is that index.
  const std::vector<Machine>& machines() const;
  const SimConfig& config() const;
  /// Instant up to which reports have been produced.
  Time now() const;
  /// Appends every report received in (now, until], sorted by receive time, then machine.
  /// Deterministic: advancing in one or many steps gives the same reports.
  void advance(Time until, ReportBatch& out);

  /// Machines are simulated in groups that know nothing of each other: as long as `advance` was not
  /// called, each can be advanced by itself, several by as many threads at a time. That is faster,
  /// since a group's memory stays in the cache. Before `advance` all must have been brought to the
  /// same instant. A moving fleet has no groups.
  std::size_t group_count() const;
  SlotRange group(std::size_t number) const;
  /// As `advance`, for the machines of one group.
  void advance_group(std::size_t number, Time until, ReportBatch& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fleet::sim
