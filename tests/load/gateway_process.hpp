// The gateway under load: a `fleetwalld serve` of its own, on one processor.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace load {

/// Runs the calling thread, and what it starts from now on, on this processor. A machine with one
/// processor only: no effect.
void pin_to_processor(int number);

class GatewayProcess {
 public:
  /// Starts `program serve` with a data folder on a free loopback port and waits until it serves.
  /// What it logs goes to `log`. Throws std::runtime_error if it does not come up.
  GatewayProcess(const std::string& program, const std::filesystem::path& data,
                 const std::filesystem::path& log, int processor);
  /// SIGTERM, and waits for its end.
  ~GatewayProcess();
  GatewayProcess(const GatewayProcess&) = delete;
  GatewayProcess& operator=(const GatewayProcess&) = delete;

  std::uint16_t port() const { return port_; }
  double rss_mib() const;
  /// CPU seconds it has used so far.
  double cpu_s() const;
  /// Ends it and returns its exit status.
  int stop();

 private:
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

/// Every value of /metrics by its name with labels. Waits for the answer.
std::map<std::string, double> read_metrics(std::uint16_t port);

}  // namespace load
