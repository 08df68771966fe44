#include "net/feed/recording.hpp"

#include "net/feed/replay_feed.hpp"
#include "net/recording/file_day_shelf.hpp"
#include "net/recording/file_heat_shelf.hpp"
#include "net/recording/file_machine_shelf.hpp"

namespace net {

fleet::Result<Recording> open_recording(const std::filesystem::path& path,
                                        fleet::UpdateQueue& queue) {
  std::vector<fleet::Error> unreadable;
  auto feed = open_history_feed(path, queue, &unreadable);
  if (!feed) return feed.error();
  return Recording{std::move(feed.value()),
                   std::make_unique<FileDayShelf>(path),
                   std::make_unique<FileMachineShelf>(path),
                   std::make_unique<FileMachineShelf>(path),
                   std::make_unique<FileHeatShelf>(path),
                   std::move(unreadable)};
}

fleet::Result<Recording> open_replay(LiveFeedConfig config, fleet::UpdateQueue& queue) {
  auto url = replay_url(config.url);
  if (!url) return url.error();
  SharedTls trusted;
  if (url->secure) {
    auto tls = client_tls(config.trusted);
    if (!tls) return tls.error();
    trusted = tls.value();
  }
  const auto connect = [trusted](WsClientConfig client) {
    client.tls = trusted;
    return make_ws_client(std::move(client));
  };
  const ReplayFeed::Desks desks;
  Recording recording;
  recording.feed = std::make_unique<ReplayFeed>(std::move(config), std::move(url.value()), queue,
                                                desks, connect);
  recording.days = make_gateway_days(desks.days);
  recording.machines = make_gateway_machines(desks.machines, 0);
  recording.other_machines = make_gateway_machines(desks.machines, 1);
  recording.other_heat = make_gateway_heat(desks.heat);
  return recording;
}

}  // namespace net
