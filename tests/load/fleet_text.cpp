#include "tests/load/fleet_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace load {

namespace {

constexpr std::size_t kTimeDigits = 13;
/// Metres a machine moves from one step to the next: even in a burst of forty lines a second far
/// below what counts as a jump (200 km/h).
constexpr double kStepMetres = 0.5;
constexpr double kMetresPerDegree = 111'320;

/// A number in [0, 1) that looks like chance, the same every time.
double chance(std::uint64_t n) {
  n = (n + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
  n = (n ^ n >> 27) * 0x94d049bb133111ebu;
  return static_cast<double>(n >> 11) / static_cast<double>(1ull << 53);
}

}  // namespace

FleetText::FleetText(std::uint32_t first, std::uint32_t count, std::uint32_t lines,
                     std::uint32_t steps)
    : first_(first),
      count_(count),
      lines_(lines),
      steps_(steps),
      groups_((count + lines - 1) / lines) {
  for (std::uint32_t step = 0; step < steps_; ++step)
    for (std::uint32_t group = 0; group < groups_; ++group) prepared_.push_back(write(group, step));
}

FleetText::Prepared FleetText::write(std::uint32_t group, std::uint32_t step) const {
  Prepared made;
  const std::uint32_t begin = group * lines_, end = std::min(begin + lines_, count_);
  for (std::uint32_t i = begin; i < end; ++i) {
    const std::uint64_t machine = first_ + i;
    const double heading = 360 * chance(machine * 4), angle = heading * M_PI / 180;
    const double lat = 22 + 22 * chance(machine * 4 + 1), lon = 82 + 38 * chance(machine * 4 + 2);
    const double way = step * kStepMetres / kMetresPerDegree;
    char line[256];
    const int head = std::snprintf(line, sizeof line, "{\"machine\":\"L%06llu\",\"time\":",
                                   static_cast<unsigned long long>(machine));
    made.times.push_back(static_cast<std::uint32_t>(made.text.size()) +
                         static_cast<std::uint32_t>(head));
    made.text.append(line, static_cast<std::size_t>(head));
    made.text.append(kTimeDigits, '0');
    const int rest = std::snprintf(
        line, sizeof line,
        ",\"lon\":%.7f,\"lat\":%.7f,\"heading_deg\":%.1f,\"speed_kmh\":%.1f,\"engine_on\":true,"
        "\"working\":%s,\"fuel_level_pct\":%.1f}\n",
        lon + way * std::sin(angle) / std::cos(lat * M_PI / 180), lat + way * std::cos(angle),
        heading, 30 + 10 * chance(machine * 4 + step), step % 8 < 6 ? "true" : "false",
        90 - 70 * chance(machine * 4 + 3) - 0.1 * (step / 4));
    made.text.append(line, static_cast<std::size_t>(rest));
  }
  return made;
}

FleetText::Message FleetText::next(std::int64_t time_ms) {
  Prepared& message = prepared_[step_ * groups_ + group_];
  char digits[32];
  std::snprintf(digits, sizeof digits, "%013lld", static_cast<long long>(time_ms));
  for (const std::uint32_t at : message.times) std::memcpy(&message.text[at], digits, kTimeDigits);
  if (++group_ == groups_) {
    group_ = 0;
    if (step_ + 1 == steps_) back_ = true;
    if (step_ == 0) back_ = false;
    if (steps_ > 1) step_ = back_ ? step_ - 1 : step_ + 1;
  }
  return {&message.text, static_cast<std::uint32_t>(message.times.size())};
}

std::size_t FleetText::bytes() const {
  std::size_t bytes = 0;
  for (const Prepared& message : prepared_) bytes += message.text.size();
  return bytes;
}

}  // namespace load
