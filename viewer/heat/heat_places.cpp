#include "viewer/heat/heat_places.hpp"

#include <algorithm>

namespace viewer {
namespace {

std::int32_t number_of(fleet::LocalDay day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

bool wanted(const fleet::HeatHours::Entry& entry, const HourSpan& hours) {
  const int hour = entry.key.hour();
  return hours.whole() || (hour < fleet::kUnknownHour && hours.has(hour));
}

}  // namespace

void HeatPlaces::clear() {
  places_.clear();
  keys_.clear();
  place_of_.clear();
  taken_s_.clear();
  seconds_.clear();
  place_of_cell_.clear();
  total_ = unplaced_ = 0;
}

bool HeatPlaces::update(const FleetView& view, const HeatChoice& choice, fleet::LocalDay today) {
  if (!started_ || choice.measure != choice_.measure || choice.hours != choice_.hours ||
      choice.field != choice_.field) {
    clear();
    version_ = generation_ = UINT64_MAX;
  }
  started_ = true;
  choice_ = choice;
  if (choice.measure == HeatMeasure::hours) {
    const fleet::HeatHours& heat = view.state().heat();
    return update_hours(heat, choice.hours, heat.day() == number_of(today));
  }
  if (version_ == view.figures_version()) return false;
  version_ = view.figures_version();
  update_machines(view, choice);
  return true;
}

bool HeatPlaces::update_hours(const fleet::HeatHours& heat, const HourSpan& hours, bool shown) {
  if (!shown) {
    const bool changed = !places_.empty() || version_ == UINT64_MAX;
    clear();
    version_ = generation_ = UINT64_MAX - 1;
    return changed;
  }
  if (heat.version() == version_) return false;
  version_ = heat.version();
  const auto entries = heat.entries();
  if (heat.generation() != generation_ || !continues(entries)) clear();
  generation_ = heat.generation();
  total_ = unplaced_ = 0;
  std::int64_t total_s = 0, unplaced_s = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i == place_of_.size()) add_entry(entries[i], hours);
    const std::int64_t by = std::int64_t{entries[i].seconds} - taken_s_[i];
    if (!entries[i].key.placed() && wanted(entries[i], hours)) unplaced_s += entries[i].seconds;
    if (by == 0 || place_of_[i] == kNoPlace) continue;
    taken_s_[i] = entries[i].seconds;
    const std::uint32_t place = place_of_[i];
    seconds_[place] += by;
    // A counter of idle hours that comes late makes less than nothing for a while.
    places_[place].weight =
        static_cast<float>(static_cast<double>(std::max<std::int64_t>(seconds_[place], 0)) / 3600);
  }
  for (const std::int64_t s : seconds_) total_s += s;
  total_ = static_cast<double>(total_s) / 3600;
  unplaced_ = static_cast<double>(unplaced_s) / 3600;
  return true;
}

/// Whether these are the entries held, and perhaps more: another state may count its generations
/// the same.
bool HeatPlaces::continues(std::span<const fleet::HeatHours::Entry> entries) const {
  return entries.size() >= keys_.size() &&
         std::equal(keys_.begin(), keys_.end(), entries.begin(),
                    [](fleet::HeatKey key, const auto& entry) { return key == entry.key; });
}

void HeatPlaces::add_entry(const fleet::HeatHours::Entry& entry, const HourSpan& hours) {
  keys_.push_back(entry.key);
  taken_s_.push_back(0);
  if (!entry.key.placed() || !wanted(entry, hours)) {
    place_of_.push_back(kNoPlace);
    return;
  }
  const std::uint64_t cell = std::uint64_t{entry.key.y()} << 32 | entry.key.x();
  const auto [at, is_new] =
      place_of_cell_.try_emplace(cell, static_cast<std::uint32_t>(places_.size()));
  if (is_new) {
    places_.push_back({middle_of_cell(entry.key.x()), middle_of_cell(entry.key.y()), 0});
    seconds_.push_back(0);
  }
  place_of_.push_back(at->second);
}

void HeatPlaces::update_machines(const FleetView& view, const HeatChoice& choice) {
  clear();
  const fleet::FleetState& state = view.state();
  const auto field = state.fields().find(choice.field);
  const bool of_field = choice.measure == HeatMeasure::field;
  const auto points = view.points();
  for (std::size_t slot = 0; slot < points.size(); ++slot) {
    if (points[slot].style & render::PointInstance::kHidden) continue;
    double weight = 1;
    if (of_field) {
      const auto machine = static_cast<fleet::Slot>(slot);
      if (!field || !state.has(machine, *field)) continue;
      weight = std::max(0.0, value_from_raw(state.fields()[*field], state.raw(machine, *field)));
    }
    places_.push_back({points[slot].x, points[slot].y, static_cast<float>(weight)});
    total_ += weight;
  }
}

}  // namespace viewer
