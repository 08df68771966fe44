#include "net/store/pack_table.hpp"

#include "net/pack/pack_parts.hpp"
#include "net/pack/state_pack.hpp"

namespace net {
namespace {

constexpr const char* kColumns =
    "SELECT first_row, last_row, epoch, number, ticks, begin_ms, end_ms, state_ms, base, "
    "state_ms IS NULL, reports FROM packs ";

PackHead head_of(const sqlite::Statement& row) {
  PackHead head;
  head.first_row = row.integer(0);
  head.last_row = row.integer(1);
  head.first = {static_cast<std::uint64_t>(row.integer(2)),
                static_cast<std::uint64_t>(row.integer(3))};
  head.ticks = row.integer(4);
  head.begin = fleet::time_from_ms(row.integer(5));
  head.end = fleet::time_from_ms(row.integer(6));
  if (row.integer(9) == 0) head.state_time = fleet::time_from_ms(row.integer(7));
  head.base = row.integer(8);
  head.reports = row.integer(10);
  return head;
}

std::int64_t part_id(std::int64_t first_row, PackPart part) {
  return first_row * static_cast<std::int64_t>(kPackParts) + static_cast<std::int64_t>(part);
}

}  // namespace

fleet::Error PackTable::error(const PackHead& head, const std::string& what) const {
  return fleet::Error{file_->path.string() + ", packed rows " + std::to_string(head.first_row) +
                      " to " + std::to_string(head.last_row) + ": " + what};
}

fleet::Result<fleet::StateBatch> PackTable::keyframe(std::int64_t row, FrameDecoder& decoder) {
  auto statement = file_->db.prepare("SELECT bytes FROM frames WHERE row = ? AND kind = 1");
  if (!statement) return statement.error();
  statement->bind(1, row);
  auto found = statement->step();
  if (!found) return found.error();
  if (!*found) return fleet::Error{"the keyframe in row " + std::to_string(row) + " is missing"};
  auto update = decoder.decode(std::as_bytes(std::span(statement->blob(0))));
  if (!update)
    return fleet::Error{"the keyframe in row " + std::to_string(row) + ": " + update.error().what};
  auto* state = std::get_if<fleet::StateBatch>(&*update);
  if (!state) return fleet::Error{"row " + std::to_string(row) + " is no keyframe"};
  return std::move(*state);
}

std::string pack_head(const PackHead& head, std::vector<std::int64_t> places) {
  std::int64_t before = head.first_row;
  for (std::int64_t& place : places) place -= std::exchange(before, place);
  PackWriter out;
  for (const std::int64_t number :
       {head.last_row - head.first_row, static_cast<std::int64_t>(head.first.epoch),
        static_cast<std::int64_t>(head.first.number), head.ticks, head.reports,
        fleet::ms_from_time(head.begin), fleet::ms_from_time(head.end), head.base,
        std::int64_t{head.has_state()}})
    out.number(number);
  out.number(head.has_state() ? fleet::ms_from_time(*head.state_time) : 0);
  out.column(places);
  return out.take();
}

fleet::Result<UnpackedHead> unpack_head(std::string_view part, std::int64_t first_row) {
  PackReader in(part, static_cast<std::size_t>(kMaxPackTicks));
  UnpackedHead unpacked;
  PackHead& head = unpacked.head;
  head.first_row = first_row;
  head.last_row = first_row + in.number(0, 2 * kMaxPackTicks, "their number");
  head.first.epoch = static_cast<std::uint64_t>(in.number());
  head.first.number = static_cast<std::uint64_t>(in.number());
  head.ticks = in.number(1, head.last_row - first_row + 1, "their number of ticks");
  head.reports = in.number();
  head.begin = fleet::time_from_ms(in.number());
  head.end = fleet::time_from_ms(in.number());
  head.base = in.number();
  const bool has_state = in.number(0, 1, "whether they have a check-point") == 1;
  const fleet::Time state_time = fleet::time_from_ms(in.number());
  if (has_state) head.state_time = state_time;
  unpacked.places = in.column(static_cast<std::size_t>(head.ticks), "rows");
  if (auto done = in.finish(); !done) return done.error();
  std::int64_t row = first_row;
  for (std::size_t i = 0; i < unpacked.places.size(); ++i) {
    const std::int64_t gap = unpacked.places[i];
    if (gap < (i == 0 ? 0 : 1) || gap > head.last_row - row)
      return fleet::Error{"their numbers are damaged"};
    row = unpacked.places[i] = row + gap;
  }
  return unpacked;
}

std::vector<fleet::DayFigures> figures_of(const fleet::StateBatch& state) {
  std::vector<fleet::DayFigures> figures;
  if (!state.machines.empty()) figures.resize(std::size_t{state.machines.back().machine} + 1);
  for (const fleet::MachineImage& image : state.machines) figures[image.machine] = image.figures;
  return figures;
}

/// Asked anew until it is there: a writer may bring a file of schema 1 to ours while it is read.
fleet::Result<bool> PackTable::exists() {
  if (exists_) return true;
  auto found =
      file_->db.number("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'packs'");
  if (!found) return found.error();
  exists_ = found->has_value();
  return exists_;
}

fleet::Result<PackTable> PackTable::open(DayFile& file) {
  PackTable table(file);
  if (auto found = table.exists(); !found) return found.error();
  return table;
}

fleet::Result<std::optional<PackHead>> PackTable::find(const char* where, std::int64_t argument) {
  auto there = exists();
  if (!there) return there.error();
  if (!*there) return std::optional<PackHead>();
  auto statement = file_->db.prepare((std::string(kColumns) + where).c_str());
  if (!statement) return statement.error();
  statement->bind(1, argument);
  auto found = statement->step();
  if (!found) return found.error();
  if (!*found) return std::optional<PackHead>();
  const PackHead head = head_of(*statement);
  if (head.first_row < 1 || head.last_row < head.first_row || head.ticks < 1 ||
      head.ticks > head.last_row - head.first_row + 1 || head.ticks > kMaxPackTicks ||
      head.base >= head.first_row)
    return error(head, "their entry is damaged");
  return std::optional<PackHead>(head);
}

fleet::Result<std::optional<PackHead>> PackTable::at_or_after(std::int64_t row) {
  return find(
      "WHERE first_row >= coalesce((SELECT max(first_row) FROM packs WHERE first_row <= ?1 AND "
      "last_row >= ?1), ?1) ORDER BY first_row LIMIT 1",
      row);
}
std::vector<PackHead> PackTable::from(const PackHead& head, fleet::Time until, std::size_t most) {
  std::vector<PackHead> heads;
  PackHead at = head;
  while (heads.size() < most && at.begin < until) {
    heads.push_back(at);
    auto next = at_or_after(at.last_row + 1);
    if (!next || !*next || (*next)->first.epoch != at.first.epoch) break;
    at = **next;
  }
  return heads;
}
fleet::Result<std::optional<PackHead>> PackTable::state_before(fleet::Time t) {
  return find("WHERE state_ms <= ?1 ORDER BY first_row DESC LIMIT 1", fleet::ms_from_time(t));
}
fleet::Result<std::optional<PackHead>> PackTable::state_after(std::int64_t row) {
  return find("WHERE first_row > ?1 AND state_ms IS NOT NULL ORDER BY first_row LIMIT 1", row);
}
fleet::Result<std::optional<PackHead>> PackTable::last() {
  return find("WHERE first_row >= ?1 ORDER BY first_row DESC LIMIT 1", 0);
}

fleet::Result<PackTable::Ending> PackTable::ending(std::int64_t behind) {
  Ending ending;
  auto base = find(
      "WHERE base = 0 AND state_ms IS NOT NULL AND first_row > ?1 ORDER BY first_row DESC LIMIT 1",
      behind);
  if (!base) return base.error();
  ending.base = *base;
  auto last = this->last();
  if (!last) return last.error();
  for (auto at = *last; at && at->first_row > behind;) {
    if (ending.states_since_base == 0) {
      ending.reports_since_state += at->reports;
      ending.state_time = at->state_time.value_or(at->begin);
    }
    if (at->has_state()) ++ending.states_since_base;
    if (ending.base && at->first_row == ending.base->first_row) return ending;
    auto before = find("WHERE first_row < ?1 ORDER BY first_row DESC LIMIT 1", at->first_row);
    if (!before) return before.error();
    at = *before;
  }
  return ending;
}

fleet::Result<std::string> PackTable::part(const PackHead& head, PackPart part) {
  auto statement =
      file_->db.prepare(part == PackPart::state ? "SELECT bytes FROM pack_states WHERE id = ?"
                                                : "SELECT bytes FROM pack_parts WHERE id = ?");
  if (!statement) return statement.error();
  statement->bind(1, part_id(head.first_row, part));
  auto found = statement->step();
  if (!found) return error(head, found.error().what);
  if (!*found) return error(head, "a part of them is missing");
  return statement->text(0);
}

fleet::Result<std::vector<std::int64_t>> PackTable::places(const PackHead& head) {
  auto packed = part(head, PackPart::head);
  if (!packed) return packed.error();
  auto unpacked = unpack_head(*packed, head.first_row);
  if (!unpacked) return error(head, unpacked.error().what);
  // Its check-point may have gone since the entry was read.
  unpacked->head.state_time = head.state_time;
  unpacked->head.base = head.base;
  if (unpacked->head != head) return error(head, "their entry is another one's");
  return std::move(unpacked->places);
}

/// It is found without the entry of its pack, which may be lost. One that is itself a difference is
/// refused by its own first number.
fleet::Result<std::shared_ptr<const fleet::StateBatch>> PackTable::base_state(std::int64_t row) {
  for (const Kept& kept : kept_)
    if (kept.state && kept.row == row) return kept.state;
  PackHead head;
  head.first_row = head.last_row = row;
  auto packed = part(head, PackPart::state);
  if (!packed) return packed.error();
  auto made = unpack_state(*packed, nullptr);
  if (!made) return error(head, "their check-point: " + made.error().what);
  Kept& kept = kept_[next_kept_++ % kept_.size()];
  kept = {row, std::make_shared<const fleet::StateBatch>(std::move(*made))};
  return kept.state;
}

fleet::Result<fleet::StateBatch> PackTable::state(const PackHead& head, fleet::StateBatch memory) {
  std::shared_ptr<const fleet::StateBatch> base;
  if (head.base != 0) {
    auto found = base_state(head.base);
    if (!found) return found.error();
    base = *found;
  }
  auto packed = part(head, PackPart::state);
  if (!packed) return packed.error();
  auto state = unpack_state(*packed, base.get(), std::move(memory));
  if (!state) return error(head, "their check-point: " + state.error().what);
  if (state->position.epoch != head.first.epoch ||
      state->position.number + 1 != head.first.number || state->time != head.state_time)
    return error(head, "their check-point is another one's");
  return state;
}

fleet::Result<const fleet::StateBatch*> PackTable::kept_state(const PackHead& head) {
  if (last_head_ == head) return &last_state_;
  last_head_.reset();
  auto unpacked = state(head, std::move(last_state_));
  if (!unpacked) return unpacked.error();
  last_state_ = std::move(*unpacked);
  last_head_ = head;
  return &last_state_;
}

fleet::Result<void> PackTable::check_rows(const PackHead& head, const fleet::TickSpan& span) const {
  if (std::ssize(span.ticks) == head.ticks && span.ticks.front().position == head.first) return {};
  return error(head, "they are others than their entry says");
}

fleet::Result<void> PackTable::put_figures(const PackHead& head,
                                           std::vector<fleet::DayFigures>& held,
                                           fleet::TickSpan& span) {
  auto packed = part(head, PackPart::figures);
  if (!packed) return packed.error();
  if (auto put = unpack_figures(*packed, held, span); !put) return error(head, put.error().what);
  return {};
}

/// From the last state before it on, through the packs between.
fleet::Result<std::vector<fleet::DayFigures>> PackTable::figures_before(const PackHead& head,
                                                                        FrameDecoder& decoder) {
  std::vector<PackHead> between;
  PackHead first = head;
  auto state = fleet::Result<fleet::StateBatch>(fleet::Error{});
  while (true) {
    if (first.has_state()) state = this->state(first);
    // One that is damaged is reached through those before it.
    if (first.has_state() && state) break;
    auto before = find("WHERE first_row < ?1 AND last_row = ?1 - 1", first.first_row);
    if (!before) return before.error();
    if (!*before) {
      state = keyframe(first.first_row - 1, decoder);
      break;
    }
    first = **before;
    between.push_back(first);
  }
  if (!state) return state.error();
  std::vector<fleet::DayFigures> figures = figures_of(*state);
  for (auto pack = between.rbegin(); pack != between.rend(); ++pack) {
    fleet::TickSpan span;
    span.ticks.resize(static_cast<std::size_t>(pack->ticks));
    if (auto put = put_figures(*pack, figures, span); !put) return put.error();
  }
  return figures;
}

fleet::Result<void> PackTable::put_head(const PackHead& head) {
  auto insert = file_->db.prepare(
      "INSERT INTO packs(first_row, last_row, epoch, number, ticks, begin_ms, end_ms, state_ms, "
      "base, "
      "reports) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  if (!insert) return insert.error();
  insert->bind(1, head.first_row)
      .bind(2, head.last_row)
      .bind(3, static_cast<std::int64_t>(head.first.epoch))
      .bind(4, static_cast<std::int64_t>(head.first.number))
      .bind(5, head.ticks)
      .bind(6, fleet::ms_from_time(head.begin))
      .bind(7, fleet::ms_from_time(head.end))
      .bind(9, head.base)
      .bind(10, head.reports);
  if (head.state_time) insert->bind(8, fleet::ms_from_time(*head.state_time));
  return insert->run();
}

fleet::Result<void> PackTable::put_in_place(const PackHead& head, const PackParts& parts) {
  if (auto put = put_head(head); !put) return put;
  auto part = file_->db.prepare("INSERT INTO pack_parts VALUES(?, ?)");
  auto state = file_->db.prepare("INSERT INTO pack_states VALUES(?, ?)");
  if (!part) return part.error();
  if (!state) return state.error();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    const auto which = static_cast<PackPart>(i);
    sqlite::Statement& insert = which == PackPart::state ? *state : *part;
    insert.bind(1, part_id(head.first_row, which)).bind_blob(2, parts[i]);
    if (auto put = insert.run(); !put) return put;
  }
  auto remove =
      file_->db.prepare("DELETE FROM frames WHERE row BETWEEN ? AND ? AND kind IN (0, 1)");
  if (!remove) return remove.error();
  return remove->bind(1, head.first_row).bind(2, head.last_row).run();
}

fleet::Result<void> PackTable::remove_state(const PackHead& head) {
  auto rows = places(head);
  if (!rows) return rows.error();
  PackHead without = head;
  without.state_time.reset();
  without.base = 0;
  const std::string packed = pack_head(without, std::move(*rows));
  auto part = file_->db.prepare("UPDATE pack_parts SET bytes = ? WHERE id = ?");
  auto state = file_->db.prepare("DELETE FROM pack_states WHERE id = ?");
  auto entry = file_->db.prepare("UPDATE packs SET state_ms = NULL, base = 0 WHERE first_row = ?");
  for (auto* prepared : {&part, &state, &entry})
    if (!*prepared) return prepared->error();
  part->bind_blob(1, packed).bind(2, part_id(head.first_row, PackPart::head));
  state->bind(1, part_id(head.first_row, PackPart::state));
  entry->bind(1, head.first_row);
  for (auto* prepared : {&part, &state, &entry})
    if (auto run = (*prepared)->run(); !run) return run;
  return {};
}

fleet::Result<void> PackTable::replace(const PackHead& head, const PackParts& parts) {
  if (auto begun = file_->db.run("BEGIN IMMEDIATE"); !begun) return begun;
  auto put = put_in_place(head, parts);
  if (put) put = file_->db.run("COMMIT");
  if (!put && file_->db.in_transaction()) (void)file_->db.run("ROLLBACK");
  return put;
}

}  // namespace net
