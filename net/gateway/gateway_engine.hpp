// GatewayEngine: the whole gateway but its sockets and clocks: core, publisher, recorder, demo.
//
// The server calls `advance` when time passed, `ingest` when a message came, and asks for pages.
// One thread; the recorder's thread comes back through `post`. Time is an argument.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "net/gateway/demo_feed.hpp"
#include "net/gateway/feed_clock.hpp"
#include "net/gateway/metrics.hpp"
#include "net/gateway/publisher.hpp"
#include "net/gateway/recorder.hpp"
#include "net/gateway/rollup_keeper.hpp"
#include "net/gateway/server.hpp"
#include "net/gateway/store_feeder.hpp"
#include "net/gateway/store_keeper.hpp"
#include "net/ingest/ndjson.hpp"

namespace net {

/// Answers that may wait for the disk; more, and ingest is told to come back later (429). That is
/// 300 of the longest ones, or more than 100,000 of those to good messages.
inline constexpr std::size_t kMaxWaitingAnswerBytes = 32u << 20;

/// What a message of ingest is answered: an HTTP status and a JSON body.
struct IngestAnswer {
  int status = 200;
  std::string body;
};

/// Connections as the server counts them, for the pages.
struct ConnectionCounters {
  std::uint64_t viewers = 0, ingest_sockets = 0, connections = 0;  ///< now
  std::uint64_t accepted = 0, refused = 0, feed_sessions = 0, catch_ups = 0;
  std::uint64_t sent_messages = 0, sent_bytes = 0, http_requests = 0, slow_closed = 0;
  std::uint64_t refused_address = 0, unauthorised = 0, forbidden = 0, tls_failures = 0;
  fleet::Time certificate_end = fleet::kNever;  ///< never: not encrypted
  std::uint64_t too_slow_closed = 0;
  std::uint64_t replays = 0, replay_sessions = 0, replay_bytes = 0;  ///< now, ever, sent
  std::uint64_t read_bytes = 0, answer_bytes = 0;  ///< held now for messages, and for their answers
};

/// What was found damaged in the store. Any thread.
class StoreDamages {
 public:
  void add(const std::string& what) {
    const std::lock_guard lock(mutex_);
    ++count_;
    if (list_.size() < kMostListed && std::ranges::find(list_, what) == list_.end())
      list_.push_back(what);
  }
  std::vector<std::string> list() const {
    const std::lock_guard lock(mutex_);
    return list_;
  }
  std::uint64_t count() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  /// A page of /healthz; the log has them all.
  static constexpr std::size_t kMostListed = 16;
  mutable std::mutex mutex_;
  std::vector<std::string> list_;
  std::uint64_t count_ = 0;
};

class GatewayEngine {
 public:
  struct Now {
    fleet::Time system;
    FeedClock::Steady steady;
  };

  /// Opens and restores the store; throws std::runtime_error with a sentence if it cannot, unless
  /// config.wait_for_store and the cause may go away.
  GatewayEngine(GatewayConfig config, std::optional<DemoSource> demo, Recorder::Post post, Now now);
  ~GatewayEngine();

  /// Takes in the demo's past. Long (seconds); before anything below. `now`: the clocks after it.
  /// False: it was given up, the engine is of no use.
  bool prepare(const std::function<Now()>& now);
  /// Share of a demo's past that `prepare` has taken in, 0 to 1. Any thread.
  double prepared() const { return demo_ ? demo_->past_share() : 0; }
  /// Ends `prepare` early, unless the past is recorded: a record is not left in pieces. Any thread.
  void give_up() {
    if (demo_) demo_->give_up();
  }

  /// Ends every tick that is due and publishes it, and the heartbeat. True: more is due, call
  /// again as soon as sockets had their turn.
  bool advance(Now now);
  /// Until `advance` has something to do.
  std::chrono::nanoseconds until_due(Now now);

  /// One message of newline-delimited JSON. `done` runs once: at once if refused, else after the
  /// commit (without a store: at once).
  /// Returns the bytes of the answer that waits for the commit; 0 if `done` has run already.
  std::size_t ingest(std::string body, Now now, std::function<void(IngestAnswer)> done);

