// All of Beast's client side: beast_client.hpp over TCP, plain or within TLS.
#include <utility>  // Asio 1.74 needs it and does not include it

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/error.hpp>

#include "net/feed/beast_client.hpp"
#include "net/sockets/socket_stream.hpp"

namespace net {
namespace {

using boost::asio::ip::tcp;

/// Looks the name up, tries its addresses, and shakes hands if it is to be TLS.
class SocketDialer {
 public:
  using Stream = sockets::SocketStream;
  using Error = sockets::Error;

  SocketDialer(boost::asio::io_context& io, SharedTls tls)
      : io_(io), resolver_(io), tls_(std::move(tls)) {}
  Stream make_stream() { return Stream(sockets::beast::tcp_stream(io_), tls_); }

  template <class Handler>
  void dial(Stream& stream, const WsUrl& url, Handler handler) {
    resolver_.async_resolve(
        url.host, std::to_string(url.port),
        [&stream, host = url.host, handler](Error error, const tcp::resolver::results_type& found) {
          if (error) return handler(error);
          stream.tcp().async_connect(
              found, [&stream, host, handler](Error failed, const tcp::endpoint&) {
                if (failed) return handler(failed);
                Error ignored;
                stream.tcp().socket().set_option(tcp::no_delay(true), ignored);
                if (!stream.tls()) return handler(failed);
                stream.tls()->connect(host, handler);
              });
        });
  }
  void cancel() { resolver_.cancel(); }
  sockets::Explained explain(Stream& stream, Error error) const {
    const std::string why = stream.tls() ? stream.tls()->distrust() : "";
    if (!why.empty())
      return {"its certificate is not to be trusted: " + why +
                  ". One that the system does not know is named with --ca-file FILE.",
              {FeedReason::certificate, why}};
    if (stream.tls() && error.category() == boost::asio::error::get_ssl_category())
      return {"it does not speak TLS as we do (" + error.message() + "). Perhaps ws:// is meant?",
              {FeedReason::not_encrypted, error.message()}};
    return {};
  }

 private:
  boost::asio::io_context& io_;
  tcp::resolver resolver_;
  SharedTls tls_;
};

}  // namespace

std::unique_ptr<WsTransport> make_ws_client(WsClientConfig config) {
  SharedTls tls;
  if (config.url.secure) tls = config.tls ? config.tls : client_tls({}).value();
  return std::make_unique<sockets::BeastClient<SocketDialer>>(std::move(config), std::move(tls));
}

}  // namespace net
