// How a day file ends: its log folded in, a damaged one set aside, a rebuilt one moved in.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "net/store/day_file.hpp"
#include "net/store/page_parity.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

fleet::Error being_read(const fs::path& day_file) {
  return fleet::Error{day_file.string() + ": another process reads this day; stop it first"};
}

}  // namespace

fs::path folder_of(const fs::path& file) {
  return file.parent_path().empty() ? fs::path(".") : file.parent_path();
}

fleet::Result<void> sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fleet::Error{path.string() + ": cannot be opened to sync: " + std::strerror(errno),
                        errno};
  const int failed = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (failed != 0)
    return fleet::Error{path.string() + ": could not be synced to disk: " + std::strerror(failed),
                        failed};
  return {};
}

fleet::Result<bool> hold(DayFile& file) {
  if (auto begun = file.db.run("BEGIN; SELECT count(*) FROM meta"); !begun) return begun.error();
  auto mode = file.db.prepare("PRAGMA journal_mode");
  auto row = mode ? mode->step() : mode.error();
  if (!row) return row.error();
  return mode->text(0) == "delete";
}

fleet::Result<bool> settle(DayFile& file, bool durable) {
  // Busy only while readers have the file open: then it stays in WAL form, as good as any.
  auto mode = file.db.prepare("PRAGMA journal_mode=DELETE");
  if (!mode) return mode.error();
  auto row = mode->step();
  if (!row && file.db.busy()) return false;
  if (!row) return row.error();
  if (!*row || mode->text(0) != "delete") return false;
  mode->rewind();
  if (durable) {
    for (const fs::path& path : {file.path, folder_of(file.path)}) {
      if (auto synced = sync_path(path); !synced) return synced.error();
    }
  }
  return true;
}

fs::path doubt_mark(const fs::path& day_file) {
  return day_file.string() + "-doubtful";
}

fleet::Result<fs::path> set_aside(const fs::path& day_file) {
  const fs::path stem = folder_of(day_file) / day_file.stem();
  constexpr const char* kBeside[] = {"-wal", "-journal", "-parity", ""};
  std::error_code code;
  for (int n = 1; n < 1000; ++n) {
    const fs::path aside =
        stem.string() + ".damaged" + (n > 1 ? "-" + std::to_string(n) : "") + kDayFileExtension;
    const auto taken = [&](const char* end) { return fs::exists(aside.string() + end, code); };
    if (std::any_of(std::begin(kBeside), std::end(kBeside), taken)) continue;
    // The file itself last: a new one under its name must not meet the old one's log.
    for (const char* end : kBeside) {
      const fs::path part = day_file.string() + end;
      if (!fs::exists(part, code)) continue;
      fs::rename(part, aside.string() + end, code);
      if (code)
        return fleet::Error{part.string() + ": cannot be moved aside: " + code.message(),
                            code.value()};
    }
    fs::remove(day_file.string() + "-shm", code);
    if (auto synced = sync_path(folder_of(day_file)); !synced) return synced.error();
    return aside;
  }
  return fleet::Error{day_file.string() + ": too many damaged files of this day lie beside it"};
}

bool settle_doubtful(const fs::path& day_file, bool durable) {
  auto file = DayFile::open(day_file, sqlite::Database::Mode::alone);
  if (!file) return false;
  const auto settled = settle(*file, durable);
  if (!settled.ok() || !settled.value()) return false;
  std::error_code code;
  fs::remove(doubt_mark(day_file), code);
  return !code;
}

fleet::Result<void> install_days(const fs::path& from, const fs::path& to) {
  auto files = day_files(from);
  if (!files) return files.error();
  for (const fs::path& file : *files) {
    const fs::path target = to / file.filename();
    std::error_code code;
    if (fs::exists(file.string() + "-wal", code)) {
      return fleet::Error{file.string() + ": is still being written, so it cannot be installed"};
    }
    // The log of the file to be replaced must be gone first: it would be taken for the new one's.
    if (fs::exists(doubt_mark(target), code)) {
      if (!settle_doubtful(target, true)) return being_read(target);
    } else if (fs::exists(target.string() + "-wal", code)) {
      auto old = DayFile::open(target, sqlite::Database::Mode::write);
      if (!old) return old.error();
      auto settled = settle(*old, true);
      if (!settled) return settled.error();
      if (!*settled) return being_read(target);
    }
    if (auto synced = sync_path(file); !synced) return synced;
    fs::remove(parity_path(target), code);
    fs::rename(file, target, code);
    if (code) {
      return fleet::Error{file.string() + ": cannot be moved to " + target.string() + ": " +
                          code.message()};
    }
  }
  if (auto synced = sync_path(to); !synced) return synced;
  return sync_path(from);
}

}  // namespace net
