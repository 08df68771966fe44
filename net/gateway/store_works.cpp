#include "net/gateway/store_works.hpp"

#include <algorithm>
#include <utility>

namespace net {

namespace {
/// Ticks that are handed over together: less often, and as much work as a small keyframe.
constexpr std::size_t kRunTicks = 60;
}  // namespace

StoreWorks::StoreWorks(GatewayCore& core, DayWriter& writer, const DayStoreOptions& options,
                       unsigned encoders)
    : core_(core), writer_(writer), clock_(options), run_(std::make_unique<Job>()) {
  threads_.emplace_back([this] { write_jobs(); });
  for (unsigned i = 0; i < std::max(encoders, 1u); ++i)
    threads_.emplace_back([this] { encode_jobs(); });
}

StoreWorks::~StoreWorks() {
  {
    const std::lock_guard lock(mutex_);
    if (!jobs_.empty()) result_ = fleet::Error{"given up"};
    closed_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

fleet::Result<void> StoreWorks::prepare_tick() {
  const KeyframeClock::Due due = clock_.before_tick(core_.tick_end());
  if (!due.keyframe) return {};
  if (auto handed = put_run(); !handed) return handed;
  auto job = std::make_unique<Job>();
  job->next_end = core_.tick_end();
  if (due.roster) {
    job->roster = core_.full_roster_batch();
    roster_.note(core_.state());
  }
  job->keyframe = core_.keyframe_batch();
  job->bytes = fleet::size_bytes(*job->keyframe);
  return put(std::move(job));
}

fleet::Result<void> StoreWorks::end_tick() {
  GatewayCore::TickCut cut = core_.cut_tick();
  if (roster_.is_that_of(core_.state())) cut.roster.reset();
  if (!cut.roster && !cut.tick) return {};
  if (cut.tick) {
    clock_.stored_tick();
    run_->bytes += fleet::size_bytes(*cut.tick);
  }
  run_->cuts.push_back(std::move(cut));
  return run_->cuts.size() < kRunTicks ? fleet::Result<void>() : put_run();
}

fleet::Result<void> StoreWorks::put_run() {
  if (run_->cuts.empty()) return {};
  return put(std::exchange(run_, std::make_unique<Job>()));
}

fleet::Result<void> StoreWorks::put(std::unique_ptr<Job> job) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock,
                [&] { return !result_ || jobs_.empty() || bytes_ + job->bytes <= kWorksBytes; });
  if (!result_) return result_;
  bytes_ += job->bytes;
  jobs_.push_back(std::move(job));
  changed_.notify_all();
  return {};
}

fleet::Result<void> StoreWorks::finish() {
  if (auto handed = put_run(); !handed) return handed;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !result_ || jobs_.empty(); });
  return result_;
}

void StoreWorks::encode_jobs() {
  FrameEncoder encoder;
  std::unique_lock lock(mutex_);
  while (true) {
    const auto next = std::ranges::find_if(jobs_, [](const auto& job) { return !job->taken; });
    if (!result_ || (closed_ && next == jobs_.end())) return;
    if (next == jobs_.end()) {
      changed_.wait(lock);
      continue;
    }
    Job& job = **next;  // stays where it is until it is written, hence encoded
    job.taken = true;
    lock.unlock();
    encode(encoder, job);
    lock.lock();
    job.encoded = true;
    changed_.notify_all();
  }
}

void StoreWorks::encode(FrameEncoder& encoder, Job& job) {
  if (job.keyframe) {
    const fleet::StateBatch& state = *job.keyframe;
    if (job.roster) job.frames.push_back(encoder.encode(*job.roster, state.position, state.time));
    job.frames.push_back(encoder.encode(state));
  }
  for (const GatewayCore::TickCut& cut : job.cuts) {
    if (cut.roster)
      job.frames.push_back(encoder.encode(*cut.roster, cut.roster_position, cut.roster_time));
    if (cut.tick) job.frames.push_back(encoder.encode(*cut.tick));
  }
}

void StoreWorks::write_jobs() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(
        lock, [this] { return !result_ || (jobs_.empty() ? closed_ : jobs_.front()->encoded); });
    if (!result_ || jobs_.empty()) return;
    const Job& job = *jobs_.front();
    lock.unlock();
    fleet::Result<void> written = write(job);
    lock.lock();
    if (!written && result_) result_ = written;
    bytes_ -= job.bytes;
    jobs_.pop_front();
    changed_.notify_all();
  }
}

fleet::Result<void> StoreWorks::write(const Job& job) {
  if (job.keyframe)
    return writer_.append_keyframe(job.roster ? &job.frames.front() : nullptr, job.frames.back(),
                                   job.next_end);
  for (const EncodedFrame& frame : job.frames)
    if (auto written = writer_.append(frame); !written) return written;
  return {};
}

}  // namespace net
