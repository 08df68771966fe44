// fleetwalld token: makes an access token. The gateway's configuration gets its hash only.
#include <iostream>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/gateway/access.hpp"
#include "net/gateway/config.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string name, role = "viewer";
};

int token(const Options& options) {
  if (!is_token_name(options.name))
    return complain("--name '" + options.name + "': " + token_name_rule() + ".", kExitUsage);
  const std::string made = make_token();
  std::cerr << "Keep the token where its holder finds it and nobody else does. For the gateway's "
               "configuration:\n\n[tokens]\n"
            << options.name << " = { role = \"" << options.role << "\", sha256 = \""
            << hex_of(hash_of_token(made)) << "\" }\n";
  std::cout << made << '\n';
  return std::cout.flush() ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
}

}  // namespace

void add_token(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "token", "Makes an access token: itself on stdout, its line of configuration on stderr.");
  command->add_option("--name", options->name, "Who will hold it, for the log, e.g. wall-1.")
      ->required();
  command->add_option("--role", options->role, "ingest, viewer, operator or admin.")
      ->check(CLI::IsMember({"ingest", "viewer", "operator", "admin"}))
      ->capture_default_str();
  command->callback([options, &run] { run = [options] { return token(*options); }; });
}

}  // namespace net::daemon
