#include "net/store/pack_batches.hpp"

#include <algorithm>
#include <utility>

namespace net {
namespace {

/// Reports of a batch: with their values they fit the second cache.
constexpr std::size_t kBatchRows = 2048;
/// Empty batches that are kept: what four packs on their way hold.
constexpr std::size_t kMostHeldBytes = std::size_t{160} << 20;
/// As many as packs are unpacked ahead.
constexpr std::size_t kMostThreads = 4;

}  // namespace

void PackBatch::clear() {
  machines.clear();
  rows.clear();
  ticks.clear();
  values.clear();
}

std::size_t PackBatch::size_bytes() const {
  return machines.capacity() * sizeof(Machine) + rows.capacity() * sizeof(fleet::Row) +
         ticks.capacity() * sizeof(std::uint32_t) + values.capacity() * sizeof(std::int64_t);
}

PackBatch BatchPool::take() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return {};
  PackBatch batch = std::move(free_.back());
  free_.pop_back();
  held_bytes_ -= batch.size_bytes();
  return batch;
}

void BatchPool::put_back(PackBatch batch) {
  batch.clear();
  const std::lock_guard lock(mutex_);
  if (held_bytes_ + batch.size_bytes() > kMostHeldBytes) return;
  held_bytes_ += batch.size_bytes();
  free_.push_back(std::move(batch));
}

UnpackCrew::~UnpackCrew() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

std::size_t UnpackCrew::most_threads() {
  const unsigned cores = std::thread::hardware_concurrency();  // 0: nobody knows
  return std::min<std::size_t>(cores > 2 ? cores - 1 : 1, kMostThreads);
}

void UnpackCrew::add(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    if (threads_.size() < most_threads()) threads_.emplace_back([this] { work(); });
  }
  changed_.notify_one();
}

void UnpackCrew::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

PackBatches::PackBatches(fleet::Result<std::string> rows, fleet::Result<std::string> figures,
                         BatchPool& pool, UnpackCrew& crew)
    : pool_(pool) {
  crew.add([this, rows = std::move(rows), figures = std::move(figures)] { run(rows, figures); });
}

PackBatches::~PackBatches() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  told_.wait(lock, [this] { return ended_.has_value(); });
  for (PackBatch& batch : ready_) pool_.put_back(std::move(batch));
}

void PackBatches::run(const fleet::Result<std::string>& rows,
                      const fleet::Result<std::string>& figures) {
  fleet::Result<void> done = open(rows, figures);
  if (done) {
    {
      const std::lock_guard lock(mutex_);
      opened_ = true;
    }
    told_.notify_all();
    done = unpack();
  }
  // Told under the lock: the destructor goes on as soon as it is let go.
  const std::lock_guard lock(mutex_);
  ended_ = std::move(done);
  told_.notify_all();
}

fleet::Result<void> PackBatches::open(const fleet::Result<std::string>& rows,
                                      const fleet::Result<std::string>& figures) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return fleet::Error{"nobody wants it any more"};
  }
  if (!rows) return rows.error();
  if (!figures) return figures.error();
  auto reports = SpanRows::open(*rows);
  if (!reports) return reports.error();
  auto changes = SpanFigures::open(*figures, reports->rest().ticks.size());
  if (!changes) return changes.error();
  rows_.emplace(std::move(*reports));
  figures_.emplace(std::move(*changes));
  return {};
}

fleet::Result<void> PackBatches::unpack() {
  while (rows_->machine() != EntryRuns::kNoMachine) {
    PackBatch batch = pool_.take();
    while (rows_->machine() != EntryRuns::kNoMachine && batch.rows.size() < kBatchRows) {
      const fleet::Slot machine = rows_->machine();
      const std::size_t begin = batch.rows.size();
      if (auto read = rows_->read(batch.rows, batch.ticks, batch.values); !read) return read;
      batch.machines.push_back({machine, begin, batch.rows.size() - begin});
    }
    if (!push(std::move(batch))) return {};
  }
  return rows_->finish();
}

/// False: nobody wants it any more.
bool PackBatches::push(PackBatch batch) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    ready_.push_back(std::move(batch));
  }
  told_.notify_all();
  return true;
}

fleet::Result<void> PackBatches::opened() {
  std::unique_lock lock(mutex_);
  told_.wait(lock, [this] { return opened_ || ended_; });
  if (!opened_) return *ended_;
  return {};
}

fleet::Result<PackBatch> PackBatches::next() {
  std::unique_lock lock(mutex_);
  told_.wait(lock, [this] { return !ready_.empty() || ended_; });
  if (ready_.empty()) {
    if (!*ended_) return ended_->error();
    return PackBatch();
  }
  PackBatch batch = std::move(ready_.front());
  ready_.pop_front();
  return batch;
}

}  // namespace net
