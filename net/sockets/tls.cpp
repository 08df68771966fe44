#include "net/sockets/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <ctime>

#include "net/read_file.hpp"
#include "net/sockets/tls_layer.hpp"

namespace net {

namespace {

namespace ssl = boost::asio::ssl;

std::shared_ptr<TlsContext> make_context(ssl::context::method method) {
  auto made = std::make_shared<TlsContext>(ssl::context(method));
  SSL_CTX* const context = made->context.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Sessions kept for resuming would be memory that strangers fill; tickets serve as well.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return made;
}

/// What OpenSSL noted first, without its library and function names.
std::string first_reason() {
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  const char* const reason = ERR_reason_error_string(code);
  return reason ? reason : "no reason was given";
}

fleet::Error wrong(const std::filesystem::path& file, const std::string& what) {
  return {"TLS: " + file.string() + ": " + what + " (" + first_reason() + ")."};
}

fleet::Time end_of(const X509* certificate) {
  std::tm end{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
    return fleet::kNever;
  return fleet::time_from_ms(std::int64_t{timegm(&end)} * 1000);
}

/// "PATH: why" told early: OpenSSL says of a missing file only that it is none of its kind.
fleet::Result<void> readable(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) return fleet::Error{"TLS: cannot read " + text.error().what + "."};
  return {};
}

}  // namespace

fleet::Result<SharedTls> server_tls(const TlsFiles& files, fleet::Time now) {
  if (files.certificate.empty() || files.key.empty())
    return fleet::Error{"TLS needs both a certificate and a key."};
  for (const auto& file : {files.certificate, files.key})
    if (auto could = readable(file); !could) return could.error();
  const auto made = make_context(ssl::context::tls_server);
  SSL_CTX* const context = made->context.native_handle();
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return wrong(files.certificate, "expected a certificate in PEM form");
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return wrong(files.key, "expected the key of " + files.certificate.string() + ", in PEM form");
  const fleet::Time end = certificate_end(*made);
  if (end <= now)
    return fleet::Error{"TLS: " + files.certificate.string() + ": the certificate ended at " +
                        fleet::iso8601(end) + "; it is " + fleet::iso8601(now) + " now."};
  return SharedTls(made);
}

fleet::Result<SharedTls> client_tls(const std::filesystem::path& trusted) {
  const auto made = make_context(ssl::context::tls_client);
  SSL_CTX* const context = made->context.native_handle();
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  ERR_clear_error();
  if (trusted.empty()) {
    SSL_CTX_set_default_verify_paths(context);
  } else {
    if (auto could = readable(trusted); !could) return could.error();
    if (SSL_CTX_load_verify_locations(context, trusted.c_str(), nullptr) != 1)
      return wrong(trusted, "expected certificates in PEM form");
  }
  return SharedTls(made);
}

fleet::Time certificate_end(const TlsContext& context) {
  return end_of(SSL_CTX_get0_certificate(context.context.native_handle()));
}

}  // namespace net
