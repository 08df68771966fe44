// A gateway without sockets that records to a folder, at times that the test sets; and what its
// senders know of their samples.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/gateway/gateway_engine.hpp"
#include "tests/net/loopback_support.hpp"

namespace net::test {

class RecordingGateway {
 public:
  /// Null, and `why`, if the store cannot be opened.
  static std::unique_ptr<RecordingGateway> start(const std::filesystem::path& folder,
                                                 fleet::Time now, std::string* why = nullptr) {
    try {
      return std::make_unique<RecordingGateway>(folder, now);
    } catch (const std::runtime_error& error) {
      if (why) *why = error.what();
      return nullptr;
    }
  }
  /// wait: as GatewayConfig::wait_for_store.
  RecordingGateway(const std::filesystem::path& folder, fleet::Time now, bool wait = false)
      : now_(now) {
    static std::uint64_t epoch = 1;
    GatewayConfig config;
    config.data = folder;
    config.core.epoch = ++epoch;
    config.commit_every = 0ms;
    config.store_retry = 1ms;
    config.wait_for_store = wait;
    config.track_bytes = 0;  // nobody beside the tests reads the folder
    engine_ = std::make_unique<GatewayEngine>(
        std::move(config), std::nullopt, [this](std::function<void()> f) { post(std::move(f)); },
        clocks());
    engine_->prepare([this] { return clocks(); });
  }
  ~RecordingGateway() { engine_->close_store(); }

  /// Takes the message in; its answer is there later.
  void begin(const std::string& lines) {
    answer_.reset();
    engine_->ingest(lines, clocks(), [this](IngestAnswer answer) { answer_ = std::move(answer); });
  }
  /// The answer to the last message.
  IngestAnswer answer() {
    while (!answer_)
      if (!run_posted()) return {0, "no answer came"};
    return *answer_;
  }
  IngestAnswer send(const std::string& lines) {
    begin(lines);
    return answer();
  }
  /// Sends it until it is taken.
  bool send_until_taken(const std::string& lines) {
    return eventually([&] { return send(lines).status == 200; });
  }
  void pass(std::chrono::milliseconds time) {
    now_ += time;
    while (engine_->advance(clocks())) {
    }
    run_what_is_posted();
  }
  /// The system's clock is set by somebody: what runs on does not notice.
  void set_clock(fleet::Time system) { clock_set_by_ += system - now_, now_ = system; }
  void run_what_is_posted() {
    std::deque<std::function<void()>> posted;
    {
      const std::lock_guard lock(mutex_);
      posted.swap(posted_);
    }
    for (auto& function : posted) function();
  }
  /// Ends it as SIGTERM does.
  void finish() { engine_->finish(clocks()); }

  std::string metrics() { return engine_->metrics(clocks(), {}); }
  std::string healthz(int& status) { return engine_->healthz(clocks(), {}, false, status); }
  GatewayEngine& engine() { return *engine_; }
  fleet::Time now() const { return now_; }

 private:
  GatewayEngine::Now clocks() const {
    return {now_, FeedClock::Steady(std::chrono::duration_cast<std::chrono::nanoseconds>(
                      (now_ - clock_set_by_).time_since_epoch()))};
  }
  void post(std::function<void()> function) {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(function));
    wake_.notify_all();
  }
  /// Waits for something and runs it; false after the deadline.
  bool run_posted() {
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait_for(lock, kDeadline, [this] { return !posted_.empty(); })) return false;
    }
    run_what_is_posted();
    return true;
  }

  fleet::Time now_;  ///< of the system's clock
  fleet::Millis clock_set_by_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> posted_;
  std::optional<IngestAnswer> answer_;
  std::unique_ptr<GatewayEngine> engine_;
};

/// Samples by machine and device time, of which no two are the same.
class SampleLedger {
 public:
  using Sample = std::pair<std::string, std::int64_t>;

