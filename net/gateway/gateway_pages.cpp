// The gateway's pages: hello, /healthz, /metrics.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <numeric>

#include "net/gateway/gateway_engine.hpp"
#include "net/gateway/metrics.hpp"
#include "net/gateway/socket_server.hpp"

namespace net {

namespace {

double gauge(std::uint64_t value) {
  return static_cast<double>(value);
}

double since_1970(fleet::Time time) {
  return static_cast<double>(fleet::ms_from_time(time)) / 1000;
}

nlohmann::ordered_json disk_page(const StoreKeeper::Status& disk) {
  nlohmann::ordered_json page;
  const auto known = [](const auto& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  page["days"] = disk.days;
  page["bytes"] = disk.bytes;
  page["free_bytes"] = disk.free_bytes;
  page["bytes_a_day"] = known(disk.forecast.bytes_a_day);
  page["days_until_full"] = known(disk.forecast.days_until_full);
  page["days_until_removal"] = known(disk.forecast.days_until_removal);
  page["removed_days"] = disk.removed_days;
  if (!disk.problem.empty()) page["problem"] = disk.problem;
  return page;
}

}  // namespace

Hello GatewayEngine::hello(Now now, Role role) {
  Hello hello;
  hello.gateway_version = FLEETWALL_VERSION;
  hello.gateway_name = config_.name;
  hello.epoch = publisher_->epoch();
  hello.gateway_time = clock_.now(now.system, now.steady);
  hello.speed = clock_.speed();
  hello.tick_ms = static_cast<std::uint32_t>(config_.core.tick.count());
  hello.demo = clock_.simulated();
  hello.day_zone = config_.core.zone.name();
  hello.role = role_name(role);
  hello.view = "full";
  return hello;
}

std::string GatewayEngine::healthz(Now now, const ConnectionCounters& connections, bool brief,
                                   int& http_status) {
  nlohmann::ordered_json page;
  const Recorder::Status store = store_status();
  http_status = store.healthy ? 200 : 503;
  page["status"] = store.healthy ? "ok" : "store";
  if (brief) return page.dump() + "\n";
  if (!store.healthy) page["reason"] = store.problem.what;
  page["version"] = FLEETWALL_VERSION;
  page["demo"] = clock_.simulated();
  page["uptime_s"] =
      std::chrono::duration_cast<std::chrono::seconds>(now.steady - started_).count();
  page["feed_time"] = fleet::iso8601(clock_.now(now.system, now.steady));
  const fleet::Time newest = core_->state().newest_receive();
  page["newest_receive"] = newest == fleet::kNever ? nlohmann::ordered_json()
                                                   : nlohmann::ordered_json(fleet::iso8601(newest));
  page["epoch"] = publisher_->epoch();
  page["tick"] = publisher_->last_number();
  page["machines"] = core_->state().roster().size();
  page["viewers"] = connections.viewers;
  page["recording"] = recorder_ != nullptr;
  if (keeper_) page["store"] = disk_page(keeper_->status());
  if (const auto damages = damages_.list(); !damages.empty()) page["damage"] = damages;
  return page.dump() + "\n";
}

/// The page is written in the order of these functions.
struct GatewayEngine::Scrape {
  using Row = MetricsText::Row;
  using Part = MetricsText::Part;
  GatewayEngine& engine;
  const ConnectionCounters& sockets;
  Now now;
  /// Asked once: what a scrape says of the store is of one moment.
  Recorder::Status store;
  MetricsText page;

