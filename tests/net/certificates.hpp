// Certificates for tests, made when they are needed, and a TLS client without Beast.
#pragma once

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "tests/net/loopback_support.hpp"

namespace net::test {

template <class T, void (*Free)(T*)>
struct Freer {
  void operator()(T* thing) const { Free(thing); }
};
using Certificate = std::unique_ptr<X509, Freer<X509, X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY, EVP_PKEY_free>>;

struct CertificateWish {
  std::string names = "IP:127.0.0.1,DNS:localhost";
  long begin_s = -3600, end_s = 3600;  ///< from now
  long serial = 1;
};

/// A self-signed certificate and its key as PEM files in a folder.
inline TlsFiles make_certificate(const std::filesystem::path& folder, const std::string& name,
                                 const CertificateWish& wish = {}) {
  const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const Certificate certificate(X509_new());
  X509* const x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), wish.serial);
  X509_gmtime_adj(X509_getm_notBefore(x), wish.begin_s);
  X509_gmtime_adj(X509_getm_notAfter(x), wish.end_s);
  X509_set_pubkey(x, key.get());
  const std::string title = "fleetwall test";
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(title.data()), -1, -1, 0);
  X509_set_issuer_name(x, X509_get_subject_name(x));
  for (const auto& [kind, text] : {std::pair(NID_basic_constraints, std::string("CA:TRUE")),
                                   std::pair(NID_subject_alt_name, wish.names)}) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, text.c_str());
    X509_add_ext(x, extension, -1);
    X509_EXTENSION_free(extension);
  }
  EXPECT_GT(X509_sign(x, key.get(), EVP_sha256()), 0);
  const TlsFiles files{folder / (name + ".crt"), folder / (name + ".key")};
  BIO* out = BIO_new_file(files.certificate.c_str(), "w");
  EXPECT_EQ(PEM_write_bio_X509(out, x), 1);
  BIO_free(out);
  out = BIO_new_file(files.key.c_str(), "w");
  EXPECT_EQ(PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr), 1);
  BIO_free(out);
  return files;
}

/// What a client sees of a server that speaks TLS, trusting anything.
class TlsClient {
 public:
  /// version: the highest it offers, e.g. TLS1_2_VERSION.
  TlsClient(std::uint16_t port, int version)
      : tcp_(port), context_(SSL_CTX_new(TLS_client_method())) {
    // Old versions are for the server to refuse, not for this side.
    SSL_CTX_set_security_level(context_, 0);
    SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_, version);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, tcp_.descriptor());
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  std::string version() const { return SSL_get_version(ssl_); }
  std::string cipher() const { return SSL_get_cipher_name(ssl_); }
  long serial() const {
    const Certificate certificate(SSL_get1_peer_certificate(ssl_));
    return certificate ? ASN1_INTEGER_get(X509_get_serialNumber(certificate.get())) : -1;
  }
  /// Sends, and reads until the server ends the connection properly; `ended_well` tells whether.
  std::string ask(const std::string& request) {
    SSL_write(ssl_, request.data(), static_cast<int>(request.size()));
    std::string all;
    char part[16384];
    int n = 0;
    while ((n = SSL_read(ssl_, part, sizeof part)) > 0)
      all.append(part, static_cast<std::size_t>(n));
    ended_well_ = SSL_get_error(ssl_, n) == SSL_ERROR_ZERO_RETURN;
    return all;
  }
  bool ended_well() const { return ended_well_; }
  void say(const std::string& text) { SSL_write(ssl_, text.data(), static_cast<int>(text.size())); }
  /// Waits for some bytes.
  void hear() {
    char part[4096];
    SSL_read(ssl_, part, sizeof part);
  }

 private:
  TcpClient tcp_;
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  bool connected_ = false, ended_well_ = false;
};

}  // namespace net::test
