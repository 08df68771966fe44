// Fills the model of the time band from the fleet and from what is known of recorded days. Pure.
#pragma once

#include "net/recording/recorded_days.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/panels/models.hpp"

namespace viewer {

/// The local days that a band shows.
struct BandDays {
  fleet::LocalDay first{};
  int count = 1;
  fleet::LocalDay last() const { return first + std::chrono::days{count - 1}; }
  bool operator==(const BandDays&) const = default;
};
BandDays band_days(BandSpan span, fleet::LocalDay of_playhead);

/// Everything but playhead, loop, tip and what the buttons say. Of days that were not looked at the
/// fleet's own curve and open alarms are shown, as far as it knows any.
TimeBandModel band_model(const FleetView& view, fleet::Time playhead, BandSpan span,
                         const net::RecordedDays& recorded);
/// The gap of a minute or more in which the playhead stands, and of which nobody knows how the
/// fleet was; null: there is none. damaged: part of the day cannot be read, so that where nobody
/// reported that may be why.
const BandGap* unknown_stretch(const TimeBandModel& band, bool damaged);

/// What went on at an hour of the band.
BandTip band_tip(const TimeBandModel& band, const net::RecordedDays& recorded,
                 const fleet::TimeZone& zone, BandDays days, double hour);

}  // namespace viewer
