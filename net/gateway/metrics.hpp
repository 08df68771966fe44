// Text for /metrics: Prometheus exposition format 0.0.4. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace net {

class MetricsText {
 public:
  /// `name` without the prefix fleetwall_; help: one sentence. type: "counter" or "gauge".
  void family(std::string_view name, std::string_view type, std::string_view help);
  /// A value of the last family; label and its value may be empty.
  void value(double v, std::string_view label = {}, std::string_view label_value = {});
  void value(std::uint64_t v, std::string_view label = {}, std::string_view label_value = {});

  const std::string& text() const { return text_; }

 private:
  void sample(std::string_view number, std::string_view label, std::string_view label_value);
  std::string name_;
  std::string text_;
};

}  // namespace net
