#include "net/store/frame_rows.hpp"

#include <algorithm>

namespace net {
namespace {

fleet::Result<std::optional<std::int64_t>> one_row(DayFile& file, const char* sql,
                                                   std::int64_t argument) {
  auto statement = file.db.prepare(sql);
  if (!statement) return statement.error();
  statement->bind(1, argument);
  auto found = statement->step();
  if (!found) return found.error();
  return *found ? std::optional<std::int64_t>(statement->integer(0)) : std::nullopt;
}

}  // namespace

std::string describe(const FrameRow& row) {
  constexpr const char* kNames[] = {"tick", "keyframe", "catch-up", "roster"};
  const auto kind = static_cast<std::size_t>(row.kind);
  return std::string(kind < 4 ? kNames[kind] : "unknown") + " frame " +
         std::to_string(row.position.number) + " of epoch " + std::to_string(row.position.epoch) +
         ", " + fleet::iso8601(row.end);
}

fleet::Result<FrameTable> FrameTable::open(DayFile& file) {
  auto statement = file.db.prepare(
      "SELECT row, kind, complete, epoch, number, begin_ms, end_ms, bytes FROM frames "
      "WHERE row >= ?1 AND row < ?2 ORDER BY row");
  if (!statement) return statement.error();
  FrameTable table;
  table.statement_ = std::move(*statement);
  table.go_to(0);
  return table;
}

void FrameTable::go_to(std::int64_t row) {
  statement_.rewind();
  statement_.bind(1, row).bind(2, kMaxRow);
  peeked_.reset();
}

fleet::Result<std::optional<std::int64_t>> FrameTable::peek() {
  if (peeked_) return *peeked_;
  auto found = statement_.step();
  if (!found) return found.error();
  peeked_ = *found ? std::optional<std::int64_t>(statement_.integer(0)) : std::nullopt;
  return *peeked_;
}

FrameRow FrameTable::row() const {
  FrameRow row;
  row.row = statement_.integer(0);
  row.kind =
      static_cast<EncodedFrame::Kind>(std::clamp<std::int64_t>(statement_.integer(1), 0, 255));
  row.complete = statement_.integer(2) != 0;
  row.position = {static_cast<std::uint64_t>(statement_.integer(3)),
                  static_cast<std::uint64_t>(statement_.integer(4))};
  row.begin = fleet::time_from_ms(statement_.integer(5));
  row.end = fleet::time_from_ms(statement_.integer(6));
  return row;
}

std::span<const std::byte> FrameTable::bytes() const {
  return std::as_bytes(std::span(statement_.blob(7)));
}

fleet::Result<PackedRows> PackedRows::open(DayFile& file) {
  auto table = PackTable::open(file);
  if (!table) return table.error();
  return PackedRows(std::move(*table));
}

std::optional<std::int64_t> PackedRows::Open::next(std::int64_t from) const {
  if (head.has_state() && from <= head.first_row) return head.first_row;
  const auto place = std::ranges::lower_bound(places, from);
  if (place == places.end()) return {};
  return *place;
}

fleet::Result<std::optional<std::int64_t>> PackedRows::peek() {
  while (true) {
    if (open_ && open_->head.first_row <= from_ && from_ <= open_->head.last_row) {
      if (auto row = open_->next(from_)) return row;
      from_ = open_->head.last_row + 1;
    }
    auto head = table_.at_or_after(from_);
    if (!head) return head.error();
    if (!*head) return std::optional<std::int64_t>();
    if (!open_ || open_->head.first_row != (*head)->first_row) {
      open_.emplace();
      open_->head = **head;
      auto places = table_.places(**head);
      if (!places) return places.error();
      open_->places = std::move(*places);
    }
    from_ = std::max(from_, open_->head.first_row);
  }
}

/// Figures go on from pack to pack; where they do not, they are looked up.
fleet::Result<void> PackedRows::unpack(FrameDecoder& decoder) {
  if (open_->ticks) return {};
  const PackHead& head = open_->head;
  auto rows = table_.part(head, PackPart::rows);
  if (!rows) return rows.error();
  auto span = unpack_rows(*rows);
  if (!span) return table_.error(head, span.error().what);
  if (auto checked = table_.check_rows(head, *span); !checked) return checked;
  if (figures_row_ != head.first_row) {
    auto figures = table_.figures_before(head, decoder);
    if (!figures) return figures.error();
    figures_ = std::move(*figures);
  }
  figures_row_ = 0;
  if (auto put = table_.put_figures(head, figures_, *span); !put) return put;
  figures_row_ = head.last_row + 1;
  open_->ticks.emplace(std::move(*span));
  return {};
}

fleet::Result<FrameRow> PackedRows::take(FrameDecoder& decoder) {
  const PackHead& head = open_->head;
  FrameRow row;
  row.row = *open_->next(from_);
  from_ = row.row + 1;
  if (head.has_state() && row.row == head.first_row) {
    taken_tick_.reset();
    row.kind = EncodedFrame::Kind::keyframe;
    row.position = {head.first.epoch, head.first.number - 1};
    row.begin = row.end = *head.state_time;
    return row;
  }
  if (auto unpacked = unpack(decoder); !unpacked) {
    from_ = row.row;
    return unpacked.error();
  }
  taken_tick_ = static_cast<std::size_t>(std::ranges::lower_bound(open_->places, row.row) -
                                         open_->places.begin());
  const fleet::TickSpan::Head& tick = open_->ticks->span().ticks[*taken_tick_];
  row.kind = EncodedFrame::Kind::tick;
  row.position = tick.position;
  row.begin = tick.begin;
  row.end = tick.end;
  return row;
}

fleet::Result<fleet::Update> PackedRows::decode() {
  if (taken_tick_) return fleet::Update(open_->ticks->tick(*taken_tick_));
  auto state = table_.state(open_->head);
  if (!state) return state.error();
  return fleet::Update(std::move(*state));
}

fleet::Result<FrameCursor> FrameCursor::open(DayFile& file) {
  auto frames = FrameTable::open(file);
  if (!frames) return frames.error();
  auto packed = PackedRows::open(file);
  if (!packed) return packed.error();
  return FrameCursor(std::move(*frames), std::move(*packed));
}

void FrameCursor::go_to(std::int64_t row) {
  frames_.go_to(row);
  packed_.go_to(row);
}

fleet::Result<bool> FrameCursor::next() {
  damaged_until_.reset();
  const auto frame = frames_.peek();
  if (!frame) return frame.error();
  const auto packed = packed_.peek();
  const auto pack_error = [&](const fleet::Error& why) {
    if (packed_.head()) damaged_until_ = packed_.head()->last_row;
    return why;
  };
  if (!packed) return pack_error(packed.error());
  in_pack_ = *packed && (!*frame || **packed < **frame);
  if (in_pack_) {
    auto row = packed_.take(*decoder_);
    if (!row) return pack_error(row.error());
    row_ = *row;
    return true;
  }
  if (!*frame) return false;
  row_ = frames_.row();
  frames_.take();
  return true;
}

fleet::Result<fleet::Update> FrameCursor::decode() {
  if (in_pack_) return packed_.decode();
  EncodedFrame header;
  auto update = decoder_->decode(frames_.bytes(), &header);
  if (!update) return update;
  if (header.kind != row_.kind || header.position != row_.position || header.begin != row_.begin ||
      header.end != row_.end) {
    return fleet::Error{"its row names it differently than the frame itself does"};
  }
  return update;
}

/// A pack's check-point that lies behind the keyframe found among the frames counts.
fleet::Result<std::optional<std::int64_t>> keyframe_before(DayFile& file, fleet::Time t) {
  auto frame = one_row(file,
                       "SELECT row FROM frames WHERE kind = 1 AND end_ms <= ? "
                       "ORDER BY end_ms DESC, row DESC LIMIT 1",
                       fleet::ms_from_time(t));
  if (!frame) return frame;
  auto packs = PackTable::open(file);
  if (!packs) return packs.error();
  auto pack = packs->state_before(t);
  if (!pack) return pack.error();
  if (*pack && (!*frame || (*pack)->first_row > **frame))
    return std::optional<std::int64_t>((*pack)->first_row);
  return frame;
}

fleet::Result<std::optional<std::int64_t>> single_keyframe_after(DayFile& file, std::int64_t row) {
  return one_row(file, "SELECT min(row) FROM frames WHERE kind = 1 AND row > ? HAVING min(row)",
                 row);
}

fleet::Result<std::optional<std::int64_t>> keyframe_after(DayFile& file, std::int64_t row) {
  auto frame = single_keyframe_after(file, row);
  if (!frame) return frame;
  auto packs = PackTable::open(file);
  if (!packs) return packs.error();
  auto pack = packs->state_after(row);
  if (!pack) return pack.error();
  if (*pack && (!*frame || (*pack)->first_row < **frame))
    return std::optional<std::int64_t>((*pack)->first_row);
  return frame;
}

fleet::Result<std::int64_t> last_row_of(DayFile& file) {
  auto packs = PackTable::open(file);
  if (!packs) return packs.error();
  const auto pack = packs->last();
  if (!pack) return pack.error();
  const auto frame = file.db.number("SELECT max(row) FROM frames");
  if (!frame) return frame.error();
  return std::max(frame->value_or(0), *pack ? (*pack)->last_row : 0);
}

fleet::Result<FileExtent> extent_of(DayFile& file) {
  auto packs = PackTable::open(file);
  if (!packs) return packs.error();
  auto first_pack = packs->at_or_after(0), last_pack = packs->last();
  if (!first_pack) return first_pack.error();
  if (!last_pack) return last_pack.error();
  auto first_tick =
      one_row(file, "SELECT row FROM frames WHERE kind = 0 AND row >= ? ORDER BY row LIMIT 1", 0);
  if (!first_tick) return first_tick.error();
  auto begin = file.db.number(
      "SELECT coalesce((SELECT begin_ms FROM frames WHERE kind = 0 ORDER BY row LIMIT 1), "
      "(SELECT end_ms FROM frames ORDER BY row LIMIT 1))");
  if (!begin) return begin.error();
  auto end = file.db.number("SELECT end_ms FROM frames ORDER BY row DESC LIMIT 1");
  if (!end) return end.error();
  auto rows = file.db.number("SELECT max(row) FROM frames");
  if (!rows) return rows.error();
  FileExtent extent{fleet::time_from_ms(begin->value_or(0)), fleet::time_from_ms(end->value_or(0)),
                    rows->value_or(0)};
  if (*first_pack && (!*first_tick || (*first_pack)->first_row < **first_tick))
    extent.begin = (*first_pack)->begin;
  if (*last_pack && (*last_pack)->last_row > extent.last_row) {
    extent.end = (*last_pack)->end;
    extent.last_row = (*last_pack)->last_row;
  }
  return extent;
}

fleet::Result<std::vector<std::int64_t>> rosters_before(DayFile& file, std::int64_t row) {
  auto statement = file.db.prepare(
      "SELECT row FROM frames WHERE kind = 3 AND row < ?1 AND row >= coalesce("
      "(SELECT max(row) FROM frames WHERE kind = 3 AND complete = 1 AND row < ?1), 0) "
      "ORDER BY row");
  if (!statement) return statement.error();
  statement->bind(1, row);
  std::vector<std::int64_t> rows;
  for (;;) {
    auto found = statement->step();
    if (!found) return found.error();
    if (!*found) return rows;
    rows.push_back(statement->integer(0));
  }
}

}  // namespace net
