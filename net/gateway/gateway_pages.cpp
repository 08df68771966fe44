// The gateway's pages: hello, /healthz, /metrics.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/gateway/gateway_engine.hpp"
#include "net/gateway/metrics.hpp"
#include "net/gateway/socket_server.hpp"

namespace net {

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
  const bool healthy = !recorder_ || recorder_->healthy();
  http_status = healthy ? 200 : 503;
  page["status"] = healthy ? "ok" : "store";
  if (brief) return page.dump() + "\n";
  if (!healthy) page["reason"] = recorder_->status().problem;
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
  return page.dump() + "\n";
}

std::string GatewayEngine::metrics(Now now, const ConnectionCounters& connections) {
  MetricsText m;
  const auto counter = [&m](const char* name, const char* help, std::uint64_t value) {
    m.family(name, "counter", help);
    m.value(value);
  };
  const auto gauge = [&m](const char* name, const char* help, double value) {
    m.family(name, "gauge", help);
    m.value(value);
  };

  const fleet::QualityCounters& judged = core_->counters();
  std::uint64_t refused_lines = 0;
  for (const std::uint64_t n : counters_.refused_lines) refused_lines += n;
  counter("received_total", "Values received; equals stored + rejected + pending at every scrape.",
          judged.received + refused_lines);
  counter("stored_total", "Values accepted and, with a store, durable.",
          judged.stored - pending_values());
  gauge("pending", "Values accepted and not yet known to be durable.",
        static_cast<double>(pending_values()));
  m.family("rejected_total", "counter", "Values rejected, by reason.");
  for (int i = 0; i < fleet::kReasonCount; ++i) {
    const auto r = static_cast<std::size_t>(i);
    m.value(judged.rejected[r] + counters_.refused_lines[r], "reason",
            fleet::reason_name(static_cast<fleet::Reason>(i)));
  }
  m.family("noted_total", "counter", "Values stored but worth a note (late, conflict), by reason.");
  for (int i = 0; i < fleet::kReasonCount; ++i)
    m.value(judged.noted[static_cast<std::size_t>(i)], "reason",
            fleet::reason_name(static_cast<fleet::Reason>(i)));

  counter("ingest_messages_total", "Ingest messages, refused ones included.", counters_.messages);
  counter("ingest_refused_messages_total", "Ingest messages refused as a whole (400, 429, 503).",
          counters_.refused_messages);
  counter("ingest_lines_total", "Lines that were not blank.", counters_.lines);
  counter("ingest_roster_lines_total", "Lines taken up that carried roster keys only.",
          counters_.roster_lines);
  counter("reports_total", "Reports judged.", counters_.reports);

  const PublisherCounters& sent = publisher_->counters();
  counter("ticks_total", "Ticks ended.", counters_.ticks);
  counter("tick_frames_total", "Tick frames encoded: once each, however many viewers.",
          sent.tick_frames);
  counter("tick_frame_bytes_total", "Bytes of tick frames as sent to one viewer.", sent.tick_bytes);
  counter("keyframes_total", "Keyframes encoded.", sent.keyframes);
  counter("keyframe_bytes_total", "Bytes of keyframes as sent to one viewer.", sent.keyframe_bytes);
  counter("catch_up_frames_total", "Catch-up frames encoded.", sent.catch_ups);
  counter("roster_frames_total", "Roster frames encoded.", sent.roster_frames);
  counter("hashes_total", "State hashes sent.", sent.hashes);
  gauge("ring_bytes", "Bytes of frames kept for resuming viewers.",
        static_cast<double>(publisher_->ring().bytes()));

  // Asked once: what a scrape says of the store is of one moment.
  const Recorder::Status store = recorder_ ? recorder_->status() : Recorder::Status();
  m.family("buffer_bytes", "gauge", "Bytes held for peers and for the disk, by what they are.");
  m.value(std::uint64_t{publisher_->frame_bytes()}, "what", "frames");
  m.value(connections.read_bytes, "what", "messages");
  m.value(connections.answer_bytes + waiting_answer_bytes_, "what", "answers");
  m.value(std::uint64_t{store.waiting_bytes}, "what", "store");
  m.family("buffer_limit_bytes", "gauge", "What buffer_bytes cannot exceed but by one more item.");
  m.value(std::uint64_t{publisher_->frame_bytes_limit()}, "what", "frames");
  m.value(std::uint64_t{config_.read_bytes}, "what", "messages");
  m.value(std::uint64_t{kMaxWaitingAnswerBytes + kMaxConnections * kMaxSocketAnswerBytes}, "what",
          "answers");
  m.value(std::uint64_t{std::max(kMaxUncommittedBytes, kMaxHeldBackBytes)}, "what", "store");

  gauge("machines", "Machines in the roster.", static_cast<double>(core_->state().roster().size()));
  gauge("open_alarms", "Open alarms.", static_cast<double>(core_->state().alarms().open().size()));
  gauge("connections", "Open sockets.", static_cast<double>(connections.connections));
  gauge("viewers", "Viewers on the feed.", static_cast<double>(connections.viewers));
  gauge("ingest_sockets", "WebSockets of ingest.", static_cast<double>(connections.ingest_sockets));
  counter("connections_total", "Sockets accepted.", connections.accepted);
  counter("connections_refused_total", "Sockets refused because there were too many.",
          connections.refused);
  counter("connections_refused_address_total",
          "Sockets refused because their address had too many.", connections.refused_address);
  m.family("access_refused_total", "counter", "Requests refused for lack of a right, by status.");
  m.value(connections.unauthorised, "status", "401");
  m.value(connections.forbidden, "status", "403");
  if (connections.certificate_end != fleet::kNever) {
    counter("tls_failures_total", "TLS handshakes that failed.", connections.tls_failures);
    gauge("tls_certificate_end_seconds", "When the certificate in use ends, since 1970.",
          static_cast<double>(fleet::ms_from_time(connections.certificate_end)) / 1000);
  }
  counter("feed_sessions_total", "Viewers that subscribed.", connections.feed_sessions);
  counter("feed_catch_ups_total", "Times a viewer needed a catch-up.", connections.catch_ups);
  counter("feed_slow_closed_total", "Viewers closed because they did not read.",
          connections.slow_closed);
  counter("feed_too_slow_total", "Viewers sent away because they read too slowly (1013).",
          connections.too_slow_closed);
  counter("sent_messages_total", "Feed messages sent, all viewers.", connections.sent_messages);
  counter("sent_bytes_total", "Feed bytes sent, all viewers.", connections.sent_bytes);
  counter("http_requests_total", "HTTP requests answered.", connections.http_requests);

  if (recorder_) {
    m.histogram("ingest_durable_seconds",
                "From the last byte of an ingest message to the commit of its samples.", durable_);
    gauge("store_healthy", "1 while the store takes data.", store.healthy ? 1 : 0);
    gauge("store_waiting_bytes", "Bytes handed to the recorder and not yet durable.",
          static_cast<double>(store.waiting_bytes));
    counter("store_commits_total", "Commits.", store.commits);
    counter("store_failures_total", "Writes that failed and were tried again.", store.failures);
    counter("store_given_up_frames_total",
            "Frames that could not be written for so long that history lacks them.",
            store.given_up_frames);
    counter("store_bytes_total", "Bytes of frames and journal made durable.", store.bytes);
    m.family("store_commit_seconds_total", "counter", "Time spent in writing and committing.");
    m.value(store.commit_s_sum);
    gauge("store_commit_seconds_max", "Longest commit since the start.", store.commit_s_max);
  }
  gauge("feed_time_seconds", "The feed's clock, seconds since 1970.",
        static_cast<double>(fleet::ms_from_time(clock_.now(now.system, now.steady))) / 1000);
  gauge("uptime_seconds", "Since the start of the gateway.",
        std::chrono::duration<double>(now.steady - started_).count());
  return m.text();
}

}  // namespace net
