// MachineScan: what one machine did, out of day files.
//
// How it works: from the last keyframe before the span on, packed hours give up this machine's
// reports alone (net/pack/machine_pick.hpp), on threads beside the one that takes them in; hours
// that are not packed yet are read frame by frame. fleet::MachineRecorder makes the history of it.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "fleet/machine_history.hpp"
#include "net/store/day_store.hpp"

namespace net {

/// Longest span of one history: a week, at 24 bytes and as many values a report.
inline constexpr std::chrono::hours kMaxMachineSpan{24 * 7};

/// One thread at a time; a writer may be at work in the folder.
class MachineScan {
 public:
  /// path: as DayReader::open, and its errors.
  static fleet::Result<std::unique_ptr<MachineScan>> open(const std::filesystem::path& path);

  struct Found {
    fleet::MachineHistory history;
    std::vector<std::string> damages;  ///< what could not be read, a sentence each
  };
  /// What `machine` reported in [from, to) by receive time, every value of it, and its status and
  /// faults then. go_on: asked every few milliseconds; false ends it early. A machine that nobody
  /// knows has an empty history. Error: ended early, longer than kMaxMachineSpan, or the folder
  /// cannot be read.
  fleet::Result<Found> read(const std::string& machine, fleet::Time from, fleet::Time to,
                            const std::function<bool()>& go_on = {});

 private:
  explicit MachineScan(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path path_;
};

}  // namespace net
