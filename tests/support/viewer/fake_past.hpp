// A past of invented days, for tests and previews of the band, the calendar and the box for a time.
#pragma once

#include "viewer/panels/models.hpp"
#include "viewer/ui/texts.hpp"

namespace testing_support {

/// `m`'s band shows a week or a month of work, with nights, a Sunday off, alarms and two gaps.
void fill_long_band(viewer::WallModel& m, viewer::BandSpan span);
/// A machine's day: two shifts, a pause, silence after them, two faults; `m`'s card is its.
void fill_history(viewer::WallModel& m, viewer::Lang lang);
/// The day before is laid beside it.
void fill_other_day(viewer::WallModel& m, viewer::Lang lang);
/// The heat is the difference of two days until 14:32.
void fill_difference(viewer::WallModel& m, viewer::Lang lang);
/// The pointer is on the day's band, at an hour with alarms or in a gap.
viewer::BandTip busy_tip();
viewer::BandTip gap_tip();
/// October 2026 and the two months before; a day without data, two with gaps.
viewer::CalendarModel busy_calendar();
/// A date is written for which there is data, or only near by.
viewer::JumpModel written_jump(viewer::JumpModel::State state);
/// A critical alarm came up while the wall shows the past: the banner, and the sign at the top that
/// there are three.
void fill_live_alarms(viewer::WallModel& model, viewer::Lang lang);

}  // namespace testing_support
