// HeatPlaces: the weighted places that the heat is drawn from, kept up to date from the fleet.
//
// Hours: the cells of the day's heat, those of the chosen hours of the day added up. Machines:
// where each one is. A field: its value where the machine is. Main thread; pure.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "render/map_frame.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/heat/heat_choice.hpp"

namespace viewer {

/// Middle of a cell in the 32-bit units of render::HeatPlace.
constexpr std::uint32_t middle_of_cell(std::uint32_t cell) {
  constexpr int kShift = 32 - fleet::kHeatCellBits;
  return (cell << kShift) + (1u << (kShift - 1));
}

class HeatPlaces {
 public:
  /// Brings the places up to the fleet shown. True if any changed. `today`: hours of another day
  /// than this are not shown.
  bool update(const FleetView& view, const HeatChoice& choice, fleet::LocalDay today);

  std::span<const render::HeatPlace> places() const { return places_; }
  /// Sum of all weights: hours, machines, or the field's unit.
  double total() const { return total_; }
  /// Of the hours: worked where nobody knows.
  double unplaced() const { return unplaced_; }
  /// Of the places' weights; 0 without any.
  double mean() const { return places_.empty() ? 0 : total_ / static_cast<double>(places_.size()); }

 private:
  bool update_hours(const fleet::HeatHours& heat, const HourSpan& hours, bool shown);
  bool continues(std::span<const fleet::HeatHours::Entry> entries) const;
  void add_entry(const fleet::HeatHours::Entry& entry, const HourSpan& hours);
  void update_machines(const FleetView& view, const HeatChoice& choice);
  void clear();

  HeatChoice choice_;
  bool started_ = false;
  std::uint64_t version_ = 0;     ///< of what the places were made from
  std::uint64_t generation_ = 0;  ///< of the heat's entries
  std::vector<render::HeatPlace> places_;
  // Hours only, by entry of HeatHours:
  static constexpr std::uint32_t kNoPlace = UINT32_MAX;
  std::vector<fleet::HeatKey> keys_;
  std::vector<std::uint32_t> place_of_;
  std::vector<std::int32_t> taken_s_;
  std::vector<std::int64_t> seconds_;  ///< by place
  std::unordered_map<std::uint64_t, std::uint32_t> place_of_cell_;
  double total_ = 0, unplaced_ = 0;
};

}  // namespace viewer
