#include "viewer/history/other_day.hpp"

#include <algorithm>
#include <charconv>

namespace viewer {
namespace {

constexpr int kMostDaysBefore = 3'660;
/// Clocks change at quarters of an hour.
constexpr fleet::Millis kQuarter = std::chrono::minutes{15};
constexpr double kQuarterH = 0.25;

double hours_of(fleet::Millis length) {
  return static_cast<double>(length.count()) / 3'600'000;
}

}  // namespace

std::optional<OtherDay> parse_other_day(std::string_view text) {
  if (const auto date = fleet::parse_day(text)) return OtherDay{date, std::nullopt};
  if (text.size() < 3 || text.front() != '-' || text.back() != 'd') return std::nullopt;
  int days = 0;
  const char* const end = text.data() + text.size() - 1;
  const auto read = std::from_chars(text.data() + 1, end, days);
  if (read.ec != std::errc{} || read.ptr != end || days < 1 || days > kMostDaysBefore)
    return std::nullopt;
  return OtherDay{std::nullopt, std::chrono::days{days}};
}

std::optional<fleet::LocalDay> other_day(const OtherDay& choice, fleet::LocalDay shown,
                                         std::span<const fleet::LocalDay> recorded) {
  if (choice.date) return choice.date;
  if (choice.before) return shown - *choice.before;
  const auto from = std::ranges::lower_bound(recorded, shown);
  if (from != recorded.begin()) return *std::prev(from);
  const auto behind = std::ranges::upper_bound(recorded, shown);
  return behind == recorded.end() ? std::nullopt : std::optional(*behind);
}

fleet::LocalDay stepped_day(fleet::LocalDay other, int steps, fleet::LocalDay shown,
                            std::span<const fleet::LocalDay> recorded) {
  for (; steps < 0; ++steps) {
    auto before = std::ranges::lower_bound(recorded, other);
    if (before != recorded.begin() && *std::prev(before) == shown) --before;
    if (before == recorded.begin()) break;
    other = *std::prev(before);
  }
  for (; steps > 0; --steps) {
    auto behind = std::ranges::upper_bound(recorded, other);
    if (behind != recorded.end() && *behind == shown) ++behind;
    if (behind == recorded.end()) break;
    other = *behind;
  }
  return other;
}

std::vector<ClockPiece> same_clock(const fleet::TimeZone& zone, fleet::LocalDay other,
                                   fleet::LocalDay shown) {
  std::vector<ClockPiece> pieces;
  const fleet::Time begin = zone.start_of(other), begin_shown = zone.start_of(shown);
  const fleet::Time end = zone.start_of(other + std::chrono::days{1});
  fleet::Millis latest{-1};
  for (fleet::Time t = begin; t < end; t += kQuarter) {
    const fleet::Millis clock = zone.time_of_day(t);
    if (clock <= latest) continue;  // it comes a second time
    latest = clock;
    const fleet::Time there =
        zone.from_local(std::chrono::local_time<fleet::Millis>{shown} + clock);
    if (zone.time_of_day(there) != clock) continue;  // it is skipped there
    const double at = hours_of(t - begin), shift = hours_of(there - begin_shown) - at;
    const bool goes_on =
        !pieces.empty() && pieces.back().to_h == at && pieces.back().shift_h == shift;
    if (goes_on) {
      pieces.back().to_h = at + kQuarterH;
    } else {
      pieces.push_back({at, at + kQuarterH, shift});
    }
  }
  return pieces;
}

}  // namespace viewer
