// A peer that sends what no honest one would: bytes of HTTP and of WebSockets by hand, and what the
// gateway is expected to make of them.
#pragma once

#include <netinet/tcp.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/net/loopback_support.hpp"

namespace net::test {

/// How a connection begins.
enum class Where { http, feed, ingest };

/// What the gateway does with a row.
struct Expected {
  enum class Kind {
    status,   ///< answers with this HTTP status, then closes
    code,     ///< closes the WebSocket with this code
    silence,  ///< closes without an answer
  };
  Kind kind = Kind::status;
  int number = 0;
  std::string holds;  ///< stands in what it said before
};
inline Expected status(int number, std::string holds = {}) {
  return {Expected::Kind::status, number, std::move(holds)};
}
inline Expected code(int number, std::string holds = {}) {
  return {Expected::Kind::code, number, std::move(holds)};
}
inline Expected silence() {
  return {Expected::Kind::silence, 0, {}};
}

struct Abuse {
  std::string name;
  Where where = Where::http;
  std::string bytes;
  Expected expected;
  /// Bytes a write; 0 = all at once.
  std::size_t step = 0;
  /// The peer says that it will send nothing more, as after a crash of its program.
  bool half_close = false;
};

// ---------------------------------------------------------------- WebSocket frames, as a client's

inline constexpr std::uint8_t kFin = 0x80, kText = 1, kBinary = 2, kClose = 8, kPing = 9,
                              kPong = 10;

/// Head of a frame that announces `length` in the shortest form, or in one of 0, 2 or 8 bytes.
inline std::string frame_head(std::uint8_t first, std::uint64_t length, int form = -1,
                              bool masked = true) {
  if (form < 0) form = length < 126 ? 0 : length < 65'536 ? 2 : 8;
  const std::uint8_t seven = form == 0 ? static_cast<std::uint8_t>(length) : form == 2 ? 126 : 127;
  std::string head{static_cast<char>(first), static_cast<char>((masked ? 0x80 : 0) | seven)};
  for (int byte = form - 1; byte >= 0; --byte) head += static_cast<char>(length >> (8 * byte));
  if (masked) head += "\x37\xFA\x21\x3D";
  return head;
}
inline std::string frame(std::uint8_t first, std::string_view payload, int form = -1) {
  std::string bytes = frame_head(first, payload.size(), form);
  for (std::size_t i = 0; i < payload.size(); ++i)
    bytes += static_cast<char>(payload[i] ^ "\x37\xFA\x21\x3D"[i % 4]);
  return bytes;
}
inline std::string close_frame(int number, std::string_view reason = {}) {
  const std::string payload{static_cast<char>(number >> 8), static_cast<char>(number)};
  return frame(kFin | kClose, payload + std::string(reason));
}
inline std::string times(int n, const std::string& bytes) {
  std::string all;
  for (int i = 0; i < n; ++i) all += bytes;
  return all;
}

inline std::string upgrade_request(const std::string& path, const std::string& more = {}) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         more + "\r\n";
}

// ------------------------------------------------------------------------------ what comes back

/// Every refusal is told in JSON.
inline constexpr const char* kJsonHeader = "\r\nContent-Type: application/json\r\n";

/// Payloads of data frames one behind the other, and the code of the close frame.
struct SocketAnswer {
  std::string data;
  std::optional<int> code;
};
inline SocketAnswer read_frames(std::string_view bytes) {
  SocketAnswer answer;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
  while (bytes.size() >= 2) {
    std::size_t length = byte(1) & 0x7F, head = 2;
    if (length >= 126) {
      head = length == 126 ? 4 : 10;
      if (bytes.size() < head) return answer;
      std::size_t long_length = 0;
      for (std::size_t at = 2; at < head; ++at) long_length = long_length << 8 | byte(at);
      length = long_length;
    }
    if (bytes.size() - head < length) return answer;
    const int opcode = byte(0) & 15;
    if (opcode == kClose) answer.code = length >= 2 ? byte(head) << 8 | byte(head + 1) : 1005;
    if (opcode <= kBinary) answer.data += bytes.substr(head, length);
    bytes.remove_prefix(head + length);
  }
  return answer;
}

/// Sends a row's bytes; empty if the gateway did as expected, else what it did.
inline std::string differs(std::uint16_t port, const Abuse& row) {
  TcpClient client(port);
  if (!client.connected()) return "refused to connect";
  std::string received;
  if (row.where != Where::http) {
    client.send(upgrade_request(row.where == Where::feed ? "/feed" : "/ingest"));
    while (received.find("\r\n\r\n") == received.npos) {
      const std::string part = client.read_some();
      if (part.empty()) return "closed during the handshake: " + received;
      received += part;
    }
    if (!received.starts_with("HTTP/1.1 101 ")) return "no upgrade: " + received;
    received.erase(0, received.find("\r\n\r\n") + 4);
  }
  const std::size_t step = row.step == 0 ? row.bytes.size() : row.step;
  for (std::size_t at = 0; at < row.bytes.size(); at += step)
    if (!client.send(std::string_view(row.bytes).substr(at, step))) break;
  if (row.half_close) client.finish_sending();
  for (bool told = false;;) {
    const std::string part = client.read_some();
    if (part.empty()) break;
    received += part;
    // The gateway waits a while for the answer to its close frame.
    if (row.where == Where::http || told || !read_frames(received).code) continue;
    client.finish_sending();
    told = true;
  }

  const Expected& expected = row.expected;
  if (expected.kind == Expected::Kind::status) {
    const std::string line = "HTTP/1.1 " + std::to_string(expected.number) + " ";
    if (!received.starts_with(line)) return "answered: " + received.substr(0, 200);
    if (expected.number >= 400 && (received.find(kJsonHeader) == received.npos ||
                                   received.find("\"error\":\"") == received.npos))
      return "told in no JSON: " + received;
  } else {
    SocketAnswer answer = read_frames(received);
    const std::string did = answer.code ? "code " + std::to_string(*answer.code) : "no close frame";
    if (expected.kind == Expected::Kind::silence && row.where == Where::http)
      return received.empty() ? "" : "answered: " + received.substr(0, 200);
    if (expected.kind == Expected::Kind::silence) return answer.code ? did : "";
    if (answer.code != expected.number) return did + ", data: " + answer.data.substr(0, 200);
    received = std::move(answer.data);
  }
  return received.find(expected.holds) == received.npos ? "said: " + received.substr(0, 400) : "";
}

}  // namespace net::test
