// Lines of JSON through the parser, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "net/codec/utf8.hpp"
#include "net/ingest/ndjson.hpp"

namespace net::test {

inline const fleet::Time kNow = *fleet::parse_time("2026-10-16T06:32:07.250Z");

class Ndjson : public ::testing::Test {
 protected:
  /// Parses lines that are expected to be taken up as a message.
  void parse(std::string body) {
    batch_.clear();
    auto parsed = parser_.parse(body, kNow, state_, batch_);
    ASSERT_TRUE(parsed.ok()) << parsed.error().what;
    outcome_ = std::move(parsed.value());
  }
  /// Why it is refused as a whole; empty = it is not.
  std::string refusal(std::string body) {
    batch_.clear();
    const auto parsed = parser_.parse(body, kNow, state_, batch_);
    return parsed.ok() ? "" : parsed.error().what;
  }
  bool refused(const std::string& body) { return !refusal(body).empty() && batch_.reports.empty(); }
  /// "2 malformed time;..." of what was rejected.
  std::string rejections() const {
    std::string text;
    for (const auto& r : outcome_.rejected) {
      text += std::to_string(r.line) + " " + fleet::reason_name(r.reason);
      if (!r.field.empty()) text += " " + r.field;
      text += ";";
    }
    return text;
  }
  double value(fleet::FieldId field, std::size_t report = 0) const {
    for (const auto& v : batch_.values_of(batch_.reports[report]))
      if (v.field == field) return v.value;
    return std::nan("");
  }

  NdjsonParser parser_;
  fleet::FleetState state_;
  fleet::ReportBatch batch_;
  NdjsonOutcome outcome_;
};

}  // namespace net::test
