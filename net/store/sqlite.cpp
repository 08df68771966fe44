#include "net/store/sqlite.hpp"

namespace net::sqlite {
namespace {

// A reader may meet a writer's checkpoint, which takes milliseconds.
constexpr int kBusyMs = 2000;

fleet::Error error_of(sqlite3* db, int code) {
  const char* file = db ? sqlite3_db_filename(db, "main") : nullptr;
  std::string what = file ? std::string(file) + ": " : std::string();
  int system_code = 0;
  switch (code & 0xFF) {
    case SQLITE_FULL:
      what += "the disk is full; free space and go on";
      system_code = ENOSPC;
      break;
    case SQLITE_NOTADB:
      what += "this is no fleetwall day file";
      system_code = kDamaged;
      break;
    case SQLITE_CORRUPT:
      what += "the file is damaged";
      system_code = kDamaged;
      break;
    case SQLITE_READONLY:
      what += "the file or its folder cannot be written";
      system_code = EROFS;
      break;
    case SQLITE_CANTOPEN:
      what += "the file cannot be opened";
      system_code = db ? sqlite3_system_errno(db) : 0;
      break;
    case SQLITE_BUSY:
      what += "another process holds the file";
      break;
    case SQLITE_IOERR:
      what += code == SQLITE_IOERR_FSYNC ? "the disk failed to keep what was written"
                                         : "reading or writing failed";
      system_code = db ? sqlite3_system_errno(db) : 0;
      if (system_code == 0) system_code = EIO;
      break;
    case SQLITE_INTERRUPT:
      what += "looking into the file was given up, as it takes too long";
      break;
    case SQLITE_TOOBIG:
      what += "the file holds a value too large to be read";
      break;
    default:
      what += "the store refused";
      break;
  }
  what += std::string(" (SQLite: ") + (db ? sqlite3_errmsg(db) : sqlite3_errstr(code)) + ")";
  return {std::move(what), system_code};
}

/// Steps between two looks at the bounds: some microseconds.
constexpr int kStepsAtOnce = 100;

int exceeded(void* user) {
  auto& bounds = *static_cast<QueryBounds*>(user);
  bounds.steps_left -= kStepsAtOnce;
  return bounds.steps_left < 0 || (bounds.stopped != nullptr && *bounds.stopped) ? 1 : 0;
}

/// SQLite takes "immutable" in an address only.
std::string frozen_address(const std::filesystem::path& file) {
  constexpr const char* kHex = "0123456789ABCDEF";
  std::string address = file.is_absolute() ? "file://" : "file:";
  for (const char c : file.string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '/' || c == '.' || c == '-' || c == '_';
    if (plain)
      address += c;
    else
      address.append({'%', kHex[byte >> 4], kHex[byte & 15]});
  }
  return address + "?immutable=1";
}

}  // namespace

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), index, value);
  return *this;
}
Statement& Statement::bind_text(int index, std::string_view text) {
  sqlite3_bind_text64(handle_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
  return *this;
}
Statement& Statement::bind_blob(int index, std::string_view bytes) {
  sqlite3_bind_blob64(handle_.get(), index, bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

fleet::Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const fleet::Error error = error_of(sqlite3_db_handle(handle_.get()), code);
  rewind();
  return error;
}

fleet::Result<void> Statement::run() {
  auto stepped = step();
  rewind();
  if (!stepped) return stepped.error();
  return {};
}

void Statement::rewind() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

std::string Statement::text(int column) const {
  return std::string(blob(column));
}

std::string_view Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(data), data ? static_cast<std::size_t>(size) : 0};
}

fleet::Result<Database> Database::open(const std::filesystem::path& file, Mode mode) {
  const int flags = mode == Mode::read     ? SQLITE_OPEN_READONLY
                    : mode == Mode::frozen ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
                    : mode == Mode::create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                           : SQLITE_OPEN_READWRITE;
  sqlite3* raw = nullptr;
  const std::string name = mode == Mode::frozen ? frozen_address(file) : file.string();
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  Database db;
  db.handle_.reset(raw);
  if (code != SQLITE_OK) {
    const int system_code = raw ? sqlite3_system_errno(raw) : 0;
    return fleet::Error{file.string() + ": the file cannot be opened (SQLite: " +
                            (raw ? sqlite3_errmsg(raw) : sqlite3_errstr(code)) + ")",
                        system_code == 0 && (code & 0xFF) == SQLITE_IOERR ? EIO : system_code};
  }
  sqlite3_busy_timeout(raw, mode == Mode::alone ? 0 : kBusyMs);
  if (mode == Mode::alone) {
    if (auto set = db.run("PRAGMA locking_mode=EXCLUSIVE"); !set) return set.error();
  }
  return db;
}

fleet::Result<void> Database::run(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(handle_.get(), code);
  return {};
}

fleet::Result<Statement> Database::prepare(const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql, -1, &raw, nullptr);
  Statement statement;
  statement.handle_.reset(raw);
  if (code != SQLITE_OK) return error_of(handle_.get(), code);
  return statement;
}

fleet::Result<std::optional<std::int64_t>> Database::number(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) return statement.error();
  auto stepped = statement->step();
  if (!stepped) return stepped.error();
  const bool is_null = !*stepped || sqlite3_column_type(statement->handle_.get(), 0) == SQLITE_NULL;
  return is_null ? std::optional<std::int64_t>() : statement->integer(0);
}

void Database::bound(QueryBounds& bounds, int value_bytes_max) {
  sqlite3_progress_handler(handle_.get(), kStepsAtOnce, &exceeded, &bounds);
  sqlite3_limit(handle_.get(), SQLITE_LIMIT_LENGTH, value_bytes_max);
  sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
}

int Database::watch_log(int* pages) {
  const auto every = number("PRAGMA wal_autocheckpoint");
  const auto note = [](void* out, sqlite3*, const char*, int count) {
    if (out) *static_cast<int*>(out) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(handle_.get(), note, pages);
  return every.ok() ? static_cast<int>(every.value().value_or(0)) : 0;
}

fleet::Result<bool> Database::fold_log() {
  int in_log = 0, copied = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(handle_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
  if (code == SQLITE_BUSY) return false;
  if (code != SQLITE_OK) return error_of(handle_.get(), code);
  return copied == in_log;
}

fleet::Result<void> Database::copy_to(Database& to) {
  sqlite3_backup* copy = sqlite3_backup_init(to.handle_.get(), "main", handle_.get(), "main");
  if (!copy) return error_of(to.handle_.get(), sqlite3_errcode(to.handle_.get()));
  constexpr int kAllPages = -1;
  const int code = sqlite3_backup_step(copy, kAllPages);
  const int ended = sqlite3_backup_finish(copy);
  if (code == SQLITE_DONE && ended == SQLITE_OK) return {};
  // Of reading or of writing: SQLite keeps the code with the one that is written.
  return error_of(to.handle_.get(), ended != SQLITE_OK ? ended : code);
}

fleet::Result<void> Database::sync() {
  sqlite3_file* file = nullptr;
  int code = sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code == SQLITE_OK) code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) return error_of(handle_.get(), code);
  return {};
}

}  // namespace net::sqlite
