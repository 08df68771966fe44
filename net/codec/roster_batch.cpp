#include "net/codec/roster_batch.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace net {

fleet::RosterBatch roster_of(const fleet::FleetState& state, std::optional<std::uint64_t> since) {
  const fleet::Roster& roster = state.roster();
  fleet::RosterBatch batch;
  batch.complete = !since;
  batch.version = roster.version();
  if (!since) {
    batch.machines.reserve(roster.size());
    for (fleet::Slot slot = 0; slot < roster.size(); ++slot)
      batch.machines.emplace_back(slot, roster[slot]);
  } else {
    for (fleet::Slot slot : roster.changed_since(*since))
      batch.machines.emplace_back(slot, roster[slot]);
  }
  for (std::size_t f = fleet::kCoreFieldCount; f < state.fields().size(); ++f)
    batch.extra_fields.push_back(state.fields()[static_cast<fleet::FieldId>(f)].name);
  return batch;
}

std::uint64_t roster_print(const fleet::FleetState& state) {
  std::string bytes;
  const auto put = [&](const std::string& text) { (bytes += text) += '\0'; };
  for (fleet::Slot slot = 0; slot < state.roster().size(); ++slot) {
    const fleet::Machine& m = state.roster()[slot];
    for (const std::string* text : {&m.id, &m.serial, &m.maker, &m.model, &m.machine_class,
                                    &m.customer, &m.branch, &m.delivered, &m.last_service_time}) {
      put(*text);
    }
    const double numbers[] = {m.hours_offset_h, m.loan_monthly, m.wage_monthly,
                              m.income_per_h,   m.fuel_per_h,   m.last_service_h};
    bytes.append(reinterpret_cast<const char*>(numbers), sizeof numbers);
  }
  for (std::size_t f = 0; f < state.fields().size(); ++f) {
    put(state.fields()[static_cast<fleet::FieldId>(f)].name);
  }
  return XXH64(bytes.data(), bytes.size(), state.roster().version());
}

}  // namespace net
