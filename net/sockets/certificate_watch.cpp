#include "net/sockets/certificate_watch.hpp"

namespace net {

CertificateWatch::Seen CertificateWatch::look() const {
  Seen seen;
  if (!files_.any()) return seen;
  std::error_code gone;  // a file that is away for a moment is another state of it
  seen.certificate_time = std::filesystem::last_write_time(files_.certificate, gone);
  seen.key_time = std::filesystem::last_write_time(files_.key, gone);
  seen.certificate_size = std::filesystem::file_size(files_.certificate, gone);
  seen.key_size = std::filesystem::file_size(files_.key, gone);
  return seen;
}

std::optional<fleet::Result<SharedTls>> CertificateWatch::changed(fleet::Time now) {
  const Seen seen = look();
  if (seen == seen_) return std::nullopt;
  seen_ = seen;
  return server_tls(files_, now);
}

std::optional<fleet::Result<SharedTls>> CertificateWatch::changed_lately(
    std::chrono::steady_clock::time_point steady, fleet::Time now) {
  if (steady < next_look_) return std::nullopt;
  next_look_ = steady + kCertificateCheck;
  return changed(now);
}

}  // namespace net
