#include "viewer/source.hpp"

#include "net/feed/ws_client.hpp"

namespace viewer {
namespace {

/// Of the feed's protocol, since which gateways play what they recorded.
constexpr std::uint32_t kReplayMinor = 5;
constexpr const char* kClientName = "fleetwall " FLEETWALL_VERSION;

}  // namespace

fleet::Result<std::unique_ptr<Source>> Source::open(const Options& options) {
  auto source = std::unique_ptr<Source>(new Source(kQueueBytes));
  if (!options.open_path.empty()) {
    auto recording = net::open_recording(options.open_path, source->queue_);
    if (!recording) return recording.error();
    source->feed_ = std::move(recording->feed);
    source->past_ = std::move(recording.value());
    source->recorded_ = true;
    source->address_ = options.open_path;
    return source;
  }
  auto token = net::read_token_file(options.token_file);
  if (!token) return token.error();
  if (options.demo()) {
    auto demo = std::make_unique<DemoGateway>(options, kClientName, source->queue_);
    source->demo_ = demo.get();
    if (demo->records())
      source->open_past_ = [gateway = demo.get()](fleet::UpdateQueue& queue) {
        net::LiveFeedConfig config;
        config.url = gateway->url();
        config.client_name = kClientName;
        return net::open_replay(std::move(config), queue);
      };
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
  auto feed = net::open_live_feed(config, source->queue_);
  if (!feed) return feed.error();
  source->feed_ = std::move(feed.value());
  source->open_past_ = [config](fleet::UpdateQueue& queue) {
    return net::open_replay(config, queue);
  };
  return source;
}

std::unique_ptr<Source> Source::over(const MakeFeed& live, OpenPast past) {
  auto source = std::unique_ptr<Source>(new Source(kQueueBytes));
  source->feed_ = live(source->queue_);
  source->open_past_ = std::move(past);
  return source;
}

void Source::look_back() {
  if (!open_past_) return;
  const net::FeedHealth health = feed_->health();
  const bool offers = health.hello.minor >= kReplayMinor;
  if (health.state != net::FeedHealth::State::receiving || !offers) return;
  auto past = std::exchange(open_past_, nullptr)(past_queue_);
  if (past) past_ = std::move(past.value());
}

Source::~Source() {
  queue_.close();
  past_queue_.close();
  past_ = {};
  feed_.reset();
}

}  // namespace viewer
