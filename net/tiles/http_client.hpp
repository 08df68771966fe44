// One GET at a time and thread over HTTP or HTTPS (libcurl), within bounds.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "net/tiles/picture.hpp"

namespace net {

/// Redirects followed for one tile: http to https, to a mirror, and one more.
inline constexpr int kRedirectsMax = 3;
/// Longest header value that is looked at.
inline constexpr std::size_t kHeaderValueMax = 1024;

struct HttpBounds {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds whole{15'000};  ///< from the first packet to the last
  std::size_t body_bytes_max = kTileBytesMax;
};

struct HttpAnswer {
  int status = 0;
  std::vector<std::byte> body;
  std::string etag, cache_control, age, content_type,
      retry_after;  ///< of the last answer; empty: none
};

struct HttpFailure {
  /// The server did not answer as a server does: no connection, no answer in time, cut off. False:
  /// this answer alone is not taken (too large, too many redirects).
  bool host = true;
  std::string what;  ///< of people's words, without address
};

/// Any thread; each call has a handle of its own, whose connection is kept for later ones. Proxies
/// are those of the environment (https_proxy, no_proxy); certificates are checked against the
/// system's.
class HttpClient {
 public:
  explicit HttpClient(HttpBounds bounds);
  ~HttpClient();

  /// Only http and https, redirects too (from https to https alone). etag: sent as If-None-Match
  /// unless empty.
  std::variant<HttpAnswer, HttpFailure> get(const std::string& url, const std::string& etag);
  /// Ends what is under way within a second, and all later calls, with a failure. For good.
  void stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

 private:
  class Handle;
  std::unique_ptr<Handle> take();

  const HttpBounds bounds_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace net
