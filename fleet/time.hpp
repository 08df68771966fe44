// Time as the fleet knows it: UTC instants with milliseconds, local days of one time zone.
// Nothing here reads a clock; a time zone is a value, loaded elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleet {

using Millis = std::chrono::milliseconds;
/// A UTC instant. Device time and receive time are both of this type.
using Time = std::chrono::sys_time<Millis>;

/// "Never": the value of a time that was not reported. Before every real time.
inline constexpr Time kNever = Time{Millis{INT64_MIN / 4}};

inline constexpr Time time_from_ms(std::int64_t ms_since_epoch) {
  return Time{Millis{ms_since_epoch}};
}
inline constexpr std::int64_t ms_from_time(Time t) {
  return t.time_since_epoch().count();
}

/// First and last instant that ISO 8601 with four digits of year can name: 0000-01-01T00:00:00.000Z
/// and 9999-12-31T23:59:59.999Z. Times that come over a wire or from a file lie between them.
inline constexpr Time kMinTime = time_from_ms(-62167219200000);
inline constexpr Time kMaxTime = time_from_ms(253402300799999);

/// ISO 8601 in UTC with milliseconds: "2026-10-16T06:32:07.000Z" (24 characters). Empty for kNever;
/// other times are clamped to kMinTime .. kMaxTime.
std::string iso8601(Time t);

class TimeZone;
/// Reads ISO 8601 with offset ("2026-10-16T14:32:07.5+08:00", "...Z", a space for the T, offset
/// without colon, seconds optional; digits beyond milliseconds are cut) or a plain number: epoch
/// seconds below 1e11 in size, epoch milliseconds above.
/// A stamp without an offset is read in `zone` when given, else refused. Nothing on bad input.
std::optional<Time> parse_time(std::string_view text, const TimeZone* zone = nullptr);

/// A calendar day, counted from 1970-01-01.
using LocalDay = std::chrono::local_days;

/// UTC offsets of one place over time, as a sorted list of transitions. A value: copy freely.
class TimeZone {
 public:
  struct Transition {
    Time from;                    ///< first instant at which `offset` holds
    std::chrono::seconds offset;  ///< local minus UTC
  };

  /// A zone with one offset for ever, named e.g. "UTC" or "+08:00".
  static TimeZone fixed(std::string name, std::chrono::seconds offset);
  /// transitions: sorted by `from`, not empty; the first offset holds for all earlier times too.
  TimeZone(std::string name, std::vector<Transition> transitions);

  const std::string& name() const { return name_; }
  const std::vector<Transition>& transitions() const { return transitions_; }
  std::chrono::seconds offset_at(Time t) const;
  /// Day and time of day on the wall clock of this zone.
  LocalDay day_of(Time t) const;
  Millis time_of_day(Time t) const;
  /// First instant of a local day (the day may be 23 or 25 hours long).
  Time start_of(LocalDay day) const;
  /// Instant of a wall-clock reading. In a gap: the instant after it; when ambiguous: the first.
  Time from_local(std::chrono::local_time<Millis> local) const;

 private:
  std::string name_;
  std::vector<Transition> transitions_;
};

/// Default zone of the fleet's local days: Asia/Shanghai, +08:00 without changes since 1991.
TimeZone shanghai();

/// "2026-10-16" of a local day, and back (nothing on bad input).
std::string day_name(LocalDay day);
std::optional<LocalDay> parse_day(std::string_view text);

}  // namespace fleet
