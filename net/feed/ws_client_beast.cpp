// All of Beast's client side: beast_client.hpp over TCP.
#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/ip/tcp.hpp>

#include "net/feed/beast_client.hpp"

namespace net {
namespace {

using boost::asio::ip::tcp;

/// Looks the name up and tries its addresses.
class TcpDialer {
 public:
  using Stream = sockets::beast::tcp_stream;
  using Error = sockets::Error;

  explicit TcpDialer(boost::asio::io_context& io) : io_(io), resolver_(io) {}
  Stream make_stream() { return Stream(io_); }

  template <class Handler>
  void dial(Stream& stream, const WsUrl& url, Handler handler) {
    resolver_.async_resolve(
        url.host, std::to_string(url.port),
        [&stream, handler](Error error, const tcp::resolver::results_type& found) {
          if (error) return handler(error);
          stream.async_connect(found, [&stream, handler](Error failed, const tcp::endpoint&) {
            Error ignored;
            if (!failed) stream.socket().set_option(tcp::no_delay(true), ignored);
            handler(failed);
          });
        });
  }
  void cancel() { resolver_.cancel(); }

 private:
  boost::asio::io_context& io_;
  tcp::resolver resolver_;
};

}  // namespace

std::unique_ptr<WsTransport> make_ws_client(WsClientConfig config) {
  return std::make_unique<sockets::BeastClient<TcpDialer>>(std::move(config));
}

}  // namespace net
