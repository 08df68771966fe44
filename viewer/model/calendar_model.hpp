// Fills the model of the calendar from recorded days. Pure.
#pragma once

#include <chrono>

#include "net/recording/recorded_days.hpp"
#include "viewer/panels/models.hpp"

namespace viewer {

/// Months side by side, where there is room for them.
inline constexpr int kCalendarMonths = 3;

/// The months up to `last`.
CalendarModel calendar_model(const net::RecordedDays& recorded, std::chrono::year_month last,
                             fleet::LocalDay playhead);
/// First and last day of these months.
struct CalendarDays {
  fleet::LocalDay first, last;
};
CalendarDays calendar_days(std::chrono::year_month last);

}  // namespace viewer
