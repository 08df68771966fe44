// fleetwalld simulate: the demo fleet as a sender, as day files, or as text.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include "fleet/sim/simulator.hpp"
#include "net/channel.hpp"
#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/feed/ws_client.hpp"
#include "net/gateway/store_works.hpp"
#include "net/ingest/ndjson.hpp"
#include "net/ingest/ndjson_writer.hpp"
#include "net/store/page_parity.hpp"

namespace net::daemon {
namespace {

using Clock = std::chrono::steady_clock;

/// Messages that may be under way unanswered: keeps the gateway's group commits filled.
constexpr std::size_t kWindow = 16;
/// Lines in one message at most: 4,000 lines are some 600 kB.
constexpr std::size_t kLinesPerMessage = 4'000;
/// Text that is written at once.
constexpr std::size_t kWriteBytes = 1u << 20;
/// Days that have a name.
constexpr fleet::LocalDay kFirstDay{std::chrono::year(0) / 1 / 1};
constexpr fleet::LocalDay kLastDay{std::chrono::year(9999) / 12 / 31};
/// Ten years.
constexpr double kMostDays = 3660;

struct Options {
  std::uint32_t machines = 0;
  std::uint64_t seed = 0;
  std::string start = "2026-10-16T08:00:00+08:00", to, data, token_file, ca_file;
  double days = 1, speed = 0;
  bool moving = false, to_stdout = false, live = false;
};

/// Lets feed seconds pass at `speed` per real second; 0 = does not wait.
class Pace {
 public:
  explicit Pace(double speed) : speed_(speed), begin_(Clock::now()) {}
  void wait(std::chrono::seconds feed_time) const {
    if (speed_ <= 0) return;
    std::this_thread::sleep_until(begin_ + std::chrono::duration_cast<Clock::duration>(
                                               std::chrono::duration<double>(feed_time) / speed_));
  }

 private:
  double speed_;
  Clock::time_point begin_;
};

/// The simulated span, a second at a time.
class Span {
 public:
  Span(const Options& options, fleet::Time start)
      : simulator_({options.machines, options.seed, start, options.moving}),
        start_(start),
        seconds_(seconds_of(options)) {}

  static std::int64_t seconds_of(const Options& options) {
    return static_cast<std::int64_t>(options.days * 86'400);
  }

  const std::vector<fleet::Machine>& machines() const { return simulator_.machines(); }
  fleet::Time start() const { return start_; }
  /// Slot of each simulated machine in a roster that has others too; reports then name these.
  void set_slots(std::vector<fleet::Slot> slots) { slots_ = std::move(slots); }

  /// step(end of the second, its reports) -> false to stop.
  template <class Step>
  bool each_second(Step step) {
    for (std::int64_t s = 1; s <= seconds_; ++s) {
      const fleet::Time end = start_ + std::chrono::seconds(s);
      batch_.clear();
      simulator_.advance(end, batch_);
      if (!slots_.empty())
        for (fleet::Report& report : batch_.reports) report.machine = slots_[report.machine];
      if (!step(end, batch_)) return false;
    }
    return true;
  }

 private:
  fleet::sim::Simulator simulator_;
  fleet::Time start_;
  std::int64_t seconds_;
  std::vector<fleet::Slot> slots_;
  fleet::ReportBatch batch_;
};

int to_stdout(const Options& options, Span& span) {
  const fleet::FieldCatalog fields;
  const Pace pace(options.speed);
  std::string out;
  const auto flush = [&out](bool all) {
    if (!all && out.size() < kWriteBytes) return true;
    const bool good = std::fwrite(out.data(), 1, out.size(), stdout) == out.size();
    out.clear();
    return good && (!all || std::fflush(stdout) == 0);
  };
  for (const fleet::Machine& machine : span.machines()) append_roster_line(machine, out);
  const bool done = span.each_second([&](fleet::Time end, const fleet::ReportBatch& batch) {
    for (const fleet::Report& report : batch.reports)
      append_report_line(report, batch, fields, span.machines()[report.machine].id, out);
    pace.wait(std::chrono::duration_cast<std::chrono::seconds>(end - span.start()));
    return flush(options.speed > 0);
  });
  return done && flush(true) ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
}

/// Sends messages, keeps kWindow of them unanswered at most, and sums the answers.
class Sender {
 public:
  explicit Sender(WsTransport& socket) : socket_(socket) {}