  Publisher& publisher() { return *publisher_; }
  Hello hello(Now now, Role role);
  /// brief: the status alone, for those who may not know more.
  std::string healthz(Now now, const ConnectionCounters& connections, bool brief, int& http_status);
  std::string metrics(Now now, const ConnectionCounters& connections);
  void set_speed(double speed, Now now);
  /// The tick under way is cut, recorded and published; then the store is closed. Ingest is refused
  /// from then on, and no tick is ended any more.
  void finish(Now now);
  /// Commits and closes the store, if that is still open.
  void close_store() {
    waiting_ = {};
    past_ = {};
    rollups_.reset();
    keeper_.reset();
    recorder_.reset();
  }

  const GatewayConfig& config() const { return config_; }
  /// The store that could not be opened at the start can be now: time for a new engine, and this
  /// one to end. Its walls come back to what is recorded.
  bool store_is_back() const { return store_is_back_; }

 private:
  struct Scrape;  ///< one page of /metrics
  void prepare_tick();
  void end_tick(FeedClock::Steady steady);
  DayStoreOptions store_options();
  void skip_empty_ticks(fleet::Time feed_now);
  void record_past(fleet::Time from, fleet::Time until);
  void open_data(Now now);
  void take_up(OpenedStore store, Now now);
  void wait_for_store(const fleet::Error& why, Now now);
  void watch_store(const std::stop_token& stop);
  Recorder::Status store_status() const;
  bool records() const { return recorder_ != nullptr || trouble_.has_value(); }
  void read_past();
  void log(LogLevel level, const std::string& text) const;
  std::uint64_t pending_values() const;
  void when_durable(std::function<void(bool)> done);
  void ask_what_is_durable();
  std::optional<IngestAnswer> store_refuses() const;
  IngestAnswer answer_to(NdjsonOutcome& lines, const IngestOutcome& outcome) const;
  std::function<void(IngestAnswer)> counted(std::function<void(IngestAnswer)> done,
                                            const IngestAnswer& answer, FeedClock::Steady received);

  GatewayConfig config_;
  Recorder::Post post_;
  std::unique_ptr<GatewayCore> core_;
  FeedClock clock_;
  StoreDamages damages_;  // before all that may tell it something
  std::unique_ptr<DemoFeed> demo_;
  std::unique_ptr<DayWriter> writer_;      ///< until the recorder takes it
  std::unique_ptr<RollupKeeper> rollups_;  ///< null: nothing is recorded
  std::unique_ptr<Recorder> recorder_;     ///< null: nothing is recorded
  std::unique_ptr<StoreKeeper> keeper_;    ///< beside the recorder, which holds the folder's lock
  std::unique_ptr<StoreFeeder> feeder_;
  std::unique_ptr<Publisher> publisher_;
  NdjsonParser parser_{kMaxListedRejections};
  fleet::ReportBatch batch_;
  FeedClock::Steady started_, next_beat_;
  std::weak_ptr<int> asked_;  ///< lives while a question of ask_what_is_durable is under way
  fleet::Time restored_ = fleet::kNever;
  fleet::Time begun_ = fleet::kNever;  ///< tick with which a restored core went on
  bool finished_ = false;
  std::optional<fleet::Error> trouble_;  ///< why the store could not be opened
  bool store_is_back_ = false;

  struct Counters {
    std::uint64_t messages = 0, refused_messages = 0, lines = 0, roster_lines = 0, reports = 0;
    std::uint64_t durable_values = 0;  ///< of those accepted; only with a recorder
    std::array<std::uint64_t, fleet::kReasonCount> refused_lines{};
    std::uint64_t ticks = 0, empty_ticks = 0;
  } counters_;
  /// Of those that wait for the disk. Shared with each of them, which may be lost, and outlive
  /// this.
  std::shared_ptr<std::size_t> waiting_answer_bytes_ = std::make_shared<std::size_t>(0);
  DurationHistogram durable_;  ///< from the last byte of a message to its commit
  std::jthread waiting_;       ///< tries the store again; see watch_store
  std::jthread past_;          ///< reads where machines were before this run; see read_past
};

}  // namespace net
