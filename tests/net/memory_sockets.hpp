// Connections in memory whose operations fail when told to, and a gateway that serves them on the
// io_context of whoever connects: one thread, no kernel, the same order every time.
// memory_sockets.cpp instantiates Beast for them, which takes a minute.
#pragma once

#include "net/feed/ws_client.hpp"
#include "net/gateway/beast_shared.hpp"
#include "tests/net/loopback_support.hpp"
#include "tests/net/memory_stream.hpp"

namespace net::test {

/// Which operation of a connection fails, and all after it; none by default.
struct Faults {
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::size_t client = kNone;  ///< 0 = connecting itself
  std::size_t server = kNone;
};

/// The gateway's side: engine, hub, and what its other thread posts.
class MemoryGateway {
 public:
  explicit MemoryGateway(GatewayConfig config, std::optional<DemoSource> demo = {})
      : engine_(
            std::move(config), std::move(demo),
            [this](std::function<void()> function) { post(std::move(function)); }, read_clocks()) {
    engine_.prepare(read_clocks);
    hub_.engine = &engine_;
  }
  ~MemoryGateway() {
    engine_.close_store();
    run_posted();
  }

  GatewayEngine& engine() { return engine_; }
  sockets::Hub& hub() { return hub_; }

  /// Serves the other end of `client` on its io_context. faults: lives as long as that.
  void accept(asio::io_context& io, MemoryStream& client, beast::test::fail_count& faults);
  /// Where posted functions run from now on; null: nowhere yet.
  void serve_posted_on(asio::io_context* io) {
    const std::lock_guard lock(mutex_);
    io_ = io;
    if (io_) asio::post(*io_, [this] { run_posted(); });
  }
  void run_posted() {
    std::vector<std::function<void()>> functions;
    {
      const std::lock_guard lock(mutex_);
      functions.swap(posted_);
    }
    for (const auto& function : functions) function();
  }
  /// What was posted is gone, as with a function that there is no memory for.
  void lose_posted() {
    const std::lock_guard lock(mutex_);
    posted_.clear();
  }
  std::size_t posted() {
    const std::lock_guard lock(mutex_);
    return posted_.size();
  }
  /// Serves until no connection is left. False: one does not go.
  bool settles(asio::io_context& io) {
    serve_posted_on(nullptr);
    return eventually([&] {
      run_posted();
      io.restart();
      io.poll();
      return hub_.counters.connections == 0;
    });
  }
  double metric_now(const std::string& name) {
    return metric(engine_.metrics(read_clocks(), hub_.counters), name);
  }

 private:
  void post(std::function<void()> function) {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(function));
    if (io_) asio::post(*io_, [this] { run_posted(); });
  }

  std::mutex mutex_;
  asio::io_context* io_ = nullptr;
  std::vector<std::function<void()>> posted_;
  sockets::Hub hub_;
  GatewayEngine engine_;
};

/// A client whose stream is in memory.
std::unique_ptr<WsTransport> memory_client(const WsClientConfig& config, MemoryGateway& gateway,
                                           Faults faults);

}  // namespace net::test
