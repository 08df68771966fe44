// What every scenario has: a gateway, senders, viewers, one loop that serves them, and a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/load/gateway_process.hpp"
#include "tests/load/senders.hpp"
#include "tests/load/viewer.hpp"

namespace load {

/// Figures as JSON, one a line, and whether every bar is met.
class Report {
 public:
  explicit Report(std::string scenario) : scenario_(std::move(scenario)) {}
  void figure(const std::string& name, double value) { lines_.push_back({name, value, ""}); }
  void at_most(const std::string& name, double value, double bar);
  void at_least(const std::string& name, double value, double bar);
  void print() const;
  bool good() const { return good_; }

 private:
  struct Line {
    std::string name;
    double value;
    std::string bar;
  };
  void bar(const std::string& name, double value, bool met, const std::string& text);
  std::string scenario_;
  std::vector<Line> lines_;
  bool good_ = true;
};

/// share: 0.5 = median. 0 for no values.
double percentile(std::vector<float> values, double share);

struct Settings {
  std::uint32_t machines = 32'730, viewers = 50, senders = 4, lines = 1000, window = 8;
  double seconds = 60, rate = 0;  ///< lines a second; 0 = as fast as they are acknowledged
  std::string fleetwalld = FLEETWALLD;
  std::string log;   ///< what the gateway logs; empty = nowhere
  std::string keep;  ///< the data folder; empty = a temporary one, removed
};

class Rig {
 public:
  explicit Rig(const Settings& settings);
  ~Rig();

  const Settings settings;
  Reference reference;
  std::vector<std::unique_ptr<Viewer>> viewers;
  std::vector<std::unique_ptr<Sender>> senders;

  GatewayProcess& gateway() { return *gateway_; }
  const std::filesystem::path& data() const { return data_; }
  double now_s() const;

  /// Every machine is made known, by a first line each; returns when acknowledged.
  void introduce_machines();
  Viewer& add_viewer(Viewer::Options options);
  /// Puts a viewer's new connection into the loop.
  void watch(Viewer& viewer);
  /// It reads nothing from now on, not even pings.
  void freeze(Viewer& viewer);
  /// Serves everybody for so long, or until it is so; false: it was not so in time.
  bool serve(double seconds, const std::function<bool()>& until = nullptr);
  /// While on, senders send (settings.rate).
  void send(bool on);
  /// Waits for all acknowledgements.
  bool drain();
  /// Once a second of `serve`.
  std::function<void()> on_second;
  std::uint64_t lines_sent() const;
  /// Waits until every viewer that reads has the gateway's last tick.
  bool settle();

 private:
  void turn(int timeout_ms);
  void push();

  std::filesystem::path folder_, data_;
  std::unique_ptr<GatewayProcess> gateway_;
  int epoll_ = -1;
  bool sending_ = false;
  double sending_since_s_ = 0;
  std::uint64_t lines_before_ = 0;
};

bool run_ingest(const Settings& settings);
bool run_viewers(const Settings& settings);
bool run_slow(const Settings& settings);
bool run_cut(const Settings& settings);
bool run_half_open(const Settings& settings);

}  // namespace load
