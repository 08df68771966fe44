// Recorded days as they are listed and read from files. Any thread; one reader per thread.
#pragma once

#include <functional>
#include <optional>

#include "net/recording/recorded_days.hpp"
#include "net/store/day_store.hpp"

namespace net {

/// Which days there are; costs no look into them. Version 0.
RecordedDays list_days(const DayReader& reader);
/// A look at every frame of a day. go_on: asked at every frame; false ends it early, with nothing.
/// What cannot be read leaves the day damaged.
std::optional<RecordedDay> read_day(const DayReader::Day& day, const fleet::TimeZone& zone,
                                    const std::function<bool()>& go_on);

}  // namespace net
