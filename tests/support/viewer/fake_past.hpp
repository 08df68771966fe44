// A past of invented days, for tests and previews of the band, the calendar and the box for a time.
#pragma once

#include "viewer/panels/models.hpp"

namespace testing_support {

/// `m`'s band shows a week or a month of work, with nights, a Sunday off, alarms and two gaps.
void fill_long_band(viewer::WallModel& m, viewer::BandSpan span);
/// The pointer is on the day's band, at an hour with alarms or in a gap.
viewer::BandTip busy_tip();
viewer::BandTip gap_tip();
/// October 2026 and the two months before; a day without data, two with gaps.
viewer::CalendarModel busy_calendar();
/// A date is written for which there is data, or only near by.
viewer::JumpModel written_jump(viewer::JumpModel::State state);

}  // namespace testing_support
