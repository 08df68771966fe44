// Lays another day of a machine beside the one that its history shows. Pure.
#pragma once

#include "fleet/machine_history.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/panels/history_models.hpp"

namespace viewer {

/// At the same times of the local clock, on the hours of the day shown, of which `m` is already.
void add_other_day(HistoryModel& m, const fleet::MachineHistory& other, const fleet::TimeZone& zone,
                   fleet::LocalDay other_day, fleet::LocalDay shown);
/// What of the other day stands at the pointer, else at the playhead; after place_history.
void place_other_day(HistoryModel& m, const fleet::TimeZone& zone, fleet::LocalDay shown);

}  // namespace viewer
