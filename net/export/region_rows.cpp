#include "net/export/region_rows.hpp"

#include <algorithm>

namespace net {
namespace {

bool has_position(const fleet::AcceptedRow& row) {
  return (row.fields & fleet::FieldMask{1} << fleet::kPosition) != 0;
}

}  // namespace

std::optional<fleet::GridPoint> place_of(const StoredRow& row) {
  // The position is the lowest field, hence the first value.
  if (has_position(row.row)) return fleet::unpacked(row.row.values.front());
  const fleet::Slot machine = row.row.machine;
  if (!row.state.has(machine, fleet::kPosition)) return std::nullopt;
  return fleet::unpacked(row.state.raw(machine, fleet::kPosition));
}

void DayPlaces::take(const StoredRow& row, fleet::LocalDay day) {
  const auto at = place_of(row);
  if (!at) return;
  const fleet::Time time = has_position(row.row) ? row.row.device_time : fleet::kNever;
  const std::string& id = row.state.roster()[row.row.machine].id;
  const auto [place, first] = days_[day].try_emplace(id, Place{time, *at});
  if (!first && time >= place->second.time) place->second = {time, *at};
}

fleet::Result<DayPlaces> DayPlaces::read(const std::filesystem::path& data, const ExportSpan& span,
                                         std::vector<std::string>& damages) {
  auto rows = StoredRows::open(data);
  if (!rows) return rows.error();
  const fleet::TimeZone zone = rows.value()->zone();
  const fleet::LocalDay first = zone.day_of(std::max(span.from, fleet::kMinTime));
  const fleet::LocalDay last = zone.day_of(std::min(span.to, fleet::kMaxTime) - fleet::Millis(1));
  DayPlaces places;
  damages = rows.value()->each(zone.start_of(first), zone.start_of(last + std::chrono::days{1}),
                               [&](const StoredRow& row) {
                                 places.take(row, zone.day_of(row.row.device_time));
                                 return true;
                               });
  return places;
}

std::optional<fleet::GridPoint> DayPlaces::of(const std::string& machine,
                                              fleet::LocalDay day) const {
  const auto places = days_.find(day);
  if (places == days_.end()) return std::nullopt;
  const auto place = places->second.find(machine);
  if (place == places->second.end()) return std::nullopt;
  return place->second.at;
}

}  // namespace net
