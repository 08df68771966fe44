// A server of tiles on loopback that answers as a test says, and counts.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/net/listener.hpp"

namespace testing_support {

struct TileRequest {
  std::string path;
  std::string head;  ///< the whole of it

  /// The value of a header; empty: not sent.
  std::string header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

/// An answer with its length, after which the connection ends.
inline std::string http_answer(const std::string& status, const std::string& body,
                               const std::vector<std::string>& headers = {}) {
  std::string out = "HTTP/1.1 " + status + "\r\nConnection: close\r\n";
  for (const std::string& header : headers) out += header + "\r\n";
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class TileServer {
 public:
  /// The bytes of the answer, after which the connection is closed; nothing: it stays open, silent.
  using Answer = std::function<std::optional<std::string>(const TileRequest&)>;

  explicit TileServer(Answer answer) : answer_(std::move(answer)), thread_([this] { serve(); }) {}
  ~TileServer() {
    listener_.stop();
    thread_.join();
    for (const int silent : silent_) ::close(silent);
  }
  TileServer(const TileServer&) = delete;
  TileServer& operator=(const TileServer&) = delete;

  std::string address() const { return "http://127.0.0.1:" + std::to_string(listener_.port()); }
  std::string tiles() const { return address() + "/{z}/{x}/{y}.png"; }
  std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return seen_.size();
  }
  TileRequest last() const {
    const std::lock_guard lock(mutex_);
    return seen_.empty() ? TileRequest() : seen_.back();
  }
  void answer_with(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }

 private:
  void serve() {
    for (int peer = listener_.accept(); peer >= 0; peer = listener_.accept()) {
      TileRequest request;
      request.head = read_head(peer);
      if (const auto from = request.head.find(' '); from != std::string::npos)
        request.path = request.head.substr(from + 1, request.head.find(' ', from + 1) - from - 1);
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
      const auto answer = answer_(request);
      if (!answer) {
        silent_.push_back(peer);
        continue;
      }
      for (std::size_t at = 0; at < answer->size();) {
        const auto sent = ::send(peer, answer->data() + at, answer->size() - at, MSG_NOSIGNAL);
        if (sent <= 0) break;
        at += static_cast<std::size_t>(sent);
      }
      ::close(peer);
    }
  }
  static std::string read_head(int peer) {
    std::string head;
    char block[4096];
    while (head.find("\r\n\r\n") == std::string::npos) {
      const auto got = ::recv(peer, block, sizeof block, 0);
      if (got <= 0) break;
      head.append(block, static_cast<std::size_t>(got));
    }
    return head;
  }

  net::test::Listener listener_;
  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<TileRequest> seen_;
  std::vector<int> silent_;
  std::thread thread_;
};

}  // namespace testing_support
