// Text for /metrics: Prometheus exposition format 0.0.4. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace net {

/// How long things take: a Prometheus histogram. From 1 ms to 10 s, closest around the 100 ms in
/// which a sample must be durable.
class DurationHistogram {
 public:
  static constexpr std::array kEdgesMs = {1,  2,   5,   10,  15,  20,  30,    40,    50,    60,
                                          75, 100, 150, 200, 300, 500, 1'000, 2'000, 5'000, 10'000};
  /// Negative ones count as zero.
  void add(std::chrono::nanoseconds took);
  /// How many took at most kEdgesMs[i].
  std::uint64_t at_most(std::size_t i) const { return counts_[i]; }
  std::uint64_t count() const { return count_; }
  double sum_s() const { return sum_s_; }

 private:
  std::array<std::uint64_t, kEdgesMs.size()> counts_{};
  std::uint64_t count_ = 0;
  double sum_s_ = 0;
};

class MetricsText {
 public:
  /// `name` without the prefix fleetwall_; help: one sentence. type: "counter" or "gauge".
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A value of the last family; label and its value may be empty.
  void value(double v, std::string_view label = {}, std::string_view label_value = {});
  void value(std::uint64_t v, std::string_view label = {}, std::string_view label_value = {});

  using Number = std::variant<std::uint64_t, double>;
  /// A family of one value.
  struct Row {
    std::string_view name, help;
    Number value;
  };
  /// What ends in _total is a counter, as is the custom; all else are gauges.
  void table(std::span<const Row> rows);
  struct Part {
    std::string_view label_value;
    Number value;
  };
  /// A family of several values, told apart by a label; its type as in `table`.
  void table(std::string_view name, std::string_view help, std::string_view label,
             std::span<const Part> parts);

  /// A family of its own: `_bucket`, `_sum` and `_count`.
  void histogram(std::string_view name, std::string_view help, const DurationHistogram& durations);

  const std::string& text() const { return text_; }

 private:
  void family(std::string_view name, std::string_view help);
  void sample(std::string_view number, std::string_view label, std::string_view label_value);
  std::string name_;
  std::string text_;
};

}  // namespace net
