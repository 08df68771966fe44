#include <algorithm>
#include <tuple>

#include "viewer/model/fill.hpp"

namespace viewer {

AlarmsModel alarms_model(const FleetView& view, fleet::Time playhead,
                         std::optional<fleet::Slot> selected, bool english, std::size_t limit) {
  AlarmsModel model;
  std::vector<const fleet::Alarm*> listed;
  for (const auto& [id, alarm] : view.state().alarms().open()) {
    ++model.by_severity[static_cast<std::size_t>(alarm.severity)];
    if (alarm.severity != fleet::Severity::low) listed.push_back(&alarm);
  }
  model.unacknowledged = static_cast<std::uint32_t>(listed.size());
  // Low alarms ask for nothing: they are listed where nothing else is.
  if (listed.empty())
    for (const auto& [id, alarm] : view.state().alarms().open()) listed.push_back(&alarm);
  const auto before = [](const fleet::Alarm* a, const fleet::Alarm* b) {
    return std::tuple(a->severity, -fleet::ms_from_time(a->occurred), a->id) <
           std::tuple(b->severity, -fleet::ms_from_time(b->occurred), b->id);
  };
  const std::size_t rows = std::min(limit, listed.size());
  std::partial_sort(listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(rows),
                    listed.end(), before);
  for (std::size_t i = 0; i < rows; ++i) {
    const fleet::Alarm& alarm = *listed[i];
    AlarmRow row;
    row.alarm = alarm.id;
    row.machine = alarm.machine;
    row.severity = alarm.severity;
    row.serial = view.state().roster()[alarm.machine].name();
    row.spn = static_cast<int>(alarm.fault.spn);
    row.fmi = alarm.fault.fmi;
    row.place = view.place_name(alarm.machine, english);
    row.age_s = age_s(alarm.occurred, playhead);
    row.selected = selected == alarm.machine;
    model.rows.push_back(std::move(row));
  }
  return model;
}

}  // namespace viewer
