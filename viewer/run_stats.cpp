#include "viewer/run_stats.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace viewer {
namespace {

constexpr double kLeast = 0.001;
const double kLogStep = std::log(1.02);

double seconds_of(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

nlohmann::ordered_json if_known(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(rounded(*value)) : nlohmann::ordered_json();
}

nlohmann::ordered_json if_known(double value) {
  if (value < 0) return nullptr;
  return rounded(value);
}

nlohmann::ordered_json summary(const Percentiles& p, bool with_max) {
  if (p.count() == 0) return nullptr;
  nlohmann::ordered_json j;
  j["p50"] = rounded(p.at(0.5));
  j["p95"] = rounded(p.at(0.95));
  j["p99"] = rounded(p.at(0.99));
  if (with_max) j["max"] = rounded(p.max());
  return j;
}

nlohmann::ordered_json steady_json(const RunStats& stats) {
  const SteadyStats& steady = stats.steady;
  if (!steady.updates_before) return nullptr;
  // Another source may have taken the place of the one that the run began with.
  const std::uint64_t before = std::min(*steady.updates_before, stats.updates_applied);
  const double seconds = std::max(stats.seconds - steady.began_s, 0.0);
  const auto updates = static_cast<double>(stats.updates_applied - before);
  nlohmann::ordered_json j;
  j["frames"] = steady.frames;
  j["seconds"] = rounded(seconds);
  j["frame_ms"] = summary(steady.frame_ms, true);
  j["cpu_ms"] = summary(steady.cpu_ms, false);
  j["updates_applied"] = stats.updates_applied - before;
  j["updates_per_s"] = seconds > 0 ? rounded(updates / seconds) : 0.0;
  return j;
}

}  // namespace

void Percentiles::add(double value) {
  const double clamped = std::clamp(value, kLeast, 1e6);
  const int step = static_cast<int>(std::log(clamped / kLeast) / kLogStep);
  ++counts_[static_cast<std::size_t>(std::clamp(step, 0, kSteps - 1))];
  ++count_;
  max_ = std::max(max_, value);
}

double Percentiles::at(double q) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (int i = 0; i < kSteps; ++i) {
    seen += counts_[static_cast<std::size_t>(i)];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) {
      return std::min(kLeast * std::exp((i + 1) * kLogStep), max_);
    }
  }
  return max_;
}

std::string RunStats::json() const {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  char hash[24];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(state_hash));

  nlohmann::ordered_json j;
  j["frames"] = frames;
  j["seconds"] = rounded(seconds);
  j["frame_ms"] = summary(frame_ms, true);
  j["cpu_ms"] = summary(cpu_ms, false);
  j["gpu_ms"] = summary(gpu_ms, false);
  j["machines"] = machines;
  j["updates_applied"] = updates_applied;
  j["updates_per_s"] = seconds > 0 ? rounded(static_cast<double>(updates_applied) / seconds) : 0.0;
  j["steady"] = steady_json(*this);
  j["first_frame_ms"] = if_known(first_frame_ms);
  j["first_full_frame_ms"] = if_known(first_full_frame_ms);
  j["latency_ms"] = summary(latency_ms, false);
  j["rss_mib_peak"] = rounded(static_cast<double>(usage.ru_maxrss) / 1024);
  j["gpu_bytes"] = gpu_bytes;
  if (tiles) {
    j["tiles"] = {{"drawn", tiles->drawn},     {"stand_in", tiles->stand_in},
                  {"missing", tiles->missing}, {"failed", tiles->failed},
                  {"failing", tiles->failing}, {"reachable", tiles->reachable},
                  {"bytes", tiles->bytes}};
  } else {
    j["tiles"] = nullptr;
  }
  j["process_cpu_s"] = rounded(seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
  j["heat_sum"] = if_known(heat_sum);
  j["heat_total"] = if_known(heat_total);
  j["worked_h"] = if_known(worked_h);
  j["renderer"] = renderer;
  j["gl_version"] = gl_version;
  j["composer"] = composer;
  j["size"] = std::to_string(width) + "x" + std::to_string(height);
  j["dropped"] = dropped;
  j["reconnects"] = reconnects;
  j["hash_checks"] = hash_checks;
  j["divergences"] = divergences;
  j["state_hash"] = hash;
  return j.dump(2) + "\n";
}

}  // namespace viewer
