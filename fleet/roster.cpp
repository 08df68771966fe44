#include "fleet/roster.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <unordered_map>

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

constexpr std::size_t kFewestCells = 16;

std::uint32_t hash_of(std::string_view id) {
  const std::size_t hash = std::hash<std::string_view>{}(id);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

/// Bytes that all ids begin with.
std::size_t common_prefix(const std::vector<Machine>& machines) {
  const std::string_view first = machines.front().id;
  std::size_t length = first.size();
  for (const Machine& machine : machines) {
    const std::string_view id = std::string_view(machine.id).substr(0, length);
    length = static_cast<std::size_t>(std::ranges::mismatch(first, id).in2 - id.begin());
  }
  return length;
}

/// The eight bytes of an id from `from` on as a number of the same order; 0 where there are none.
std::uint64_t eight_bytes(std::string_view id, std::size_t from) {
  std::uint64_t number = 0;
  for (std::size_t i = from; i < from + 8; ++i) {
    number = number << 8 | (i < id.size() ? static_cast<unsigned char>(id[i]) : 0u);
  }
  return number;
}

Error other_id(Slot slot, const Machine& record, const std::string& held) {
  return {"machine record for slot " + std::to_string(slot) + " names " + record.id +
          ", expected " + held};
}

Error id_taken(Slot slot, const Machine& record, Slot by) {
  return {"machine record for slot " + std::to_string(slot) + " names " + record.id +
          ", which is in slot " + std::to_string(by)};
}

/// May a new record go to `slot`, where `next` is the first free one?
Result<void> check_next(Slot slot, std::size_t next, const Machine& record) {
  if (slot != next) {
    return Error{"machine record for slot " + std::to_string(slot) + ", expected at most " +
                 std::to_string(next)};
  }
  if (slot >= kMaxMachines) {
    return Error{"machine " + record.id + " is one too many: a fleet holds " +
                 std::to_string(kMaxMachines)};
  }
  return {};
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
  if (cells_.empty()) return {};
  const std::uint32_t hash = hash_of(id);
  const std::size_t mask = cells_.size() - 1;
  for (std::size_t at = hash & mask; cells_[at].slot != kNoSlot; at = (at + 1) & mask) {
    if (cells_[at].hash == hash && machines_[cells_[at].slot].id == id) return cells_[at].slot;
  }
  return {};
}

void Roster::index(Slot slot, std::uint32_t hash) {
  const std::size_t mask = cells_.size() - 1;
  std::size_t at = hash & mask;
  while (cells_[at].slot != kNoSlot) at = (at + 1) & mask;
  cells_[at] = {hash, slot};
}

void Roster::widen_index(std::size_t machines) {
  if (cells_.size() >= 2 * machines) return;
  const std::vector<Cell> before =
      std::exchange(cells_, std::vector<Cell>(std::bit_ceil(std::max(2 * machines, kFewestCells))));
  for (const Cell& cell : before) {
    if (cell.slot != kNoSlot) index(cell.slot, cell.hash);
  }
}

void Roster::reserve(std::size_t machines) {
  machines_.reserve(machines);
  changed_.reserve(machines);
  widen_index(machines);
}

void Roster::append(Machine record) {
  widen_index(machines_.size() + 1);
  index(static_cast<Slot>(machines_.size()), hash_of(record.id));
  machines_.push_back(std::move(record));
  changed_.push_back(++version_);
  note_change();
}

void Roster::note_change() {
  static std::atomic<std::uint64_t> last{0};
  content_ = ++last;
}

Result<Slot> Roster::find_or_add(std::string_view id) {
  if (const auto found = find(id)) return *found;
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
  note_change();
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
  if (by_id_.size() == machines_.size()) return by_id_;
  const auto id = [this](Slot slot) -> const std::string& { return machines_[slot].id; };
  const auto sorted = static_cast<std::ptrdiff_t>(by_id_.size());
  by_id_.resize(machines_.size());
  const auto added = by_id_.begin() + sorted;
  std::iota(added, by_id_.end(), static_cast<Slot>(sorted));
  if (!std::ranges::is_sorted(added, by_id_.end(), {}, id)) {
    // Ids of a fleet begin alike: the bytes that follow decide, without a look at the records.
    const std::size_t alike = common_prefix(machines_);
    std::vector<std::pair<std::uint64_t, Slot>> keys;
    for (auto slot = static_cast<Slot>(sorted); slot < machines_.size(); ++slot) {
      keys.emplace_back(eight_bytes(id(slot), alike), slot);
    }
    std::ranges::sort(keys, [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : id(a.second) < id(b.second);
    });
    std::ranges::transform(keys, added, [](const auto& key) { return key.second; });
  }
  std::ranges::inplace_merge(by_id_, added, {}, id);
  return by_id_;
}

Result<void> Roster::put(Slot slot, Machine record) {
  if (auto checked = check_record(record); !checked) return checked;
  if (slot < machines_.size()) {
    if (machines_[slot].id != record.id) return other_id(slot, record, machines_[slot].id);
    update(slot, std::move(record));
    return {};
  }
  if (auto checked = check_next(slot, machines_.size(), record); !checked) return checked;
  if (const auto known = find(record.id)) return id_taken(slot, record, *known);
  append(std::move(record));
  return {};
}

Result<void> Roster::check(std::span<const std::pair<Slot, Machine>> records) const {
  std::vector<const Machine*> added;
  std::unordered_map<std::string_view, Slot> added_ids;
  for (const auto& [slot, record] : records) {
    if (auto checked = check_record(record); !checked) return checked;
    const std::size_t next = machines_.size() + added.size();
    if (slot < next) {
      const bool held = slot < machines_.size();
      const std::string& id = held ? machines_[slot].id : added[slot - machines_.size()]->id;
      if (id != record.id) return other_id(slot, record, id);
      continue;
    }
    if (auto checked = check_next(slot, next, record); !checked) return checked;
    if (const auto known = find(record.id)) return id_taken(slot, record, *known);
    const auto [before, is_new] = added_ids.emplace(record.id, slot);
    if (!is_new) return id_taken(slot, record, before->second);
    added.push_back(&record);
  }
  return {};
}

}  // namespace fleet
