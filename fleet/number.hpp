// Numbers that people and files give as text: finite and within limits, or not taken at all.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace fleet {

/// least and most belong to it; NaN is within no limits.
constexpr bool within(double value, double least, double most) {
  return value >= least && value <= most;
}

/// Decimal digits with '.' and exponent, the whole of `text` and nothing else: no blank, no '+', no
/// "nan", no "inf". Nothing when it is not that, or not within least .. most.
std::optional<double> parse_number(std::string_view text,
                                   double least = std::numeric_limits<double>::lowest(),
                                   double most = std::numeric_limits<double>::max());

/// The shortest text that a person would write: "200", "0.5", "1000000".
std::string number_text(double value);

}  // namespace fleet
