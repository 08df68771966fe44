// RecordedDays: which days there is data of, and what went on in them as far as it was looked at.
// Plain data with pure questions; who fills it (a DayShelf) is of no concern here.
#pragma once

#include <optional>
#include <vector>

#include "fleet/alarms.hpp"
#include "net/store/day_overview.hpp"

namespace net {

/// When an alarm became known: the end of the tick that brought it.
struct RaisedAlarm {
  fleet::Time at = fleet::kNever;
  fleet::Severity severity = fleet::Severity::low;
};

struct RecordedDay {
  /// Of a day that was not looked at yet: day, midnight, begin and end alone.
  DayOverview overview;
  std::vector<RaisedAlarm> raised;  ///< ascending
  bool read = false;                ///< the day was looked at
};

struct RecordedDays {
  std::vector<RecordedDay> days;  ///< ascending, one a day
  std::uint64_t version = 0;      ///< grows with every change

  /// Null: nothing is recorded of it.
  const RecordedDay* find(fleet::LocalDay day) const;
  /// The day with data next to `day`, the earlier one of two as near; null: there is none at all.
  const RecordedDay* nearest(fleet::LocalDay day) const;
  /// Next instant after t at which an alarm above low became known, in the days looked at.
  std::optional<fleet::Time> next_alarm(fleet::Time t) const;
  /// The same before t.
  std::optional<fleet::Time> previous_alarm(fleet::Time t) const;
  /// Most machine-hours worked in any day looked at; 0: none was.
  double most_worked_h() const;
};

/// Machine-hours worked in a day, as far as it is known.
double worked_h(const DayOverview& day);

}  // namespace net
