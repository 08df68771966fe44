// fleetwalld backup: copies day files, also while a gateway writes them.
#include <iostream>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/store/backup.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string data, to;
  std::vector<std::string> days;
};

int backup(const Options& options) {
  std::vector<fleet::LocalDay> only;
  for (const std::string& text : options.days) {
    const auto day = fleet::parse_day(text);
    if (!day)
      return complain("--day '" + text + "' is no day; expected one such as 2026-10-16.",
                      kExitUsage);
    only.push_back(*day);
  }
  const auto done = back_up(options.data, options.to, only);
  if (!done) return complain(done.error().what, kExitFailed);
  std::size_t copied = 0, left_out = 0;
  for (const BackedUpDay& day : *done) {
    copied += day.copied ? 1 : 0;
    if (!day.problem.empty()) {
      ++left_out;
      complain(fleet::day_name(day.day) + " was left out: " + day.problem +
                   "; a copy that was made earlier stays.",
               kExitFailed);
      continue;
    }
    std::cout << fleet::day_name(day.day) << ' ' << day.bytes << " bytes "
              << (day.copied ? "copied" : "was there already") << '\n';
  }
  std::cout << copied << " of " << done->size() << " days copied" << std::endl;
  if (!std::cout) return complain("Cannot write to stdout.", kExitFailed);
  return left_out == 0 ? kExitDone : kExitFailed;
}

}  // namespace

void add_backup(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("backup", "Copies day files, also while a gateway writes them.");
  command->add_option("--data", o->data, "Folder of day files.")->required()->check(not_empty());
  command->add_option("--to", o->to, "Folder for the copies, which is made if it is missing.")
      ->required()
      ->check(not_empty());
  command->add_option("--day", o->days, "Only this day, such as 2026-10-16; may be repeated.");
  command->callback([o, &run] { run = [o] { return backup(*o); }; });
}

}  // namespace net::daemon
