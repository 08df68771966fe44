// fleetwalld rebuild: the roll-ups of all days anew.
#include <iostream>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/store/rollups.hpp"

namespace net::daemon {
namespace {

int rebuild(const std::string& data) {
  const auto lock = DirectoryLock::take(data);
  if (!lock) return complain(lock.error().what, kExitFailed);
  RollupRequest request;
  request.path = data;
  request.anew = request.store = true;
  request.show = [](fleet::LocalDay day, const Rollup& rollup) {
    std::int64_t engine_s = 0;
    for (const fleet::MachineDay& machine : rollup.tables->hours)
      engine_s += machine.figures.engine_s;
    std::cout << fleet::day_name(day) << ": " << rollup.tables->hours.size() << " machines, "
              << engine_s / 3600 << " engine hours, " << rollup.tables->alarms.size()
              << " alarms\n";
  };
  const auto news = bring_up_to_date(request);
  if (!news) return complain(news.error().what, kExitFailed);
  for (const std::string& damage : news->damages) complain(damage, kExitFailed);
  return news->damages.empty() ? kExitDone : kExitFailed;
}

}  // namespace

void add_rebuild(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("rebuild", "Hours, heat and alarms of every day anew, by device time.");
  command->add_option("--data", *data, "Folder of day files.")
      ->required()
      ->check(CLI::ExistingDirectory);
  command->callback([data, &run] { run = [data] { return rebuild(*data); }; });
}

}  // namespace net::daemon
