// fleetwalld salvage: what is left of a damaged day file, as a new one.
#include <iostream>
#include <memory>
#include <optional>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/store/salvage.hpp"
#include "net/store/salvaged_copy.hpp"
#include "net/zone.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string file, to, zone = "Asia/Shanghai";
};

void tell_rows(const SalvagedDay& done, const std::string& to, const std::string& zone) {
  std::cout << done.frames << " single frames, " << done.packs << " packed stretches and "
            << done.journal << " journal entries out of " << done.pages << " pages are in " << to
            << ". `fleetwalld verify` names what is missing.\n";
  if (done.lost_meta)
    std::cout << "Day and zone were lost; the day is that of the file's name, the zone " << zone
              << ".\n";
}

/// Nothing: there is more to do than that.
std::optional<int> restore(const Options& options) {
  if (!options.to.empty()) return {};
  const auto restored = restore_day(options.file);
  if (!restored) return complain(restored.error().what, kExitFailed);
  if (*restored == 0) return {};
  std::cout << *restored << " of its pages were restored out of its parity: " << options.file
            << " is the day as it was, byte for byte.\n";
  std::error_code code;
  if (const auto copy = salvaged_path(options.file); std::filesystem::exists(copy, code))
    std::cout << copy.string() << " is of no use any more; remove it, for readers take it first.\n";
  return std::cout.flush() ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
}

int salvage(const Options& options) {
  if (const auto done = restore(options)) return *done;
  const auto zone = load_zone(options.zone);
  if (!zone) return complain(zone.error().what, kExitUsage);
  DayStoreOptions otherwise;
  otherwise.zone = *zone;
  const std::string to = options.to.empty() ? salvaged_path(options.file).string() : options.to;
  if (to.empty())
    return complain(options.file + ": its name does not begin with a day; say with --to where to.",
                    kExitUsage);
  std::error_code code;
  if (std::filesystem::exists(to, code))
    return complain(to + ": this file exists; name one that does not.", kExitFailed);
  const auto done = salvage_day(options.file, to, otherwise);
  if (!done) return complain(done.error().what, kExitFailed);
  if (done->restored > 0)
    std::cout << done->restored << " of its pages were restored out of its parity"
              << (done->whole ? ": " + to + " is the day as it was, byte for byte.\n" : ".\n");
  if (!done->whole) tell_rows(*done, to, options.zone);
  return std::cout.flush() ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
}

}  // namespace

void add_salvage(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("salvage", "Writes what is left of a damaged day file into a new one.");
  command->add_option("file", o->file, "The damaged day file.")->required()->check(not_empty());
  command
      ->add_option("--to", o->to,
                   "The file to be made; else the day itself where its parity restores all of it, "
                   "or DAY.salvaged.fleetday beside it, which readers then take in its place.")
      ->check(not_empty());
  command->add_option("--day-zone", o->zone, "Zone of local days, if the file lost it.");
  command->callback([o, &run] { run = [o] { return salvage(*o); }; });
}

}  // namespace net::daemon
