// TLS over a TCP stream, with its handlers as std::function: asio's TLS is compiled once, in
// tls_layer.cpp, and not again for every handler of Beast's.
#pragma once

#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>
#include <string>

#include "net/sockets/tls.hpp"

namespace net {

/// Wraps what asio wants by reference and never changes.
class TlsContext {
 public:
  explicit TlsContext(boost::asio::ssl::context made) : context(std::move(made)) {}
  mutable boost::asio::ssl::context context;
};

namespace sockets {

/// Written at once: the most that one record of TLS holds.
inline constexpr std::size_t kTlsRecordBytes = 16u << 10;

/// One connection. Time limits are those of the TCP stream below. One read and one write at a time.
/// Lives until its last operation has ended: asio looks at it before it calls a handler, and not
/// every handler of Beast's keeps its stream alive.
class TlsLayer {
 public:
  using Error = boost::system::error_code;
  using Done = std::function<void(Error)>;
  using Moved = std::function<void(Error, std::size_t)>;

  virtual ~TlsLayer() = default;
  virtual boost::beast::tcp_stream& tcp() = 0;
  virtual void accept(Done done) = 0;
  /// host: name or address that the server's certificate must be for.
  virtual void connect(const std::string& host, Done done) = 0;
  virtual void read_some(boost::asio::mutable_buffer to, Moved done) = 0;
  /// To be filled with what write_record sends; kTlsRecordBytes large.
  virtual boost::asio::mutable_buffer record() = 0;
  /// Sends the first bytes of the record.
  virtual void write_record(std::size_t bytes, Moved done) = 0;
  /// Says that nothing more will be written, and waits for the peer to say so.
  virtual void shut_down(Done done) = 0;
  /// Why the server's certificate was not trusted; empty if that was not it.
  virtual std::string distrust() const = 0;
};

std::shared_ptr<TlsLayer> make_tls_layer(boost::beast::tcp_stream tcp, SharedTls context);

}  // namespace sockets
}  // namespace net
