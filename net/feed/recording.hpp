// Recording: all there is to go back to, in files or at a gateway.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "net/feed/feed.hpp"
#include "net/recording/day_shelf.hpp"
#include "net/recording/heat_shelf.hpp"
#include "net/recording/machine_shelf.hpp"

namespace net {

/// The feed that plays it, what went on in its days, what single machines did. One thread calls.
struct Recording {
  std::unique_ptr<Feed> feed;
  std::unique_ptr<DayShelf> days;
  std::unique_ptr<MachineShelf> machines;
  std::unique_ptr<MachineShelf> other_machines;  ///< a second wish, for two days side by side
  std::unique_ptr<HeatShelf> other_heat;         ///< of the second of two days
  std::vector<fleet::Error> unreadable;          ///< day files that are left out
};

/// path: day file or data directory. Error: as DayReader::open.
fleet::Result<Recording> open_recording(const std::filesystem::path& path,
                                        fleet::UpdateQueue& queue);

/// What a gateway recorded, over a connection of its own. config.url: as for open_live_feed; the
/// path is that of /replay beside it. Does not wait for the gateway. Error: as open_live_feed.
fleet::Result<Recording> open_replay(LiveFeedConfig config, fleet::UpdateQueue& queue);

}  // namespace net
