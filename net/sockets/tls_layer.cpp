#include "net/sockets/tls_layer.hpp"

#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <vector>

namespace net::sockets {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

class AsioTlsLayer final : public TlsLayer, public std::enable_shared_from_this<AsioTlsLayer> {
 public:
  AsioTlsLayer(beast::tcp_stream tcp, SharedTls context)
      : context_(std::move(context)), stream_(std::move(tcp), context_->context) {}

  beast::tcp_stream& tcp() override { return stream_.next_layer(); }
  void accept(Done done) override {
    stream_.async_handshake(asio::ssl::stream_base::server, kept(std::move(done)));
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
    stream_.async_handshake(asio::ssl::stream_base::client, kept(std::move(done)));
  }
  void read_some(asio::mutable_buffer to, Moved done) override {
    stream_.async_read_some(to, kept(std::move(done)));
  }
  asio::mutable_buffer record() override {
    record_.resize(kTlsRecordBytes);
    return asio::buffer(record_);
  }
  void write_record(std::size_t bytes, Moved done) override {
    stream_.async_write_some(asio::const_buffer(record_.data(), bytes), kept(std::move(done)));
  }
  void shut_down(Done done) override { stream_.async_shutdown(kept(std::move(done))); }
  std::string distrust() const override {
    auto& stream = const_cast<Stream&>(stream_);  // asio's native_handle is not const
    const long verdict = SSL_get_verify_result(stream.native_handle());
    return verdict == X509_V_OK ? "" : X509_verify_cert_error_string(verdict);
  }

 private:
  Done kept(Done done) {
    return [self = shared_from_this(), done = std::move(done)](Error error) { done(error); };
  }
  Moved kept(Moved done) {
    return [self = shared_from_this(), done = std::move(done)](Error error, std::size_t bytes) {
      done(error, bytes);
    };
  }

  using Stream = asio::ssl::stream<beast::tcp_stream>;
  SharedTls context_;
  Stream stream_;
  std::vector<char> record_;
};

}  // namespace

std::shared_ptr<TlsLayer> make_tls_layer(beast::tcp_stream tcp, SharedTls context) {
  return std::make_shared<AsioTlsLayer>(std::move(tcp), std::move(context));
}

}  // namespace net::sockets
