// TimeScanner: takes words and numbers from the beginning of a typed date or time. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace viewer {

/// Lower case, full-width digits and signs as their ASCII ones, commas and line ends as spaces.
std::string plain_text(std::string_view typed);

class TimeScanner {
 public:
  explicit TimeScanner(std::string_view text) : rest_(text) { skip_spaces(); }

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  /// Takes `word` if it comes next. A word of letters must end there: "s" is not taken from "sun".
  bool take(std::string_view word);
  /// Takes the first of these that comes next; its index.
  std::optional<std::size_t> take_one(std::span<const std::string_view> words);
  /// One character, without spaces after it.
  bool take_sign(char sign);
  /// Up to 8 digits, or a Chinese number up to 99 (八, 十二, 三十). digits: how many it had.
  std::optional<int> number(int* digits = nullptr);
  /// A number with a decimal fraction, or 半.
  std::optional<double> amount();
  void skip_spaces();

 private:
  std::optional<int> chinese_number();
  std::optional<int> chinese_digit();

  std::string_view rest_;
};

}  // namespace viewer
