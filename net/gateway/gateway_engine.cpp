#include "net/gateway/gateway_engine.hpp"

#include <algorithm>
#include <stdexcept>

namespace net {

namespace {

/// Ticks ended in one go before sockets get their turn: some 5 ms at 120 rows a tick.
constexpr int kTicksAtOnce = 16;
/// ... or rows, where ticks are large.
constexpr std::size_t kRowsAtOnce = 10'000;
/// A simulated feed that is more than this behind its clock slows down instead.
constexpr std::chrono::seconds kDemoLag{1};
constexpr std::chrono::milliseconds kHeartbeat{1000};
/// Of an answer, beside its text: what waits with it.
constexpr std::size_t kAnswerOverhead = 256;
/// A store may be this far ahead of the clock (one that was set back a little, a crash within a
/// tick): the feed stands still until then. Further ahead, nothing would be recorded for as long.
constexpr std::chrono::minutes kMostAhead{5};

IngestAnswer refusal(int status, const std::string& why) {
  std::string text = "{\"status\":" + std::to_string(status) + ",\"error\":\"";
  for (const char c : why) {
    if (c == '"' || c == '\\') text += '\\';
    text += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return {status, text + "\"}"};
}

std::size_t line_count(std::string_view body) {
  const auto ends = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n'));
  return ends + (body.ends_with('\n') ? 0 : 1);
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
  core_ = std::make_unique<GatewayCore>(config_.core, tick_boundary(start, config_.core.tick));
  if (demo) demo_ = std::make_unique<DemoFeed>(std::move(*demo));
  if (!config_.data.empty()) open_data(now);
}

GatewayEngine::~GatewayEngine() = default;

void GatewayEngine::log(LogLevel level, const std::string& text) const {
  if (config_.log) config_.log(level, text);
}

DayStoreOptions GatewayEngine::store_options() const {
  DayStoreOptions options;
  options.zone = config_.core.zone;
  options.demo = demo_ != nullptr;
  return options;
}

void GatewayEngine::open_data(Now now) {
  auto opened = open_store(config_.data, store_options());
  if (!opened) throw std::runtime_error(opened.error().what);
  OpenedStore& store = opened.value();
  writer_ = std::move(store.writer);
  if (store.last == fleet::kNever) {
    log(LogLevel::info, "Recording to " + config_.data.string() + ", which is empty.");
    return;
  }
  restored_ = store.last;
  log(LogLevel::info, "Recording to " + config_.data.string() + ", which knows " +
                          std::to_string(store.state.roster().size()) + " machines up to " +
                          fleet::iso8601(store.last) + " (" +
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
}

bool GatewayEngine::prepare(const std::function<Now()>& now) {
  if (demo_) demo_->enter(core_->state());
  if (writer_) {
    DirectSink direct(*writer_);
    feeder_ = std::make_unique<StoreFeeder>(*core_, store_options(), direct);
    if (demo_) take_past(core_->tick_begin(), demo_->source().now);
    if (auto done = writer_->commit(); !done) throw std::runtime_error(done.error().what);
    counters_.durable_values = core_->counters().stored;
    recorder_ = std::make_unique<Recorder>(
        std::move(writer_), Recorder::Pace{config_.commit_every, config_.store_retry}, post_,
        config_.log);
    feeder_->set_sink(*recorder_);
  } else if (demo_) {
    take_past(core_->tick_begin(), demo_->source().now);
    if (demo_->gave_up()) return false;
  }
  const Now after = now();
  if (demo_) clock_.hold_back(core_->tick_begin(), after.steady);
  publisher_ = std::make_unique<Publisher>(*core_, config_.ring_bytes,
                                           std::chrono::duration_cast<std::chrono::nanoseconds>(
                                               std::chrono::duration<double>(config_.ring_seconds)),
                                           after.steady);
  next_beat_ = after.steady;
  return true;
}

/// Without a store nobody reads frames of it: then none are made.
void GatewayEngine::take_past(fleet::Time from, fleet::Time until) {
  until = tick_boundary(until, config_.core.tick);
  if (!feeder_) return demo_->absorb_past(*core_, until);
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
    publisher_->beat(feed_now, store_trouble());
    ask_what_is_durable();
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

IngestOutcome GatewayEngine::take(fleet::ReportBatch& batch) {
  IngestOutcome outcome = core_->ingest(batch);
  counters_.reports += batch.reports.size();
  return outcome;
}

/// Accepted, and not yet known to be on the disk. What an error holds back stays pending.
std::uint64_t GatewayEngine::pending_values() const {
  return recorder_ ? core_->counters().stored - counters_.durable_values : 0;
}

/// Everything accepted so far was handed to the recorder.
void GatewayEngine::when_durable(std::function<void(bool)> done) {
  recorder_->when_committed(
      [this, accepted = core_->counters().stored, done = std::move(done)](bool committed) {
        if (committed) counters_.durable_values = std::max(counters_.durable_values, accepted);
        done(committed);
      });
}

/// For what no sender waits for any more: a demo's ticks, and what an error held back.
void GatewayEngine::ask_what_is_durable() {
  if (asking_ || pending_values() == 0) return;
  asking_ = true;
  when_durable([this](bool) { asking_ = false; });
}

/// For walls: why nothing is recorded, the cause first, without the path of the day's file. Empty:
/// it is.
std::string GatewayEngine::store_trouble() const {
  if (!recorder_) return {};
  const Recorder::Status status = recorder_->status();
  const std::size_t file = status.problem.find(".fleetday");
  const std::size_t cause =
      file == std::string::npos ? std::string::npos : status.problem.find(": ", file);
  return cause == std::string::npos ? status.problem : status.problem.substr(cause + 2);
}

/// Of both kinds of rejections the first ones by line; the others are counted.
IngestAnswer GatewayEngine::answer_to(NdjsonOutcome& lines, const IngestOutcome& outcome) const {
  std::uint64_t total = outcome.rejected.size();
  for (const std::uint64_t n : lines.rejected_count) total += n;
  std::vector<IngestRejection>& listed = lines.rejected;
  for (std::size_t i = 0; i < std::min(outcome.rejected.size(), kMaxListedRejections); ++i) {
    const LineRejection& r = outcome.rejected[i];
    listed.push_back({r.line, r.reason,
                      std::string(fleet::rejected_field_name(core_->state().fields(), r.field))});
  }
  std::stable_sort(listed.begin(), listed.end(),
                   [](const auto& a, const auto& b) { return a.line < b.line; });
  return {200, ingest_answer(outcome.accepted + lines.roster_only, listed, total - listed.size())};
}

/// Counts an answer for as long as it waits for the disk, and notes how long that took.
std::function<void(IngestAnswer)> GatewayEngine::counted(std::function<void(IngestAnswer)> done,
                                                         const IngestAnswer& answer,
                                                         FeedClock::Steady received) {
  const std::size_t bytes = answer.body.size() + kAnswerOverhead;
  waiting_answer_bytes_ += bytes;
  return [this, bytes, received, done = std::move(done)](IngestAnswer made) {
    waiting_answer_bytes_ -= bytes;
    if (made.status == 200) durable_.add(std::chrono::steady_clock::now() - received);
    done(std::move(made));
  };
}

/// Why the store takes nothing for now: a status and a sentence.
std::optional<IngestAnswer> GatewayEngine::store_refuses() const {
  if (!recorder_) return std::nullopt;
  const Recorder::Status status = recorder_->status();
  if (!status.healthy)
    return IngestAnswer{503, "The store refuses data, nothing was accepted: " + status.problem};
  if (status.waiting_bytes > kMaxUncommittedBytes)
    return IngestAnswer{429, "More data than the disk takes; nothing was accepted, send it again."};
  if (waiting_answer_bytes_ > kMaxWaitingAnswerBytes)
    return IngestAnswer{429,
                        "Too many answers wait for the disk; nothing was accepted, send it again."};
  return std::nullopt;
}

std::size_t GatewayEngine::ingest(std::string body, Now now,
                                  std::function<void(IngestAnswer)> done) {
  const auto refuse = [&](int status, const std::string& why) {
    ++counters_.refused_messages;
    done(refusal(status, why));
    return std::size_t{0};
  };
  ++counters_.messages;
  if (finished_) return refuse(503, "The gateway goes down; nothing was accepted.");
  if (const auto no = store_refuses()) return refuse(no->status, no->body);
  while (advance(now)) {
  }
  const fleet::Time received =
      std::clamp(clock_.now(now.system, now.steady), core_->tick_begin() + fleet::Millis(1),
                 core_->tick_end());
  if (!core_->has_room(line_count(body)))
    return refuse(429, "More reports than one tick takes; nothing was accepted, send it again.");
  prepare_tick();
  batch_.clear();
  auto parsed = parser_.parse(body, received, core_->state(), batch_);
  if (!parsed) return refuse(400, parsed.error().what);
  NdjsonOutcome& lines = parsed.value();
  counters_.lines += lines.lines;
  counters_.roster_lines += lines.roster_only;
  for (std::size_t r = 0; r < lines.rejected_count.size(); ++r)
    counters_.refused_lines[r] += lines.rejected_count[r];
  const IngestOutcome outcome = take(batch_);
  IngestAnswer answer = answer_to(lines, outcome);
  if (!recorder_) {
    done(std::move(answer));
    return 0;
  }
  const std::size_t waiting = answer.body.size();
  done = counted(std::move(done), answer, now.steady);

  const GatewayCore::TickFrames entries = core_->take_journal();
  if (entries.roster) recorder_->journal(entries.roster);
  if (entries.tick) recorder_->journal(entries.tick);
  when_durable([answer = std::move(answer), done = std::move(done)](bool committed) mutable {
    if (!committed) answer = refusal(503, "The store failed; send it again.");
    done(std::move(answer));
  });
  return waiting;
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
