#include "net/tiles/cache_rules.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace net {
namespace {

constexpr std::chrono::seconds kNone{-1};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::chrono::seconds parse_seconds(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return kNone;
  std::chrono::seconds seconds{0};
  for (const char c : text)
    seconds = std::min(seconds * 10 + std::chrono::seconds(c - '0'), kFreshMax);
  return seconds;
}

CacheRules cache_rules(std::string_view cache_control, std::string_view age) {
  CacheRules rules;
  bool asks_each_time = false;
  while (!cache_control.empty()) {
    const auto end = std::min(cache_control.find(','), cache_control.size());
    const std::string word = lower(trimmed(cache_control.substr(0, end)));
    cache_control.remove_prefix(std::min(end + 1, cache_control.size()));
    if (word == "no-store") {
      rules.keep = false;
    } else if (word == "no-cache") {
      asks_each_time = true;
    } else if (word.starts_with("max-age=")) {
      std::string_view value = std::string_view(word).substr(8);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      const auto held = std::max(parse_seconds(age), std::chrono::seconds(0));
      if (const auto seconds = parse_seconds(value); seconds != kNone)
        rules.fresh = std::max(seconds - held, std::chrono::seconds(0));
    }
  }
  if (asks_each_time) rules.fresh = std::chrono::seconds(0);
  return rules;
}

}  // namespace net
