// fleetwalld serve: the gateway, until SIGTERM or SIGINT. SIGHUP reads access settings again.
#include <malloc.h>
#include <pthread.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/gateway/config.hpp"
#include "net/gateway/server.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string config, listen, data;
};

/// Stop, stop, and read the configuration again.
sigset_t our_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

/// Tokens, origins, caps and certificates as the file has them now; all else waits for a restart.
void reload(Gateway& gateway, const std::string& file, const LogSink& log) {
  if (file.empty())
    return log(LogLevel::warning, "SIGHUP: there is no configuration file to read again.");
  auto config = load_config(file);
  fleet::Result<void> done = config ? gateway.set_access(std::move(config->gateway.access))
                                    : fleet::Result<void>(config.error());
  if (!done)
    return log(LogLevel::error, "SIGHUP: what was in force stays in force: " + done.error().what);
  log(LogLevel::info, "SIGHUP: tokens, origins, caps and certificate of " + file +
                          " are in force; other settings wait for a restart.");
}

/// A descriptor for every socket we would take, and for our files: shells often allow 1024.
void allow_descriptors() {
  constexpr rlim_t kWanted = kMaxConnections + 256;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kWanted) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, kWanted);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// Memory that a burst took goes back to the system after it. glibc raises both bounds by itself,
/// up to 64 MiB, when large blocks are freed, and then keeps the most that ever was.
void give_memory_back() {
  constexpr int kLargeBlock = 1 << 20;  // above what messages of a thousand lines take
  constexpr int kKeptFree = 4 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  ::mallopt(M_TRIM_THRESHOLD, kKeptFree);
}

/// Waits for signals on a thread of its own; they are blocked in all others.
class SignalThread {
 public:
  SignalThread(Gateway& gateway, std::string file, LogSink log)
      : thread_([&gateway, file = std::move(file), log = std::move(log)] {
          const sigset_t signals = our_signals();
          int signal = SIGHUP;
          while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) reload(gateway, file, log);
          gateway.stop();
        }) {}
  ~SignalThread() {
    // If the gateway ended by itself, the thread still waits.
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }

 private:
  std::thread thread_;
};

std::string summary(const GatewayConfig& config) {
  std::string text = "fleetwalld " FLEETWALL_VERSION ": tick " +
                     std::to_string(config.core.tick.count()) + " ms, local days in " +
                     config.core.zone.name() + ", ring " +
                     std::to_string(static_cast<int>(config.ring_seconds)) + " s, ";
  return text + (config.data.empty() ? "nothing is recorded (no data folder)."
                                     : "recording to " + config.data.string() + ".");
}

int serve(const Options& options) {
  ServeConfig config;
  if (!options.config.empty()) {
    auto loaded = load_config(options.config);
    if (!loaded) return complain(loaded.error().what, kExitUsage);
    config = std::move(loaded.value());
  }
  if (!options.listen.empty())
    if (auto parsed = parse_listen(options.listen, config.gateway); !parsed)
      return complain(parsed.error().what, kExitUsage);
  if (!options.data.empty()) config.gateway.data = options.data;
  config.gateway.log = stderr_log(config.log_level);
  config.gateway.wait_for_store = true;

  const LogSink log = config.gateway.log;
  const bool recording = !config.gateway.data.empty();
  log(LogLevel::info, summary(config.gateway));
  allow_descriptors();
  give_memory_back();
  const sigset_t signals = our_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  auto gateway = Gateway::start(
      std::move(config.gateway), std::nullopt, [](std::string host, std::uint16_t p) {
        const bool v6 = host.find(':') != std::string::npos;
        std::cout << "listening " << (v6 ? "[" + host + "]" : host) << ':' << p << std::endl;
      });
  {
    const SignalThread stop(*gateway, options.config, log);
    gateway->join();
  }
  if (!gateway->failure().empty()) return complain(gateway->failure(), kExitFailed);
  log(LogLevel::info,
      recording ? "Stopped; everything accepted is committed." : "Stopped; nothing was recorded.");
  return kExitDone;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("serve", "Takes in reports and serves walls.");
  command->add_option("--config", options->config, "Configuration file (TOML).")
      ->check(not_empty());
  command->add_option("--listen", options->listen, "HOST:PORT, default 127.0.0.1:8686.")
      ->check(not_empty());
  command->add_option("--data", options->data, "Folder of day files; without it nothing is kept.")
      ->check(not_empty());
  command->callback([options, &run] { run = [options] { return serve(*options); }; });
}

}  // namespace net::daemon
