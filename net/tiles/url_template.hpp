// The address of a server's tiles, with places for zoom, column and row.
#pragma once

#include <string>
#include <string_view>

#include "fleet/result.hpp"
#include "fleet/tile.hpp"

namespace net {

/// Longest template: one with a key fits several times over.
inline constexpr std::size_t kUrlTemplateMax = 2048;

class UrlTemplate {
 public:
  /// http(s)://HOST/... with {z}, {x} and {y} or {-y} (rows from the south), each at least once.
  /// Error: a sentence that names `text`, what was expected and what was found.
  static fleet::Result<UrlTemplate> parse(std::string_view text);

  std::string url(fleet::TileId tile) const;
  const std::string& text() const { return text_; }
  /// "https://tiles.example:8443", for people: without user, password, path and keys.
  const std::string& host() const { return host_; }

 private:
  std::string text_;
  std::string host_;
};

}  // namespace net
