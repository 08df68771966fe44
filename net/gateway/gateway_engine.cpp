#include "net/gateway/gateway_engine.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <stdexcept>

#include "net/store/sqlite.hpp"
#include "net/store/store_trouble.hpp"

namespace net {

namespace {

/// Ticks ended in one go before sockets get their turn: some 5 ms at 120 rows a tick.
constexpr int kTicksAtOnce = 16;
/// ... or rows, where ticks are large.
constexpr std::size_t kRowsAtOnce = 10'000;
/// A simulated feed that is more than this behind its clock slows down instead.
constexpr std::chrono::seconds kDemoLag{1};
constexpr std::chrono::milliseconds kHeartbeat{1000};
/// A store may be this far ahead of the clock (one that was set back a little, a crash within a
/// tick): the feed stands still until then. Further ahead, nothing would be recorded for as long.
constexpr std::chrono::minutes kMostAhead{5};

/// For walls: the cause first, without the path of the day's file.
std::string cause_of(const fleet::Error& problem) {
  const std::size_t file = problem.what.find(".fleetday");
  const std::size_t cause =
      file == std::string::npos ? std::string::npos : problem.what.find(": ", file);
  return cause == std::string::npos ? problem.what : problem.what.substr(cause + 2);
}

/// Of what keeps a store from being opened: what is cured without us.
bool may_go_away(const fleet::Error& problem) {
  switch (problem.code) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EROFS:
    case EACCES:
    case EPERM:
    case EIO:
    case ENODEV:
    case ENXIO:
    case ESTALE:
    case ETIMEDOUT:
    case kDamaged:
      return true;
    default:
      return false;
  }
}

}  // namespace

GatewayEngine::GatewayEngine(GatewayConfig config, std::optional<DemoSource> demo,
                             Recorder::Post post, Now now)
    : config_(std::move(config)),
      post_(std::move(post)),
      clock_(demo ? FeedClock::simulated(demo->now, demo->speed, now.steady)
                  : FeedClock::real(now.system, now.steady)),
      started_(now.steady),
      next_beat_(now.steady) {
  const fleet::Time start = demo ? demo->from : now.system;
  config_.core.track_bytes = config_.track_bytes;
  core_ = std::make_unique<GatewayCore>(config_.core, tick_boundary(start, config_.core.tick));
  if (demo) demo_ = std::make_unique<DemoFeed>(std::move(*demo));
  if (!config_.data.empty()) open_data(now);
}

GatewayEngine::~GatewayEngine() = default;

void GatewayEngine::log(LogLevel level, const std::string& text) const {
  if (config_.log) config_.log(level, text);
}

DayStoreOptions GatewayEngine::store_options() {
  DayStoreOptions options;
  options.zone = config_.core.zone;
  options.demo = demo_ != nullptr;
  options.durable = !config_.scratch;
  options.on_damage = [this](const std::string& what) {
    log(LogLevel::error, "Damage in the store: " + what + ".");
    damages_.add(what);
  };
  return options;
}

void GatewayEngine::open_data(Now now) {
  auto opened = open_store(config_.data, store_options());
  if (!opened) {
    if (demo_ || !config_.wait_for_store || !may_go_away(opened.error()))
      throw std::runtime_error(opened.error().what);
    return wait_for_store(opened.error(), now);
  }
  if (opened.value().last == fleet::kNever)
    log(LogLevel::info, "Recording to " + config_.data.string() + ", which is empty.");
  take_up(std::move(opened.value()), now);
}

/// Walls see what can be read; what cannot be made durable is not taken in.
void GatewayEngine::wait_for_store(const fleet::Error& why, Now now) {
  trouble_ = why;
  log(LogLevel::error, "Nothing can be recorded: " + why.what +
                           " Ingest is answered with 503 until it is cured; viewers are served.");
  DayStoreOptions options = store_options();
  auto known = look_into_store(config_.data, options);
  if (known) return take_up(std::move(known.value()), now);
  log(LogLevel::warning, "Nor is known what was recorded: " + known.error().what);
}

