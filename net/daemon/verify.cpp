// fleetwalld verify: is what a folder of day files holds whole?
#include <iostream>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/gateway/unfinished_tick.hpp"
#include "net/store/day_store.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net::daemon {
namespace {

/// Looks into the journal, too, which the store itself keeps without understanding it. What waits
/// in it, in words; empty: nothing.
std::string verify_journal(const std::string& data, VerifyReport& report) {
  auto journal = read_journal(data);
  if (!journal) return {};  // its file is among the damaged ones already
  auto unfinished = read_unfinished_tick(*journal);
  if (!unfinished) {
    report.damages.push_back({data, 0, unfinished.error().what});
    return {};
  }
  if (unfinished->empty()) return {};
  std::size_t machines = 0;
  for (const fleet::RosterBatch& roster : unfinished->rosters) machines += roster.machines.size();
  const std::size_t samples = unfinished->tick ? unfinished->tick->rows.size() : 0;
  return std::to_string(samples) + " samples and " + std::to_string(machines) + " machine records";
}

int verify_data(const std::string& data) {
  for (const std::string& note : salvage_notes(data)) complain(note, kExitDone);
  auto report = net::verify(data);
  if (!report) return complain(report.error().what, kExitFailed);
  VerifyReport& r = report.value();
  const std::string waiting = verify_journal(data, r);
  for (const VerifyReport::Damage& damage : r.damages) {
    std::cout << damage.file.string();
    if (damage.row > 0) std::cout << ", row " << damage.row;
    std::cout << ": " << damage.what << '\n';
  }
  std::cout << r.files << " files, " << r.frames << " frames, " << r.rows << " rows: "
            << (r.damages.empty() ? std::string("whole")
                                  : std::to_string(r.damages.size()) + " damaged places")
            << std::endl;
  if (!waiting.empty())
    std::cout << waiting << " of an unfinished tick wait in the journal; "
              << "they are safe, and a running gateway or the next start takes them up."
              << std::endl;
  return r.damages.empty() ? kExitDone : kExitFailed;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("verify", "Reads every frame and names what is damaged.");
  command->add_option("--data", *data, "Folder of day files, or one day file.")
      ->required()
      ->check(not_empty());
  command->callback([data, &run] { run = [data] { return verify_data(*data); }; });
}

}  // namespace net::daemon
