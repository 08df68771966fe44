#include "net/zone.hpp"

#include <date/tz.h>

#include <optional>

namespace net {

namespace {

/// "+08:00", "-0330", "+08".
std::optional<std::chrono::seconds> offset_from(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  std::string digits;
  for (const char c : text.substr(1)) {
    if (c == ':' && digits.size() == 2) continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits += c;
  }
  if (digits.size() != 2 && digits.size() != 4) return std::nullopt;
  const int hours = std::stoi(digits.substr(0, 2));
  const int minutes = digits.size() == 4 ? std::stoi(digits.substr(2)) : 0;
  if (hours > 14 || minutes > 59) return std::nullopt;
  const std::chrono::seconds size = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return text[0] == '-' ? -size : size;
}

fleet::TimeZone zone_from(const std::string& name, const date::time_zone& zone) {
  using std::chrono::seconds;
  const date::sys_seconds begin{seconds(0)};
  const date::sys_seconds end{seconds(4'102'444'800)};  // 2100-01-01
  std::vector<fleet::TimeZone::Transition> transitions;
  for (date::sys_seconds at = begin; at < end;) {
    const date::sys_info info = zone.get_info(at);
    if (transitions.empty() || transitions.back().offset != info.offset)
      transitions.push_back(
          {fleet::time_from_ms(at.time_since_epoch().count() * 1000), info.offset});
    if (info.end <= at) break;
    at = info.end;
  }
  return {name, std::move(transitions)};
}

}  // namespace

fleet::Result<fleet::TimeZone> load_zone(std::string_view name) {
  if (name == "UTC" || name == "Z") return fleet::TimeZone::fixed("UTC", std::chrono::seconds(0));
  if (name == "Asia/Shanghai") return fleet::shanghai();  // needs no database
  if (const auto offset = offset_from(name))
    return fleet::TimeZone::fixed(std::string(name), *offset);
  try {
    return zone_from(std::string(name), *date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return fleet::Error{"There is no time zone '" + std::string(name) +
                        "' in this system's database; expected a name such as Asia/Shanghai or "
                        "Europe/Berlin, UTC, or an offset such as +08:00."};
  }
}

}  // namespace net