/// On a thread of its own, for a disk may take long to say no.
void GatewayEngine::watch_store(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!never.wait_for(lock, stop, config_.store_retry, [&] { return stop.stop_requested(); })) {
    DayStoreOptions options = store_options();
    options.on_damage = nullptr;  // told again by who goes on with it
    const auto opened = open_store(config_.data, options);
    if (stop.stop_requested()) return;
    if (opened) return post_([this] { store_is_back_ = true; });
    post_([this, why = opened.error()] { trouble_ = why; });
  }
}

Recorder::Status GatewayEngine::store_status() const {
  if (recorder_) return recorder_->status();
  Recorder::Status status;
  if (!trouble_) return status;
  status.healthy = false;
  status.problem = *trouble_;
  return status;
}

void GatewayEngine::take_up(OpenedStore store, Now now) {
  writer_ = std::move(store.writer);
  if (store.last == fleet::kNever) return;
  restored_ = store.last;
  log(LogLevel::info, (writer_ ? "Recording to " : "Not recording to ") + config_.data.string() +
                          ", which knows " + std::to_string(store.state.roster().size()) +
                          " machines up to " + fleet::iso8601(store.last) + " (" +
                          std::to_string(store.journal_entries) +
                          " journal entries of an unfinished tick).");
  if (!demo_ && store.last > now.system + kMostAhead) {
    throw std::runtime_error(config_.data.string() + ": what is recorded goes up to " +
                             fleet::iso8601(store.last) + ", but the clock says " +
                             fleet::iso8601(now.system) +
                             ". Set the clock right, or record into another folder.");
  }
  // Never before what is recorded, even if the clock was set back meanwhile.
  const fleet::Time begin =
      std::max(store.last, demo_ ? store.last : tick_boundary(now.system, config_.core.tick));
  core_->restore(std::move(store.state),
                 tick_boundary(begin + config_.core.tick - fleet::Millis(1), config_.core.tick));
  begun_ = core_->tick_begin();
}

/// Where machines were before this run, out of the day files: some seconds of work, beside the
/// ticks. Until then tracks begin with this run.
void GatewayEngine::read_past() {
  if (restored_ == fleet::kNever || config_.track_bytes == 0) return;
  past_ = std::jthread([this, until = restored_](const std::stop_token& stop) {
    auto scan = TrackScan::open(config_.data, config_.track_bytes);
    if (!scan) return;
    const auto covered =
        scan.value()->cover(until - kMaxTrackSpan, until, [&] { return !stop.stop_requested(); });
    if (stop.stop_requested()) return;
    post_([this, covered, past = scan.value()->take()] {
      if (!covered)
        log(LogLevel::warning,
            "Some of the tracks before this start are lost: " + covered.error().what);
      publisher_->tracks().set_past(past, begun_);
    });
  });
}

bool GatewayEngine::prepare(const std::function<Now()>& now) {
  if (demo_) demo_->enter(core_->state());
  const bool records_past = writer_ && !config_.scratch;
  if (demo_ && !records_past) {
    // Nobody reads frames of it: then none are made.
    demo_->absorb_past(*core_, tick_boundary(demo_->source().now, config_.core.tick));
    if (demo_->gave_up()) return false;
  }
  if (writer_) {
    DirectSink direct(*writer_);
    feeder_ = std::make_unique<StoreFeeder>(*core_, store_options(), direct);
    if (demo_ && records_past) record_past(core_->tick_begin(), demo_->source().now);
    if (auto done = writer_->commit(); !done) throw std::runtime_error(done.error().what);
    counters_.durable_values = core_->counters().stored;
    recorder_ = std::make_unique<Recorder>(
        std::move(writer_), Recorder::Pace{config_.commit_every, config_.store_retry}, post_,
        config_.log);
    feeder_->set_sink(*recorder_);
    rollups_ = std::make_unique<RollupKeeper>(config_.data, RollupKeeper::Pace(), config_.log);
    keeper_ = std::make_unique<StoreKeeper>(config_.data, config_.retention, config_.log);
    keeper_->start();
  }
  const Now after = now();
  if (demo_) clock_.hold_back(core_->tick_begin(), after.steady);
  publisher_ = std::make_unique<Publisher>(*core_, config_.ring_bytes,
                                           std::chrono::duration_cast<std::chrono::nanoseconds>(
                                               std::chrono::duration<double>(config_.ring_seconds)),
                                           after.steady);
  next_beat_ = after.steady;
  if (trouble_) waiting_ = std::jthread([this](const std::stop_token& stop) { watch_store(stop); });
  read_past();
  return true;
}

