// Fills the model of a machine's history. Pure: same history and instant, same model.
#pragma once

#include "fleet/machine_history.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/panels/history_models.hpp"

namespace viewer {

/// Lanes, breaks, the list of values, and the charts' samples: what stays while the playhead moves.
/// day: of which the history is; choice.fields that it has no values of give way to ones it has.
HistoryModel history_model(const fleet::MachineHistory& history, const fleet::TimeZone& zone,
                           fleet::LocalDay day, const HistoryChoice& choice);
/// Lanes of faults, behind those of statuses: the worst first.
void sort_fault_lanes(HistoryModel& m);
/// The rest: span, playhead, pointer, what the charts read there.
void place_history(HistoryModel& m, const fleet::MachineHistory& history,
                   const fleet::TimeZone& zone, fleet::LocalDay day, const HistoryChoice& choice,
                   fleet::Time playhead);
/// A real sample: nearest to the pointer, else the newest at the playhead; of those shown.
std::optional<ChartSample> read_out_of(const std::vector<ChartSample>& samples,
                                       const HistoryModel& m);

}  // namespace viewer
