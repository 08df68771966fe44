#include "viewer/clock/time_scanner.hpp"

#include <array>
#include <utility>

namespace viewer {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

/// More digits than any date has.
constexpr int kMostDigits = 8;

constexpr std::array<std::pair<std::string_view, char>, 9> kWide{{{"：", ':'},
                                                                  {"－", '-'},
                                                                  {"−", '-'},
                                                                  {"＋", '+'},
                                                                  {"／", '/'},
                                                                  {"．", '.'},
                                                                  {"，", ' '},
                                                                  {"、", ' '},
                                                                  {"　", ' '}}};

}  // namespace

std::string plain_text(std::string_view typed) {
  std::string plain;
  while (!typed.empty()) {
    const unsigned char c = static_cast<unsigned char>(typed.front());
    std::size_t taken = 1;
    char as = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : typed.front();
    if (c == ',' || c < ' ') as = ' ';
    for (const auto& [wide, ascii] : kWide) {
      if (!typed.starts_with(wide)) continue;
      as = ascii;
      taken = wide.size();
    }
    // Full-width digits are EF BC 90 to EF BC 99.
    if (typed.size() >= 3 && typed.starts_with("\xEF\xBC")) {
      const auto last = static_cast<unsigned char>(typed[2]);
      if (last >= 0x90 && last <= 0x99) {
        as = static_cast<char>('0' + (last - 0x90));
        taken = 3;
      }
    }
    plain += as;
    typed.remove_prefix(taken);
  }
  while (!plain.empty() && plain.back() == ' ') plain.pop_back();
  return plain;
}

void TimeScanner::skip_spaces() {
  while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
}

bool TimeScanner::take(std::string_view word) {
  if (!rest_.starts_with(word)) return false;
  const bool goes_on = rest_.size() > word.size() && is_letter(rest_[word.size()]);
  if (goes_on && is_letter(word.back())) return false;
  rest_.remove_prefix(word.size());
  skip_spaces();
  return true;
}

std::optional<std::size_t> TimeScanner::take_one(std::span<const std::string_view> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (take(words[i])) return i;
  }
  return std::nullopt;
}

bool TimeScanner::take_sign(char sign) {
  if (rest_.empty() || rest_.front() != sign) return false;
  rest_.remove_prefix(1);
  return true;
}

std::optional<int> TimeScanner::number(int* digits) {
  int value = 0;
  int count = 0;
  while (!rest_.empty() && is_digit(rest_.front()) && count < kMostDigits) {
    value = value * 10 + (rest_.front() - '0');
    rest_.remove_prefix(1);
    ++count;
  }
  if (digits != nullptr) *digits = count;
  if (count == kMostDigits && !rest_.empty() && is_digit(rest_.front())) return std::nullopt;
  if (count > 0) return value;
  return chinese_number();
}

std::optional<int> TimeScanner::chinese_digit() {
  constexpr std::array<std::string_view, 11> kDigits{"零", "一", "二", "三", "四", "五",
                                                     "六", "七", "八", "九", "两"};
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    if (!rest_.starts_with(kDigits[i])) continue;
    rest_.remove_prefix(kDigits[i].size());
    return i == 10 ? 2 : static_cast<int>(i);
  }
  return std::nullopt;
}

std::optional<int> TimeScanner::chinese_number() {
  constexpr std::string_view kTen = "十";
  const auto first = chinese_digit();
  if (!rest_.starts_with(kTen)) return first;
  rest_.remove_prefix(kTen.size());
  return first.value_or(1) * 10 + chinese_digit().value_or(0);
}

std::optional<double> TimeScanner::amount() {
  if (take("半个") || take("半")) return 0.5;
  const auto whole = number();
  if (!whole) return std::nullopt;
  double value = *whole;
  if (rest_.size() > 1 && rest_[0] == '.' && is_digit(rest_[1])) {
    rest_.remove_prefix(1);
    for (double place = 0.1; !rest_.empty() && is_digit(rest_.front()); place /= 10) {
      value += place * (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
  }
  skip_spaces();
  return value;
}

}  // namespace viewer
