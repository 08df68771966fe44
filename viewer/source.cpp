#include "viewer/source.hpp"

#include <algorithm>
#include <fstream>
#include <future>

namespace viewer {
namespace {

fleet::Result<std::string> read_token(const std::string& file) {
  if (file.empty()) return std::string();
  std::ifstream in(file);
  std::string token;
  if (!in || !std::getline(in, token) || token.empty()) {
    return fleet::Error{"--token-file " + file +
                        ": expected a readable file whose first line is the token"};
  }
  return token;
}

std::unique_ptr<net::Gateway> start_demo(const Options& options, std::string& url) {
  net::GatewayConfig config;
  config.port = 0;
  config.name = "demo";
  net::DemoSource demo;
  demo.now = fleet::time_from_ms(kDemoDayMs) + kDemoNow;
  demo.from = demo.now - demo_past(options.demo_machines);
  demo.sim.machines = options.demo_machines;
  demo.sim.seed = options.seed;
  demo.sim.moving = options.demo_moving;
  // A fleet that reports every second has no morning worth waiting for.
  if (options.demo_moving) demo.from = demo.now - std::chrono::seconds{5};
  demo.sim.start = demo.from;
  demo.speed = options.speed.value_or(1);
  std::promise<std::string> ready;
  auto address = ready.get_future();
  auto gateway =
      net::Gateway::start(std::move(config), demo, [&](std::string host, std::uint16_t port) {
        ready.set_value("ws://" + host + ":" + std::to_string(port) + "/feed");
      });
  url = address.get();
  return gateway;
}

}  // namespace

std::chrono::minutes demo_past(std::uint32_t machines) {
  return std::min<std::chrono::minutes>(
      kDemoNow, std::chrono::minutes{kDemoPastMachineHours * 60 / machines});
}

fleet::Result<std::unique_ptr<Source>> Source::open(const Options& options) {
  auto source = std::unique_ptr<Source>(new Source(kQueueBytes));
  if (!options.open_path.empty()) {
    auto feed = net::open_history_feed(options.open_path, source->queue_);
    if (!feed) return feed.error();
    source->feed_ = std::move(feed.value());
    source->recorded_ = true;
    source->address_ = options.open_path;
    return source;
  }
  auto token = read_token(options.token_file);
  if (!token) return token.error();
  net::LiveFeedConfig config;
  config.url = options.connect_url;
  config.token = token.value();
  config.client_name = "fleetwall " FLEETWALL_VERSION;
  source->address_ = options.connect_url;
  if (options.demo()) {
    source->gateway_ = start_demo(options, config.url);
    source->address_ = "demo";
  }
  auto feed = net::open_live_feed(std::move(config), source->queue_);
  if (!feed) return feed.error();
  source->feed_ = std::move(feed.value());
  return source;
}

Source::~Source() {
  queue_.close();
  feed_.reset();
  if (gateway_) {
    gateway_->stop();
    gateway_->join();
  }
}

}  // namespace viewer
