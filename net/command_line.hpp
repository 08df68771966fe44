// What both programs check on their command lines: the same rules, and the same sentences.
#pragma once

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <string>

#include "fleet/number.hpp"

namespace net {

/// A finite number from least to most. CLI11's own ranges let NaN through.
inline CLI::Validator number_from(double least, double most) {
  const std::string range = fleet::number_text(least) + " to " + fleet::number_text(most);
  return CLI::Validator(
      [=](std::string& text) {
        if (fleet::parse_number(text, least, most)) return std::string();
        return "expected a number from " + range + ", got '" + text + "'";
      },
      range);
}

/// A whole number from least to most.
inline CLI::Validator whole_number_from(std::uint64_t least, std::uint64_t most) {
  const std::string range = std::to_string(least) + " to " + std::to_string(most);
  return CLI::Validator(
      [=](std::string& text) {
        std::uint64_t value = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, value);
        if (error == std::errc{} && stop == end && value >= least && value <= most)
          return std::string();
        return "expected a whole number from " + range + ", got '" + text + "'";
      },
      range);
}

/// Not "": an unset variable in a script must not count as an option that was left out.
inline CLI::Validator not_empty() {
  return CLI::Validator(
      [](std::string& text) {
        return text.empty() ? std::string("expected a name or path, got an empty text")
                            : std::string();
      },
      "");
}

}  // namespace net
