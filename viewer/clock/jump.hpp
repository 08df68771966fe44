// Jump: what a typed date or time means for what is recorded. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "net/recording/recorded_days.hpp"
#include "viewer/clock/time_words.hpp"
#include "viewer/panels/models.hpp"

namespace viewer {

struct Jump {
  JumpModel model;
  std::optional<fleet::Time> to;  ///< nothing: there is nowhere to go
};

/// A day without data is answered with the nearest that has some, at the same time of day, or as
/// near to that as its data goes; an instant outside of its day's data with the nearest inside.
/// begin, end: of all that is recorded, which counts where `days` knows of none.
Jump read_jump(std::string_view text, const TimeContext& context, const net::RecordedDays& days,
               fleet::Time begin, fleet::Time end);

}  // namespace viewer
