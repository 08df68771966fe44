#include "viewer/clock/jump.hpp"

#include <algorithm>

#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

JumpModel::State state_of(TimeReading::State state) {
  switch (state) {
    case TimeReading::State::empty:
      return JumpModel::State::empty;
    case TimeReading::State::understood:
      return JumpModel::State::understood;
    case TimeReading::State::no_such_day:
      return JumpModel::State::no_such_day;
    case TimeReading::State::no_such_time:
      return JumpModel::State::no_such_time;
    case TimeReading::State::not_understood:
      break;
  }
  return JumpModel::State::not_understood;
}

/// The recorded instant that is nearest to what was said.
fleet::Time nearest(fleet::Time said, const TimeContext& context, const net::RecordedDays& days) {
  const fleet::LocalDay day = context.zone.day_of(said);
  const net::RecordedDay& found = *days.nearest(day);
  const fleet::Time at =
      found.overview.day == day
          ? said
          : context.zone.from_local(std::chrono::local_time<fleet::Millis>(found.overview.day) +
                                    context.zone.time_of_day(said));
  return std::clamp(at, found.overview.begin, found.overview.end);
}

}  // namespace

Jump read_jump(std::string_view text, const TimeContext& context, const net::RecordedDays& days,
               fleet::Time begin, fleet::Time end) {
  const TimeReading reading = read_time(text, context);
  Jump jump;
  jump.model.open = true;
  jump.model.text = text;
  jump.model.state = state_of(reading.state);
  if (reading.state != TimeReading::State::understood || begin == fleet::kNever) return jump;
  jump.to =
      days.days.empty() ? std::clamp(reading.at, begin, end) : nearest(reading.at, context, days);
  jump.model.said = local_clock(context.zone, reading.at);
  jump.model.to = local_clock(context.zone, *jump.to);
  jump.model.skipped = reading.skipped;
  jump.model.twice = reading.twice;
  if (context.zone.day_of(*jump.to) != context.zone.day_of(reading.at)) {
    jump.model.state = JumpModel::State::other_day;
  } else if (*jump.to != reading.at) {
    jump.model.state = JumpModel::State::other_time;
  }
  return jump;
}

}  // namespace viewer
