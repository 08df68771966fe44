#include "net/store/backup.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

#include "net/store/day_file.hpp"
#include "net/store/retention.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Where copies are made, inside the folder they are for: one file system.
constexpr const char* kUnfinished = ".unfinished-backup";
constexpr std::size_t kPieceBytes = 1u << 20;

fleet::Error failed(const fs::path& file, const char* what) {
  const int code = errno;
  return {file.string() + ": " + what + ": " + std::strerror(code), code};
}

/// Byte for byte.
fleet::Result<bool> equal(const fs::path& a, const fs::path& b) {
  std::error_code code;
  if (!fs::exists(b, code) || fs::file_size(a, code) != fs::file_size(b, code)) return false;
  std::ifstream one(a, std::ios::binary), two(b, std::ios::binary);
  std::vector<char> first(kPieceBytes), second(kPieceBytes);
  for (;;) {
    one.read(first.data(), kPieceBytes);
    two.read(second.data(), kPieceBytes);
    if (one.bad() || two.bad()) return failed(one.bad() ? a : b, "cannot be read");
    if (one.gcount() != two.gcount()) return false;
    if (one.gcount() == 0) return true;
    if (std::memcmp(first.data(), second.data(), static_cast<std::size_t>(one.gcount())) != 0)
      return false;
  }
}

/// Of a file that stands still. False: the same is there.
fleet::Result<bool> copy_closed(const fs::path& file, const fs::path& unfinished,
                                const fs::path& there) {
  auto same = equal(file, there);
  if (!same) return same;
  std::error_code code;
  // A log beside it says more than the file, whatever it is that was written there.
  if (*same && !fs::exists(there.string() + "-wal", code)) return false;
  fs::copy_file(file, unfinished, fs::copy_options::overwrite_existing, code);
  if (code)
    return fleet::Error{unfinished.string() + ": the copy cannot be written: " + code.message(),
                        code.value()};
  return true;
}

/// Of a file that is being written: SQLite's online back-up in one go, which reads one snapshot and
/// holds no commit up. The log cannot begin anew meanwhile: it grows.
fleet::Result<void> copy_open(DayFile& file, const fs::path& unfinished) {
  auto copy = sqlite::Database::open(unfinished, sqlite::Database::Mode::create);
  if (!copy) return copy.error();
  if (auto set = copy->run("PRAGMA synchronous=OFF"); !set) return set;
  if (auto copied = file.db.copy_to(*copy); !copied) return copied;
  // It says of itself that it has a log.
  return copy->run("PRAGMA journal_mode=DELETE");
}

fleet::Result<bool> copy_day(const fs::path& file, const fs::path& unfinished,
                             const fs::path& there) {
  auto opened = DayFile::open(file, sqlite::Database::Mode::read);
  if (!opened) return opened.error();
  // From here on it is read: nobody settles it, or turns it to be written again.
  if (auto begun = opened->db.run("BEGIN; SELECT count(*) FROM meta"); !begun) return begun.error();
  auto mode = opened->db.prepare("PRAGMA journal_mode");
  auto row = mode ? mode->step() : mode.error();
  if (!row) return row.error();
  const bool closed = mode->text(0) == "delete";
  mode->rewind();
  if (closed) return copy_closed(file, unfinished, there);
  if (auto ended = opened->db.run("COMMIT"); !ended) return ended.error();
  if (auto copied = copy_open(*opened, unfinished); !copied) return copied.error();
  return true;
}

fleet::Result<std::vector<StoredDay>> chosen(const fs::path& from,
                                             std::span<const fleet::LocalDay> only) {
  auto days = stored_days(from);
  if (!days) return days;
  for (const fleet::LocalDay day : only)
    if (std::ranges::find(*days, day, &StoredDay::day) == days->end())
      return fleet::Error{from.string() + ": there is no day " + fleet::day_name(day)};
  if (days->empty()) return fleet::Error{from.string() + ": no day files in here"};
  std::erase_if(*days, [&](const StoredDay& day) {
    return !only.empty() && std::ranges::find(only, day.day) == only.end();
  });
  return days;
}

}  // namespace

fleet::Result<std::vector<BackedUpDay>> back_up(const fs::path& from, const fs::path& to,
                                                std::span<const fleet::LocalDay> only) {
  auto days = chosen(from, only);
  if (!days) return days.error();
  std::error_code same;
  if (fs::equivalent(from, to, same))
    return fleet::Error{to.string() + ": it is the folder that is to be backed up"};
  auto lock = DirectoryLock::take(to);
  if (!lock) return lock.error();
  std::vector<BackedUpDay> done;
  const fs::path unfinished = to / kUnfinished;
  std::error_code code;
  for (const StoredDay& day : *days) {
    // Also what a back-up that was killed left there.
    fs::remove_all(unfinished, code);
    fs::create_directory(unfinished, code);
    const fs::path part = unfinished / day.file.filename(), there = to / day.file.filename();
    auto copied = copy_day(day.file, part, there);
    fleet::Result<void> installed;
    if (copied && *copied) installed = install_days(unfinished, to);
    fs::remove_all(unfinished, code);
    if (!copied) return copied.error();
    if (!installed) return installed.error();
    done.push_back({day.day, static_cast<std::uint64_t>(fs::file_size(there, code)), *copied});
  }
  return done;
}

}  // namespace net
