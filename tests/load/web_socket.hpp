// A WebSocket client that costs next to nothing: one non-blocking socket, no library, its masking
// key zero (which RFC 6455 allows), so that 500 viewers and 200,000 lines a second leave the
// measuring side idle. For a gateway that is trusted, on loopback.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace load {

class WebSocket {
 public:
  using OnMessage = std::function<void(std::string_view)>;

  /// Connects and asks for `path`; throws std::runtime_error if nobody listens. receive_buffer: of
  /// the kernel, bytes; 0 = as it likes.
  WebSocket(std::uint16_t port, const std::string& path, int receive_buffer = 0);
  ~WebSocket();
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  int fd() const { return fd_; }
  bool is_open() const { return open_; }
  /// The other side ended it, or `abort` did.
  bool is_over() const { return over_; }
  int close_code() const { return close_code_; }
  std::uint64_t received_bytes() const { return received_bytes_; }
  /// Status line of a refused handshake.
  const std::string& refusal() const { return refusal_; }

  void send(std::string_view message, bool binary);
  /// Reads at most `most` bytes and tells of each whole message. Answers pings.
  void read(const OnMessage& on_message, std::size_t most = 1u << 20);
  /// Writes what waits.
  void flush();
  bool wants_to_write() const { return sent_ < out_.size(); }
  /// Ends it without a word (RST).
  void abort();

 private:
  void take_handshake();
  bool take_frame(const OnMessage& on_message);
  void end();

  int fd_ = -1;
  bool open_ = false, over_ = false;
  int close_code_ = 0;
  std::string in_, out_, refusal_;
  std::size_t taken_ = 0, sent_ = 0;
  std::uint64_t received_bytes_ = 0;
};

}  // namespace load
