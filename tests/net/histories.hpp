// Histories of one machine, made by chance and compared.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "fleet/machine_history.hpp"
#include "tests/net/codec_samples.hpp"

namespace net::samples {

/// Everything of two histories, but which slot alarms name: that means nothing.
inline void expect_same(const fleet::MachineHistory& a, const fleet::MachineHistory& b) {
  EXPECT_EQ(a.machine, b.machine);
  EXPECT_EQ(a.from, b.from);
  EXPECT_EQ(a.to, b.to);
  EXPECT_EQ(a.until, b.until);
  ASSERT_EQ(a.fields.size(), b.fields.size());
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    EXPECT_EQ(a.fields[i].name, b.fields[i].name);
    EXPECT_EQ(a.fields[i].step, b.fields[i].step);
  }
  ASSERT_EQ(a.reports.size(), b.reports.size());
  for (std::size_t i = 0; i < a.reports.size(); ++i) {
    const auto &x = a.reports[i], &y = b.reports[i];
    ASSERT_EQ(x.device_time, y.device_time) << i;
    ASSERT_EQ(x.receive_time, y.receive_time) << i;
    ASSERT_EQ(x.period_ms, y.period_ms) << i;
    ASSERT_EQ(x.fields, y.fields) << i;
    ASSERT_EQ(x.value_begin, y.value_begin) << i;
  }
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.statuses, b.statuses);
  ASSERT_EQ(a.faults.size(), b.faults.size());
  for (std::size_t i = 0; i < a.faults.size(); ++i) {
    auto x = a.faults[i], y = b.faults[i];
    x.alarm.machine = y.alarm.machine = 0;
    EXPECT_EQ(x, y) << i;
  }
}

/// Fields of every fleet, and two of its own.
inline fleet::MachineHistory some_history(std::size_t reports, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  const auto pick = [&](std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random);
  };
  fleet::MachineHistory h;
  h.machine = "SY1001";
  h.from = kNoon;
  h.to = kNoon + std::chrono::hours(24);
  h.until = kNoon + std::chrono::hours(20);
  fleet::FieldCatalog fields;
  EXPECT_TRUE(fields.add("bucket_angle").ok() && fields.add("tilt").ok());
  for (std::size_t f = 0; f < fields.size(); ++f)
    h.fields.push_back(fields[static_cast<fleet::FieldId>(f)]);
  fleet::Time at = h.from;
  for (std::size_t i = 0; i < reports; ++i) {
    at += fleet::Millis(pick(0, 60'000));
    const auto mask = pick(0, 3) == 0 ? pick(0, (1 << h.fields.size()) - 1) : 0x1ff;
    h.reports.push_back({at - fleet::Millis(pick(-500, 90'000)), at,
                         static_cast<std::int32_t>(pick(0, 9) == 0 ? pick(0, 600'000) : 30'000),
                         static_cast<fleet::FieldMask>(mask),
                         static_cast<std::uint32_t>(h.values.size())});
    for (fleet::FieldMask left = h.reports.back().fields; left != 0; left &= left - 1) {
      const bool position = std::countr_zero(left) == fleet::kPosition;
      h.values.push_back(
          position ? fleet::packed({static_cast<std::uint32_t>(pick(0, fleet::kGridMask)),
                                    static_cast<std::uint32_t>(pick(0, fleet::kGridMask))})
                   : pick(-70'000, 70'000));
    }
    if (i % 7 == 0)
      h.statuses.push_back({static_cast<fleet::Status>(i / 7 % fleet::kStatusCount), at,
                            at + fleet::Millis(pick(1, 5'000))});
  }
  for (const fleet::Time end : {h.from + std::chrono::hours(1), fleet::kNever}) {
    fleet::Alarm alarm;
    alarm.id = random();
    alarm.fault.spn = 100;
    alarm.severity = fleet::Severity::high;
    alarm.occurred = h.from - std::chrono::minutes(5);
    alarm.learned = h.from;
    h.faults.push_back({alarm, end});
  }
  return h;
}

}  // namespace net::samples
