// fleetwalld store: which days a folder holds, what they take, and how long the disk lasts.
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/gateway/config.hpp"
#include "net/gateway/store_keeper.hpp"
#include "net/store/day_store.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string data, config;
};

std::string mib(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", static_cast<double>(bytes) / (1 << 20));
  return text;
}

std::string in_days(std::optional<double> days) {
  if (!days) return "not known yet";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f days", *days);
  return text;
}

void print_days(std::span<const StoredDay> days,
                const std::map<std::filesystem::path, DayReader::Day>& read) {
  std::printf("%-10s %12s %10s  %-24s %-24s\n", "day", "MiB", "frames", "from", "to");
  for (const StoredDay& day : days) {
    const auto found = read.find(day.file);
    if (found == read.end()) {
      std::printf("%-10s %12s %10s\n", fleet::day_name(day.day).c_str(), mib(day.bytes).c_str(),
                  "unreadable or empty");
      continue;
    }
    const DayReader::Day& known = found->second;
    std::printf("%-10s %12s %10" PRIu64 "  %-24s %-24s\n", fleet::day_name(day.day).c_str(),
                mib(day.bytes).c_str(), known.frames, fleet::iso8601(known.begin).c_str(),
                fleet::iso8601(known.end).c_str());
  }
}

int store(const Options& options) {
  Retention retention;
  if (!options.config.empty()) {
    const auto config = load_config(options.config);
    if (!config) return complain(config.error().what, kExitUsage);
    retention = config->gateway.retention;
  }
  const auto days = stored_days(options.data);
  if (!days) return complain(days.error().what, kExitFailed);
  std::map<std::filesystem::path, DayReader::Day> read;
  if (auto reader = DayReader::open(options.data))
    for (const DayReader::Day& day : reader.value()->days()) read.emplace(day.file, day);
  print_days(*days, read);

  const StoreKeeper::Space space = StoreKeeper::space_of(options.data);
  const DiskForecast forecast = forecast_disk(*days, retention, space.free);
  std::printf("%zu days, %s MiB; free on the disk: %s of %s MiB\n", days->size(),
              mib(bytes_of(*days)).c_str(), mib(space.free).c_str(), mib(space.total).c_str());
  std::printf("a day takes: %s\n", forecast.bytes_a_day
                                       ? (mib(*forecast.bytes_a_day) + " MiB").c_str()
                                       : "not known yet, there is no whole day");
  std::printf("the disk is full in: %s\n", in_days(forecast.days_until_full).c_str());
  if (retention.any())
    std::printf("the oldest day is removed in: %s\n", in_days(forecast.days_until_removal).c_str());
  return std::fflush(stdout) == 0 ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
}

}  // namespace

void add_store(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("store", "Days of a folder, what they take, and how long the disk lasts.");
  command->add_option("--data", o->data, "Folder of day files.")->required()->check(not_empty());
  command->add_option("--config", o->config, "Configuration with the retention that is in force.")
      ->check(not_empty());
  command->callback([o, &run] { run = [o] { return store(*o); }; });
}

}  // namespace net::daemon
