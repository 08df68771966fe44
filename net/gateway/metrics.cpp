#include "net/gateway/metrics.hpp"

#include <charconv>

namespace net {

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = "fleetwall_" + std::string(name);
  text_ += "# HELP " + name_ + " " + std::string(help) + "\n";
  text_ += "# TYPE " + name_ + " " + std::string(type) + "\n";
}

void MetricsText::sample(std::string_view number, std::string_view label,
                         std::string_view label_value) {
  text_ += name_;
  if (!label.empty()) {
    text_ += '{';
    text_ += label;
    text_ += "=\"";
    for (const char c : label_value) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += "\"}";
  }
  text_ += ' ';
  text_ += number;
  text_ += '\n';
}

void MetricsText::value(double v, std::string_view label, std::string_view label_value) {
  char digits[32];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, v);
  sample({digits, static_cast<std::size_t>(end - digits)}, label, label_value);
}

void MetricsText::value(std::uint64_t v, std::string_view label, std::string_view label_value) {
  sample(std::to_string(v), label, label_value);
}

}  // namespace net