  /// A message of three samples at `now`, one of a machine that may be new, and a roster line.
  std::string message(fleet::Time now) {
    const int n = ++messages_;
    const std::string model = ",\"model\":\"M-" + std::to_string(n) + "\"";
    std::string lines = line("A", now, ",\"rpm\":" + std::to_string(600 + n));
    lines += line("B", now, n % 2 ? ",\"faults\":[{\"spn\":100,\"fmi\":1}]" : ",\"faults\":[]");
    lines += line("C" + std::to_string(n / 2), now, model);
    return lines + "{\"machine\":\"A\"" + model + "}\n";
  }
  /// The last message was answered with 200.
  void acknowledge() {
    const std::lock_guard lock(mutex_);
    acknowledged_.insert(last_.begin(), last_.end());
    last_.clear();
  }
  /// Any thread.
  std::set<Sample> acknowledged() const {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }
  const std::set<Sample>& sent() const { return sent_; }

 private:
  std::string line(const std::string& machine, fleet::Time now, const std::string& more) {
    const Sample sample{machine, fleet::ms_from_time(now)};
    last_.insert(sample);
    sent_.insert(sample);
    return "{\"machine\":\"" + machine + "\",\"time\":" + std::to_string(sample.second) +
           ",\"lon\":120,\"lat\":31" + more + "}\n";
  }

  int messages_ = 0;
  std::set<Sample> last_, sent_;
  mutable std::mutex mutex_;
  std::set<Sample> acknowledged_;
};

/// How often every sample stands in a folder, after a restart took up what was unfinished.
/// Damage is a failure of the test.
inline std::map<SampleLedger::Sample, int> stored_samples(const std::filesystem::path& folder) {
  std::map<SampleLedger::Sample, int> stored;
  {
    auto opened = open_store(folder, {});
    EXPECT_TRUE(opened.ok()) << opened.error().what;
    if (!opened.ok()) return stored;
    EXPECT_TRUE(opened.value().writer->close().ok());
  }
  auto report = verify(folder);
  if (!report.ok()) return stored;  // no day at all
  for (const auto& damage : report.value().damages)
    ADD_FAILURE() << damage.file << ", row " << damage.row << ": " << damage.what;
  auto reader = DayReader::open(folder);
  if (!reader.ok()) return stored;  // the first day was just being made
  fleet::FleetState state;
  const fleet::FleetState::RowObserver count = [&](const fleet::AcceptedRow& row) {
    ++stored[{state.roster()[row.machine].id, fleet::ms_from_time(row.device_time)}];
  };
  EXPECT_TRUE(reader.value()->rewind_to(fleet::time_from_ms(0)).ok());
  const auto read = reader.value()->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
    fleet::Result<void> applied;
    if (auto* roster = std::get_if<fleet::RosterBatch>(&update)) {
      applied = state.apply(std::move(*roster));
    } else if (const auto* keyframe = std::get_if<fleet::StateBatch>(&update)) {
      applied = state.apply(*keyframe);
    } else if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) {
      applied = state.apply(*tick, nullptr, &count);
    }
    EXPECT_TRUE(applied.ok()) << applied.error().what;
    return true;
  });
  EXPECT_TRUE(read.ok()) << read.error().what;
  return stored;
}

/// Every acknowledged sample exactly once, any other one at most once.
inline void expect_exactly_once(const std::filesystem::path& folder,
                                const std::set<SampleLedger::Sample>& acknowledged,
                                const std::set<SampleLedger::Sample>& sent) {
  const auto stored = stored_samples(folder);
  for (const auto& sample : acknowledged)
    EXPECT_TRUE(stored.contains(sample))
        << sample.first << " at " << sample.second << " was acknowledged and is lost";
  for (const auto& [sample, times] : stored) {
    EXPECT_EQ(times, 1) << sample.first << " at " << sample.second;
    EXPECT_TRUE(sent.contains(sample)) << sample.first << " at " << sample.second;
  }
}

}  // namespace net::test
