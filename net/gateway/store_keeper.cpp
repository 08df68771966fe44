#include "net/gateway/store_keeper.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <condition_variable>

namespace net {

StoreKeeper::Space StoreKeeper::space_of(const std::filesystem::path& directory) {
  // Not std::filesystem::space: what root keeps for itself is not free to us.
  struct statvfs found {};
  if (::statvfs(directory.c_str(), &found) != 0) return {};
  return {std::uint64_t{found.f_bavail} * found.f_frsize,
          std::uint64_t{found.f_blocks} * found.f_frsize};
}

StoreKeeper::StoreKeeper(std::filesystem::path directory, Retention retention, LogSink log,
                         std::function<Space()> space)
    : directory_(std::move(directory)),
      retention_(retention),
      log_(std::move(log)),
      space_(space ? std::move(space) : [this] { return space_of(directory_); }) {}

void StoreKeeper::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    do check(std::chrono::steady_clock::now());
    while (!never.wait_for(lock, stop, kEvery, [&] { return stop.stop_requested(); }));
  });
}

StoreKeeper::Status StoreKeeper::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

/// How many of the oldest days are to go.
std::size_t StoreKeeper::wanted(std::span<const StoredDay> days, std::uint64_t free_bytes,
                                Steady now) {
  const std::size_t over = days_over(days, retention_);
  const std::size_t for_room = days_for_room(days, retention_, free_bytes);
  if (for_room <= over) return over;
  // Nothing came of the last removal yet: somebody still reads what was removed.
  if (for_room_ && now < for_room_->at + kPatience && free_bytes <= for_room_->free_before)
    return over;
  for_room_ = ForRoom{now, free_bytes};
  return for_room;
}

void StoreKeeper::remove(std::span<const StoredDay> days, Status& status) {
  for (const StoredDay& day : days) {
    if (auto removed = remove_day(day); !removed) {
      status.problem = removed.error().what;
      if (log_) log_(LogLevel::error, "Retention: " + status.problem);
      return;
    }
    ++status.removed_days;
    status.removed_bytes += day.bytes;
    if (log_)
      log_(LogLevel::warning, "Retention: removed the day " + fleet::day_name(day.day) + ", " +
                                  std::to_string(day.bytes) + " bytes (" + day.file.string() +
                                  ").");
  }
}

void StoreKeeper::check(Steady now) {
  Status status = this->status();
  status.problem.clear();
  auto found = stored_days(directory_);
  if (found) {
    std::span<const StoredDay> days = *found;
    const std::size_t gone = wanted(days, space_().free, now);
    const std::uint64_t removed_before = status.removed_days;
    remove(days.first(gone), status);
    days = days.subspan(status.removed_days - removed_before);
    const Space space = space_();
    status.days = days.size();
    status.bytes = bytes_of(days);
    status.free_bytes = space.free;
    status.disk_bytes = space.total;
    status.forecast = forecast_disk(days, retention_, space.free);
  } else {
    status.problem = found.error().what;
  }
  const std::lock_guard lock(mutex_);
  status_ = std::move(status);
}

}  // namespace net