void GatewayEngine::record_past(fleet::Time from, fleet::Time until) {
  until = tick_boundary(until, config_.core.tick);
  const auto must = [](const fleet::Result<void>& written) {
    if (!written) throw std::runtime_error(written.error().what);
  };
  PastSteps steps(*demo_, from, until, config_.core.tick);
  while (const auto past = steps.take()) {
    must(feeder_->prepare_tick());
    core_->ingest(past->batch);
    must(feeder_->append(core_->end_tick()));
  }
}

/// Before anything of a tick is taken in. The recorder takes everything; its errors show in its
/// status.
void GatewayEngine::prepare_tick() {
  if (!feeder_ || core_->pending()) return;
  if (const Recorder::Status status = recorder_->status(); status.lost_frames && status.healthy) {
    recorder_->clear_lost();
    feeder_->start_over();
  }
  (void)feeder_->prepare_tick().ok();
}

void GatewayEngine::end_tick(FeedClock::Steady steady) {
  prepare_tick();
  const GatewayCore::TickFrames frames = core_->end_tick();
  ++counters_.ticks;
  if (!frames.tick) ++counters_.empty_ticks;
  if (feeder_) (void)feeder_->append(frames).ok();
  publisher_->publish(frames, steady);
}

/// After a pause of the process, or a clock that was set, hours of empty ticks are not walked.
void GatewayEngine::skip_empty_ticks(fleet::Time feed_now) {
  if (demo_ || core_->pending() || feed_now - core_->tick_end() < 2 * config_.core.tick) return;
  core_->skip_to(tick_boundary(feed_now, config_.core.tick));
}

bool GatewayEngine::advance(Now now) {
  if (finished_) return false;
  const fleet::Time feed_now = clock_.now(now.system, now.steady);
  std::size_t rows = 0;
  int ticks = 0;
  while (core_->tick_end() <= feed_now && ticks < kTicksAtOnce && rows < kRowsAtOnce) {
    if (demo_) {
      demo_->fill(core_->tick_end(), batch_);
      rows += batch_.reports.size();
      prepare_tick();
      core_->ingest(batch_);
    }
    end_tick(now.steady);
    ++ticks;
    skip_empty_ticks(feed_now);
  }
  const bool more = core_->tick_end() <= feed_now;
  if (more && demo_) {
    const auto lag = std::chrono::duration<double>(feed_now - core_->tick_begin());
    if (lag > std::chrono::duration<double>(kDemoLag) * std::max(1.0, clock_.speed()))
      clock_.hold_back(core_->tick_end(), now.steady);
  }
  if (now.steady >= next_beat_) {
    const fleet::Error problem = store_status().problem;
    publisher_->beat(feed_now, cause_of(problem), store_trouble_of(problem));
    ask_what_is_durable();
    if (rollups_)
      rollups_->look(config_.core.zone.day_of(core_->tick_begin()), core_->take_other_day(),
                     now.steady);
    next_beat_ = std::max(next_beat_ + kHeartbeat, now.steady + kHeartbeat / 2);
  }
  return more;
}

std::chrono::nanoseconds GatewayEngine::until_due(Now now) {
  const auto beat = next_beat_ - now.steady;
  const double speed = std::max(clock_.speed(), 1e-3);
  const auto left = core_->tick_end() - clock_.now(now.system, now.steady);
  const auto tick = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(left) / speed);
  // 2 ms: many short ticks are ended together rather than each with a timer of its own.
  return std::max<std::chrono::nanoseconds>(std::min<std::chrono::nanoseconds>(beat, tick),
                                            std::chrono::milliseconds(2));
}

void GatewayEngine::set_speed(double speed, Now now) {
  if (clock_.simulated()) clock_.set_speed(speed, now.steady);
}

void GatewayEngine::finish(Now now) {
  if (finished_) return;
  if (core_->pending()) end_tick(now.steady);
  finished_ = true;
  close_store();
}

}  // namespace net
