// Notices that a server's certificate was renewed, so that nobody has to restart anything.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "net/sockets/tls.hpp"

namespace net {

/// How often files are looked at: renewals come weeks before a certificate ends.
inline constexpr std::chrono::seconds kCertificateCheck{60};

/// One thread.
class CertificateWatch {
 public:
  /// files: as in use now; none = nothing to watch.
  explicit CertificateWatch(TlsFiles files = {}) : files_(std::move(files)), seen_(look()) {}

  /// Nothing: the files are as they were at the last call. Else what they make now; an error is
  /// told once, and again only after the files changed again (a certificate is often written before
  /// its key).
  std::optional<fleet::Result<SharedTls>> changed(fleet::Time now);
  /// As `changed`, but looks at the files only once in kCertificateCheck: nothing until then.
  std::optional<fleet::Result<SharedTls>> changed_lately(
      std::chrono::steady_clock::time_point steady, fleet::Time now);

 private:
  struct Seen {
    std::filesystem::file_time_type certificate_time{}, key_time{};
    std::uintmax_t certificate_size = 0, key_size = 0;
    bool operator==(const Seen&) const = default;
  };
  Seen look() const;

  TlsFiles files_;
  Seen seen_;
  std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace net