  fleet::Result<void> send(const std::string& lines, std::uint64_t count) {
    while (unanswered_ >= kWindow)
      if (auto taken = take_answer(); !taken) return taken;
    sent_ += count;
    ++unanswered_;
    return socket_.send(lines, false);
  }
  /// Until then answers are taken, and pings answered.
  fleet::Result<void> rest_until(std::chrono::system_clock::time_point then) {
    using std::chrono::system_clock;
    for (auto now = system_clock::now(); now < then; now = system_clock::now()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(then - now);
      auto answer = socket_.receive(left);
      if (!answer) return answer.error();
      if (!answer.value()) continue;
      if (auto counted = count(*answer.value()); !counted) return counted;
    }
    return {};
  }
  fleet::Result<void> finish() {
    while (unanswered_ > 0)
      if (auto taken = take_answer(); !taken) return taken;
    return {};
  }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t accepted() const { return accepted_; }

 private:
  fleet::Result<void> take_answer() {
    auto answer = socket_.receive(std::chrono::seconds(60));
    if (!answer) return answer.error();
    if (!answer.value()) return fleet::Error{"The gateway did not answer for a minute."};
    return count(*answer.value());
  }
  fleet::Result<void> count(const std::string& answer) {
    constexpr std::string_view kAccepted = "{\"accepted\":";
    if (!answer.starts_with(kAccepted))
      return fleet::Error{"The gateway refused a message: " + answer};
    accepted_ += std::stoull(answer.substr(kAccepted.size()));
    --unanswered_;
    return {};
  }