  void values();
  void ingest();
  void frames();
  void buffers();
  void now_open();
  void connections();
  void tls();
  void feed();
  void recorder();
  void disk();
  void clocks();
};

void GatewayEngine::Scrape::values() {
  const fleet::QualityCounters& judged = engine.core_->counters();
  const auto& refused = engine.counters_.refused_lines;
  const std::uint64_t pending = engine.pending_values();
  const Row rows[] = {
      {"received_total", "Values received; equals stored + rejected + pending at every scrape.",
       std::accumulate(refused.begin(), refused.end(), judged.received)},
      {"stored_total", "Values accepted and, with a store, durable.", judged.stored - pending},
      {"pending", "Values accepted and not yet known to be durable.", gauge(pending)},
  };
  page.table(rows);
  std::array<Part, fleet::kReasonCount> rejected, noted;
  for (std::size_t r = 0; r < rejected.size(); ++r) {
    const char* reason = fleet::reason_name(static_cast<fleet::Reason>(r));
    rejected[r] = {reason, judged.rejected[r] + refused[r]};
    noted[r] = {reason, judged.noted[r]};
  }
  page.table("rejected_total", "Values rejected, by reason.", "reason", rejected);
  page.table("noted_total", "Values stored but worth a note (late, conflict), by reason.", "reason",
             noted);
}

void GatewayEngine::Scrape::ingest() {
  const Counters& n = engine.counters_;
  const Row rows[] = {
      {"ingest_messages_total", "Ingest messages, refused ones included.", n.messages},
      {"ingest_refused_messages_total", "Ingest messages refused as a whole (400, 429, 503).",
       n.refused_messages},
      {"ingest_lines_total", "Lines that were not blank.", n.lines},
      {"ingest_roster_lines_total", "Lines taken up that carried roster keys only.",
       n.roster_lines},
      {"reports_total", "Reports judged.", n.reports},
  };
  page.table(rows);
}

void GatewayEngine::Scrape::frames() {
  const PublisherCounters& sent = engine.publisher_->counters();
  const Row rows[] = {
      {"ticks_total", "Ticks ended.", engine.counters_.ticks},
      {"tick_frames_total", "Tick frames encoded: once each, however many viewers.",
       sent.tick_frames},
      {"tick_frame_bytes_total", "Bytes of tick frames as sent to one viewer.", sent.tick_bytes},
      {"keyframes_total", "Keyframes encoded.", sent.keyframes},
      {"keyframe_bytes_total", "Bytes of keyframes as sent to one viewer.", sent.keyframe_bytes},
      {"catch_up_frames_total", "Catch-up frames encoded.", sent.catch_ups},
      {"roster_frames_total", "Roster frames encoded.", sent.roster_frames},
      {"hashes_total", "State hashes sent.", sent.hashes},
      {"tracks_total", "Machines whose tracks viewers were sent.",
       engine.publisher_->tracks().answered()},
      {"ring_bytes", "Bytes of frames kept for resuming viewers.",
       gauge(engine.publisher_->ring().bytes())},
  };
  page.table(rows);
}

void GatewayEngine::Scrape::buffers() {
  const Publisher& publisher = *engine.publisher_;
  const Part held[] = {
      {"frames", publisher.frame_bytes()},
      {"messages", sockets.read_bytes},
      {"answers", sockets.answer_bytes + *engine.waiting_answer_bytes_},
      {"store", store.waiting_bytes},
      {"tracks", publisher.tracks().bytes()},
      {"track_answers", publisher.tracks().held_bytes()},
  };
  page.table("buffer_bytes", "Bytes held for peers and for the disk, by what they are.", "what",
             held);
  const Part limits[] = {
      {"frames", publisher.frame_bytes_limit()},
      {"messages", engine.config_.read_bytes},
      {"answers", kMaxWaitingAnswerBytes + kMaxConnections * kMaxSocketAnswerBytes},
      {"store", std::max(kMaxUncommittedBytes, kMaxHeldBackBytes)},
      {"tracks", publisher.tracks().limit_bytes()},
      {"track_answers", publisher.tracks().held_bytes_limit()},
  };
  page.table("buffer_limit_bytes", "What buffer_bytes cannot exceed but by one more item.", "what",
             limits);
}

void GatewayEngine::Scrape::now_open() {
  const fleet::FleetState& state = engine.core_->state();
  const Row rows[] = {
      {"machines", "Machines in the roster.", gauge(state.roster().size())},
      {"open_alarms", "Open alarms.", gauge(state.alarms().open().size())},
      {"connections", "Open sockets.", gauge(sockets.connections)},
      {"viewers", "Viewers on the feed.", gauge(sockets.viewers)},
      {"replays", "Viewers in the past.", gauge(sockets.replays)},
      {"ingest_sockets", "WebSockets of ingest.", gauge(sockets.ingest_sockets)},
  };
  page.table(rows);
}

void GatewayEngine::Scrape::connections() {
  const Row rows[] = {
      {"connections_total", "Sockets accepted.", sockets.accepted},
      {"connections_refused_total", "Sockets refused because there were too many.",
       sockets.refused},
      {"connections_refused_address_total", "Sockets refused because their address had too many.",
       sockets.refused_address},
  };
  page.table(rows);
  const Part refused[] = {{"401", sockets.unauthorised}, {"403", sockets.forbidden}};
  page.table("access_refused_total", "Requests refused for lack of a right, by status.", "status",
             refused);
}

void GatewayEngine::Scrape::tls() {
  if (sockets.certificate_end == fleet::kNever) return;
  const Row rows[] = {
      {"tls_failures_total", "TLS handshakes that failed.", sockets.tls_failures},
      {"tls_certificate_end_seconds", "When the certificate in use ends, since 1970.",
       since_1970(sockets.certificate_end)},
  };
  page.table(rows);
}

void GatewayEngine::Scrape::feed() {
  const Row rows[] = {
      {"feed_sessions_total", "Viewers that subscribed.", sockets.feed_sessions},
      {"feed_catch_ups_total", "Times a viewer needed a catch-up.", sockets.catch_ups},
      {"feed_slow_closed_total", "Viewers closed because they did not read.", sockets.slow_closed},
      {"feed_too_slow_total", "Viewers sent away because they read too slowly (1013).",
       sockets.too_slow_closed},
      {"sent_messages_total", "Feed messages sent, all viewers.", sockets.sent_messages},
      {"sent_bytes_total", "Feed bytes sent, all viewers.", sockets.sent_bytes},
      {"replay_sessions_total", "Viewers that went into the past.", sockets.replay_sessions},
      {"replay_bytes_total", "Bytes of the past sent, all viewers.", sockets.replay_bytes},
      {"http_requests_total", "HTTP requests answered.", sockets.http_requests},
  };
  page.table(rows);
}

void GatewayEngine::Scrape::recorder() {
  if (!engine.records()) return;
  page.histogram("ingest_durable_seconds",
                 "From the last byte of an ingest message to the commit of its samples.",
                 engine.durable_);
  const Row rows[] = {
      {"store_healthy", "1 while the store takes data.", store.healthy ? 1.0 : 0.0},
      {"store_damages", "Damaged places in the store that this run met.",
       gauge(engine.damages_.count())},
      {"store_waiting_bytes", "Bytes handed to the recorder and not yet durable.",
       gauge(store.waiting_bytes)},
      {"store_commits_total", "Commits.", store.commits},
      {"store_failures_total", "Writes that failed and were tried again.", store.failures},
      {"store_given_up_frames_total",
       "Frames that could not be written for so long that history lacks them.",
       store.given_up_frames},
      {"store_bytes_total", "Bytes of frames and journal made durable.", store.bytes},
      {"store_commit_seconds_total", "Time spent in writing and committing.", store.commit_s_sum},
      {"store_commit_seconds_max", "Longest commit since the start.", store.commit_s_max},
  };
  page.table(rows);
}

void GatewayEngine::Scrape::disk() {
  if (!engine.keeper_) return;
  const StoreKeeper::Status disk = engine.keeper_->status();
  const Row rows[] = {
      {"store_files", "Day files in the data folder.", gauge(disk.days)},
      {"store_files_bytes", "What they take.", gauge(disk.bytes)},
      {"store_disk_free_bytes", "Free to us on their file system.", gauge(disk.free_bytes)},
      {"store_disk_bytes", "Size of their file system.", gauge(disk.disk_bytes)},
      {"store_removed_files_total", "Days that retention removed.", disk.removed_days},
      {"store_removed_bytes_total", "What they took.", disk.removed_bytes},
  };
  page.table(rows);
  // Without a whole day nothing is known: then there is no number rather than a wrong one.
  constexpr double kDay = 86'400;
  const auto known = [&](std::string_view name, std::string_view help, const auto& value,
                         double factor) {
    if (!value) return;
    const Row row[] = {{name, help, static_cast<double>(*value) * factor}};
    page.table(row);
  };
  known("store_daily_bytes", "What a day takes: mean of the last whole days, up to seven.",
        disk.forecast.bytes_a_day, 1);
  known("store_full_in_seconds", "Until the file system is full if nothing is removed.",
        disk.forecast.days_until_full, kDay);
  known("store_removal_in_seconds", "Until retention removes the next day.",
        disk.forecast.days_until_removal, kDay);
}

void GatewayEngine::Scrape::clocks() {
  const Row rows[] = {
      {"feed_time_seconds", "The feed's clock, seconds since 1970.",
       since_1970(engine.clock_.now(now.system, now.steady))},
      {"uptime_seconds", "Since the start of the gateway.",
       std::chrono::duration<double>(now.steady - engine.started_).count()},
  };
  page.table(rows);
}

std::string GatewayEngine::metrics(Now now, const ConnectionCounters& connections) {
  Scrape scrape{*this, connections, now, store_status(), {}};
  scrape.values();
  scrape.ingest();
  scrape.frames();
  scrape.buffers();
  scrape.now_open();
  scrape.connections();
  scrape.tls();
  scrape.feed();
  scrape.recorder();
  scrape.disk();
  scrape.clocks();
  return scrape.page.text();
}

}  // namespace net
