#include "net/export/state_table.hpp"

#include "fleet/status.hpp"
#include "net/export/export_fixes.hpp"
#include "net/ingest/faults_json.hpp"
#include "net/ingest/import_rows.hpp"

namespace net {

StateTable::StateTable(const fleet::FleetState& state, fleet::Time at)
    : state_(state), at_(at), columns_{{"machine"},
                                       {"time"},
                                       {"receive_time"},
                                       {"lon", CellKind::number},
                                       {"lat", CellKind::number},
                                       {"status"}} {
  for (std::size_t f = 1; f < state.fields().size(); ++f) {
    const bool flag = f == fleet::kEngineOn || f == fleet::kWorking;
    columns_.push_back({state.fields()[static_cast<fleet::FieldId>(f)].name,
                        flag ? CellKind::flag : CellKind::number});
  }
  columns_.push_back({"faults", CellKind::json});
  for (const auto& [id, alarm] : state.alarms().open())
    faults_[alarm.machine].push_back(alarm.fault);
}

bool StateTable::known(fleet::Slot machine) const {
  return state_.head(machine).receive_time != fleet::kNever || has_record(state_.roster()[machine]);
}

std::vector<std::string> StateTable::cells(fleet::Slot machine) const {
  std::vector<std::string> cells = {state_.roster()[machine].id, "", "", "", ""};
  if (state_.has(machine, fleet::kPosition)) {
    const fleet::FieldSlot& fix = state_.field(machine, fleet::kPosition);
    const fleet::LonLat p = fleet::lonlat_from_grid(fleet::unpacked(fix.raw));
    cells[1] = fleet::iso8601(fix.device_time);
    cells[2] = fleet::iso8601(fix.receive_time);
    cells[3] = degrees_text(p.lon_deg);
    cells[4] = degrees_text(p.lat_deg);
  }
  cells.push_back(fleet::status_name(fleet::status_of(state_, machine, at_)));
  for (std::size_t f = 1; f < state_.fields().size(); ++f) {
    const auto field = static_cast<fleet::FieldId>(f);
    cells.push_back(
        state_.has(machine, field)
            ? fleet::text_from_raw(state_.fields()[field], state_.field(machine, field).raw)
            : std::string());
  }
  const auto faults = faults_.find(machine);
  cells.push_back(faults == faults_.end() ? std::string() : faults_text(faults->second));
  return cells;
}

}  // namespace net
