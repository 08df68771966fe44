// The subcommands of fleetwalld. Each registers itself with its options and runs from a callback,
// which returns the exit code: 0 done, 1 the work failed, 2 the call was wrong.
// Data goes to stdout, messages to stderr. One file a subcommand: net/daemon/NAME.cpp.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace net::daemon {

inline constexpr int kExitDone = 0, kExitFailed = 1, kExitUsage = 2;

/// What main runs after parsing: set by the callback of the subcommand that was called.
using Run = std::function<int()>;

void add_serve(CLI::App& app, Run& run);
void add_simulate(CLI::App& app, Run& run);
void add_import(CLI::App& app, Run& run);
void add_state(CLI::App& app, Run& run);
void add_export(CLI::App& app, Run& run);
void add_rebuild(CLI::App& app, Run& run);
void add_store(CLI::App& app, Run& run);
void add_salvage(CLI::App& app, Run& run);
void add_backup(CLI::App& app, Run& run);
void add_verify(CLI::App& app, Run& run);
void add_token(CLI::App& app, Run& run);

/// Prints "fleetwalld: text" to stderr and returns `code`.
int complain(std::string_view text, int code);

}  // namespace net::daemon
