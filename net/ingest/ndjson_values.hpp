// The kinds of values in a line of JSON, read where they lie. For the ndjson*.cpp only, which are
// compiled for the SIMD of simdjson (net/CMakeLists.txt).
#pragma once

// Bad input is an error code, not an exception; without them a forgotten check does not compile.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "fleet/time.hpp"

namespace net {

namespace od = simdjson::ondemand;

/// What went wrong with a field. Only `broken` costs the line: it is no JSON from there on.
enum class Fate { good, malformed, range, broken };

/// A JSON number that no double can hold is out of range; anything else is not JSON.
inline Fate fate_of_number(od::value& value) {
  const std::string_view token = value.raw_json_token();
  double ignored = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), ignored);
  const bool whole =
      end != token.data() &&
      token.find_first_not_of(" \t\r\n", static_cast<std::size_t>(end - token.data())) ==
          std::string_view::npos;
  return whole && error == std::errc::result_out_of_range ? Fate::range : Fate::broken;
}

inline Fate read_number(od::value& value, double& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::number) return Fate::malformed;
  return value.get_double().get(out) ? fate_of_number(value) : Fate::good;
}

/// true/false/1/0.
inline Fate read_flag(od::value& value, double& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::boolean) return read_number(value, out);
  bool flag = false;
  if (value.get_bool().get(flag)) return Fate::broken;
  out = flag ? 1 : 0;
  return Fate::good;
}

inline Fate read_text(od::value& value, std::string_view& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::string) return Fate::malformed;
  return value.get_string().get(out) ? Fate::broken : Fate::good;
}

/// Epoch seconds (fractions allowed) below 1e11 in size, epoch milliseconds above.
inline std::optional<fleet::Time> time_from_number(double value) {
  if (!std::isfinite(value) || std::abs(value) > 1e15) return std::nullopt;
  return fleet::time_from_ms(std::llround(std::abs(value) < 1e11 ? value * 1000 : value));
}

inline Fate read_time(od::value& value, fleet::Time& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  std::optional<fleet::Time> time;
  if (type == od::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text)) return Fate::broken;
    time = fleet::parse_time(text);
  } else {
    double number = 0;
    if (const Fate fate = read_number(value, number); fate != Fate::good) return fate;
    time = time_from_number(number);
  }
  if (!time) return Fate::malformed;
  out = *time;
  return Fate::good;
}

}  // namespace net
