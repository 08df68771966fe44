#include "fleet/roster.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace fleet {
namespace {

/// Length of the UTF-8 character that `text` begins with, 0 if it is none (overlong forms,
/// surrogates and code points above U+10FFFF are none).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t n = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < n) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second > 0x9F) return 0;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return n;
}

/// Equal, where two unknown numbers are equal too.
bool same_number(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

bool same_record(const Machine& a, const Machine& b) {
  return a.id == b.id && a.serial == b.serial && a.maker == b.maker && a.model == b.model &&
         a.machine_class == b.machine_class && a.customer == b.customer && a.branch == b.branch &&
         a.delivered == b.delivered && a.last_service_time == b.last_service_time &&
         same_number(a.hours_offset_h, b.hours_offset_h) &&
         same_number(a.loan_monthly, b.loan_monthly) &&
         same_number(a.wage_monthly, b.wage_monthly) &&
         same_number(a.income_per_h, b.income_per_h) && same_number(a.fuel_per_h, b.fuel_per_h) &&
         same_number(a.last_service_h, b.last_service_h);
}

}  // namespace

const char* machine_id_problem(std::string_view id) {
  if (id.empty()) return "machine id is empty";
  if (id.size() > kMaxMachineIdBytes) return "machine id is longer than 64 bytes";
  while (!id.empty()) {
    const auto c = static_cast<unsigned char>(id.front());
    if (c < 0x20 || c == 0x7F) return "machine id holds a control character";
    const std::size_t n = utf8_length(id);
    if (n == 0) return "machine id is not UTF-8";
    if (n == 2 && c == 0xC2 && static_cast<unsigned char>(id[1]) < 0xA0) {
      return "machine id holds a control character";
    }
    id.remove_prefix(n);
  }
  return nullptr;
}

Result<void> check_record(const Machine& record) {
  if (const char* problem = machine_id_problem(record.id)) {
    return Error{"machine record: " + std::string(problem)};
  }
  const std::array<std::pair<const char*, const std::string*>, 8> texts = {
      {{"serial", &record.serial},
       {"maker", &record.maker},
       {"model", &record.model},
       {"class", &record.machine_class},
       {"customer", &record.customer},
       {"branch", &record.branch},
       {"delivered", &record.delivered},
       {"last_service_time", &record.last_service_time}}};
  for (const auto& [name, text] : texts) {
    if (text->size() > kMaxRosterTextBytes) {
      return Error{"machine record of " + record.id + ": " + name + " has " +
                   std::to_string(text->size()) + " bytes, expected at most " +
                   std::to_string(kMaxRosterTextBytes)};
    }
  }
  return {};
}

std::optional<Slot> Roster::find(std::string_view id) const {
  const auto found = slot_of_id_.find(id);
  if (found == slot_of_id_.end()) return {};
  return found->second;
}

Result<Slot> Roster::find_or_add(std::string_view id) {
  if (const auto found = slot_of_id_.find(id); found != slot_of_id_.end()) return found->second;
  Machine record;
  record.id = id;
  const auto slot = static_cast<Slot>(machines_.size());
  if (auto added = put(slot, std::move(record)); !added) return added.error();
  return slot;
}

bool Roster::update(Slot slot, Machine record) {
  record.id = machines_[slot].id;
  if (same_record(record, machines_[slot])) return false;
  machines_[slot] = std::move(record);
  changed_[slot] = ++version_;
  return true;
}

std::vector<Slot> Roster::changed_since(std::uint64_t version) const {
  std::vector<Slot> slots;
  if (version >= version_) return slots;
  for (Slot slot = 0; slot < changed_.size(); ++slot) {
    if (changed_[slot] > version) slots.push_back(slot);
  }
  return slots;
}

const std::vector<Slot>& Roster::by_id() const {
  if (by_id_.size() != machines_.size()) {
    by_id_.resize(machines_.size());
    std::iota(by_id_.begin(), by_id_.end(), Slot{0});
    std::ranges::sort(by_id_, {}, [this](Slot s) -> const std::string& { return machines_[s].id; });
  }
  return by_id_;
}

Result<void> Roster::put(Slot slot, Machine record) {
  if (auto checked = check_record(record); !checked) return checked;
  if (slot < machines_.size()) {
    if (machines_[slot].id != record.id) {
      return Error{"machine record for slot " + std::to_string(slot) + " names " + record.id +
                   ", expected " + machines_[slot].id};
    }
    update(slot, std::move(record));
    return {};
  }
  if (slot != machines_.size()) {
    return Error{"machine record for slot " + std::to_string(slot) + ", expected at most " +
                 std::to_string(machines_.size())};
  }
  if (slot >= kMaxMachines) {
    return Error{"machine " + record.id + " is one too many: a fleet holds " +
                 std::to_string(kMaxMachines)};
  }
  if (const auto known = find(record.id)) {
    return Error{"machine record for slot " + std::to_string(slot) + " names " + record.id +
                 ", which is in slot " + std::to_string(*known)};
  }
  slot_of_id_.emplace(record.id, slot);
  machines_.push_back(std::move(record));
  changed_.push_back(++version_);
  return {};
}

}  // namespace fleet
