// StoreKeeper: removes days that are over the bounds, and watches the disk, beside the gateway.
//
// A thread of its own, for removing a large file takes a disk its time; `status` from any thread.
#pragma once

#include <functional>
#include <mutex>
#include <thread>

#include "net/log.hpp"
#include "net/store/retention.hpp"

namespace net {

class StoreKeeper {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  /// Between two looks.
  static constexpr std::chrono::seconds kEvery{60};
  /// A day that was removed for room may still be held by who reads it: so long no more go for it.
  static constexpr std::chrono::minutes kPatience{10};

  struct Status {
    std::size_t days = 0;
    std::uint64_t bytes = 0, free_bytes = 0, disk_bytes = 0;
    DiskForecast forecast;
    std::uint64_t removed_days = 0, removed_bytes = 0;
    std::string problem;  ///< of the last look; empty = none
  };
  /// The bytes free to us and in all, of the file system that a folder is on.
  struct Space {
    std::uint64_t free = 0, total = 0;
  };
  static Space space_of(const std::filesystem::path& directory);

  /// The caller holds the lock of `directory` as long as this lives. space: tests have their own.
  StoreKeeper(std::filesystem::path directory, Retention retention, LogSink log,
              std::function<Space()> space = {});
  /// Begins its thread.
  void start();
  /// One look. Its thread does it, or a test; not both.
  void check(Steady now);
  Status status() const;

 private:
  std::size_t wanted(std::span<const StoredDay> days, std::uint64_t free_bytes, Steady now);
  void remove(std::span<const StoredDay> days, Status& status);

  const std::filesystem::path directory_;
  const Retention retention_;
  LogSink log_;
  std::function<Space()> space_;
  /// Of the last removal for room; nothing: there was none.
  struct ForRoom {
    Steady at;
    std::uint64_t free_before;
  };
  std::optional<ForRoom> for_room_;
  mutable std::mutex mutex_;
  Status status_;  ///< under the mutex
  std::jthread thread_;
};

}  // namespace net