  WsTransport& socket_;
  std::size_t unanswered_ = 0;
  std::uint64_t sent_ = 0, accepted_ = 0;
};

/// Why a gateway does not take a sender. status: as HttpRefusal's.
std::string why_not(int status, bool with_token, const std::string& otherwise) {
  if (status == 401 && with_token) return "The gateway does not know this token.";
  if (status == 401)
    return "The gateway asks for a token of the role ingest: name its file with --token-file FILE.";
  if (status == 403 && with_token)
    return "This token does not allow to send reports: that takes the role ingest or admin.";
  return otherwise;
}

int to_gateway(const Options& options, Span& span) {
  auto url = parse_ws_url(options.to, "/ingest");
  if (!url) return complain(url.error().what, kExitUsage);
  WsClientConfig config;
  config.url = url.value();
  auto token = read_token_file(options.token_file);
  if (!token) return complain(token.error().what, kExitUsage);
  config.token = token.value();
  auto tls = client_tls(options.ca_file);
  if (!tls) return complain(tls.error().what, kExitUsage);
  config.tls = tls.value();
  config.agent = "fleetwalld/" FLEETWALL_VERSION " simulate";
  config.max_message_bytes = 8u << 20;  // an answer that names every line of a message
  auto socket = make_ws_client(config);
  if (auto done = socket->connect(); !done)
    return complain(why_not(socket->refusal().status, !config.token.empty(), done.error().what),
                    kExitFailed);

  const fleet::FieldCatalog fields;
  const Pace pace(options.speed);
  Sender sender(*socket);
  std::string lines;
  std::uint64_t count = 0;
  fleet::Result<void> result;
  const auto flush = [&] {
    if (count > 0) result = sender.send(lines, count);
    lines.clear();
    count = 0;
    return result.ok();
  };
  for (const fleet::Machine& machine : span.machines()) {
    append_roster_line(machine, lines);
    if (++count == kLinesPerMessage && !flush()) return complain(result.error().what, kExitFailed);
  }
  if (!flush()) return complain(result.error().what, kExitFailed);
  const auto begin = Clock::now();
  span.each_second([&](fleet::Time end, const fleet::ReportBatch& batch) {
    for (const fleet::Report& report : batch.reports) {
      append_report_line(report, batch, fields, span.machines()[report.machine].id, lines);
      if (++count == kLinesPerMessage && !flush()) return false;
    }
    if (options.live) {
      if (end <= std::chrono::system_clock::now()) return true;
      result = sender.rest_until(end);
      return result.ok() && flush();
    }
    pace.wait(std::chrono::duration_cast<std::chrono::seconds>(end - span.start()));
    return options.speed > 0 ? flush() : true;
  });
  if (result && flush()) result = sender.finish();
  socket->close();
  if (!result) return complain(result.error().what, kExitFailed);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cerr << "fleetwalld: sent " << sender.sent() << " lines, " << sender.accepted()
            << " accepted, " << seconds << " s.\n";
  return kExitDone;
}

/// Feed seconds that are simulated in one go, on a thread of their own.
constexpr int kSecondsAtOnce = 30;

/// Simulates on one thread, judges on this one, encodes and writes on others.
fleet::Result<std::uint64_t> record(Span& span, GatewayCore& core, StoreWorks& works) {
  Channel<std::vector<fleet::ReportBatch>> simulated(2);
  std::jthread simulating([&] {
    std::vector<fleet::ReportBatch> seconds;
    const bool done = span.each_second([&](fleet::Time, const fleet::ReportBatch& batch) {
      seconds.push_back(batch);
      return seconds.size() < kSecondsAtOnce || simulated.put(std::exchange(seconds, {}));
    });
    if (done) simulated.put(std::move(seconds));
    simulated.close();
  });
  // Whatever ends this function must not wait for a simulation that waits for room.
  const ClosesAtEnd closes(simulated);
  const auto take = [&](const fleet::ReportBatch& batch) -> fleet::Result<void> {
    if (auto prepared = works.prepare_tick(); !prepared) return prepared;
    core.ingest(batch);
    return works.end_tick();
  };
  std::uint64_t reports = 0;
  while (const auto seconds = simulated.take()) {
    for (const fleet::ReportBatch& batch : *seconds) {
      reports += batch.reports.size();
      if (auto taken = take(batch); !taken) return taken.error();
    }
  }
  if (auto finished = works.finish(); !finished) return finished.error();
  return reports;
}

int to_data(const Options& options, Span& span) {
  DayStoreOptions store_options;
  store_options.durable = false;  // synced once, when a day is closed
  store_options.pack_rest = true;
  store_options.pack_sizes.at_once = kPacksAtOnceInARush;
  store_options.demo = true;
  auto opened = open_store(options.data, store_options);
  if (!opened) return complain(opened.error().what, kExitFailed);
  OpenedStore& store = opened.value();
  if (store.last != fleet::kNever && store.last > span.start())
    return complain("The folder " + options.data + " already knows the time up to " +
                        fleet::iso8601(store.last) + "; simulate can only add what comes after it.",
                    kExitFailed);
  CoreConfig config;
  // Not the clock: the same arguments make the same files.
  config.epoch = static_cast<std::uint64_t>(fleet::ms_from_time(span.start()));
  GatewayCore core(config, span.start());
  if (store.last != fleet::kNever) core.restore(std::move(store.state), span.start());
  std::vector<fleet::Slot> slots;
  for (const fleet::Machine& machine : span.machines()) {
    auto slot = core.state().roster().find_or_add(machine.id);
    if (!slot) return complain(slot.error().what, kExitFailed);
    core.state().roster().update(slot.value(), machine);
    slots.push_back(slot.value());
  }
  span.set_slots(std::move(slots));
  const auto begin = Clock::now();
  auto reports = [&] {
    StoreWorks works(core, *store.writer, store_options, std::thread::hardware_concurrency());
    return record(span, core, works);
  }();
  if (!reports) return complain(reports.error().what, kExitFailed);
  if (auto closed = store.writer->close(); !closed)
    return complain(closed.error().what, kExitFailed);
  for (const std::string& failure : guard_days(options.data)) complain(failure, kExitFailed);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cerr << "fleetwalld: recorded " << reports.value() << " reports in "
            << core.position().number << " ticks, " << seconds << " s.\n";
  return kExitDone;
}

/// From the midnight before now, without an end: the morning at once, then as time passes.
void make_live(Options& options) {
  const fleet::TimeZone zone = DayStoreOptions().zone;
  const auto now = std::chrono::floor<fleet::Millis>(std::chrono::system_clock::now());
  options.start = fleet::iso8601(zone.start_of(zone.day_of(now)));
  options.days = kMostDays;
}

int simulate(Options options) {
  if (options.live && options.to.empty())
    return complain("--live needs a gateway to send to: give --to URL.", kExitUsage);
  if (options.live) make_live(options);
  const int targets = !options.to.empty() + !options.data.empty() + options.to_stdout;
  if (targets != 1)
    return complain("simulate needs exactly one of --to, --data, --stdout.", kExitUsage);
  const auto start = fleet::parse_time(options.start);
  if (!start)
    return complain("--start '" + options.start +
                        "' is no time; expected ISO 8601 with offset, such as "
                        "2026-10-16T08:00:00+08:00.",
                    kExitUsage);
  if (fleet::ms_from_time(*start) % 1000 != 0)
    return complain("--start must be a whole second.", kExitUsage);
  // Day files are named by local days, and a name has four digits of year.
  const fleet::TimeZone zone = DayStoreOptions().zone;
  const fleet::Time end = *start + std::chrono::seconds(Span::seconds_of(options));
  if (zone.day_of(*start) < kFirstDay || zone.day_of(end) > kLastDay)
    return complain(
        "--start and --days name a span beyond the days from 0000-01-01 to 9999-12-31 of " +
            zone.name() + ".",
        kExitUsage);
  Span span(options, *start);
  if (options.to_stdout) return to_stdout(options, span);
  return options.data.empty() ? to_gateway(options, span) : to_data(options, span);
}

}  // namespace

void add_simulate(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("simulate", "A simulated fleet: to a gateway or a file.");
  command->add_option("--machines", o->machines, "Number of machines.")
      ->required()
      ->check(whole_number_from(1, fleet::sim::kMaxSimMachines));
  command->add_option("--seed", o->seed, "Same seed, same fleet.")
      ->required()
      ->check(whole_number_from(0, UINT64_MAX));
  command->add_option("--start", o->start, "First instant, default 2026-10-16T08:00+08:00.");
  command->add_option("--days", o->days, "How long, default 1.")->check(number_from(0, kMostDays));
  command->add_option("--speed", o->speed, "Feed seconds per real second, 0 = as fast as possible.")
      ->check(number_from(0, 1e6));
  command->add_flag("--moving", o->moving, "Every machine reports every second.");
  command
      ->add_flag("--live", o->live,
                 "With --to: today from midnight on up to now, then as time passes, until stopped.")
      ->excludes(command->get_option("--start"))
      ->excludes(command->get_option("--days"))
      ->excludes(command->get_option("--speed"));
  command->add_option("--to", o->to, "ws://HOST:PORT of a gateway.")->check(not_empty());
  command->add_option("--token-file", o->token_file, "File with the gateway's token, for --to.")
      ->check(not_empty());
  command->add_option("--ca-file", o->ca_file, "Certificates to trust, for --to wss://HOST:PORT.")
      ->check(not_empty());
  command->add_option("--data", o->data, "Folder of day files.")->check(not_empty());
  command->add_flag("--stdout", o->to_stdout, "Ingest lines on stdout.");
  command->callback([o, &run] { run = [o] { return simulate(*o); }; });
}

}  // namespace net::daemon
