// The day's activity in tick and state bodies.
#include "net/codec/body_parts.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace {

using PbDay = ::fleetwall::v1::DayActivity;
using PbSample = ::fleetwall::v1::ActivitySample;
using wire::Bytes;

constexpr std::int64_t kMaxDay = fleet::kMaxActivityDay;

fleet::Result<std::int32_t> day_from(std::uint64_t zigzag) {
  const std::int64_t day = wire::unzigzag(zigzag);
  if (day < -kMaxDay || day > kMaxDay) {
    return fleet::Error{"an activity of day " + std::to_string(day) + ", expected at most " +
                        std::to_string(kMaxDay) + " days from 1970"};
  }
  return static_cast<std::int32_t>(day);
}

}  // namespace

void write_activity(const fleet::DayActivity& activity, wire::MessageWriter& out) {
  const std::vector<std::int64_t> working(activity.working.begin(), activity.working.end());
  out.sint(PbDay::kDayFieldNumber, activity.day);
  out.column(PbDay::kWorkingFieldNumber, working, wire::Base::median);
}

fleet::Result<fleet::DayActivity> read_activity(Bytes message) {
  fleet::DayActivity activity;
  if (message.empty()) return activity;
  wire::Column column;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number == PbDay::kDayFieldNumber) {
      auto day = day_from(field.value);
      if (!day) return day.error();
      activity.day = *day;
    } else if (field.number == PbDay::kWorkingFieldNumber) {
      if (auto taken = take_column(field.bytes, column); !taken) return taken.error();
    }
  }
  if (reader.damaged()) return fleet::Error{"the day's activity is damaged"};
  auto working = read_numbers(column, activity.working.size(), fleet::DayActivity::kNotKnown,
                              fleet::kMaxMachines, "working");
  if (!working) return working.error();
  for (std::size_t i = 0; i < activity.working.size(); ++i) {
    activity.working[i] = static_cast<std::int32_t>((*working)[i]);
  }
  return activity;
}

void write_sample(const fleet::ActivitySample& sample, wire::MessageWriter& out) {
  out.sint(PbSample::kDayFieldNumber, sample.day);
  out.number(PbSample::kStepFieldNumber, static_cast<std::uint64_t>(sample.step));
  out.number(PbSample::kWorkingFieldNumber, static_cast<std::uint64_t>(sample.working));
}

fleet::Result<fleet::ActivitySample> read_sample(Bytes message) {
  std::uint64_t day = 0, step = 0, working = 0;
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (field.number == PbSample::kDayFieldNumber) day = field.value;
    if (field.number == PbSample::kStepFieldNumber) step = field.value;
    if (field.number == PbSample::kWorkingFieldNumber) working = field.value;
  }
  if (reader.damaged()) return fleet::Error{"an activity sample is damaged"};
  if (step >= fleet::kActivitySteps || working > fleet::kMaxMachines) {
    return fleet::Error{"an activity sample of step " + std::to_string(step) + " with " +
                        std::to_string(working) + " machines, expected a step below " +
                        std::to_string(fleet::kActivitySteps) + " and at most " +
                        std::to_string(fleet::kMaxMachines) + " machines"};
  }
  auto local_day = day_from(day);
  if (!local_day) return local_day.error();
  return fleet::ActivitySample{*local_day, static_cast<std::int32_t>(step),
                               static_cast<std::int32_t>(working)};
}

}  // namespace net
