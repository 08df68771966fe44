#include "net/tiles/url_template.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "net/tiles/picture.hpp"

namespace net {
namespace {

/// Calls plain(text) and place(name) in turn; false: a brace has no partner.
template <class Plain, class Place>
bool split(std::string_view text, Plain plain, Place place) {
  while (!text.empty()) {
    const auto open = text.find_first_of("{}");
    plain(text.substr(0, open));
    if (open == std::string_view::npos) return true;
    const auto close = text.find('}', open);
    if (text[open] == '}' || close == std::string_view::npos) return false;
    place(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  return true;
}

/// Why the places are not those of a tile; empty: they are.
std::string wrong_places(std::string_view text) {
  bool z = false, x = false, y = false;
  std::string unknown;
  const bool paired = split(
      text, [](std::string_view) {},
      [&](std::string_view name) {
        z = z || name == "z";
        x = x || name == "x";
        y = y || name == "y" || name == "-y";
        const bool known = name == "z" || name == "x" || name == "y" || name == "-y";
        if (!known) unknown = name;
      });
  if (!paired) return "a brace without its partner";
  if (!unknown.empty()) return "{" + unknown + "}";
  if (!z) return "no {z}";
  if (!x) return "no {x}";
  return y ? "" : "no {y}";
}

}  // namespace

fleet::Result<UrlTemplate> UrlTemplate::parse(std::string_view text) {
  const auto wrong = [&](const std::string& found) {
    return fleet::Error{std::string(text.substr(0, kUrlTemplateMax)) +
                        ": expected http(s)://HOST/... with {z}, {x} and {y} (or {-y}); found " +
                        found};
  };
  if (text.size() > kUrlTemplateMax) return wrong(std::to_string(text.size()) + " characters");
  const bool blank = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
  if (blank) return wrong("a blank or a control character");
  const std::string_view scheme = text.starts_with("https://")  ? "https://"
                                  : text.starts_with("http://") ? "http://"
                                                                : "";
  if (scheme.empty()) return wrong("another kind of address");
  std::string_view authority = text.substr(scheme.size());
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const auto user = authority.rfind('@'); user != std::string_view::npos)
    authority.remove_prefix(user + 1);
  if (authority.empty() || authority.find_first_of("{}\\") != std::string_view::npos)
    return wrong("no host");
  if (const std::string places = wrong_places(text); !places.empty()) return wrong(places);
  UrlTemplate made;
  made.text_ = text;
  made.host_ = std::string(scheme) + std::string(authority);
  return made;
}

std::string UrlTemplate::url(fleet::TileId tile) const {
  std::string url;
  split(
      text_, [&](std::string_view plain) { url += plain; },
      [&](std::string_view name) {
        url += std::to_string(name == "z"    ? static_cast<std::uint32_t>(tile.zoom)
                              : name == "x"  ? tile.x
                              : name == "-y" ? row_from_south(tile)
                                             : tile.y);
      });
  return url;
}

}  // namespace net
