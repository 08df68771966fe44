// A gateway on a free loopback port, a plain TCP client, and a wall without a picture.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "net/feed/feed.hpp"
#include "net/gateway/server.hpp"
#include "tests/net/gateway_support.hpp"
#include "tests/support/temporary_folder.hpp"

namespace net::test {

using namespace std::chrono_literals;

/// For things that take milliseconds; only a failure takes this long.
inline constexpr std::chrono::seconds kDeadline{30};

/// Asks until it is so. Polls: what is waited for happens on other threads and in the kernel.
inline bool eventually(const std::function<bool()>& so) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

class TestGateway {
 public:
  explicit TestGateway(GatewayConfig config = {}, std::optional<DemoSource> demo = {}) {
    config.port = port_wanted(config);
    gateway_ =
        Gateway::start(std::move(config), std::move(demo), [this](std::string, std::uint16_t) {
          const std::lock_guard lock(mutex_);
          ready_ = true;
          wake_.notify_all();
        });
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(wake_.wait_for(lock, kDeadline, [this] { return ready_; }));
  }
  /// The example's port is for people; tests take any free one unless they ask for one.
  static std::uint16_t port_wanted(const GatewayConfig& config) {
    return config.port == 8686 ? std::uint16_t{0} : config.port;
  }
  Gateway& operator*() { return *gateway_; }
  Gateway* operator->() { return gateway_.get(); }
  std::uint16_t port() const { return gateway_->port(); }
  std::string url() const { return "ws://127.0.0.1:" + std::to_string(port()); }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ready_ = false;
  std::unique_ptr<Gateway> gateway_;
};

class TcpClient {
 public:
  /// from: the address it comes from, if another one of loopback's.
  explicit TcpClient(std::uint16_t port, int receive_buffer = 0, const std::string& from = {}) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0)
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    timeval limit{kDeadline.count(), 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (!from.empty()) {
      ::inet_pton(AF_INET, from.c_str(), &address.sin_addr);
      ::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    }
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~TcpClient() { ::close(fd_); }
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;

  bool connected() const { return connected_; }
  int descriptor() const { return fd_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// The other side reads the end of what was sent; it may still answer.
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }
  /// Everything until the other side closes (or kDeadline passes).
  std::string read_all() {
    std::string all;
    char part[65536];
    for (ssize_t n = 0; (n = ::recv(fd_, part, sizeof part, 0)) > 0;)
      all.append(part, static_cast<std::size_t>(n));
    return all;
  }
  std::string read_some() {
    char part[65536];
    const ssize_t n = ::recv(fd_, part, sizeof part, 0);
    return n > 0 ? std::string(part, static_cast<std::size_t>(n)) : std::string();
  }

 private:
  int fd_ = -1;
  bool connected_ = false;
};

struct HttpAnswer {
  int status = 0;
  std::string body, head;
};

inline HttpAnswer http(std::uint16_t port, const std::string& method, const std::string& target,
                       const std::string& body = "", const std::string& more_headers = "") {
  TcpClient client(port);
  client.send(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
              "\r\nConnection: close\r\n" + more_headers +
              (method == "POST" ? "Content-Length: " + std::to_string(body.size()) + "\r\n" : "") +
              "\r\n");
  client.send(body);
  const std::string all = client.read_all();
  HttpAnswer answer;
  if (all.size() > 12) answer.status = std::atoi(all.c_str() + 9);
  const auto end = all.find("\r\n\r\n");
  if (end != std::string::npos) {
    answer.head = all.substr(0, end);
    answer.body = all.substr(end + 4);
  }
  return answer;
}

/// A wall: live feed, queue, state, main loop on demand.
class TestWall {
 public:
  explicit TestWall(const std::string& url, std::size_t queue_bytes = 64u << 20)
      : queue(queue_bytes) {
    LiveFeedConfig config;
    config.url = url;
    config.client_name = "test wall";
    config.first_retry = 2ms;
    config.longest_retry = 20ms;
    auto opened = open_live_feed(config, queue);
    EXPECT_TRUE(opened.ok());
    feed = std::move(opened.value());
  }
  /// Applies what is in the queue, as the main loop would.
  void turn() {
    bool any = false;
    while (auto update = queue.try_pop()) {
      if (const auto* beat = std::get_if<fleet::Heartbeat>(&*update)) {
        last_beat = *beat;
        if (beat->has_hash && beat->hash_position == reader.state().position()) {
          ++hashes_compared;
          EXPECT_EQ(reader.state().hash(), beat->hash);
        }
        continue;
      }
      if (const auto* tick = std::get_if<fleet::TickBatch>(&*update))
        ticks.push_back(tick->position);
      if (const auto* state = std::get_if<fleet::StateBatch>(&*update)) {
        if (state->kind == fleet::StateBatch::Kind::keyframe) ++keyframes;
        if (state->kind == fleet::StateBatch::Kind::catch_up) ++catch_ups;
      }
      reader.apply(*update);
      any = true;
    }
    if (any) feed->applied(reader.state().position(), reader.state().roster().version());
  }
  bool until(const std::function<bool()>& so) {
    return eventually([&] {
      turn();
      return so();
    });
  }

  fleet::UpdateQueue queue;
  Reader reader;
  std::vector<fleet::FramePosition> ticks;
  fleet::Heartbeat last_beat;
  int keyframes = 0, catch_ups = 0, hashes_compared = 0;
  std::unique_ptr<Feed> feed;
};

using testing_support::TemporaryFolder;

/// Now as ingest wants it, with an offset in milliseconds.
inline std::string now_ms(std::int64_t offset_ms = 0) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count() +
                        offset_ms);
}

/// Value of a line of /metrics, e.g. "fleetwall_received_total"; -1 if it is not there.
inline double metric(const std::string& text, const std::string& name) {
  const auto at = text.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::atof(text.c_str() + at + name.size() + 2);
}

}  // namespace net::test
