// A TCP proxy between a wall and a gateway, to cut their connection in every way.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/net/listener.hpp"

namespace net::test {

/// Lets through, and cuts when told, what goes between a wall and a gateway.
class Proxy {
 public:
  explicit Proxy(std::uint16_t target) : target_(target), thread_([this] { run(); }) {}
  ~Proxy() {
    stopping_ = true;
    listener_.stop();
    cut();
    thread_.join();
  }
  std::uint16_t port() const { return listener_.port(); }
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
      const int wall = listener_.accept();
      if (wall < 0) break;
      if (paused_) {
        ::close(wall);
        continue;
      }
      const int gateway = ::socket(AF_INET, SOCK_STREAM, 0);
      const sockaddr_in address = Listener::loopback(target_);
      ::connect(gateway, reinterpret_cast<const sockaddr*>(&address), sizeof address);
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

  const std::uint16_t target_;
  Listener listener_;
  std::atomic<bool> stopping_{false}, paused_{false}, frozen_{false};
  std::mutex mutex_;
  std::vector<int> open_;
  std::thread thread_;
};

}  // namespace net::test
