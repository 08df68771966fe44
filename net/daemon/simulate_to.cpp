// fleetwalld simulate --to: the demo fleet as a sender.
#include <iostream>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/daemon/simulation.hpp"
#include "net/feed/ingest_sender.hpp"
#include "net/ingest/ndjson_writer.hpp"

namespace net::daemon {
namespace {

/// Lines in one message at most: 4,000 lines are some 600 kB.
constexpr std::size_t kLinesPerMessage = 4'000;

/// Why a gateway does not take a sender. status: as HttpRefusal's.
std::string why_not(int status, bool with_token, const std::string& otherwise) {
  if (status == 401 && with_token) return "The gateway does not know this token.";
  if (status == 401)
    return "The gateway asks for a token of the role ingest: name its file with --token-file FILE.";
  if (status == 403 && with_token)
    return "This token does not allow to send reports: that takes the role ingest or admin.";
  return otherwise;
}

fleet::Result<WsClientConfig> client_of(const SimulateOptions& options) {
  WsClientConfig config;
  auto url = parse_ws_url(options.to, "/ingest");
  if (!url) return url.error();
  config.url = url.value();
  auto token = read_token_file(options.token_file);
  if (!token) return token.error();
  config.token = token.value();
  auto tls = client_tls(options.ca_file);
  if (!tls) return tls.error();
  config.tls = tls.value();
  config.agent = "fleetwalld/" FLEETWALL_VERSION " simulate";
  config.max_message_bytes = 8u << 20;  // an answer that names every line of a message
  return config;
}

/// Lines on their way into a message.
class Lines {
 public:
  explicit Lines(IngestSender& sender) : sender_(sender) {}

  void machine(const fleet::Machine& machine) {
    message_.roster = true;
    append_roster_line(machine, message_.lines);
    added();
  }
  void report(const fleet::Report& report, const fleet::ReportBatch& batch, const Span& span) {
    append_report_line(report, batch, fields_, span.machines()[report.machine].id, message_.lines);
    added();
  }
  /// False: the last message failed, see result.
  bool flush() {
    if (result && message_.count > 0) result = sender_.send(std::exchange(message_, {}));
    return result.ok();
  }

  fleet::Result<void> result;

 private:
  void added() {
    if (++message_.count == kLinesPerMessage) flush();
  }

  IngestSender& sender_;
  IngestSender::Message message_;
  const fleet::FieldCatalog fields_;
};

void send_all(const SimulateOptions& options, Span& span, IngestSender& sender, Lines& lines) {
  const Pace pace(options.speed);
  for (const fleet::Machine& machine : span.machines()) lines.machine(machine);
  if (!lines.flush()) return;
  span.each_second([&](fleet::Time end, const fleet::ReportBatch& batch) {
    for (const fleet::Report& report : batch.reports) lines.report(report, batch, span);
    if (!lines.result) return false;
    if (options.live) {
      if (end <= std::chrono::system_clock::now()) return true;
      lines.result = sender.rest_until(end);
      return lines.flush();
    }
    pace.wait(std::chrono::duration_cast<std::chrono::seconds>(end - span.start()));
    return options.speed > 0 ? lines.flush() : true;
  });
  lines.flush();
}

}  // namespace

int send_simulation(const SimulateOptions& options, Span& span) {
  const auto config = client_of(options);
  if (!config) return complain(config.error().what, kExitUsage);
  IngestSender sender({.make = [&] { return make_ws_client(*config); },
                       .patient = options.live,
                       .pause = [](auto wait) { std::this_thread::sleep_for(wait); },
                       .tell = [](const std::string& line) { complain(line, kExitDone); }});
  if (auto done = sender.connect(); !done)
    return complain(why_not(sender.refusal().status, !config->token.empty(), done.error().what),
                    kExitFailed);
  const auto begin = std::chrono::steady_clock::now();
  Lines lines(sender);
  send_all(options, span, sender, lines);
  if (lines.result) lines.result = sender.finish();
  if (!lines.result) return complain(lines.result.error().what, kExitFailed);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::cerr << "fleetwalld: sent " << sender.sent() << " lines, " << sender.accepted()
            << " accepted, " << seconds << " s.\n";
  return kExitDone;
}

}  // namespace net::daemon
