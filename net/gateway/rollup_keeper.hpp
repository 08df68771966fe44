// RollupKeeper: keeps the roll-ups of closed days right while a gateway records, on a thread of its
// own that yields to all others.
//
// A day is added up a minute after it is over; days that late reports belong to some minutes after
// these came. Ingest never waits for it: the thread reads day files as any reader does, and writes
// into closed ones only, each in one short transaction.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "fleet/time.hpp"
#include "net/log.hpp"

namespace net {

class RollupKeeper {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  struct Pace {
    std::chrono::seconds after_turn{
        60};  ///< from the start, and from midnight: all is written then
    std::chrono::seconds after_late{600};
  };

  RollupKeeper(std::filesystem::path directory, Pace pace, LogSink log);
  RollupKeeper(const RollupKeeper&) = delete;
  RollupKeeper& operator=(const RollupKeeper&) = delete;
  /// Ends what is under way within a frame; what was not stored is built another time.
  ~RollupKeeper();

  /// Told about once a second, by one thread. today: the day that is being written. late: reports
  /// of other days were accepted since the last call.
  void look(fleet::LocalDay today, bool late, Steady now);
  /// How often it has gone through the days. Any thread.
  std::uint64_t runs() const { return runs_; }

 private:
  void work();
  void run(fleet::LocalDay today);

  const std::filesystem::path directory_;
  const Pace pace_;
  const LogSink log_;
  std::optional<fleet::LocalDay> today_;  ///< of the last look
  std::optional<Steady> due_;
  std::atomic<std::uint64_t> runs_ = 0;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<fleet::LocalDay> wanted_;  ///< to be run for; under the mutex
  std::thread thread_;
};

}  // namespace net
