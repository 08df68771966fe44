#include "net/store/day_list.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "net/store/frame_rows.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// Nothing if the file holds no keyframe yet.
fleet::Result<std::optional<DayReader::Day>> describe_day(DayFile& file) {
  auto first = keyframe_after(file, 0);
  if (!first) return first.error();
  if (!*first) return std::optional<DayReader::Day>();
  auto extent = extent_of(file);
  if (!extent) return extent.error();
  return std::optional<DayReader::Day>({file.day, file.path, extent->begin, extent->end,
                                        static_cast<std::uint64_t>(extent->last_row)});
}

}  // namespace

DayList::Look DayList::look_at(const fs::path& folder, const fs::path& newest) {
  const fs::path log = newest.string() + "-wal";
  Look look{};
  for (std::size_t i = 0; const fs::path* each : {&folder, &newest, &log}) {
    struct stat found;
    if (!each->empty() && ::stat(each->c_str(), &found) == 0)
      look[i] = {found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec, found.st_size};
    ++i;
  }
  return look;
}

fleet::Result<void> DayList::open(const fs::path& path) {
  path_ = path;
  seen_ = look_at(path, {});
  auto files = readable_days(path);
  if (!files) return files.error();
  for (const fs::path& each : *files) {
    auto file = DayFile::open(each, sqlite::Database::Mode::read);
    auto day = file ? describe_day(*file) : fleet::Result<std::optional<Day>>(file.error());
    if (!day && day.error().code == kDamaged && files->size() > 1) {
      unreadable_.push_back(day.error());
      continue;
    }
    if (!day) return day.error();
    zone_ = file->zone;
    demo_ = demo_ || file->demo;
    if (*day) days_.push_back(std::move(**day));
  }
  if (days_.empty()) return fleet::Error{path.string() + ": no day in here has any data yet"};
  return {};
}

bool DayList::refresh() {
  // Looked at before it is read: what is written meanwhile is found the next time.
  const Look now = look_at(path_, days_.back().file);
  if (now == seen_) return false;
  auto files = readable_days(path_);
  if (!files) return false;
  seen_ = now;
  const fleet::Time end = days_.back().end;
  const std::size_t count = days_.size();
  for (const fs::path& each : *files) {
    const auto known = std::ranges::find(days_, each, &Day::file);
    if (known != days_.end() && known + 1 != days_.end()) continue;
    auto file = DayFile::open(each, sqlite::Database::Mode::read);
    auto day = file ? describe_day(*file) : fleet::Result<std::optional<Day>>(file.error());
    if (!day) seen_ = {};         // looked at again the next time
    if (!day || !*day) continue;  // nothing of it yet
    demo_ = demo_ || file->demo;
    if (known != days_.end())
      *known = std::move(**day);
    else if ((*day)->day > days_.back().day)  // an older one would move those that are in use
      days_.push_back(std::move(**day));
  }
  return days_.back().end != end || days_.size() != count;
}

std::size_t DayList::index_of(fleet::Time t) const {
  // Far-off instants have no local day to compare with.
  if (t <= days_.front().begin) return 0;
  if (t >= days_.back().end) return days_.size() - 1;
  const auto after = std::find_if(days_.begin(), days_.end(),
                                  [&](const Day& day) { return day.day > day_of_end(zone_, t); });
  return after == days_.begin() ? 0 : static_cast<std::size_t>(after - days_.begin()) - 1;
}

}  // namespace net
