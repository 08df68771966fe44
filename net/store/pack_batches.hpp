// Packs on their way from bytes to reports, on threads beside: whoever applies one gets the
// reports of some machines at a time while those of the next ones are being unpacked.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/pack/span_read.hpp"

namespace net {

/// What some machines report.
struct PackBatch {
  struct Machine {
    fleet::Slot slot = 0;
    std::size_t row_begin = 0, row_count = 0;
  };
  std::vector<Machine> machines;  ///< ascending
  std::vector<fleet::Row> rows;
  std::vector<std::uint32_t> ticks;  ///< of each row
  std::vector<std::int64_t> values;

  void clear();
  std::size_t size_bytes() const;
};

/// Empty batches and their memory, for the next pack. Any thread.
class BatchPool {
 public:
  PackBatch take();
  void put_back(PackBatch batch);

 private:
  std::mutex mutex_;
  std::vector<PackBatch> free_;
  std::size_t held_bytes_ = 0;
};

/// Threads that unpack packs, in the order in which that was asked for: one fewer than the machine
/// has cores, for whoever applies them needs one. Any thread.
class UnpackCrew {
 public:
  UnpackCrew() = default;
  /// Every job ends before.
  ~UnpackCrew();
  UnpackCrew(const UnpackCrew&) = delete;
  UnpackCrew& operator=(const UnpackCrew&) = delete;
  /// How many threads it has at most.
  static std::size_t most_threads();
  /// The first one starts the threads: most recordings are read from front to back and need none.
  /// Jobs begin in the order in which they are added.
  void add(std::function<void()> job);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// Has itself unpacked from the constructor on; the destructor ends that early.
class PackBatches {
 public:
  /// rows, figures: the parts of the pack, or why they could not be read. pool, crew outlive it.
  PackBatches(fleet::Result<std::string> rows, fleet::Result<std::string> figures, BatchPool& pool,
              UnpackCrew& crew);
  ~PackBatches();
  PackBatches(const PackBatches&) = delete;
  PackBatches& operator=(const PackBatches&) = delete;

  /// Waits until the columns are unpacked. Error: the pack is damaged.
  fleet::Result<void> opened();
  /// Ticks, periods, alarms and activity; figures. Precondition: opened().
  const fleet::TickSpan& rest() const { return rows_->rest(); }
  SpanFigures& figures() { return *figures_; }
  /// Waits for the next batch; an empty one: there are no more. Error: the pack is damaged.
  fleet::Result<PackBatch> next();

 private:
  void run(const fleet::Result<std::string>& rows, const fleet::Result<std::string>& figures);
  fleet::Result<void> open(const fleet::Result<std::string>& rows,
                           const fleet::Result<std::string>& figures);
  fleet::Result<void> unpack();
  bool push(PackBatch batch);

  BatchPool& pool_;
  std::optional<SpanRows> rows_;        ///< the crew's, but for rest()
  std::optional<SpanFigures> figures_;  ///< the caller's, once opened
  std::mutex mutex_;
  std::condition_variable told_;
  bool opened_ = false, stopping_ = false;
  std::optional<fleet::Result<void>> ended_;
  std::deque<PackBatch> ready_;
};

}  // namespace net
