// Source: where the wall's data comes from. A gateway, recorded days, or a demo fleet with a
// gateway of its own inside this process.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fleet/update_queue.hpp"
#include "net/feed/recording.hpp"
#include "viewer/demo_gateway.hpp"
#include "viewer/options.hpp"

namespace viewer {

class Source {
 public:
  /// Error: a sentence that names the URL, path or file and what is wrong with it.
  /// Does not wait for a gateway, the demo's own included.
  static fleet::Result<std::unique_ptr<Source>> open(const Options& options);
  ~Source();

  fleet::UpdateQueue& queue() { return queue_; }
  net::Feed& feed() { return *feed_; }
  bool recorded() const { return recorded_; }
  /// Of recorded days; else null.
  net::DayShelf* days() { return days_.get(); }
  net::MachineShelf* machines() { return machines_.get(); }
  bool demo() const { return demo_ != nullptr; }
  /// As DemoGateway::preparing; nothing for other sources.
  std::optional<double> preparing() const { return demo_ ? demo_->preparing() : std::nullopt; }
  /// For the health panel: URL, path, or "demo".
  const std::string& address() const { return address_; }
  static constexpr std::size_t kQueueBytes = 256u << 20;  ///< a keyframe of 1 M machines fits

 private:
  explicit Source(std::size_t queue_bytes) : queue_(queue_bytes) {}

  fleet::UpdateQueue queue_;
  std::unique_ptr<net::Feed> feed_;
  std::unique_ptr<net::DayShelf> days_;
  std::unique_ptr<net::MachineShelf> machines_;
  DemoGateway* demo_ = nullptr;  ///< the feed, if it is one
  bool recorded_ = false;
  std::string address_;
};

}  // namespace viewer
