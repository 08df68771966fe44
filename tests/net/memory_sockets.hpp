// Connections in memory whose operations fail when told to, and a gateway that serves them on the
// io_context of whoever connects: one thread, no kernel, the same order every time.
//
// Instantiates Beast: for one test file only.
#pragma once

#include "net/feed/beast_client.hpp"
#include "net/gateway/beast_http.hpp"
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
            [this](std::function<void()> function) { post(std::move(function)); },
            read_clocks()) {
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
  void accept(asio::io_context& io, MemoryStream& client, beast::test::fail_count& faults) {
    MemoryStream server(io, faults);
    client.connect(server);
    std::make_shared<sockets::HttpConnection<MemoryStream>>(hub_, std::move(server),
                                                            sockets::Place(hub_, "memory"))
        ->read_header();
    serve_posted_on(&io);
  }
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

/// For BeastClient: connects to a MemoryGateway.
class MemoryDialer {
 public:
  using Stream = MemoryStream;

  MemoryDialer(asio::io_context& io, MemoryGateway& gateway, Faults faults)
      : io_(io), gateway_(gateway), client_(faults.client), server_(faults.server) {}
  /// The client's stream is gone: the gateway's end sees that, and goes before the io_context.
  ~MemoryDialer() { EXPECT_TRUE(gateway_.settles(io_)) << "a connection hangs"; }
  MemoryDialer(const MemoryDialer&) = delete;
  MemoryDialer& operator=(const MemoryDialer&) = delete;

  MemoryStream make_stream() { return MemoryStream(io_, client_); }
  template <class Handler>
  void dial(MemoryStream& stream, const WsUrl&, Handler handler) {
    beast::error_code error;
    if (!client_.fail(error)) gateway_.accept(io_, stream, server_);
    asio::post(io_, [handler, error] { handler(error); });
  }
  void cancel() {}
  sockets::Explained explain(MemoryStream&, beast::error_code) const { return {}; }

 private:
  asio::io_context& io_;
  MemoryGateway& gateway_;
  beast::test::fail_count client_, server_;
};

inline std::unique_ptr<WsTransport> memory_client(const WsClientConfig& config,
                                                  MemoryGateway& gateway, Faults faults) {
  return std::make_unique<sockets::BeastClient<MemoryDialer>>(config, gateway, faults);
}

}  // namespace net::test
