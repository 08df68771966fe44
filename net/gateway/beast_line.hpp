// What the WebSocket connections of viewers and senders have in common. See beast_shared.hpp.
#pragma once

#include <optional>
#include <string>

#include "net/gateway/beast_shared.hpp"

namespace net::sockets {

/// A WebSocket, its one write under way, and how it ends: of viewers and senders alike.
template <class Stream>
struct Line {
  Line(Stream stream, Peer whose, const SocketTimeouts& limits, std::size_t most_bytes)
      : peer(std::move(whose)), buffer(most_bytes) {
    socket.emplace(std::move(stream));
    set_up(*socket, limits, most_bytes);
  }

  bool may_write() const { return open && !writing && !closing; }
  /// done(error), with `keep` held until then.
  template <class Keep, class Done>
  void write(const std::string& message, Keep keep, Done done) {
    writing = true;
    write_begin = Clock::now();
    socket->async_write(asio::buffer(message),
                        [this, keep = std::move(keep), done](Error error, std::size_t) {
                          writing = false;
                          or_over([&] { done(error); });
                        });
  }
  /// The peer has not taken the message under way in time.
  bool stuck(Clock::time_point now, std::chrono::milliseconds limit) const {
    return writing && now - write_begin > limit;
  }
  /// Says goodbye; nothing is written any more. A read may go on: see `check_goodbye`.
  template <class Keep>
  void close(websocket::close_code code, Keep keep) {
    closing = true;
    close_begin = Clock::now();
    socket->async_close(code, [keep = std::move(keep)](Error) {});
  }
  /// Ends a goodbye that leads nowhere. In Beast a goodbye waits for the read under way, and a read
  /// that ends with an error (bad UTF-8, a bad frame) waits for the goodbye: both for ever, and
  /// with them the connection. First the socket is closed, which ends all that waits for the peer;
  /// who is left a check later waits in the WebSocket itself, and goes with it.
  template <class Keep>
  void check_goodbye(Clock::time_point now, const SocketTimeouts& limits, Keep keep) {
    if (hanging) {
      // Posted: the connection must not go amid the caller's loop over all of them.
      asio::post(socket->get_executor(), [this, keep = std::move(keep)] { socket.reset(); });
      hanging = false;
    } else if (close_begin && now - *close_begin > limits.handshake + limits.linger) {
      cut_off("it did not answer the goodbye.");
      close_begin.reset();
      hanging = true;
    }
  }
  /// After an error nothing is under way any more: what waits for the peer ends with the socket.
  void over(std::string reason) {
    end(std::move(reason), [](auto& stream) { stream.close(); });
  }
  /// As `over`, for a peer that takes nothing: what was written to it goes, too.
  void cut_off(std::string reason) {
    end(std::move(reason), [](auto& stream) { cut(stream); });
  }
  template <class How>
  void end(std::string reason, How how) {
    if (why.empty()) why = std::move(reason);
    closing = true;
    if (socket) how(beast::get_lowest_layer(*socket));
  }
  /// Does the work of a handler. What throws (no memory is left) ends the connection: half done, it
  /// would take two messages for one, or owe an answer for ever.
  template <class Work>
  void or_over(Work work) {
    try {
      work();
    } catch (...) {
      over("out of memory.");  // short enough to need none
      throw;
    }
  }
  static std::string reason(Error error) {
    return error == websocket::error::closed ? "it closed the connection." : error.message() + ".";
  }

  /// Whether the peer's token still is what it was. Cheap as long as no tokens changed.
  bool still_allowed(const Hub& hub, Right right) {
    if (access_version == hub.access_version) return true;
    if (!hub.still_allows(peer.token, right)) return false;
    access_version = hub.access_version;
    return true;
  }

  Peer peer;
  std::uint64_t access_version = 0;         ///< of the hub, when the peer was judged last
  std::optional<WebSocket<Stream>> socket;  ///< nothing: see check_goodbye
  beast::flat_buffer buffer;
  Clock::time_point write_begin{};
  std::optional<Clock::time_point> close_begin;
  bool open = false, writing = false, closing = false, hanging = false;
  std::string why;
};

}  // namespace net::sockets
