#include "viewer/ui/format.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace viewer {
namespace {

constexpr std::string_view kMinus = "−";

std::string printed(const char* format, double value, int decimals) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits
  const int n = std::snprintf(buffer.data(), buffer.size(), format, decimals, value);
  return std::string(buffer.data(), static_cast<std::size_t>(std::max(n, 0)));
}

std::string whole_number(std::int64_t n) {
  return std::to_string(n);
}

std::string two_digits(std::int64_t n) {
  std::string text = std::to_string(n);
  return text.size() < 2 ? "0" + text : text;
}

/// Sets a comma between each three digits of the whole part.
std::string with_groups(std::string digits) {
  const bool negative = !digits.empty() && digits[0] == '-';
  if (negative) digits.erase(0, 1);
  std::size_t end = digits.find('.');
  if (end == std::string::npos) end = digits.size();
  for (std::size_t at = end; at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return negative ? std::string(kMinus) + digits : digits;
}

struct Units {
  std::string_view s, min, h, d;
};
constexpr Units kZh{" 秒", " 分", " 小时", " 天"};
constexpr Units kEn{" s", " min", " h", " d"};

const Units& units_of(Lang lang) {
  return lang == Lang::zh ? kZh : kEn;
}

std::string two_units(std::int64_t big, std::string_view big_unit, const std::string& small,
                      std::string_view small_unit) {
  return whole_number(big).append(big_unit).append(" ").append(small).append(small_unit);
}

}  // namespace

std::string all_units(Lang lang) {
  const Units& units = units_of(lang);
  return std::string(units.s).append(units.min).append(units.h).append(units.d);
}

std::string grouped(std::int64_t n) {
  return with_groups(std::to_string(n));
}

std::string decimal(double value, int decimals) {
  if (!std::isfinite(value)) return std::string(kDash);
  std::string text = printed("%.*f", value, std::clamp(decimals, 0, 9));
  // "-0.0" says nothing more than "0.0".
  if (text[0] == '-' && text.find_first_not_of("-0.") == std::string::npos) text.erase(0, 1);
  return with_groups(std::move(text));
}

std::string percent(double share, int decimals) {
  return decimal(share * 100, decimals);
}

std::string duration(Lang lang, double seconds) {
  if (!std::isfinite(seconds)) return std::string(kDash);
  const Units& unit = units_of(lang);
  // Below ten seconds the tenth matters: it is how a viewer sees that data flows.
  if (seconds < 9.95) return decimal(std::max(seconds, 0.0), 1) + " s";
  const auto s = static_cast<std::int64_t>(std::min(seconds, 1e15));
  if (s < 60) return whole_number(s).append(unit.s);
  if (s < 3600) return two_units(s / 60, unit.min, two_digits(s % 60), unit.s);
  if (s < 86400) return two_units(s / 3600, unit.h, two_digits(s / 60 % 60), unit.min);
  return two_units(s / 86400, unit.d, whole_number(s / 3600 % 24), unit.h);
}

std::string short_duration(Lang lang, double seconds) {
  if (!std::isfinite(seconds)) return std::string(kDash);
  const Units& unit = units_of(lang);
  const auto s = static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e15));
  if (s < 60) return whole_number(s).append(unit.s);
  if (s < 3600) return whole_number(s / 60).append(unit.min);
  if (s < 86400) return whole_number(s / 3600).append(unit.h);
  return grouped(s / 86400).append(unit.d);
}

std::string ago(Lang lang, double seconds) {
  if (!std::isfinite(seconds)) return std::string(kDash);
  return duration(lang, seconds).append(" ").append(text_of(lang, Text::ago));
}

std::string clock_text(const LocalClock& clock) {
  return two_digits(clock.hour) + ":" + two_digits(clock.minute) + ":" + two_digits(clock.second);
}

std::string date_text(Lang lang, const LocalClock& clock) {
  std::string text = std::to_string(clock.year) + "-" + two_digits(clock.month) + "-" +
                     two_digits(clock.day) + " ";
  return text.append(text_of(lang, weekday_key(clock.weekday)));
}

std::string speed_text(double speed) {
  const bool whole = std::abs(speed - std::round(speed)) < 0.005;
  return "×" + decimal(speed, whole ? 0 : std::abs(speed) < 1 ? 2 : 1);
}

std::string bytes_text(double bytes) {
  if (!std::isfinite(bytes)) return std::string(kDash);
  constexpr std::array<const char*, 5> kUnits{" B", " KB", " MB", " GB", " TB"};
  std::size_t unit = 0;
  while (std::abs(bytes) >= 1000 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  return decimal(bytes, unit == 0 || std::abs(bytes) >= 9.95 ? 0 : 1) + kUnits[unit];
}

std::string length_text(double metres) {
  if (!std::isfinite(metres)) return std::string(kDash);
  if (metres < 999.5) return decimal(metres, 0) + " m";
  const double km = metres / 1000;
  const bool whole = km >= 9.95 || std::abs(km - std::round(km)) < 0.05;
  return decimal(km, whole ? 0 : 1) + " km";
}

std::string with_sign(double value, std::string text) {
  const bool is_zero = text.find_first_of("123456789") == std::string::npos;
  return value > 0 && !is_zero ? "+" + std::move(text) : text;
}

std::string figure_text(double value) {
  return decimal(value, std::abs(value) < 99.95 && value != 0 ? 1 : 0);
}

std::string hours_text(Lang lang, int from, int to) {
  const bool zh = lang == Lang::zh;
  const auto span = [&](int a, int b) {
    return (zh ? std::to_string(a) : two_digits(a)) + "–" +
           (zh ? std::to_string(b) : two_digits(b));
  };
  std::string text;
  if (from < to) {
    text = span(from, to);
  } else {
    if (to > 0) text = span(0, to);
    if (to > 0 && from < 24) text += zh ? "、" : ", ";
    if (from < 24) text += span(from, 24);
  }
  return zh ? text + " 时" : text;
}

std::string grouped_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool number =
      point > 0 && std::all_of(digits.begin(), digits.begin() + point, is_digit) &&
      (point == digits.size() || std::all_of(digits.begin() + point + 1, digits.end(), is_digit));
  return number ? with_groups(std::string(text)) : std::string(text);
}

std::string filled(std::string_view pattern, std::string_view key, std::string_view value) {
  const std::string mark = "{" + std::string(key) + "}";
  std::string text(pattern);
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::size_t characters = 0, cut = text.size();
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;  // inside a character
    ++characters;
    if (characters == most) cut = at;
    if (characters > most) return std::string(text.substr(0, cut)) + "…";
  }
  return std::string(text);
}

double round_length_m(double max_m) {
  if (!(max_m > 0) || !std::isfinite(max_m)) return 0;
  const double power = std::pow(10, std::floor(std::log10(max_m)));
  for (const double step : {5.0, 2.0}) {
    if (step * power <= max_m) return step * power;
  }
  return power;
}

}  // namespace viewer
