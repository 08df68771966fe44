// SQLite behind three small types. Errors are sentences with the file's path and SQLite's own
// words.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"

namespace net {
/// Error::code of a file that is there and not what it should be.
inline constexpr int kDamaged = EUCLEAN;
}  // namespace net

namespace net::sqlite {

/// A prepared statement. Bind, then `step`; columns are valid until the next step.
class Statement {
 public:
  Statement() = default;
  Statement& bind(int index, std::int64_t value);
  Statement& bind_text(int index, std::string_view text);
  /// bytes must live until the step.
  Statement& bind_blob(int index, std::string_view bytes);

  /// True with a row, false at the end. Error: SQLite's.
  fleet::Result<bool> step();
  /// For statements without rows: runs once and rewinds.
  fleet::Result<void> run();
  void rewind();

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string text(int column) const;
  std::string_view blob(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// What the queries of a connection may cost in all, for files that strangers made. One thread but
/// for `stopped`.
struct QueryBounds {
  const std::atomic<bool>* stopped = nullptr;  ///< true: end what is under way; null: nobody does
  std::int64_t steps_left = 0;  ///< of SQLite's machine; counted down, may be refilled
};

class Database {
 public:
  /// alone: to write, while no other connection has the file open, which is busy else, at once. A
  /// write-ahead log is indexed anew then, as if none of it had been copied into the file.
  /// frozen: to read a file that nobody writes: without locks, and without a write-ahead log.
  enum class Mode { read, write, create, alone, frozen };
  static fleet::Result<Database> open(const std::filesystem::path& file, Mode mode);

  /// Runs one or more statements without parameters.
  fleet::Result<void> run(const char* sql);
  fleet::Result<Statement> prepare(const char* sql);
  /// First column of the first row as a number; nothing if there is no row or it is NULL.
  fleet::Result<std::optional<std::int64_t>> number(const char* sql);
  /// Ends queries, with an error, that exceed `bounds` (which must outlive the connection), and
  /// those that need a value of more than value_bytes_max. Functions that a file's own views and
  /// triggers call must be harmless ones from now on.
  void bound(QueryBounds& bounds, int value_bytes_max);
  /// The last call failed because another connection holds the file.
  bool busy() const { return (sqlite3_errcode(handle_.get()) & 0xFF) == SQLITE_BUSY; }
  /// The last call failed because the file, or what belongs beside it, cannot be opened.
  bool cannot_open() const { return (sqlite3_errcode(handle_.get()) & 0xFF) == SQLITE_CANTOPEN; }
  /// Leaves it to the caller to fold the write-ahead log into the file: `*pages` is how many the
  /// log holds, after every commit (null: nobody asks). Returns after how many SQLite would have
  /// done it.
  int watch_log(int* pages);
  /// Copies what no reader holds back from the log into the file. True: all of it, and the disk has
  /// it; false: a part, which is not synced yet.
  fleet::Result<bool> fold_log();
  /// Syncs the file (not its log).
  fleet::Result<void> sync();
  /// Leaves the log as it is when this connection is closed, even if it is the last.
  void keep_log() {
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  /// Copies this database, one snapshot of it, over all that `to` holds.
  fleet::Result<void> copy_to(Database& to);
  bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  std::int64_t last_row() const { return sqlite3_last_insert_rowid(handle_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace net::sqlite
