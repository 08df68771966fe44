// FleetState, the reader's side: machines and fields that a roster batch brings.
#include <string>

#include "fleet/fleet_state.hpp"

namespace fleet {
namespace {

Result<void> add_fields(const std::vector<std::string>& names, FieldCatalog& fields) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto added = fields.add(names[i]);
    if (!added) return added.error();
    if (*added != kCoreFieldCount + i) {
      return Error{"extra field " + std::to_string(i) + " is \"" + fields[*added].name +
                   "\", which has number " + std::to_string(*added) + ", expected " +
                   std::to_string(kCoreFieldCount + i)};
    }
  }
  return {};
}

}  // namespace

Result<void> FleetState::apply(RosterBatch batch) {
  const bool afresh = batch.complete && !continues(batch);
  // Into a new roster, or checked first: a record that is refused half way leaves nothing behind.
  FieldCatalog fields = afresh ? FieldCatalog() : fields_;
  if (auto added = add_fields(batch.extra_fields, fields); !added) return added;
  Roster fresh;
  Roster& roster = afresh ? fresh : roster_;
  if (!afresh) {
    if (auto checked = roster_.check(batch.machines); !checked) return checked;
  } else {
    roster.reserve(batch.machines.size());
  }
  for (auto& [slot, machine] : batch.machines) {
    if (auto put = roster.put(slot, std::move(machine)); !put) return put;
  }
  if (afresh) {
    *this = FleetState(heat_.max_entries());
    roster_ = std::move(fresh);
  }
  roster_.set_version(batch.version);
  fields_ = std::move(fields);
  records_.widen(fields_.size());
  fit_roster();
  return {};
}

bool FleetState::continues(const RosterBatch& batch) const {
  if (batch.machines.size() < roster_.size()) return false;
  if (batch.extra_fields.size() + kCoreFieldCount < fields_.size()) return false;
  for (Slot slot = 0; slot < roster_.size(); ++slot) {
    const auto& [to, machine] = batch.machines[slot];
    if (to != slot || machine.id != roster_[slot].id) return false;
  }
  for (std::size_t f = kCoreFieldCount; f < fields_.size(); ++f) {
    if (batch.extra_fields[f - kCoreFieldCount] != fields_[static_cast<FieldId>(f)].name)
      return false;
  }
  return true;
}

}  // namespace fleet
