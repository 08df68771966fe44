#include "viewer/model/calendar_model.hpp"

namespace viewer {
namespace {

using std::chrono::days;
using std::chrono::months;

fleet::LocalDay last_day(std::chrono::year_month month) {
  return fleet::LocalDay{month / std::chrono::last};
}

CalendarDay calendar_day(const net::RecordedDays& recorded, fleet::LocalDay date,
                         fleet::LocalDay playhead) {
  CalendarDay day;
  day.day = static_cast<int>(static_cast<unsigned>(std::chrono::year_month_day{date}.day()));
  day.number = date.time_since_epoch().count();
  day.playhead = date == playhead;
  const net::RecordedDay* known = recorded.find(date);
  day.data = known != nullptr;
  if (known != nullptr && known->read) {
    day.worked_h = worked_h(known->overview);
    day.gaps = !known->overview.gaps.empty() || known->overview.damaged;
  }
  return day;
}

}  // namespace

CalendarDays calendar_days(std::chrono::year_month last) {
  return {fleet::LocalDay{(last - months{kCalendarMonths - 1}) / 1}, last_day(last)};
}

CalendarModel calendar_model(const net::RecordedDays& recorded, std::chrono::year_month last,
                             fleet::LocalDay playhead) {
  CalendarModel model;
  model.open = true;
  model.most_worked_h = recorded.most_worked_h();
  for (int m = kCalendarMonths - 1; m >= 0; --m) {
    const std::chrono::year_month month = last - months{m};
    CalendarMonth& shown = model.months.emplace_back();
    shown.year = static_cast<int>(month.year());
    shown.month = static_cast<int>(static_cast<unsigned>(month.month()));
    const fleet::LocalDay first{month / 1};
    shown.first_weekday =
        static_cast<int>((std::chrono::weekday{first} - std::chrono::Monday).count());
    for (fleet::LocalDay date = first; date <= last_day(month); date += days{1}) {
      shown.days.push_back(calendar_day(recorded, date, playhead));
    }
  }
  if (recorded.days.empty()) return model;
  const CalendarDays shown = calendar_days(last);
  model.earlier = recorded.days.front().overview.day < shown.first;
  model.later = recorded.days.back().overview.day > shown.last;
  return model;
}

}  // namespace viewer
