// SocketStream: a TCP connection, plain or within TLS, as one type: what is built on it (HTTP,
// WebSockets) is compiled once for both.
//
// Offers what Beast asks of a stream, and tcp_stream's time limits. For the two files that
// instantiate Beast only.
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include "net/sockets/tls_layer.hpp"

namespace net::sockets {

class SocketStream {
 public:
  using Error = boost::system::error_code;
  using executor_type = boost::beast::tcp_stream::executor_type;

  explicit SocketStream(boost::beast::tcp_stream tcp) : tcp_(std::move(tcp)) {}
  /// context: null = plain. Within TLS the handshake (`tls()`) comes before all else.
  SocketStream(boost::beast::tcp_stream tcp, SharedTls context) : tcp_(std::move(tcp)) {
    if (context) tls_ = make_tls_layer(std::move(tcp_), std::move(context));
  }

  SocketStream(SocketStream&&) = default;
  SocketStream& operator=(SocketStream&&) = delete;
  /// Ends what is under way, also where TLS outlives this for it.
  ~SocketStream() {
    if (tls_) tls_->tcp().close();
  }

  executor_type get_executor() noexcept { return tcp().get_executor(); }
  TlsLayer* tls() { return tls_.get(); }
  boost::beast::tcp_stream& tcp() { return tls_ ? tls_->tcp() : tcp_; }
  const boost::beast::tcp_stream& tcp() const { return const_cast<SocketStream*>(this)->tcp(); }

  template <class Duration>
  void expires_after(Duration limit) {
    tcp().expires_after(std::chrono::duration_cast<std::chrono::nanoseconds>(limit));
  }
  void expires_never() { tcp().expires_never(); }
  void close() { tcp().close(); }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_) {
      tcp_.async_read_some(buffers, std::forward<Handler>(handler));
      return;
    }
    boost::asio::mutable_buffer first;
    for (const boost::asio::mutable_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
      first = buffer;
      if (first.size() > 0) break;
    }
    tls_->read_some(first, shared(std::forward<Handler>(handler)));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (!tls_) {
      tcp_.async_write_some(buffers, std::forward<Handler>(handler));
      return;
    }
    // A message's header and its body in one record, not in one each.
    const std::size_t bytes = boost::asio::buffer_copy(tls_->record(), buffers);
    tls_->write_record(bytes, shared(std::forward<Handler>(handler)));
  }

 private:
  /// std::function wants handlers that can be copied; Beast's can only be moved.
  template <class Handler>
  static TlsLayer::Moved shared(Handler&& handler) {
    auto held = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
    return [held](Error error, std::size_t bytes) { std::move (*held)(error, bytes); };
  }

  boost::beast::tcp_stream tcp_;  ///< moved from within TLS
  std::shared_ptr<TlsLayer> tls_;
};

// What Beast looks up beside a stream of ours.

inline void beast_close_socket(SocketStream& stream) {
  stream.close();
}
inline void teardown(boost::beast::role_type role, SocketStream& stream,
                     SocketStream::Error& error) {
  boost::beast::websocket::teardown(role, stream.tcp().socket(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, SocketStream& stream, Handler&& handler) {
  using boost::beast::websocket::async_teardown;
  if (!stream.tls())
    return async_teardown(role, stream.tcp().socket(), std::forward<Handler>(handler));
  auto held = std::make_shared<std::decay_t<Handler>>(std::forward<Handler>(handler));
  stream.tls()->shut_down([held](SocketStream::Error error) { std::move (*held)(error); });
}

}  // namespace net::sockets
