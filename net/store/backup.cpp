#include "net/store/backup.hpp"

#include <algorithm>

#include "net/store/day_file.hpp"
#include "net/store/page_parity.hpp"
#include "net/store/raw_file.hpp"
#include "net/store/retention.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Where copies are made, inside the folder they are for: one file system.
constexpr const char* kUnfinished = ".unfinished-backup";
constexpr std::size_t kPieceBytes = 1u << 20;

/// Piece by piece, until `use` returns false. Error: it cannot be read.
fleet::Result<void> each_piece(
    const RawFile& file, const std::function<bool(std::uint64_t at, std::span<const char>)>& use) {
  std::vector<char> bytes(kPieceBytes);
  const std::uint64_t end = file.bytes();
  for (std::uint64_t at = 0; at < end; at += kPieceBytes) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(end - at, kPieceBytes));
    const std::span<char> piece = std::span(bytes).first(size);
    if (!file.read(at, piece)) return file.error("cannot be read");
    if (!use(at, piece)) return {};
  }
  return {};
}

/// Byte for byte.
fleet::Result<bool> equal(const RawFile& file, const fs::path& there) {
  const RawFile other(there, RawFile::Mode::read);
  if (!other.is_open() || file.bytes() != other.bytes()) return false;
  std::vector<char> bytes(kPieceBytes);
  bool same = true;
  auto read = each_piece(file, [&](std::uint64_t at, std::span<const char> piece) {
    const std::span<char> held = std::span(bytes).first(piece.size());
    return same = other.read(at, held) && std::ranges::equal(held, piece);
  });
  if (!read) return read.error();
  return same;
}

/// Of a file that stands still. False: the same is there.
fleet::Result<bool> copy_closed(const fs::path& path, const fs::path& unfinished,
                                const fs::path& there) {
  const RawFile file(path, RawFile::Mode::read);
  if (!file.is_open()) return file.error("cannot be read");
  auto same = equal(file, there);
  if (!same) return same;
  std::error_code code;
  // A log beside it says more than the file, whatever it is that was written there.
  if (*same && !fs::exists(there.string() + "-wal", code)) return false;
  const RawFile copy(unfinished, RawFile::Mode::make);
  if (!copy.is_open()) return copy.error("the copy cannot be made");
  bool written = true;
  auto read = each_piece(file, [&](std::uint64_t at, std::span<const char> piece) {
    return written = copy.write(at, piece);
  });
  if (!written) return copy.error("the copy cannot be written");
  if (!read) return read.error();
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
  const auto closed = hold(*opened);
  if (!closed) return closed.error();
  if (*closed) return copy_closed(file, unfinished, there);
  if (auto ended = opened->db.run("COMMIT"); !ended) return ended.error();
  if (auto copied = copy_open(*opened, unfinished); !copied) return copied.error();
  return true;
}

/// Why a day should not take the place of a copy that was made earlier. Empty: nothing is wrong.
std::string problem_of(const fs::path& file) {
  const auto opened = DayFile::open(file, sqlite::Database::Mode::read);
  const auto damage = page_damage(file);
  if (damage && !damage->damaged.empty()) return file.string() + ": " + text_of(*damage);
  return opened ? std::string() : opened.error().what;
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
    if (std::string problem = problem_of(day.file); !problem.empty()) {
      done.push_back({day.day, day.bytes, false, std::move(problem)});
      continue;
    }
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
    if (auto guarded = guard_day(there); !guarded) return guarded.error();
    done.push_back({day.day, static_cast<std::uint64_t>(fs::file_size(there, code)), *copied, {}});
  }
  return done;
}

}  // namespace net
