// Source: where the wall's data comes from. A gateway, recorded days, or a demo fleet with a
// gateway of its own inside this process.
#pragma once

#include <memory>
#include <string>

#include "fleet/update_queue.hpp"
#include "net/feed/feed.hpp"
#include "net/gateway/server.hpp"
#include "viewer/options.hpp"

namespace viewer {

/// The demo day: a Friday. Its morning has happened when the wall starts.
inline constexpr std::int64_t kDemoDayMs = 1792080000000;  // 2026-10-16T00:00+08:00
inline constexpr std::chrono::hours kDemoNow{14};
/// Machine-hours of past that a demo simulates before its first picture: some seconds' work. A
/// fleet of up to 71,428 machines has its whole morning, one of a million the last hour of it.
inline constexpr std::int64_t kDemoPastMachineHours = 1'000'000;

/// How far back the demo of so many machines (at least 1) begins: whole minutes, at most kDemoNow.
std::chrono::minutes demo_past(std::uint32_t machines);

class Source {
 public:
  /// Error: a sentence that names the URL, path or file and what is wrong with it.
  static fleet::Result<std::unique_ptr<Source>> open(const Options& options);
  ~Source();

  fleet::UpdateQueue& queue() { return queue_; }
  net::Feed& feed() { return *feed_; }
  bool recorded() const { return recorded_; }
  bool demo() const { return gateway_ != nullptr; }
  /// For the health panel: URL, path, or "demo".
  const std::string& address() const { return address_; }
  static constexpr std::size_t kQueueBytes = 256u << 20;  ///< a keyframe of 1 M machines fits

 private:
  explicit Source(std::size_t queue_bytes) : queue_(queue_bytes) {}

  fleet::UpdateQueue queue_;
  std::unique_ptr<net::Gateway> gateway_;
  std::unique_ptr<net::Feed> feed_;
  bool recorded_ = false;
  std::string address_;
};

}  // namespace viewer
