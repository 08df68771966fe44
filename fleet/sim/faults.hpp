// The faults machines have, how often, what they do to other values, and the told stories.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "fleet/report.hpp"

namespace fleet::sim {

/// What a fault shows in the values beside it.
enum class Symptom : std::uint8_t {
  none,
  oil_pressure_falls,
  coolant_rises,
  hydraulic_rises,
  fuel_low,
  def_low,
  battery_low
};

struct FaultKind {
  std::uint32_t spn;
  std::uint8_t fmi;
  Lamp lamp;
  double per_10000_days;  ///< episodes in 10,000 days of working machines
  double hours;           ///< mean length of an episode
  Symptom symptom;
};

std::span<const FaultKind> fault_kinds();
/// Index of a kind; the pair must exist.
std::uint8_t find_fault(std::uint32_t spn, std::uint8_t fmi);

/// A machine with a fixed fate on 2026-10-16 (and the day after), whatever the seed.
struct Story {
  std::uint32_t number;  ///< serial SY%04u, so slot number - 1
  std::string_view city, model;
  std::uint32_t spn;
  std::uint8_t fmi;
  std::uint32_t begin_s, end_s;            ///< on the day itself, local time of day
  std::uint32_t next_begin_s, next_end_s;  ///< on the day after; equal = nothing
};
std::span<const Story> stories();

/// 2026-10-16 as days since 1970-01-01: the demo day.
inline constexpr std::int64_t kStoryDay = 20742;
/// In Shanxi as many SY215C as this show SPN 3719 FMI 16 on the demo day.
inline constexpr int kSootMachines = 14;
/// Life::story of those: beyond every index of stories().
inline constexpr std::uint8_t kSootStory = 200;

}  // namespace fleet::sim
