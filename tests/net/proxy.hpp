// A TCP proxy between a wall and a gateway, to cut their connection in every way.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace net::test {

/// Lets through, and cuts when told, what goes between a wall and a gateway.
class Proxy {
 public:
  explicit Proxy(std::uint16_t target) : target_(target) {
    listen_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listen_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listen_, 16);
    socklen_t size = sizeof address;
    ::getsockname(listen_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Proxy() {
    stopping_ = true;
    ::shutdown(listen_, SHUT_RDWR);
    cut();
    thread_.join();
    ::close(listen_);
  }
  std::uint16_t port() const { return port_; }
  /// While paused, nobody gets through.
  void pause(bool paused) { paused_ = paused; }
  /// Swallows everything from now on, both ways; the connection stays open.
  void freeze() { frozen_ = true; }
  /// Ends the connection under way, hard.
  void cut() {
    const std::lock_guard lock(mutex_);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }

 private:
  void run() {
    while (!stopping_) {
      const int wall = ::accept(listen_, nullptr, nullptr);
      if (wall < 0) break;
      if (paused_) {
        ::close(wall);
        continue;
      }
      const int gateway = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(target_);
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ::connect(gateway, reinterpret_cast<sockaddr*>(&address), sizeof address);
      {
        const std::lock_guard lock(mutex_);
        open_ = {wall, gateway};
      }
      std::thread back([=, this] { copy(gateway, wall); });
      copy(wall, gateway);
      back.join();
      const std::lock_guard lock(mutex_);
      open_.clear();
      ::close(wall);
      ::close(gateway);
    }
  }
  void copy(int from, int to) {
    char part[65536];
    for (ssize_t n = 0; (n = ::recv(from, part, sizeof part, 0)) > 0;)
      if (!frozen_ && ::send(to, part, static_cast<std::size_t>(n), MSG_NOSIGNAL) <= 0) break;
    ::shutdown(from, SHUT_RDWR);
    ::shutdown(to, SHUT_RDWR);
  }

  std::uint16_t target_, port_ = 0;
  int listen_ = -1;
  std::atomic<bool> stopping_{false}, paused_{false}, frozen_{false};
  std::mutex mutex_;
  std::vector<int> open_;
  std::thread thread_;
};

}  // namespace net::test
