// OtherDay: the second day that the wall compares the one shown with. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fleet/time.hpp"

namespace viewer {

struct OtherDay {
  std::optional<fleet::LocalDay> date;
  std::optional<std::chrono::days> before;  ///< so many days before the one shown, without a date
  bool operator==(const OtherDay&) const = default;
};

/// "2026-10-15", or "-1d": so many days before the one shown, 1 to 3,660. Nothing on bad input.
std::optional<OtherDay> parse_other_day(std::string_view text);

/// Which day that is. Neither date nor distance: the recorded day before the one shown, else the
/// one after it. recorded: ascending. Nothing: none other than that is recorded.
std::optional<fleet::LocalDay> other_day(const OtherDay& choice, fleet::LocalDay shown,
                                         std::span<const fleet::LocalDay> recorded);
/// The recorded day so many steps behind (negative: before) `other`, past the one shown; the last
/// one there is where the steps lead beyond it.
fleet::LocalDay stepped_day(fleet::LocalDay other, int steps, fleet::LocalDay shown,
                            std::span<const fleet::LocalDay> recorded);

/// A stretch of a day's clock, and how much it is to be moved to lie at the same time of another
/// day: hours since the day began, on both.
struct ClockPiece {
  double from_h = 0, to_h = 24;
  double shift_h = 0;
};
/// What of `other` has a place on the clock of `shown`, ascending on both: one piece on days of 24
/// hours. An hour that comes twice counts once, the first time; one that `shown` skips is left out.
std::vector<ClockPiece> same_clock(const fleet::TimeZone& zone, fleet::LocalDay other,
                                   fleet::LocalDay shown);

}  // namespace viewer
