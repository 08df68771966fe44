#include "fleet/time.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace fleet {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year;
using std::chrono::year_month_day;

// A plain number below this in size is epoch seconds (until the year 5138), above it milliseconds
// (from 1973 on).
constexpr double kSecondsBelow = 1e11;

/// Reads a text from the left, piece by piece.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}
  bool empty() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool take(char c) {
    if (peek() != c || empty()) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `digits` decimal digits.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return {};
    int value = 0;
    for (char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return {};
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  /// Digits after the decimal sign, cut to milliseconds. Nothing if there are none.
  std::optional<int> fraction_ms() {
    int value = 0, scale = 100;
    std::size_t used = 0;
    while (used < rest_.size() && rest_[used] >= '0' && rest_[used] <= '9') {
      value += (rest_[used] - '0') * scale;
      scale /= 10;
      ++used;
    }
    rest_.remove_prefix(used);
    return used ? std::optional(value) : std::nullopt;
  }

 private:
  std::string_view rest_;
};

std::optional<LocalDay> take_day(Reader& in) {
  const auto y = in.number(4);
  if (!y || !in.take('-')) return {};
  const auto m = in.number(2);
  if (!m || !in.take('-')) return {};
  const auto d = in.number(2);
  if (!d) return {};
  const year_month_day date{year{*y}, std::chrono::month{static_cast<unsigned>(*m)},
                            std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return {};
  return LocalDay{date};
}

/// "14:32", "14:32:07", "14:32:07.5".
std::optional<Millis> take_time_of_day(Reader& in) {
  const auto h = in.number(2);
  if (!h || *h > 23 || !in.take(':')) return {};
  const auto m = in.number(2);
  if (!m || *m > 59) return {};
  Millis t = hours{*h} + minutes{*m};
  if (!in.take(':')) return t;
  const auto s = in.number(2);
  if (!s || *s > 59) return {};
  t += seconds{*s};
  if (in.take('.') || in.take(',')) {
    const auto ms = in.fraction_ms();
    if (!ms) return {};
    t += Millis{*ms};
  }
  return t;
}

/// "Z", "+08:00", "-0330", "+08".
std::optional<seconds> take_offset(Reader& in) {
  if (in.take('Z') || in.take('z')) return seconds{0};
  const bool east = in.peek() == '+';
  if (!in.take('+') && !in.take('-')) return {};
  const auto h = in.number(2);
  if (!h || *h > 23) return {};
  int m = 0;
  if (!in.empty()) {
    in.take(':');
    const auto read = in.number(2);
    if (!read || *read > 59) return {};
    m = *read;
  }
  const seconds offset = hours{*h} + minutes{m};
  return east ? offset : -offset;
}

std::optional<Time> parse_epoch(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  if (std::abs(value) < kSecondsBelow) value *= 1000;
  // 2^53: beyond it a double no longer counts whole milliseconds.
  if (std::abs(value) > 9007199254740992.0) return {};
  return time_from_ms(std::llround(value));
}

}  // namespace

std::string iso8601(Time t) {
  if (t == kNever) return {};
  t = std::clamp(t, kMinTime, kMaxTime);
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const auto ms = static_cast<int>((t - day).count());
  std::array<char, 64> text;
  const int n = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                              int(date.year()), unsigned(date.month()), unsigned(date.day()),
                              ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
  return {text.data(), static_cast<std::size_t>(n)};
}

std::optional<Time> parse_time(std::string_view text, const TimeZone* zone) {
  const bool dated = text.size() > 5 && text[4] == '-';
  if (!dated) return parse_epoch(text);
  Reader in(text);
  const auto day = take_day(in);
  if (!day || (!in.take('T') && !in.take('t') && !in.take(' '))) return {};
  const auto of_day = take_time_of_day(in);
  if (!of_day) return {};
  const std::chrono::local_time<Millis> local = *day + *of_day;
  if (in.empty()) {
    if (!zone) return {};
    return zone->from_local(local);
  }
  const auto offset = take_offset(in);
  if (!offset || !in.empty()) return {};
  return Time{local.time_since_epoch() - *offset};
}

TimeZone TimeZone::fixed(std::string name, std::chrono::seconds offset) {
  return {std::move(name), {{kNever, offset}}};
}

TimeZone::TimeZone(std::string name, std::vector<Transition> transitions)
    : name_(std::move(name)), transitions_(std::move(transitions)) {
  assert(!transitions_.empty());
  assert(std::ranges::is_sorted(transitions_, {}, &Transition::from));
}

std::chrono::seconds TimeZone::offset_at(Time t) const {
  const auto after = std::ranges::upper_bound(transitions_, t, {}, &Transition::from);
  return after == transitions_.begin() ? transitions_.front().offset : std::prev(after)->offset;
}

LocalDay TimeZone::day_of(Time t) const {
  return LocalDay{floor<days>((t + offset_at(t)).time_since_epoch())};
}

Millis TimeZone::time_of_day(Time t) const {
  return (t + offset_at(t)).time_since_epoch() - day_of(t).time_since_epoch();
}

Time TimeZone::from_local(std::chrono::local_time<Millis> local) const {
  // Walks the spans of constant offset in order; the first whose wall clock shows `local`, or has
  // gone past it at its start (a gap), has the answer. So the first of two wins.
  const auto as_utc = [&](seconds offset) { return Time{local.time_since_epoch() - offset}; };
  // Offsets are within a day, so that earlier spans cannot show `local`.
  auto span =
      std::ranges::upper_bound(transitions_, as_utc(seconds{0}) - days{2}, {}, &Transition::from);
  if (span != transitions_.begin()) --span;
  for (; std::next(span) != transitions_.end(); ++span) {
    const Time t =
        std::max(as_utc(span->offset), span == transitions_.begin() ? kNever : span->from);
    if (t < std::next(span)->from) return t;
  }
  return std::max(as_utc(span->offset), span == transitions_.begin() ? kNever : span->from);
}

Time TimeZone::start_of(LocalDay day) const {
  return from_local(std::chrono::local_time<Millis>{day});
}

TimeZone shanghai() {
  return TimeZone::fixed("Asia/Shanghai", hours{8});
}

std::string day_name(LocalDay day) {
  const year_month_day date{day};
  std::array<char, 32> text;
  const int n = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int(date.year()),
                              unsigned(date.month()), unsigned(date.day()));
  return {text.data(), static_cast<std::size_t>(n)};
}

std::optional<LocalDay> parse_day(std::string_view text) {
  Reader in(text);
  const auto day = take_day(in);
  return day && in.empty() ? day : std::nullopt;
}

}  // namespace fleet
