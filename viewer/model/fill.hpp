// Fills the panels' models from the fleet. Pure: same view and instant, same model.
#pragma once

#include <optional>
#include <string>

#include "viewer/fleet_view.hpp"
#include "viewer/interaction.hpp"
#include "viewer/panels/models.hpp"

namespace viewer {

LocalClock local_clock(const fleet::TimeZone& zone, fleet::Time t);
/// "14:29:53" on the wall clock of the zone.
std::string clock_text(const fleet::TimeZone& zone, fleet::Time t);
/// "2026-10-16 08:00:00" on the same.
std::string instant_text(const fleet::TimeZone& zone, fleet::Time t);
/// "08:00" where the figures of the local day shown count from then on, since nothing was recorded
/// before; empty where the whole day is known, or nothing says.
std::string known_since(const FleetView& view);
/// Seconds from `then` to `now`; kNone if `then` is never; not below zero.
double age_s(fleet::Time then, fleet::Time now);

TotalsModel totals_model(const FleetView& view);
UtilisationModel utilisation_model(const FleetView& view);
/// Provinces with at least kRankingMinimum connected machines, best operating rate first.
RankingModel ranking_model(const FleetView& view, bool english);
/// Open alarms, most severe first, then newest; at most `limit` rows. The three upper severities
/// are listed; low ones are counted only.
AlarmsModel alarms_model(const FleetView& view, fleet::Time playhead,
                         std::optional<fleet::Slot> selected, bool english, std::size_t limit);
CardModel card_model(const FleetView& view, fleet::Slot machine, fleet::Time playhead,
                     bool english);

/// Machines whose serial, id or customer has the query in it, in the order of `search`.
std::vector<fleet::Slot> machines_found(const FleetView& view, const std::string& query);
/// Machines by serial, id or customer, and places; a machine whose serial begins with the query
/// comes first. Case does not matter. At most `limit` results are listed, `total` counts all.
void search(const FleetView& view, const std::string& query, bool english, std::size_t limit,
            SearchModel& model);

/// The rows of the list of stacked machines.
ChooserModel chooser_model(const FleetView& view, const Chooser& chooser);

/// What the title said last, so that it does not change back and forth while the map moves a
/// little.
struct ScopeMemory {
  const fleet::Place* place = nullptr;  ///< of the atlas of the view that is asked about
  double radius_m = 0;
  bool country = false, province = false;
};
/// What of the country the free part of the map shows, for the title: the whole country, a
/// province, or how far around which place. A place that is not in view is named without a length
/// ("near Suzhou"), and only up to 30 km away; else it is the province. Empty: nothing that has a
/// name.
std::string scope_text(const FleetView& view, const render::Camera& camera, const Rect& map,
                       Lang lang, ScopeMemory& memory);

/// Fewer connected machines than this make no rate worth ranking.
inline constexpr std::uint32_t kRankingMinimum = 20;

}  // namespace viewer
