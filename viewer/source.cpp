#include "viewer/source.hpp"

#include "net/feed/ws_client.hpp"

namespace viewer {
namespace {

constexpr const char* kClientName = "fleetwall " FLEETWALL_VERSION;

}  // namespace

fleet::Result<std::unique_ptr<Source>> Source::open(const Options& options) {
  auto source = std::unique_ptr<Source>(new Source(kQueueBytes));
  if (!options.open_path.empty()) {
    auto recording = net::open_recording(options.open_path, source->queue_);
    if (!recording) return recording.error();
    source->feed_ = std::move(recording->feed);
    source->days_ = std::move(recording->days);
    source->machines_ = std::move(recording->machines);
    source->recorded_ = true;
    source->address_ = options.open_path;
    return source;
  }
  auto token = net::read_token_file(options.token_file);
  if (!token) return token.error();
  if (options.demo()) {
    auto demo = std::make_unique<DemoGateway>(options, kClientName, source->queue_);
    source->demo_ = demo.get();
    source->feed_ = std::move(demo);
    source->address_ = "demo";
    return source;
  }
  net::LiveFeedConfig config;
  config.url = options.connect_url;
  config.token = token.value();
  config.trusted = options.ca_file;
  config.client_name = kClientName;
  source->address_ = options.connect_url;
  auto feed = net::open_live_feed(std::move(config), source->queue_);
  if (!feed) return feed.error();
  source->feed_ = std::move(feed.value());
  return source;
}

Source::~Source() {
  queue_.close();
  feed_.reset();
}

}  // namespace viewer
