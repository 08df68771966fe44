#include "net/gateway/metrics.hpp"

#include <algorithm>
#include <charconv>

namespace net {

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = "fleetwall_" + std::string(name);
  text_ += "# HELP " + name_ + " " + std::string(help) + "\n";
  text_ += "# TYPE " + name_ + " " + std::string(type) + "\n";
}

void MetricsText::family(std::string_view name, std::string_view help) {
  family(name, name.ends_with("_total") ? "counter" : "gauge", help);
}

void MetricsText::table(std::span<const Row> rows) {
  for (const Row& row : rows) {
    family(row.name, row.help);
    std::visit([this](auto number) { value(number); }, row.value);
  }
}

void MetricsText::table(std::string_view name, std::string_view help, std::string_view label,
                        std::span<const Part> parts) {
  family(name, help);
  for (const Part& part : parts)
    std::visit([&](auto number) { value(number, label, part.label_value); }, part.value);
}

void DurationHistogram::add(std::chrono::nanoseconds took) {
  took = std::max(took, std::chrono::nanoseconds(0));
  ++count_;
  sum_s_ += std::chrono::duration<double>(took).count();
  for (std::size_t i = 0; i < kEdgesMs.size(); ++i)
    if (took <= std::chrono::milliseconds(kEdgesMs[i])) ++counts_[i];
}

void MetricsText::histogram(std::string_view name, std::string_view help,
                            const DurationHistogram& durations) {
  family(name, "histogram", help);
  const std::string plain = name_;
  name_ = plain + "_bucket";
  for (std::size_t i = 0; i < DurationHistogram::kEdgesMs.size(); ++i) {
    char edge[32];
    const auto end =
        std::to_chars(edge, edge + sizeof edge, DurationHistogram::kEdgesMs[i] / 1000.0).ptr;
    value(durations.at_most(i), "le", {edge, static_cast<std::size_t>(end - edge)});
  }
  value(durations.count(), "le", "+Inf");
  name_ = plain + "_sum";
  value(durations.sum_s());
  name_ = plain + "_count";
  value(durations.count());
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
