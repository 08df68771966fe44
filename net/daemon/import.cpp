// fleetwalld import: files into a data directory.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/ingest/import.hpp"
#include "net/zone.hpp"

namespace net::daemon {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string data, format, time_zone, day_zone, receive_time = "device";
  std::vector<std::string> maps, files;
  double max_speed_kmh = fleet::QualityRules().max_speed_kmh;
};

/// A bar on a terminal; else one line when a file or a step is begun.
class Progress {
 public:
  Progress() : terminal_(::isatty(2) == 1) {}
  ~Progress() {
    if (terminal_ && !what_.empty()) std::fputs("\r\033[K", stderr);
  }
  void show(const std::string& what, double part) {
    const bool fresh = what != what_;
    what_ = what;
    if (!terminal_) {
      if (fresh) std::fprintf(stderr, "fleetwalld: %s\n", what.c_str());
      return;
    }
    constexpr auto kEvery = std::chrono::milliseconds(100);  // as fast as the eye follows
    if (!fresh && Clock::now() - shown_ < kEvery) return;
    shown_ = Clock::now();
    constexpr int kWidth = 30;
    std::string bar(static_cast<std::size_t>(part * kWidth), '#');
    bar.resize(kWidth, '.');
    std::fprintf(stderr, "\r\033[K[%s] %3.0f %% %s", bar.c_str(), part * 100, what.c_str());
    std::fflush(stderr);
  }

 private:
  bool terminal_;
  std::string what_;
  Clock::time_point shown_;
};

/// Error: a sentence about the call.
fleet::Result<ImportOptions> make_options(const Options& o) {
  ImportOptions options;
  options.data = o.data;
  options.files.assign(o.files.begin(), o.files.end());
  if (o.format == "csv") options.format = ImportFormat::csv;
  if (o.format == "geojson") options.format = ImportFormat::geojson;
  if (o.format == "ndjson") options.format = ImportFormat::ndjson;
  auto rules = parse_map_rules(o.maps);
  if (!rules) return rules.error();
  options.rules = std::move(rules.value());
  IntakeRules& intake = options.intake;
  intake.quality.max_speed_kmh = o.max_speed_kmh;
  intake.now = std::chrono::floor<fleet::Millis>(std::chrono::system_clock::now());
  if (o.receive_time == "now") {
    intake.receive = IntakeRules::Receive::now;
  } else if (o.receive_time != "device") {
    intake.receive = IntakeRules::Receive::column;
    options.receive_column = o.receive_time;
  }
  if (!o.time_zone.empty()) {
    auto zone = load_zone(o.time_zone);
    if (!zone) return fleet::Error{"--time-zone: " + zone.error().what};
    intake.time_zone = std::move(zone.value());
  }
  if (!o.day_zone.empty()) {
    auto zone = load_zone(o.day_zone);
    if (!zone) return fleet::Error{"--day-zone: " + zone.error().what};
    options.day_zone = std::move(zone.value());
  }
  return options;
}

int import(const Options& o) {
  auto options = make_options(o);
  if (!options) return complain(options.error().what, kExitUsage);
  const auto begin = Clock::now();
  fleet::Result<ImportReport> report = fleet::Error{""};
  {
    Progress bar;
    options.value().progress = [&](const std::string& what, double part) { bar.show(what, part); };
    report = run_import(options.value());
  }
  if (!report) return complain(report.error().what, kExitFailed);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cout << report_text(report.value(), seconds) << std::flush;
  for (const std::string& trouble : report->troubles) complain(trouble, kExitFailed);
  ImportCounts total;
  for (const ImportReport::File& file : report->files) total.add(file.counts);
  const auto there = total.rejected[static_cast<std::size_t>(fleet::Reason::duplicate)].values;
  if (total.rows > 0 && total.used + total.roster_rows + there == 0)
    return complain("Not one row could be used.", kExitFailed);
  const IntakeRules& intake = options->intake;
  if (report->last > intake.now + intake.quality.future)
    std::cerr << "fleetwalld: note: these rows go up to " << fleet::iso8601(report->last)
              << ", which is yet to come; a gateway records nothing into this folder until then.\n";
  return kExitDone;
}

}  // namespace

void add_import(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("import", "Files of reports into a folder of day files.");
  command->add_option("--data", o->data, "Folder of day files; made if missing.")
      ->required()
      ->check(not_empty());
  command->add_option("--format", o->format, "csv, geojson or ndjson; else by name and content.")
      ->check(CLI::IsMember({"csv", "geojson", "ndjson"}));
  // One value each time: file names may follow.
  command
      ->add_option("--map", o->maps, "FIELD=COLUMN[*K]: which column is which field, and a factor.")
      ->expected(1)
      ->take_all();
  command->add_option("--time-zone", o->time_zone, "Zone of time stamps without an offset.");
  command->add_option("--day-zone", o->day_zone, "Zone of local days, default Asia/Shanghai.");
  command->add_option("--receive-time", o->receive_time,
                      "device (as if received at once), now, or a column.");
  command->add_option("--max-speed", o->max_speed_kmh, "Limit of rule jump, km/h, default 200.")
      ->check(number_from(1, 1e6));
  command->add_option("files", o->files, "Files, plain or .gz.")->required()->check(not_empty());
  command->callback([o, &run] { run = [o] { return import(*o); }; });
}

}  // namespace net::daemon
