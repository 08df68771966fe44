// Certificates and rules of TLS, without any socket. TLS 1.2 and 1.3 only; for 1.2 only ciphers
// with forward secrecy and authenticated encryption.
#pragma once

#include <filesystem>
#include <memory>

#include "fleet/result.hpp"
#include "fleet/time.hpp"

namespace net {

/// What every connection of one kind begins with. Kept alive by those that use it.
class TlsContext;
using SharedTls = std::shared_ptr<const TlsContext>;

/// PEM files of a server: its certificate with those that lead to a root behind it, and its key.
struct TlsFiles {
  std::filesystem::path certificate, key;
  bool any() const { return !certificate.empty() || !key.empty(); }
};

/// Error: a file that cannot be read or is no such thing, a key of another certificate, or a
/// certificate whose time is over; names file and reason.
fleet::Result<SharedTls> server_tls(const TlsFiles& files, fleet::Time now);
/// trusted: PEM file of certificates to trust; empty = those the system trusts.
fleet::Result<SharedTls> client_tls(const std::filesystem::path& trusted);

/// When the server's certificate ends.
fleet::Time certificate_end(const TlsContext& context);

}  // namespace net
