// fleetwalld: the gateway and its tools.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "net/daemon/commands.hpp"
#include "net/gateway/server.hpp"

namespace net::daemon {

int complain(std::string_view text, int code) {
  std::cerr << "fleetwalld: " << text << '\n';
  return code;
}

}  // namespace net::daemon

int main(int argc, char** argv) {
  namespace daemon = net::daemon;
  // A pipe whose other end went, or a file at its size limit, is an error to be told, not a reason
  // to die.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  CLI::App app{"Gateway of fleetwall: takes in what machines report, keeps it, shows it to walls."};
  app.name("fleetwalld");
  app.set_version_flag("--version", "fleetwalld " FLEETWALL_VERSION);
  app.require_subcommand(1);
  daemon::Run run;
  daemon::add_serve(app, run);
  daemon::add_simulate(app, run);
  daemon::add_import(app, run);
  daemon::add_state(app, run);
  daemon::add_export(app, run);
  daemon::add_rebuild(app, run);
  daemon::add_store(app, run);
  daemon::add_salvage(app, run);
  daemon::add_backup(app, run);
  daemon::add_verify(app, run);
  daemon::add_token(app, run);
  try {
    app.parse(argc, argv);
    return run();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? daemon::kExitDone : daemon::kExitUsage;
  } catch (const net::AccessError& error) {
    return daemon::complain(error.what(), daemon::kExitUsage);
  } catch (const std::exception& error) {
    return daemon::complain(error.what(), daemon::kExitFailed);
  }
}
