#include "net/sockets/tls_layer.hpp"

#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace net::sockets {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

class AsioTlsLayer final : public TlsLayer {
 public:
  AsioTlsLayer(beast::tcp_stream tcp, SharedTls context)
      : context_(std::move(context)), stream_(std::move(tcp), context_->context) {}

  beast::tcp_stream& tcp() override { return stream_.next_layer(); }
  void accept(Done done) override {
    stream_.async_handshake(asio::ssl::stream_base::server, std::move(done));
  }
  void connect(const std::string& host, Done done) override {
    Error failed;
    asio::ip::make_address(host, failed);
    SSL* const ssl = stream_.native_handle();
    if (failed) {
      // What the macro SSL_set_tlsext_host_name does, without its old-style cast.
      SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(host.c_str()));
      SSL_set1_host(ssl, host.c_str());
    } else {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
    }
    stream_.async_handshake(asio::ssl::stream_base::client, std::move(done));
  }
  void read_some(asio::mutable_buffer to, Moved done) override {
    stream_.async_read_some(to, std::move(done));
  }
  void write_some(asio::const_buffer from, Moved done) override {
    stream_.async_write_some(from, std::move(done));
  }
  void shut_down(Done done) override { stream_.async_shutdown(std::move(done)); }
  std::string distrust() const override {
    auto& stream = const_cast<Stream&>(stream_);  // asio's native_handle is not const
    const long verdict = SSL_get_verify_result(stream.native_handle());
    return verdict == X509_V_OK ? "" : X509_verify_cert_error_string(verdict);
  }

 private:
  using Stream = asio::ssl::stream<beast::tcp_stream>;
  SharedTls context_;
  Stream stream_;
};

}  // namespace

std::unique_ptr<TlsLayer> make_tls_layer(beast::tcp_stream tcp, SharedTls context) {
  return std::make_unique<AsioTlsLayer>(std::move(tcp), std::move(context));
}

}  // namespace net::sockets
