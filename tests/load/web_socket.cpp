#include "tests/load/web_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace load {

namespace {

constexpr std::size_t kCompactBytes = 1u << 20;
/// Connections from one address of ours before the next one is used: the gateway has a cap.
constexpr std::uint32_t kOfOneAddress = 200;

sockaddr_in loopback(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + host);
  return address;
}

void put_frame(std::string& out, int opcode, std::string_view payload) {
  const std::size_t size = payload.size();
  out += static_cast<char>(0x80 | opcode);
  const auto put_size = [&](int code, int bytes) {
    out += static_cast<char>(0x80 | code);
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i));
  };
  if (size < 126)
    put_size(static_cast<int>(size), 0);
  else if (size < 65536)
    put_size(126, 2);
  else
    put_size(127, 8);
  out.append(4, '\0');  // the masking key
  out += payload;
}

}  // namespace

WebSocket::WebSocket(std::uint16_t port, const std::string& path, int receive_buffer) {
  fd_ = socket(AF_INET, SOCK_STREAM, 0);
  if (receive_buffer > 0)
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const int yes = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  static std::uint32_t made = 0;
  const sockaddr_in own = loopback(1 + made++ / kOfOneAddress % 8, 0);
  (void)bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
  const sockaddr_in address = loopback(0, port);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd_);
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
  fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL) | O_NONBLOCK);
  out_ = "GET " + path +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  flush();
}

WebSocket::~WebSocket() {
  if (fd_ >= 0) close(fd_);
}

void WebSocket::send(std::string_view message, bool binary) {
  put_frame(out_, binary ? 2 : 1, message);
  flush();
}

void WebSocket::flush() {
  while (!over_ && sent_ < out_.size()) {
    const ssize_t n = ::send(fd_, out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (n > 0) {
      sent_ += static_cast<std::size_t>(n);
    } else {
      if (errno != EAGAIN) end();
      return;
    }
  }
  out_.clear();
  sent_ = 0;
}

void WebSocket::end() {
  over_ = true;
  open_ = false;
}

void WebSocket::abort() {
  const linger hard{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close(fd_);
  fd_ = -1;
  end();
}

void WebSocket::read(const OnMessage& on_message, std::size_t most) {
  char part[65536];
  while (most > 0 && !over_) {
    const ssize_t n = recv(fd_, part, std::min(sizeof part, most), 0);
    if (n <= 0) {
      if (n == 0 || errno != EAGAIN) end();
      return;
    }
    most -= static_cast<std::size_t>(n);
    received_bytes_ += static_cast<std::size_t>(n);
    in_.append(part, static_cast<std::size_t>(n));
    if (!open_) take_handshake();
    while (open_ && take_frame(on_message)) {
    }
    if (taken_ == in_.size() || taken_ > kCompactBytes) {
      in_.erase(0, taken_);
      taken_ = 0;
    }
    if (static_cast<std::size_t>(n) < sizeof part) return;
  }
}

void WebSocket::take_handshake() {
  const auto end_of_head = in_.find("\r\n\r\n");
  if (end_of_head == std::string::npos) return;
  if (in_.rfind("HTTP/1.1 101", 0) != 0) {
    refusal_ = in_.substr(0, in_.find('\r'));
    return end();
  }
  taken_ = end_of_head + 4;
  open_ = true;
}

/// False: there is no whole frame.
bool WebSocket::take_frame(const OnMessage& on_message) {
  const std::string_view in = std::string_view(in_).substr(taken_);
  if (in.size() < 2) return false;
  const int opcode = in[0] & 15;
  std::size_t size = static_cast<unsigned char>(in[1]) & 127, head = 2;
  const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (in.size() < head + more) return false;
  if (more > 0) size = 0;
  for (std::size_t i = 0; i < more; ++i) size = size << 8 | static_cast<unsigned char>(in[head++]);
  if (in.size() - head < size) return false;
  const std::string_view payload = in.substr(head, size);
  if (opcode == 8) {
    if (size >= 2)
      close_code_ =
          static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    put_frame(out_, 8, payload.substr(0, std::min<std::size_t>(size, 2)));
    flush();
  } else if (opcode == 9) {
    put_frame(out_, 10, payload);
    flush();
  } else if (opcode != 10) {
    on_message(payload);
  }
  taken_ += head + size;
  return true;
}

}  // namespace load
