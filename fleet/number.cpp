#include "fleet/number.hpp"

#include <charconv>
#include <cmath>

namespace fleet {

std::optional<double> parse_number(std::string_view text, double least, double most) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  // from_chars reads "inf" and "nan" too.
  if (!std::isfinite(value) || !within(value, least, most)) return std::nullopt;
  return value;
}

std::string number_text(double value) {
  char text[32];
  const double size = std::abs(value);
  const auto format = size == 0 || (size >= 1e-4 && size < 1e15) ? std::chars_format::fixed
                                                                 : std::chars_format::general;
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, format);
  return error == std::errc{} ? std::string(text, end) : std::string("?");
}

}  // namespace fleet
