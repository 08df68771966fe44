#include "net/store/day_file.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "net/store/salvaged_copy.hpp"
#include "net/store/schema.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

// "FLTW", so that `file` and we can tell our databases from others.
constexpr int kApplicationId = 0x464C5457;

/// "from_ms offset_s" per transition, one a line: a zone as a value.
std::string zone_text(const fleet::TimeZone& zone) {
  std::string text;
  for (const auto& [from, offset] : zone.transitions()) {
    text += std::to_string(fleet::ms_from_time(from)) + " " + std::to_string(offset.count()) + "\n";
  }
  return text;
}

fleet::Result<std::map<std::string, std::string>> read_meta(sqlite::Database& db) {
  auto statement = db.prepare("SELECT key, value FROM meta");
  if (!statement) return statement.error();
  std::map<std::string, std::string> meta;
  for (;;) {
    auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return meta;
    meta[statement->text(0)] = statement->text(1);
  }
}

/// The version of a file that can be read.
fleet::Result<int> check_schema(sqlite::Database& db, const fs::path& path) {
  auto id = db.number("PRAGMA application_id");
  if (!id) return id.error();
  auto version = schema_version(db);
  if (!version) return version.error();
  if (id->value_or(0) != kApplicationId) {
    return fleet::Error{path.string() + ": this is a database, but no fleetwall day file",
                        kDamaged};
  }
  if (*version > kDaySchemaVersion) {
    return fleet::Error{path.string() + ": written by a newer fleetwall (schema " +
                        std::to_string(*version) + ", this program knows " +
                        std::to_string(kDaySchemaVersion) + "); open it with that version"};
  }
  if (*version < 1) return fleet::Error{path.string() + ": the day file is unfinished", kDamaged};
  return version;
}

fleet::Result<void> fill_new(sqlite::Database& db, fleet::LocalDay day,
                             const DayStoreOptions& options) {
  const std::string head =
      std::string(options.durable ? "PRAGMA synchronous=FULL;" : "PRAGMA synchronous=OFF;") +
      "BEGIN; PRAGMA application_id=" + std::to_string(kApplicationId) + ";";
  if (auto begun = db.run(head.c_str()); !begun) return begun;
  if (auto made = take_schema_steps(db, 0); !made) return made;
  auto insert = db.prepare("INSERT INTO meta VALUES(?, ?)");
  if (!insert) return insert.error();
  const std::pair<const char*, std::string> entries[] = {{"day", fleet::day_name(day)},
                                                         {"zone_name", options.zone.name()},
                                                         {"zone", zone_text(options.zone)},
                                                         {"demo", options.demo ? "1" : "0"},
                                                         {"program", FLEETWALL_VERSION}};
  for (const auto& [key, value] : entries) {
    if (auto put = insert->bind_text(1, key).bind_text(2, value).run(); !put) return put;
  }
  return db.run("COMMIT");
}

/// A crash or an error while a day was settled leaves a journal, which must be played back before
/// anybody can read it, and a reader may not. Of a writer at work it is left alone: SQLite sees.
void take_back_what_was_broken_off(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path.string() + "-journal", code)) return;
  if (auto db = sqlite::Database::open(path, sqlite::Database::Mode::write))
    (void)db->number("SELECT count(*) FROM meta").ok();
}

}  // namespace

std::optional<fleet::TimeZone> zone_from_text(std::string name, std::string_view text) {
  std::vector<fleet::TimeZone::Transition> transitions;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::int64_t from = 0, offset = 0;
    auto [middle, first_error] = std::from_chars(at, end, from);
    if (first_error != std::errc() || middle == end || *middle != ' ') return {};
    auto [stop, second_error] = std::from_chars(middle + 1, end, offset);
    if (second_error != std::errc() || stop == end || *stop != '\n') return {};
    const fleet::Time since = fleet::time_from_ms(from);
    if (offset < -86'400 || offset > 86'400) return {};
    if (since < fleet::kNever || since > fleet::kMaxTime) return {};
    transitions.push_back({since, std::chrono::seconds(offset)});
    at = stop + 1;
  }
  const auto earlier = [](const auto& a, const auto& b) { return a.from < b.from; };
  if (transitions.empty() || !std::is_sorted(transitions.begin(), transitions.end(), earlier)) {
    return {};
  }
  return fleet::TimeZone(std::move(name), std::move(transitions));
}

