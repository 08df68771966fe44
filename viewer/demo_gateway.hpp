// DemoGateway: the demo fleet's gateway inside this process, and the feed from it.
//
// A large fleet takes the gateway many seconds to prepare. So it is started on a thread of its own,
// and the wall is there meanwhile. As a feed it lives on the main thread; that thread meets it
// under one lock, and ends once there is a feed to pass calls on to.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "fleet/update_queue.hpp"
#include "net/feed/feed.hpp"
#include "net/gateway/server.hpp"
#include "viewer/options.hpp"
#include "viewer/scratch_folder.hpp"

namespace viewer {

/// The demo day: a Friday. Its morning has happened when the wall starts.
inline constexpr std::int64_t kDemoDayMs = 1792080000000;  // 2026-10-16T00:00+08:00
inline constexpr std::chrono::hours kDemoNow{14};
/// Machine-hours of past that a demo simulates before its first picture: some seconds' work. A
/// fleet of up to 71,428 machines has its whole morning, one of a million the last hour of it.
inline constexpr std::int64_t kDemoPastMachineHours = 1'000'000;

/// Bytes of what a demo records while it runs, to go back in: the oldest of its days go.
inline constexpr std::uint64_t kDemoRecordingBytes = std::uint64_t{1} << 30;

/// How far back the demo of so many machines (at least 1) begins: whole minutes, at most kDemoNow.
std::chrono::minutes demo_past(std::uint32_t machines);

class DemoGateway final : public net::Feed {
 public:
  /// Returns at once. `queue` is filled from the gateway as soon as that serves.
  DemoGateway(const Options& options, std::string client_name, fleet::UpdateQueue& queue);
  ~DemoGateway() override;
  /// Ends the gateway, a preparation under way too; nothing comes from it any more.
  void stop();

  /// Where its /feed is; empty until it serves.
  std::string url() const;
  /// What it records from its start on can be asked for there, too. Not of a fleet too large to be
  /// recorded beside the wall.
  bool records() const { return folder_ != nullptr; }

  /// Share of the fleet's past that is simulated, 0 to 1; nothing once the gateway serves, or
  /// failed.
  std::optional<double> preparing() const;

  /// Refused, with the reason, if the gateway could not be started.
  net::FeedHealth health() const override;
  void resync() override;
  void applied(fleet::FramePosition position, std::uint64_t roster_version) override;
  void seek(fleet::Time t) override;
  void want_until(fleet::Time t) override;
  void ask(net::TrackQuestion question) override;
  std::optional<net::TrackAnswer> take_track() override;

 private:
  void run(const Options& options);
  std::string serve(const Options& options);
  void fail(const std::string& why);
  net::Feed* feed() const;

  const std::string client_name_;
  const std::unique_ptr<ScratchFolder> folder_;  ///< null: nothing is recorded
  fleet::UpdateQueue& queue_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Under the lock, until the thread has ended:
  bool stopping_ = false;
  std::string url_, failure_;
  std::unique_ptr<net::Gateway> gateway_;
  std::unique_ptr<net::Feed> feed_;
  std::thread thread_;
};

}  // namespace viewer
