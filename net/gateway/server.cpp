#include "net/gateway/server.hpp"

#include <mutex>
#include <stdexcept>
#include <thread>

#include "net/gateway/gateway_engine.hpp"
#include "net/gateway/origin.hpp"
#include "net/gateway/socket_server.hpp"

namespace net {

namespace {

class ServingGateway final : public Gateway {
 public:
  using Ready = std::function<void(std::string, std::uint16_t)>;

  ServingGateway(GatewayConfig config, std::optional<DemoSource> demo, Ready on_ready)
      : host_(config.listen_host),
        log_(config.log),
        config_(std::move(config)),
        on_ready_(std::move(on_ready)),
        encrypted_(config_.access.tls.any()),
        guarded_(!config_.access.tokens.empty()) {
    auto tls = check_access(config_.access);
    if (!tls) throw AccessError(tls.error().what);
    begin(std::move(demo), config_.port, tls.value());
    thread_ = std::thread([this] { run(); });
  }
  ~ServingGateway() override {
    stop();
    join();
    // The recorder posts to the sockets; connections that never closed know the engine.
    if (engine_) engine_->close_store();
    sockets_.reset();
  }

  std::uint16_t port() const override {
    const std::lock_guard lock(turn_);
    return sockets_->port();
  }
  fleet::Result<void> set_access(AccessConfig access) override {
    if (auto as_guarded = keeps_guard(access); !as_guarded) return as_guarded;
    auto tls = check_access(access);
    if (!tls) return tls.error();
    const std::lock_guard lock(turn_);
    config_.access = access;
    sockets_->post([this, access = std::move(access), tls = tls.value()]() mutable {
      sockets_->set_access(std::move(access), std::move(tls));
    });
    return {};
  }
  void stop() override {
    const std::lock_guard lock(turn_);
    stopped_ = true;
    if (engine_) engine_->give_up();
    sockets_->stop();
  }
  void join() override {
    if (thread_.joinable()) thread_.join();
  }
  std::string failure() const override { return failure_; }
  double prepared() const override {
    const std::lock_guard lock(turn_);
    return engine_ ? engine_->prepared() : 0;
  }
  void set_speed(double speed) override {
    const std::lock_guard lock(turn_);
    sockets_->post([this, speed] { engine_->set_speed(speed, read_clocks()); });
  }

 private:
  void begin(std::optional<DemoSource> demo, std::uint16_t port, SharedTls tls) {
    const GatewayEngine::Now now = read_clocks();
    GatewayConfig config = config_;
    // Milliseconds since 1970: every start of a gateway is an epoch of its own, and a later one.
    if (config.core.epoch <= 1)
      config.core.epoch = static_cast<std::uint64_t>(fleet::ms_from_time(now.system));
    sockets_ = SocketServer::listen(host_, port);
    sockets_->set_access(config.access, std::move(tls));
    engine_ = std::make_unique<GatewayEngine>(
        std::move(config), std::move(demo),
        [this](std::function<void()> function) { sockets_->post(std::move(function)); }, now);
  }
  /// Everything anew on the same port, as a restart of the process would: the store is back. Walls
  /// were told that the gateway goes down, and find the new one. False: it was stopped meanwhile.
  bool begin_anew() {
    const std::lock_guard lock(turn_);
    if (stopped_) return false;
    const std::uint16_t port = sockets_->port();
    auto tls = check_access(config_.access);
    if (!tls) throw AccessError(tls.error().what);
    engine_->close_store();
    sockets_.reset();  // connections that never closed know the engine
    engine_.reset();
    if (log_) log_(LogLevel::info, "The store can be opened: beginning anew with what it holds.");
    begin(std::nullopt, port, tls.value());
    return true;
  }
  /// Whether it guards what was guarded at the start: no line too few in a file may open all doors.
  fleet::Result<void> keeps_guard(const AccessConfig& access) const {
    if (access.tls.any() != encrypted_)
      return fleet::Error{"[tls] was " + std::string(encrypted_ ? "taken out" : "added") +
                          "; that takes a restart."};
    if (access.tokens.empty() && guarded_)
      return fleet::Error{
          "[tokens] is empty now, so that everybody who reaches the port could do everything; that "
          "takes a restart."};
    return {};
  }
  /// What the server needs of it for TLS; null = not encrypted.
  fleet::Result<SharedTls> check_access(const AccessConfig& access) const {
    if (access.tokens.empty() && !is_loopback(host_))
      return fleet::Error{
          "Refused to listen on " + (host_.find(':') == host_.npos ? host_ : "[" + host_ + "]") +
          ": without tokens anybody could read and write the fleet, so only loopback addresses "
          "(127.0.0.1, ::1, localhost) are allowed. Make tokens with `fleetwalld token` and put "
          "them into the configuration."};
    if (!access.tls.any()) {
      if (!is_loopback(host_) && log_)
        log_(LogLevel::warning,
             "No certificate is configured: tokens and data travel readable by everybody between. "
             "Configure [tls], or put a proxy that speaks TLS in front.");
      return SharedTls();
    }
    return server_tls(access.tls, read_clocks().system);
  }
  void run() {
    try {
      if (!engine_->prepare(read_clocks)) return;
      if (on_ready_) on_ready_(host_, sockets_->port());
      sockets_->run(*engine_);
      while (engine_->store_is_back() && begin_anew()) {
        if (!engine_->prepare(read_clocks)) return;
        sockets_->run(*engine_);
      }
    } catch (const std::exception& error) {
      failure_ = error.what();
      if (log_) log_(LogLevel::error, "The gateway failed: " + failure_);
    }
  }

  std::string host_, failure_;
  LogSink log_;
  GatewayConfig config_;  ///< as a new beginning takes it
  Ready on_ready_;
  const bool encrypted_, guarded_;
  /// The two below are made anew by this thread; others take it to use them.
  mutable std::mutex turn_;
  bool stopped_ = false;
  std::unique_ptr<GatewayEngine> engine_;
  std::unique_ptr<SocketServer> sockets_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Gateway> Gateway::start(GatewayConfig config, std::optional<DemoSource> demo,
                                        std::function<void(std::string, std::uint16_t)> on_ready) {
  return std::make_unique<ServingGateway>(std::move(config), std::move(demo), std::move(on_ready));
}

}  // namespace net
