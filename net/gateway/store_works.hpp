// StoreWorks: encodes what a core cuts on several threads, and writes it in order on another.
//
// For recording a simulated past as fast as the machine can: the caller's thread does nothing but
// judge reports. The bytes are those that StoreFeeder would have had written, one by one.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "net/gateway/store_feeder.hpp"

namespace net {

/// Plain data that may be under way; more only if it is one piece alone. A keyframe of 32,730
/// machines is 15 MB.
inline constexpr std::size_t kWorksBytes = 96u << 20;

/// One caller, which is also who destroys it.
class StoreWorks {
 public:
  /// core and writer outlive the works; the writer is theirs until `finish`. encoders: threads, at
  /// least 1.
  StoreWorks(GatewayCore& core, DayWriter& writer, const DayStoreOptions& options,
             unsigned encoders);
  /// Gives up what was not written yet.
  ~StoreWorks();

  /// As StoreFeeder::prepare_tick. Error, here and below: the first one of the writer; nothing
  /// after it was written.
  fleet::Result<void> prepare_tick();
  /// Ends the core's tick and has it written; prepare_tick was called before.
  fleet::Result<void> end_tick();
  /// Waits until all is written (not committed).
  fleet::Result<void> finish();

 private:
  /// Either a keyframe or a run of ticks.
  struct Job {
    std::optional<fleet::StateBatch> keyframe;
    std::optional<fleet::RosterBatch> roster;  ///< only with a keyframe
    fleet::Time next_end = fleet::kNever;      ///< only with a keyframe
    std::vector<GatewayCore::TickCut> cuts;
    std::size_t bytes = 0;

    bool taken = false, encoded = false;
    std::vector<EncodedFrame> frames;  ///< roster, if any, and keyframe; or of the ticks
  };
  fleet::Result<void> put(std::unique_ptr<Job> job);
  fleet::Result<void> put_run();
  void encode_jobs();
  static void encode(FrameEncoder& encoder, Job& job);
  void write_jobs();
  fleet::Result<void> write(const Job& job);

  GatewayCore& core_;
  DayWriter& writer_;
  KeyframeClock clock_;
  StoredRoster roster_;
  std::unique_ptr<Job> run_;  ///< ticks that are not handed over yet

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Job>> jobs_;  ///< in order of writing
  std::size_t bytes_ = 0;                  ///< of jobs_
  fleet::Result<void> result_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace net
