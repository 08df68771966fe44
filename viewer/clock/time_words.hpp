// Time words: reads a date or a time as people write it, in Chinese or English. Pure; no clock.
//
//   14:32  14:32:07  1432  8点半  下午3点一刻  8:30 pm  noon      at that time of the day shown
//   2026-10-16  10-16 14:32  20261016  10月16日 9时  16 oct       a date; without a year: the last
//   2026-10-16T06:32Z  2026-10-16 14:32 +08:00  1432 utc          with an offset of its own
//   today  yesterday 9:00  昨天 14:32  前天  昨晚9点               counted from now
//   monday 8:00  last friday  周二 8点半  上周日                   the last one there was
//   -2h  +15m  +1d  -1h30m  2 hours ago  三天前  半小时后          from the instant shown
//   now  现在
#pragma once

#include <string_view>

#include "fleet/time.hpp"

namespace viewer {

struct TimeContext {
  fleet::Time now, playhead;
  const fleet::TimeZone& zone;
};

struct TimeReading {
  enum class State {
    empty,
    understood,
    not_understood,
    no_such_day,   ///< 30 February
    no_such_time,  ///< 25:00
  };
  State state = State::not_understood;
  fleet::Time at = fleet::kNever;  ///< understood
  bool skipped = false;            ///< a clock change leaves that time out: the instant after it
  bool twice = false;              ///< it comes twice that day: the first of them
};

/// A date alone is at the time of day of the playhead, a time alone on its day; both on the wall
/// clock of the zone.
TimeReading read_time(std::string_view text, const TimeContext& context);

}  // namespace viewer
