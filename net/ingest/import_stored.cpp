// What a directory already holds, back into rows.
#include <algorithm>
#include <bit>

#include "net/ingest/import_store.hpp"
#include "net/store/day_file.hpp"
#include "net/store/fault_lists.hpp"
#include "net/store/page_parity.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {

namespace {

class Reading {
 public:
  Reading(ImportRows& rows, fleet::FleetState& state) : rows_(rows), state_(state) {}

  fleet::Result<void> take(const fleet::Update& update, fleet::FleetState& before) {
    if (const auto* roster = std::get_if<fleet::RosterBatch>(&update)) {
      auto applied = state_.apply(*roster);
      fit();
      return applied;
    }
    if (const auto* state = std::get_if<fleet::StateBatch>(&update)) {
      auto applied = state_.apply(*state);
      if (!applied) return applied;
      if (!started_) before = state_;
      lists_.restore(state_.alarms());
      return applied;
    }
    if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) {
      started_ = true;
      lists_.take(*tick);
      const fleet::FleetState::RowObserver observer = [this](const fleet::AcceptedRow& row) {
        add(row);
      };
      return state_.apply(*tick, nullptr, &observer);
    }
    return {};
  }

  /// Slots and fields of the store in terms of rows.known.
  void fit() {
    for (auto slot = static_cast<fleet::Slot>(slots_.size()); slot < state_.roster().size(); ++slot)
      slots_.push_back(rows_.known.roster().find_or_add(state_.roster()[slot].id).value());
    for (std::size_t f = fields_.size(); f < state_.fields().size(); ++f) {
      const auto id = static_cast<fleet::FieldId>(f);
      const auto added = f < fleet::kCoreFieldCount
                             ? fleet::Result<fleet::FieldId>(id)
                             : rows_.known.add_field(state_.fields()[id].name);
      // 64 in the files and others in the store: the store's have no place then.
      fields_.push_back(added ? added.value() : fleet::FieldId{fleet::kMaxFields});
    }
  }

 private:
  void add(const fleet::AcceptedRow& from) {
    ImportRow row;
    row.machine = slots_[from.machine];
    row.device_ms = fleet::ms_from_time(from.device_time);
    row.receive_ms = fleet::ms_from_time(from.receive_time);
    row.value_begin = rows_.values.size();
    std::size_t n = 0;
    std::array<std::int64_t, fleet::kMaxFields> raw{};
    for (fleet::FieldMask rest = from.fields; rest != 0; rest &= rest - 1) {
      const fleet::FieldId field = fields_[static_cast<std::size_t>(std::countr_zero(rest))];
      const std::int64_t value = from.values[n++];
      if (field >= fleet::kMaxFields) continue;
      row.fields |= fleet::FieldMask{1} << field;
      raw[field] = value;
    }
    for (fleet::FieldMask rest = row.fields; rest != 0; rest &= rest - 1)
      rows_.values.push_back(raw[static_cast<std::size_t>(std::countr_zero(rest))]);
    if (const auto* faults = lists_.of(from.machine, from.device_time)) {
      rows_.fault_lists.push_back(*faults);
      row.faults = static_cast<std::uint32_t>(rows_.fault_lists.size());
    }
    rows_.rows.push_back(row);
  }

  ImportRows& rows_;
  fleet::FleetState& state_;
  std::vector<fleet::Slot> slots_;
  std::vector<fleet::FieldId> fields_;
  FaultLists lists_;
  bool started_ = false;
};

}  // namespace

fleet::Result<void> check_stored_days(const std::filesystem::path& directory,
                                      fleet::LocalDay warm_up) {
  const auto files = readable_days(directory);
  if (!files) return files.error();
  for (const std::filesystem::path& file : *files) {
    const auto day = day_named(file);
    if (day && *day < warm_up && &file != &files->back()) continue;
    std::string trouble;
    if (const auto opened = DayFile::open(file, sqlite::Database::Mode::read); !opened)
      trouble = opened.error().what + (opened.error().code == kDamaged
                                           ? "; `fleetwalld salvage` saves what is left of it"
                                           : "");
    else if (const auto damage = page_damage(file); damage && !damage->damaged.empty())
      trouble = file.string() + ": " + text_of(*damage);
    if (!trouble.empty()) return fleet::Error{trouble + ". An import would lose what stood there."};
  }
  return {};
}

fleet::Result<StoredDays> read_stored_days(const std::filesystem::path& directory,
                                           fleet::LocalDay warm_up, fleet::LocalDay first,
                                           ImportRows& rows) {
  StoredDays stored;
  auto opened = DayReader::open(directory);
  if (!opened) return opened.error();
  DayReader& reader = *opened.value();
  stored.zone = reader.zone();
  stored.demo = reader.demo();
  const DayReader::Day* from = nullptr;
  for (const DayReader::Day& day : reader.days()) {
    if (!from && day.day >= warm_up) from = &day;
    if (day.day >= first) stored.files.push_back(day.file);
  }
  if (!from) {
    if (auto sought = reader.seek(fleet::Time::max(), stored.before); !sought)
      return sought.error();
    return stored;
  }
  // Behind the first day's opening keyframe, which holds what was known before; a millisecond on,
  // since the instant itself may belong to the day before.
  if (auto found = reader.rewind_to(from->begin + fleet::Millis(1)); !found) return found.error();
  fleet::FleetState state;
  Reading reading(rows, state);

  fleet::Result<void> taken;
  auto read = reader.read_until(fleet::Time::max(), [&](fleet::Update&& update) {
    taken = reading.take(update, stored.before);
    return taken.ok();
  });
  if (!taken)
    return fleet::Error{directory.string() + ": its days do not fit together: " +
                        taken.error().what + "; see fleetwalld verify."};
  if (!read)
    return fleet::Error{read.error().what +
                        " An import would lose what stands behind it; see fleetwalld verify."};
  return stored;
}

}  // namespace net
