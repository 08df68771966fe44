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

fleet::Result<FrameCursor> FrameCursor::open(DayFile& file) {
  auto statement = file.db.prepare(
      "SELECT row, kind, complete, epoch, number, begin_ms, end_ms, bytes FROM frames "
      "WHERE row >= ?1 AND row < ?2 ORDER BY row");
  if (!statement) return statement.error();
  FrameCursor cursor;
  cursor.statement_ = std::move(*statement);
  cursor.go_to(0);
  return cursor;
}

void FrameCursor::go_to(std::int64_t row) {
  statement_.rewind();
  statement_.bind(1, row).bind(2, kMaxRow);
}

fleet::Result<bool> FrameCursor::next() {
  const std::int64_t after = row_.row;
  auto found = statement_.step();
  if (!found) {
    row_.row = after;
    return found.error();
  }
  if (!*found) return false;
  row_.row = statement_.integer(0);
  row_.kind =
      static_cast<EncodedFrame::Kind>(std::clamp<std::int64_t>(statement_.integer(1), 0, 255));
  row_.complete = statement_.integer(2) != 0;
  row_.position = {static_cast<std::uint64_t>(statement_.integer(3)),
                   static_cast<std::uint64_t>(statement_.integer(4))};
  row_.begin = fleet::time_from_ms(statement_.integer(5));
  row_.end = fleet::time_from_ms(statement_.integer(6));
  return true;
}

std::span<const std::byte> FrameCursor::bytes() const {
  return std::as_bytes(std::span(statement_.blob(7)));
}

fleet::Result<fleet::Update> FrameCursor::decode(FrameDecoder& decoder) const {
  EncodedFrame header;
  auto update = decoder.decode(bytes(), &header);
  if (!update) return update;
  if (header.kind != row_.kind || header.position != row_.position || header.begin != row_.begin ||
      header.end != row_.end) {
    return fleet::Error{"its row names it differently than the frame itself does"};
  }
  return update;
}

fleet::Result<std::optional<std::int64_t>> keyframe_before(DayFile& file, fleet::Time t) {
  return one_row(file,
                 "SELECT row FROM frames WHERE kind = 1 AND end_ms <= ? "
                 "ORDER BY end_ms DESC, row DESC LIMIT 1",
                 fleet::ms_from_time(t));
}

fleet::Result<std::optional<std::int64_t>> keyframe_after(DayFile& file, std::int64_t row) {
  return one_row(file, "SELECT min(row) FROM frames WHERE kind = 1 AND row > ? HAVING min(row)",
                 row);
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
