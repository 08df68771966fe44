#include <algorithm>
#include <cstdio>

#include "viewer/model/fill.hpp"

namespace viewer {
namespace {

/// The field a fault is about, so that the card can mark its value.
std::optional<fleet::FieldId> field_of_spn(std::uint32_t spn) {
  switch (spn) {
    case 100:
      return fleet::kOilPressureKpa;
    case 110:
      return fleet::kCoolantC;
    case 1638:
      return fleet::kHydraulicC;
    case 190:
      return fleet::kRpm;
    case 96:
      return fleet::kFuelLevelPct;
    case 168:
      return fleet::kBatteryV;
    case 1761:
    case 3517:
      return fleet::kDefLevelPct;
    default:
      return std::nullopt;
  }
}

void fill_static(const FleetView& view, fleet::Slot machine, bool english, CardModel& card) {
  const fleet::Machine& record = view.state().roster()[machine];
  card.serial = record.name();
  card.model = record.model;
  card.machine_class = record.machine_class;
  card.customer = record.customer;
  card.branch = record.branch;
  card.place = view.place_name(machine, english);
}

void fill_today(const FleetView& view, fleet::Slot machine, fleet::Time playhead, CardModel& card) {
  const fleet::DayFigures& day = view.state().figures(machine);
  const auto today = view.day_of(playhead).time_since_epoch().count();
  if (day.day != today) return;
  card.engine_h_today = day.engine_s / 3600.0;
  card.working_h_today = day.working_s() / 3600.0;
  card.idle_h_today = day.idle_s / 3600.0;
  card.fuel_l_today = day.fuel_dl / 10.0;
  if (day.first_start != fleet::kNever) {
    card.first_start = clock_text(view.zone(), day.first_start).substr(0, 5);
  }
}

void fill_values(const FleetView& view, fleet::Slot machine, fleet::Time playhead,
                 CardModel& card) {
  const fleet::FleetState& state = view.state();
  if (state.has(machine, fleet::kPosition)) {
    const fleet::FieldSlot& fix = state.field(machine, fleet::kPosition);
    const fleet::LonLat p = fleet::lonlat_from_grid(fleet::unpacked(fix.raw));
    char text[48];
    std::snprintf(text, sizeof text, "%.4f, %.4f", p.lon_deg, p.lat_deg);
    card.lonlat = text;
    card.fix_age_s = age_s(fix.device_time, playhead);
  }
  for (std::size_t f = fleet::kPosition + 1; f < state.fields().size(); ++f) {
    const auto id = static_cast<fleet::FieldId>(f);
    if (!state.has(machine, id)) continue;
    const fleet::FieldInfo& info = state.fields()[id];
    const fleet::FieldSlot& slot = state.field(machine, id);
    card.values.push_back({info.name, fleet::text_from_raw(info, slot.raw), info.unit,
                           age_s(slot.device_time, playhead), false});
  }
}

void fill_faults(const FleetView& view, fleet::Slot machine, fleet::Time playhead,
                 CardModel& card) {
  for (const auto& [id, alarm] : view.state().alarms().open()) {
    if (alarm.machine != machine) continue;
    CardFault fault;
    fault.severity = alarm.severity;
    fault.spn = static_cast<int>(alarm.fault.spn);
    fault.fmi = alarm.fault.fmi;
    fault.count = alarm.fault.count;
    fault.occurred = clock_text(view.zone(), alarm.occurred);
    fault.learned = clock_text(view.zone(), alarm.learned);
    fault.age_s = age_s(alarm.occurred, playhead);
    const fleet::Time midnight = view.zone().start_of(view.day_of(playhead));
    const auto hour = [&](fleet::Time t) { return age_s(midnight, t) / 3600; };
    fault.from_h = alarm.occurred < midnight ? 0 : hour(alarm.occurred);
    fault.until_h = hour(playhead);
    card.faults.push_back(std::move(fault));
    if (const auto field = field_of_spn(alarm.fault.spn)) {
      const std::string& name = view.state().fields()[*field].name;
      for (CardValue& value : card.values) value.alarming = value.alarming || value.field == name;
    }
  }
  std::stable_sort(card.faults.begin(), card.faults.end(),
                   [](const CardFault& a, const CardFault& b) { return a.severity < b.severity; });
}

}  // namespace

CardModel card_model(const FleetView& view, fleet::Slot machine, fleet::Time playhead,
                     bool english) {
  CardModel card;
  if (machine >= view.state().machine_count()) return card;
  card.open = true;
  card.status = view.statuses()[machine];
  card.moving = !view.has_engine_data();
  const fleet::MachineHead& head = view.state().head(machine);
  card.report_age_s = age_s(head.receive_time, playhead);
  card.period_s = head.period_ms > 0 ? head.period_ms / 1000.0 : kNone;
  fill_static(view, machine, english, card);
  fill_today(view, machine, playhead, card);
  fill_values(view, machine, playhead, card);
  fill_faults(view, machine, playhead, card);
  return card;
}

}  // namespace viewer
