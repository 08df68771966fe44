#include "net/store/retention.hpp"

#include <algorithm>

#include "net/store/day_file.hpp"
#include "net/store/page_parity.hpp"

namespace net {
namespace fs = std::filesystem;
namespace {

/// What lies beside a day file, by the end of its name.
constexpr const char* kBeside[] = {"-wal", "-journal", "-shm", "-doubtful", "-parity"};
/// Days of which the mean is taken: a week has its Sunday.
constexpr std::size_t kForecastDays = 7;

std::uint64_t size_of(const fs::path& file) {
  std::error_code code;
  const auto size = fs::file_size(file, code);
  return code ? 0 : size;
}

int days_between(fleet::LocalDay from, fleet::LocalDay to) {
  return static_cast<int>((to - from).count());
}

}  // namespace

fleet::Result<std::vector<StoredDay>> stored_days(const fs::path& directory) {
  std::error_code code;
  std::vector<StoredDay> days;
  for (fs::directory_iterator it(directory, code), end; !code && it != end; it.increment(code)) {
    const fs::path& file = it->path();
    const auto day = fleet::parse_day(file.stem().string());
    if (file.extension() != kDayFileExtension || !day) continue;
    days.push_back(
        {*day, file, size_of(file) + size_of(file.string() + "-wal") + size_of(parity_path(file))});
  }
  if (code)
    return fleet::Error{directory.string() + ": the folder cannot be read: " + code.message(),
                        code.value()};
  std::ranges::sort(days, {}, &StoredDay::day);
  return days;
}

std::uint64_t bytes_of(std::span<const StoredDay> days) {
  std::uint64_t bytes = 0;
  for (const StoredDay& day : days) bytes += day.bytes;
  return bytes;
}

std::size_t days_over(std::span<const StoredDay> days, const Retention& retention) {
  std::size_t over = 0;
  std::uint64_t bytes = bytes_of(days);
  for (; over + 1 < days.size(); ++over) {
    const int age = days_between(days[over].day, days.back().day);
    const bool old = retention.keep_days > 0 && age >= retention.keep_days;
    const bool large = retention.keep_bytes > 0 && bytes > retention.keep_bytes;
    if (!old && !large) break;
    bytes -= days[over].bytes;
  }
  return over;
}

std::size_t days_for_room(std::span<const StoredDay> days, const Retention& retention,
                          std::uint64_t free_bytes) {
  if (!retention.any()) return 0;
  std::size_t removed = 0;
  for (; removed + 1 < days.size() && free_bytes < retention.min_free_bytes; ++removed)
    free_bytes += days[removed].bytes;
  return removed;
}

fleet::Result<void> remove_day(const StoredDay& day) {
  std::error_code code;
  // The file first: a log without its file is nothing, a file without its log has lost something.
  fs::remove(day.file, code);
  if (code)
    return fleet::Error{day.file.string() + ": cannot be removed: " + code.message(), code.value()};
  for (const char* end : kBeside) fs::remove(day.file.string() + end, code);
  return sync_path(day.file.parent_path());
}

DiskForecast forecast_disk(std::span<const StoredDay> days, const Retention& retention,
                           std::uint64_t free_bytes) {
  DiskForecast forecast;
  if (days.size() < 2) return forecast;
  const auto whole = days.first(days.size() - 1).last(std::min(kForecastDays, days.size() - 1));
  const std::uint64_t a_day = std::max<std::uint64_t>(bytes_of(whole) / whole.size(), 1);
  forecast.bytes_a_day = a_day;
  // What today will still take is in `free` yet.
  const std::uint64_t today_left = a_day - std::min(a_day, days.back().bytes);
  const auto days_for = [&](std::uint64_t bytes) {
    return bytes < today_left
               ? 0.0
               : static_cast<double>(bytes - today_left) / static_cast<double>(a_day);
  };
  forecast.days_until_full = days_for(free_bytes);
  if (!retention.any()) return forecast;
  double until = days_for(free_bytes - std::min(free_bytes, retention.min_free_bytes));
  if (retention.keep_bytes > 0) {
    const std::uint64_t total = bytes_of(days);
    until = std::min(until, days_for(retention.keep_bytes - std::min(retention.keep_bytes, total)));
  }
  if (retention.keep_days > 0) {
    const int spanned = days_between(days.front().day, days.back().day) + 1;
    until = std::min(until, static_cast<double>(std::max(0, retention.keep_days - spanned)));
  }
  forecast.days_until_removal = until;
  return forecast;
}

}  // namespace net
