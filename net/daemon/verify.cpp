// fleetwalld verify: is what a folder of day files holds whole?
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "net/daemon/commands.hpp"
#include "net/store/day_store.hpp"

namespace net::daemon {
namespace {

int verify_data(const std::string& data) {
  auto report = net::verify(data);
  if (!report) return complain(report.error().what, kExitFailed);
  const VerifyReport& r = report.value();
  for (const VerifyReport::Damage& damage : r.damages) {
    std::cout << damage.file.string();
    if (damage.row > 0) std::cout << ", row " << damage.row;
    std::cout << ": " << damage.what << '\n';
  }
  std::cout << r.files << " files, " << r.frames << " frames, " << r.rows << " rows: "
            << (r.damages.empty() ? std::string("whole")
                                  : std::to_string(r.damages.size()) + " damaged places")
            << std::endl;
  return r.damages.empty() ? kExitDone : kExitFailed;
}

}  // namespace

void add_verify(CLI::App& app, Run& run) {
  auto data = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("verify", "Reads every frame and names what is damaged.");
  command->add_option("--data", *data, "Folder of day files, or one day file.")->required();
  command->callback([data, &run] { run = [data] { return verify_data(*data); }; });
}

}  // namespace net::daemon