fleet::LocalDay day_of_end(const fleet::TimeZone& zone, fleet::Time end) {
  return zone.day_of(end - fleet::Millis{1});
}

fs::path day_file_path(const fs::path& directory, fleet::LocalDay day) {
  return directory / (fleet::day_name(day) + kDayFileExtension);
}

fleet::Result<DayFile> DayFile::open(const fs::path& path, sqlite::Database::Mode mode) {
  if (mode == sqlite::Database::Mode::read) take_back_what_was_broken_off(path);
  auto db = sqlite::Database::open(path, mode);
  if (!db) return db.error();
  // Before anything can fail: closing it would fold the log otherwise.
  std::error_code code;
  if (mode == sqlite::Database::Mode::write && fs::exists(doubt_mark(path), code)) db->keep_log();
  const auto version = check_schema(*db, path);
  if (!version) return version.error();
  auto meta = read_meta(*db);
  if (!meta) return meta.error();
  const auto day = fleet::parse_day((*meta)["day"]);
  auto zone = zone_from_text((*meta)["zone_name"], (*meta)["zone"]);
  if (!day || !zone) {
    return fleet::Error{path.string() + ": the file does not say its day and time zone", kDamaged};
  }
  return DayFile{std::move(*db), path, *day, std::move(*zone), (*meta)["demo"] == "1", *version};
}

fleet::Result<DayFile> DayFile::create(const fs::path& path, fleet::LocalDay day,
                                       const DayStoreOptions& options) {
  // Made under another name: a day file is there with its tables, or not at all.
  const fs::path unfinished = path.string() + ".new";
  std::error_code code;
  fs::remove(unfinished, code);
  {
    auto db = sqlite::Database::open(unfinished, sqlite::Database::Mode::create);
    if (!db) return db.error();
    if (auto filled = fill_new(*db, day, options); !filled) return filled.error();
  }
  fs::rename(unfinished, path, code);
  if (code)
    return fleet::Error{path.string() + ": cannot be made: " + code.message(), code.value()};
  if (options.durable) {
    if (auto synced = sync_path(folder_of(path)); !synced) return synced.error();
  }
  return open(path, sqlite::Database::Mode::write);
}

fleet::Result<std::vector<fs::path>> day_files(const fs::path& path) {
  std::error_code code;
  if (fs::is_regular_file(path, code)) return std::vector<fs::path>{path};
  if (!fs::is_directory(path, code)) {
    return fleet::Error{path.string() + ": there is no such file or folder"};
  }
  std::vector<fs::path> files;
  for (fs::directory_iterator it(path, code), end; !code && it != end; it.increment(code)) {
    const fs::path& file = it->path();
    if (file.extension() == kDayFileExtension && fleet::parse_day(file.stem().string())) {
      files.push_back(file);
    }
  }
  if (code)
    return fleet::Error{path.string() + ": the folder cannot be read: " + code.message(),
                        code.value()};
  if (files.empty()) {
    return fleet::Error{path.string() + ": no day files (*" + kDayFileExtension + ") in here"};
  }
  std::sort(files.begin(), files.end());
  return files;
}

fleet::Result<std::vector<std::string>> journal_of(DayFile& file) {
  auto statement = file.db.prepare("SELECT bytes FROM journal ORDER BY row");
  if (!statement) return statement.error();
  std::vector<std::string> entries;
  for (;;) {
    auto row = statement->step();
    if (!row) return row.error();
    if (!*row) return entries;
    entries.push_back(statement->text(0));
  }
}

fleet::Result<std::vector<std::string>> read_journal(const fs::path& path) {
  auto files = readable_days(path);
  if (!files) return files.error();
  auto newest = DayFile::open(files->back(), sqlite::Database::Mode::read);
  if (!newest) return newest.error();
  return journal_of(*newest);
}

}  // namespace net
