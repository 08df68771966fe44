#include "viewer/demo_gateway.hpp"

#include <algorithm>

namespace viewer {
namespace {

net::DemoSource demo_source(const Options& options) {
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
  return demo;
}

/// Null where what is simulated is more than a wall records beside its pictures, or there is no
/// room: a demo without a past is better than none.
std::unique_ptr<ScratchFolder> folder_for(const Options& options) {
  if (options.demo_moving || demo_past(options.demo_machines) < kDemoNow) return nullptr;
  std::error_code unknown;
  const auto space = std::filesystem::space(scratch_place(), unknown);
  if (unknown || space.available < 2 * kDemoRecordingBytes) return nullptr;
  auto folder = ScratchFolder::make(scratch_place());
  return folder ? std::move(folder.value()) : nullptr;
}

}  // namespace

std::chrono::minutes demo_past(std::uint32_t machines) {
  return std::min<std::chrono::minutes>(
      kDemoNow, std::chrono::minutes{kDemoPastMachineHours * 60 / machines});
}

DemoGateway::DemoGateway(const Options& options, std::string client_name, fleet::UpdateQueue& queue)
    : client_name_(std::move(client_name)),
      folder_(folder_for(options)),
      queue_(queue),
      thread_([this, options] { run(options); }) {}

DemoGateway::~DemoGateway() {
  stop();
}

void DemoGateway::stop() {
  net::Gateway* gateway = nullptr;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    gateway = gateway_.get();
  }
  changed_.notify_all();
  if (gateway) gateway->stop();
  if (thread_.joinable()) thread_.join();
  feed_.reset();
  if (gateway_) {
    gateway_->stop();
    gateway_->join();
  }
}

void DemoGateway::run(const Options& options) {
  try {
    if (const std::string url = serve(options); !url.empty()) {
      net::LiveFeedConfig config;
      config.url = url;
      config.client_name = client_name_;
      auto feed = net::open_live_feed(std::move(config), queue_);
      if (!feed) return fail(feed.error().what);
      const std::lock_guard lock(mutex_);
      feed_ = std::move(feed.value());
    }
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

/// The address once the gateway serves; empty if it never will.
std::string DemoGateway::serve(const Options& options) {
  net::GatewayConfig config;
  config.port = 0;
  config.name = "demo";
  if (folder_) {
    config.data = folder_->path();
    config.scratch = true;
    config.retention.keep_bytes = kDemoRecordingBytes;
  }
  config.log = [this](net::LogLevel level, std::string_view text) {
    if (level == net::LogLevel::error) fail(std::string(text));
  };
  auto gateway = net::Gateway::start(std::move(config), demo_source(options),
                                     [this](const std::string& host, std::uint16_t port) {
                                       const std::lock_guard lock(mutex_);
                                       url_ = "ws://" + host + ":" + std::to_string(port) + "/feed";
                                       changed_.notify_all();
                                     });
  std::unique_lock lock(mutex_);
  gateway_ = std::move(gateway);
  changed_.wait(lock, [this] { return stopping_ || !failure_.empty() || !url_.empty(); });
  return stopping_ ? std::string() : url_;
}

std::string DemoGateway::url() const {
  const std::lock_guard lock(mutex_);
  return url_;
}

void DemoGateway::fail(const std::string& why) {
  const std::lock_guard lock(mutex_);
  failure_ = why;
  changed_.notify_all();
}

std::optional<double> DemoGateway::preparing() const {
  const std::lock_guard lock(mutex_);
  if (feed_ || !failure_.empty()) return {};
  return gateway_ ? gateway_->prepared() : 0;
}

net::Feed* DemoGateway::feed() const {
  const std::lock_guard lock(mutex_);
  return feed_.get();
}

net::FeedHealth DemoGateway::health() const {
  if (const net::Feed* open = feed()) return open->health();
  net::FeedHealth health;
  const std::lock_guard lock(mutex_);
  if (failure_.empty()) return health;
  health.state = net::FeedHealth::State::refused;
  health.detail = failure_;
  return health;
}

void DemoGateway::resync() {
  if (net::Feed* open = feed()) open->resync();
}

void DemoGateway::applied(fleet::FramePosition position, std::uint64_t roster_version) {
  if (net::Feed* open = feed()) open->applied(position, roster_version);
}

void DemoGateway::seek(fleet::Time t) {
  if (net::Feed* open = feed()) open->seek(t);
}

void DemoGateway::want_until(fleet::Time t) {
  if (net::Feed* open = feed()) open->want_until(t);
}

void DemoGateway::ask(net::TrackQuestion question) {
  if (net::Feed* open = feed()) open->ask(std::move(question));
}

std::optional<net::TrackAnswer> DemoGateway::take_track() {
  net::Feed* open = feed();
  return open ? open->take_track() : std::nullopt;
}

}  // namespace viewer
