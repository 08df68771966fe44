// Source: where the wall's data comes from. A gateway, recorded days, or a demo fleet with a
// gateway of its own inside this process.
#pragma once

#include <functional>
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
  /// Live data, and how to get at what was recorded of it; for tests.
  using MakeFeed = std::function<std::unique_ptr<net::Feed>(fleet::UpdateQueue&)>;
  using OpenPast = std::function<fleet::Result<net::Recording>(fleet::UpdateQueue&)>;
  static std::unique_ptr<Source> over(const MakeFeed& live, OpenPast past);
  ~Source();

  fleet::UpdateQueue& queue() { return queue_; }
  net::Feed& feed() { return *feed_; }
  bool recorded() const { return recorded_; }
  /// What there is to go back to: recorded days are it themselves; a gateway's is played beside its
  /// live data, once `look_back` found it. Null: nothing, or not yet.
  net::Feed* past() { return recorded_ ? feed_.get() : past_.feed.get(); }
  fleet::UpdateQueue& past_queue() { return recorded_ ? queue_ : past_queue_; }
  net::DayShelf* days() { return past_.days.get(); }
  net::MachineShelf* machines() { return past_.machines.get(); }
  net::MachineShelf* other_machines() { return past_.other_machines.get(); }
  /// Day files that are left out of what was opened.
  const std::vector<fleet::Error>& unreadable() const { return past_.unreadable; }
  /// Null: live data without a past.
  net::HeatShelf* other_heat() { return past_.other_heat.get(); }
  /// Asks a gateway for what it recorded, as soon as it is there and does record. Cheap.
  void look_back();
  bool demo() const { return demo_ != nullptr; }
  /// As DemoGateway::preparing; nothing for other sources.
  std::optional<double> preparing() const { return demo_ ? demo_->preparing() : std::nullopt; }
  /// For the health panel: URL, path, or "demo".
  const std::string& address() const { return address_; }
  static constexpr std::size_t kQueueBytes = 256u << 20;  ///< a keyframe of 1 M machines fits

 private:
  explicit Source(std::size_t queue_bytes) : queue_(queue_bytes), past_queue_(queue_bytes) {}

  fleet::UpdateQueue queue_, past_queue_;
  std::unique_ptr<net::Feed> feed_;
  DemoGateway* demo_ = nullptr;  ///< the feed, if it is one
  OpenPast open_past_;           ///< null: there is none, or it was tried
  net::Recording past_;          ///< of recorded days all but the feed
  bool recorded_ = false;
  std::string address_;
};

}  // namespace viewer
