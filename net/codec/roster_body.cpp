// RosterBody: records of machines, one protobuf message each.
#include <algorithm>
#include <bit>
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

using Record = v1::MachineRecord;

/// Where a text or number of a record belongs; null for other field numbers. By hand instead of the
/// generated parser: a large fleet's roster is most of what a wall waits for at its start.
std::string* text_of(fleet::Machine& m, std::uint32_t field) {
  switch (field) {
    case Record::kIdFieldNumber:
      return &m.id;
    case Record::kSerialFieldNumber:
      return &m.serial;
    case Record::kMakerFieldNumber:
      return &m.maker;
    case Record::kModelFieldNumber:
      return &m.model;
    case Record::kMachineClassFieldNumber:
      return &m.machine_class;
    case Record::kCustomerFieldNumber:
      return &m.customer;
    case Record::kBranchFieldNumber:
      return &m.branch;
    case Record::kDeliveredFieldNumber:
      return &m.delivered;
    case Record::kLastServiceTimeFieldNumber:
      return &m.last_service_time;
    default:
      return nullptr;
  }
}

double* number_of(fleet::Machine& m, std::uint32_t field) {
  switch (field) {
    case Record::kHoursOffsetHFieldNumber:
      return &m.hours_offset_h;
    case Record::kLoanMonthlyFieldNumber:
      return &m.loan_monthly;
    case Record::kWageMonthlyFieldNumber:
      return &m.wage_monthly;
    case Record::kIncomePerHFieldNumber:
      return &m.income_per_h;
    case Record::kFuelPerHFieldNumber:
      return &m.fuel_per_h;
    case Record::kLastServiceHFieldNumber:
      return &m.last_service_h;
    default:
      return nullptr;
  }
}

/// False: no MachineRecord. Limits are not looked at.
bool read_record(wire::Bytes message, std::uint64_t& slot, fleet::Machine& m) {
  wire::FieldReader reader(message);
  for (wire::Field field; reader.next(field);) {
    if (std::string* text = text_of(m, field.number); text && field.is_bytes) {
      text->assign(reinterpret_cast<const char*>(field.bytes.data()), field.bytes.size());
      if (!valid_utf8(*text)) return false;
    } else if (double* number = number_of(m, field.number); number && !field.is_bytes) {
      *number = std::bit_cast<double>(field.value);
    } else if (field.number == Record::kSlotFieldNumber && !field.is_bytes) {
      slot = field.value;
    }
  }
  return !reader.damaged();
}

fleet::Result<void> check_machine(std::uint64_t slot, const fleet::Machine& m) {
  if (const char* problem = fleet::machine_id_problem(m.id)) {
    return fleet::Error{"machine slot " + std::to_string(slot) + ": its id " + problem};
  }
  for (const std::string* text : {&m.serial, &m.maker, &m.model, &m.machine_class, &m.customer,
                                  &m.branch, &m.delivered, &m.last_service_time}) {
    if (text->size() > fleet::kMaxRosterTextBytes) {
      return fleet::Error{"machine " + m.id + " has a text over 128 bytes"};
    }
  }
  for (const double number : {m.hours_offset_h, m.loan_monthly, m.wage_monthly, m.income_per_h,
                              m.fuel_per_h, m.last_service_h}) {
    if (std::isinf(number)) return fleet::Error{"machine " + m.id + " has an infinite number"};
  }
  return {};
}

fleet::Result<void> add_machine(wire::Bytes message, fleet::RosterBatch& roster) {
  std::uint64_t slot = 0;
  fleet::Machine machine;
  if (!read_record(message, slot, machine)) {
    return fleet::Error{"the record of machine " + std::to_string(roster.machines.size()) +
                        " is damaged"};
  }
  if (slot >= fleet::kMaxMachines ||
      (!roster.machines.empty() && slot <= roster.machines.back().first)) {
    return fleet::Error{"machine slot " + std::to_string(slot) +
                        " is out of order, expected ascending ones below " +
                        std::to_string(fleet::kMaxMachines)};
  }
  if (auto checked = check_machine(slot, machine); !checked) return checked;
  roster.machines.emplace_back(static_cast<fleet::Slot>(slot), std::move(machine));
  return {};
}

/// Room for the machines of a body, but never for more than its bytes can hold records of usual
/// length: a hostile count costs nothing.
std::size_t likely_machines(wire::Bytes body) {
  constexpr std::size_t kUsualBytes = 16;
  std::size_t count = 0;
  wire::FieldReader reader(body);
  for (wire::Field field; reader.next(field);) count += field.number == Pb::kMachinesFieldNumber;
  return std::min({count, body.size() / kUsualBytes, std::size_t{fleet::kMaxMachines}});
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
  roster.machines.reserve(likely_machines(body));
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
        if (auto added = add_machine(field.bytes, roster); !added) return added;
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
