// What --stats reports: percentiles of frame times and counts, in bounded memory for weeks of
// running.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace viewer {

/// Histogram of positive numbers with steps of 2 %, from 0.001 to 10^6 (e.g. milliseconds).
class Percentiles {
 public:
  void add(double value);
  std::uint64_t count() const { return count_; }
  double max() const { return max_; }
  /// q in [0, 1]; the upper edge of the step that holds it; 0 when empty.
  double at(double q) const;

 private:
  static constexpr int kSteps = 1048;  // ln(1e9) / ln(1.02) = 1046.5
  std::array<std::uint64_t, kSteps> counts_{};
  std::uint64_t count_ = 0;
  double max_ = 0;
};

/// Raster tiles of the base map.
struct TileStats {
  std::uint32_t drawn = 0;     ///< places of the last picture with a tile of their own
  std::uint32_t stand_in = 0;  ///< places of it that show coarser or finer tiles in its stead
  std::uint64_t missing = 0, failed = 0;  ///< answers since the start: none there, none readable
  std::uint64_t failing = 0;              ///< of the view, not readable now: the number on the wall
  bool reachable = true;                  ///< false: the server did not answer when last asked
  std::uint64_t bytes = 0;                ///< of gpu_bytes
};

/// The run from the first picture of a whole fleet on: without a demo's start, and without the
/// first complete state, which counts as updates too.
struct SteadyStats {
  Percentiles frame_ms, cpu_ms;
  std::uint64_t frames = 0;
  std::optional<std::uint64_t> updates_before;  ///< nothing before that picture
  double began_s = 0;                           ///< of `seconds`
};

struct RunStats {
  std::uint64_t frames = 0;
  double seconds = 0;
  Percentiles frame_ms, cpu_ms, gpu_ms, latency_ms;
  SteadyStats steady;
  std::uint64_t machines = 0, updates_applied = 0, dropped = 0, reconnects = 0, hash_checks = 0,
                divergences = 0;
  std::optional<double> heat_sum, heat_total;  ///< in view and in all; nothing without heat
  /// Hours worked today by all machines, from their day figures; below 0 = no fleet yet.
  double worked_h = -1;
  double first_frame_ms = -1, first_full_frame_ms = -1;
  std::uint64_t gpu_bytes = 0, state_hash = 0;
  std::optional<TileStats> tiles;
  std::string renderer, gl_version, composer;
  int width = 0, height = 0;

  /// JSON text as the contract says; reads this process's memory and CPU use.
  std::string json() const;
};

}  // namespace viewer
