// RosterBody: records of machines, one protobuf message each.
#include <cmath>

#include "fleet/field.hpp"
#include "net/codec/bodies.hpp"
#include "net/codec/utf8.hpp"
#include "net/proto/feed.pb.h"

namespace net {
namespace {

namespace v1 = ::fleetwall::v1;
using Pb = v1::RosterBody;

// Longest name of a field (see fleet::FieldCatalog::add).
constexpr std::size_t kMaxFieldNameBytes = 48;
constexpr std::size_t kMaxExtraFields = fleet::kMaxFields - fleet::kCoreFieldCount;

void put(v1::MachineRecord& to, fleet::Slot slot, const fleet::Machine& m) {
  const auto text = [](const std::string& t) { return clean_text(t, fleet::kMaxRosterTextBytes); };
  to.Clear();
  to.set_slot(slot);
  to.set_id(clean_text(m.id, fleet::kMaxMachineIdBytes));
  to.set_serial(text(m.serial));
  to.set_maker(text(m.maker));
  to.set_model(text(m.model));
  to.set_machine_class(text(m.machine_class));
  to.set_customer(text(m.customer));
  to.set_branch(text(m.branch));
  to.set_delivered(text(m.delivered));
  to.set_last_service_time(text(m.last_service_time));
  if (std::isfinite(m.hours_offset_h)) to.set_hours_offset_h(m.hours_offset_h);
  if (std::isfinite(m.loan_monthly)) to.set_loan_monthly(m.loan_monthly);
  if (std::isfinite(m.wage_monthly)) to.set_wage_monthly(m.wage_monthly);
  if (std::isfinite(m.income_per_h)) to.set_income_per_h(m.income_per_h);
  if (std::isfinite(m.fuel_per_h)) to.set_fuel_per_h(m.fuel_per_h);
  if (std::isfinite(m.last_service_h)) to.set_last_service_h(m.last_service_h);
}

fleet::Result<fleet::Machine> machine_from(const v1::MachineRecord& r) {
  if (const char* problem = fleet::machine_id_problem(r.id())) {
    return fleet::Error{"machine slot " + std::to_string(r.slot()) + ": its id " + problem};
  }
  fleet::Machine m;
  m.id = r.id();
  m.serial = r.serial();
  m.maker = r.maker();
  m.model = r.model();
  m.machine_class = r.machine_class();
  m.customer = r.customer();
  m.branch = r.branch();
  m.delivered = r.delivered();
  m.last_service_time = r.last_service_time();
  for (const std::string* text : {&m.serial, &m.maker, &m.model, &m.machine_class, &m.customer,
                                  &m.branch, &m.delivered, &m.last_service_time}) {
    if (text->size() > fleet::kMaxRosterTextBytes) {
      return fleet::Error{"machine " + m.id + " has a text over 128 bytes"};
    }
  }
  constexpr double kUnknown = fleet::Machine::kUnknown;
  m.hours_offset_h = r.has_hours_offset_h() ? r.hours_offset_h() : kUnknown;
  m.loan_monthly = r.has_loan_monthly() ? r.loan_monthly() : kUnknown;
  m.wage_monthly = r.has_wage_monthly() ? r.wage_monthly() : kUnknown;
  m.income_per_h = r.has_income_per_h() ? r.income_per_h() : kUnknown;
  m.fuel_per_h = r.has_fuel_per_h() ? r.fuel_per_h() : kUnknown;
  m.last_service_h = r.has_last_service_h() ? r.last_service_h() : kUnknown;
  for (const double number : {m.hours_offset_h, m.loan_monthly, m.wage_monthly, m.income_per_h,
                              m.fuel_per_h, m.last_service_h}) {
    if (std::isinf(number)) return fleet::Error{"machine " + m.id + " has an infinite number"};
  }
  return m;
}

fleet::Result<void> add_machine(wire::Bytes message, v1::MachineRecord& record,
                                fleet::RosterBatch& roster) {
  if (!record.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return fleet::Error{"the record of machine " + std::to_string(roster.machines.size()) +
                        " is damaged"};
  }
  if (record.slot() >= fleet::kMaxMachines ||
      (!roster.machines.empty() && record.slot() <= roster.machines.back().first)) {
    return fleet::Error{"machine slot " + std::to_string(record.slot()) +
                        " is out of order, expected ascending ones below " +
                        std::to_string(fleet::kMaxMachines)};
  }
  auto machine = machine_from(record);
  if (!machine) return machine.error();
  roster.machines.emplace_back(record.slot(), std::move(*machine));
  return {};
}

}  // namespace

void write_roster_body(const fleet::RosterBatch& roster, wire::MessageWriter& out) {
  out.number(Pb::kCompleteFieldNumber, roster.complete);
  out.number(Pb::kVersionFieldNumber, roster.version);
  v1::MachineRecord record;
  std::string bytes;
  for (const auto& [slot, machine] : roster.machines) {
    put(record, slot, machine);
    record.SerializeToString(&bytes);
    out.data(Pb::kMachinesFieldNumber, bytes);
  }
  for (const std::string& name : roster.extra_fields) {
    out.data(Pb::kExtraFieldsFieldNumber, name);
  }
}

fleet::Result<void> read_roster_body(wire::Bytes body, fleet::RosterBatch& roster) {
  v1::MachineRecord record;
  wire::FieldReader reader(body);
  for (wire::Field field; reader.next(field);) {
    switch (field.number) {
      case Pb::kCompleteFieldNumber:
        roster.complete = field.value != 0;
        break;
      case Pb::kVersionFieldNumber:
        roster.version = field.value;
        break;
      case Pb::kMachinesFieldNumber:
        if (auto added = add_machine(field.bytes, record, roster); !added) return added;
        break;
      case Pb::kExtraFieldsFieldNumber:
        if (field.bytes.empty() || field.bytes.size() > kMaxFieldNameBytes ||
            roster.extra_fields.size() >= kMaxExtraFields) {
          return fleet::Error{"extra field " + std::to_string(roster.extra_fields.size()) +
                              " is over the limits (47 names of 1 .. 48 bytes)"};
        }
        roster.extra_fields.emplace_back(field.bytes.begin(), field.bytes.end());
        break;
      default:
        break;
    }
  }
  if (reader.damaged()) return fleet::Error{"the body is damaged"};
  return {};
}

}  // namespace net
