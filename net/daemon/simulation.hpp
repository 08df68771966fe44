// What the forms of `fleetwalld simulate` share: its options, and the simulated span.
#pragma once

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "fleet/sim/simulator.hpp"

namespace net::daemon {

struct SimulateOptions {
  std::uint32_t machines = 0;
  std::uint64_t seed = 0;
  std::string start = "2026-10-16T08:00:00+08:00", to, data, token_file, ca_file;
  double days = 1, speed = 0;
  bool moving = false, to_stdout = false, live = false;
};

/// Lets feed seconds pass at `speed` per real second; 0 = does not wait.
class Pace {
 public:
  explicit Pace(double speed) : speed_(speed), begin_(std::chrono::steady_clock::now()) {}
  void wait(std::chrono::seconds feed_time) const {
    if (speed_ <= 0) return;
    std::this_thread::sleep_until(begin_ +
                                  std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                      std::chrono::duration<double>(feed_time) / speed_));
  }

 private:
  double speed_;
  std::chrono::steady_clock::time_point begin_;
};

/// The simulated span, a second at a time.
class Span {
 public:
  Span(const SimulateOptions& options, fleet::Time start)
      : simulator_({options.machines, options.seed, start, options.moving}),
        start_(start),
        seconds_(seconds_of(options)) {}

  static std::int64_t seconds_of(const SimulateOptions& options) {
    return static_cast<std::int64_t>(options.days * 86'400);
  }

  const std::vector<fleet::Machine>& machines() const { return simulator_.machines(); }
  fleet::Time start() const { return start_; }
  /// Slot of each simulated machine in a roster that has others too; reports then name these.
  void set_slots(std::vector<fleet::Slot> slots) { slots_ = std::move(slots); }

  /// step(end of the second, its reports) -> false to stop.
  template <class Step>
  bool each_second(Step step) {
    for (std::int64_t s = 1; s <= seconds_; ++s) {
      const fleet::Time end = start_ + std::chrono::seconds(s);
      batch_.clear();
      simulator_.advance(end, batch_);
      if (!slots_.empty())
        for (fleet::Report& report : batch_.reports) report.machine = slots_[report.machine];
      if (!step(end, batch_)) return false;
    }
    return true;
  }

 private:
  fleet::sim::Simulator simulator_;
  fleet::Time start_;
  std::int64_t seconds_;
  std::vector<fleet::Slot> slots_;
  fleet::ReportBatch batch_;
};

/// To the gateway that options.to names; the exit code.
int send_simulation(const SimulateOptions& options, Span& span);

}  // namespace net::daemon
