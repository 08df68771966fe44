// fleetwalld simulate: the demo fleet as a sender, as day files, or as text.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include "net/channel.hpp"
#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/daemon/simulation.hpp"
#include "net/gateway/store_works.hpp"
#include "net/ingest/ndjson.hpp"
#include "net/ingest/ndjson_writer.hpp"
#include "net/store/page_parity.hpp"

namespace net::daemon {
namespace {

using Clock = std::chrono::steady_clock;

/// Text that is written at once.
constexpr std::size_t kWriteBytes = 1u << 20;
/// Days that have a name.
constexpr fleet::LocalDay kFirstDay{std::chrono::year(0) / 1 / 1};
constexpr fleet::LocalDay kLastDay{std::chrono::year(9999) / 12 / 31};
/// Ten years.
constexpr double kMostDays = 3660;

int to_stdout(const SimulateOptions& options, Span& span) {
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

int to_data(const SimulateOptions& options, Span& span) {
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
void make_live(SimulateOptions& options) {
  const fleet::TimeZone zone = DayStoreOptions().zone;
  const auto now = std::chrono::floor<fleet::Millis>(std::chrono::system_clock::now());
  options.start = fleet::iso8601(zone.start_of(zone.day_of(now)));
  options.days = kMostDays;
}

int simulate(SimulateOptions options) {
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
  return options.data.empty() ? send_simulation(options, span) : to_data(options, span);
}

}  // namespace

void add_simulate(CLI::App& app, Run& run) {
  auto o = std::make_shared<SimulateOptions>();
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
