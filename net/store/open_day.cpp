#include "net/store/open_day.hpp"

#include <fstream>

#include "net/store/schema.hpp"

namespace net {
namespace fs = std::filesystem;

fleet::Result<OpenDay> OpenDay::prepare(DayFile file, const DayStoreOptions& options) {
  const char* pragmas = options.durable ? "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"
                                        : "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF";
  if (auto set = file.db.run(pragmas); !set) return set.error();
  if (auto migrated = migrate(file.db); !migrated) return migrated.error();
  file.schema = kDaySchemaVersion;
  // Rows that were packed keep their numbers.
  auto frame = file.db.prepare(
      "INSERT INTO frames(row, kind, complete, epoch, number, begin_ms, end_ms, bytes) "
      "VALUES(1 + max(coalesce((SELECT max(row) FROM frames), 0), coalesce((SELECT last_row "
      "FROM packs ORDER BY first_row DESC LIMIT 1), 0)), ?, ?, ?, ?, ?, ?, ?)");
  if (!frame) return frame.error();
  auto journal = file.db.prepare("INSERT INTO journal(bytes) VALUES(?)");
  if (!journal) return journal.error();
  auto drop = file.db.prepare("DELETE FROM journal");
  if (!drop) return drop.error();
  OpenDay day{std::move(file), std::move(*frame), std::move(*journal), std::move(*drop)};
  day.fold_after = day.fold_at = day.file.db.watch_log(day.log_pages.get());
  day.durable = options.durable;
  return day;
}

void OpenDay::fold_log() {
  if (*log_pages < last_pages) fold_at = fold_after;  // it began anew
  last_pages = *log_pages;
  if (fold_after <= 0 || *log_pages < fold_at || copy_doubtful) return;
  const auto all = file.db.fold_log();
  if (!all) return;
  // Beside a reader the log goes on; then not after every commit.
  fold_at = *log_pages + fold_after;
  if (!*all && durable) sync_part();
}

/// SQLite syncs the file only once all is copied. A part, because of a reader, counts as copied
/// all the same: were it dropped by the sync of the rest, nobody would copy it again. The mark
/// tells the next start, also when this process is killed in a sync that takes long. Where it
/// cannot be made: README of net/gateway.
void OpenDay::sync_part() {
  const fs::path mark = doubt_mark(file.path);
  std::ofstream(mark).close();
  if (!file.db.sync()) return doubt();
  std::error_code code;
  fs::remove(mark, code);
}

void OpenDay::doubt() {
  copy_doubtful = true;
  file.db.keep_log();
}

fleet::Result<void> OpenDay::try_out() {
  fleet::Result<void> done = begin();
  EncodedFrame frame;
  for (const auto kind :
       {EncodedFrame::Kind::tick, EncodedFrame::Kind::keyframe, EncodedFrame::Kind::roster}) {
    frame.kind = kind;
    frame.begin = frame.end = fleet::kMaxTime;  // where the next one goes
    if (done) done = insert(frame, false);
  }
  if (done) done = insert_journal.bind_blob(1, "").run();
  if (file.db.in_transaction()) (void)file.db.run("ROLLBACK");
  return done;
}

fleet::Result<void> OpenDay::begin() {
  if (file.db.in_transaction()) return {};
  return file.db.run("BEGIN IMMEDIATE");
}

fleet::Result<void> OpenDay::insert(const EncodedFrame& frame, bool complete) {
  if (auto begun = begin(); !begun) return begun;
  return insert_frame.bind(1, static_cast<std::int64_t>(frame.kind))
      .bind(2, complete)
      .bind(3, static_cast<std::int64_t>(frame.position.epoch))
      .bind(4, static_cast<std::int64_t>(frame.position.number))
      .bind(5, fleet::ms_from_time(frame.begin))
      .bind(6, fleet::ms_from_time(frame.end))
      .bind_blob(7, frame.bytes)
      .run();
}

}  // namespace net
