#include "net/feed/recording.hpp"

#include "net/recording/file_day_shelf.hpp"
#include "net/recording/file_machine_shelf.hpp"

namespace net {

fleet::Result<Recording> open_recording(const std::filesystem::path& path,
                                        fleet::UpdateQueue& queue) {
  auto feed = open_history_feed(path, queue);
  if (!feed) return feed.error();
  return Recording{std::move(feed.value()), std::make_unique<FileDayShelf>(path),
                   std::make_unique<FileMachineShelf>(path)};
}

}  // namespace net
