#include "net/tiles/set_words.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "fleet/number.hpp"
#include "net/codec/utf8.hpp"

namespace net {
namespace {

/// No zoom of any format is larger; what is beyond kTileZoomMax is shown as far as that.
constexpr double kNamedZoomMax = 30;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

/// The character of "amp", "#169", "#xA9"; 0: unknown.
std::uint32_t entity(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::uint32_t>, 8> kNamed = {
      {{"amp", '&'},
       {"lt", '<'},
       {"gt", '>'},
       {"quot", '"'},
       {"apos", '\''},
       {"nbsp", ' '},
       {"copy", 0xA9},
       {"reg", 0xAE}}};
  for (const auto& [known, code] : kNamed)
    if (name == known) return code;
  if (!name.starts_with('#')) return 0;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  const bool sound = error == std::errc() && end == name.data() + name.size() && code < 0x110000;
  return sound ? code : 0;
}

/// Length of the tag or comment at the start of `text`; 0: it is a plain "<".
std::size_t tag_length(std::string_view text) {
  if (text.size() < 2) return 0;
  const char c = text[1];
  const bool opens = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/' || c == '!';
  const auto end = text.find('>');
  return opens && end != std::string_view::npos ? end + 1 : 0;
}

std::string without_markup(std::string_view html) {
  constexpr std::size_t kEntityMax = 10;
  std::string out;
  while (!html.empty()) {
    if (const std::size_t tag = html[0] == '<' ? tag_length(html) : 0; tag > 0) {
      if (html.substr(1, 2) == "br" || html.substr(1, 2) == "BR") out += ' ';
      html.remove_prefix(tag);
      continue;
    }
    const auto end = html[0] == '&' ? html.substr(0, kEntityMax).find(';') : std::string_view::npos;
    const std::uint32_t code = end != std::string_view::npos ? entity(html.substr(1, end - 1)) : 0;
    if (code != 0) {
      append_utf8(out, code);
      html.remove_prefix(end + 1);
      continue;
    }
    out += html[0];
    html.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::optional<Bounds> checked_bounds(fleet::LonLat south_west, fleet::LonLat north_east) {
  const auto lon = [](double deg) { return std::clamp(deg, -180.0, 180.0); };
  const auto lat = [](double deg) {
    return std::clamp(deg, -fleet::kMaxLatitudeDeg, fleet::kMaxLatitudeDeg);
  };
  const Bounds bounds{{lon(south_west.lon_deg), lat(south_west.lat_deg)},
                      {lon(north_east.lon_deg), lat(north_east.lat_deg)}};
  // Written so that no number at all is refused, too.
  if (!(bounds.south_west.lon_deg < bounds.north_east.lon_deg) ||
      !(bounds.south_west.lat_deg < bounds.north_east.lat_deg))
    return std::nullopt;
  return bounds;
}

std::optional<Bounds> parse_bounds(std::string_view text) {
  std::array<double, 4> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto end = i + 1 < numbers.size() ? text.find(',') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = fleet::parse_number(trimmed(text.substr(0, end)), -1000, 1000);
    if (!number) return std::nullopt;
    numbers[i] = *number;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return checked_bounds({numbers[0], numbers[1]}, {numbers[2], numbers[3]});
}

std::string plain_text(std::string_view html) {
  // What is cut off here can be no more than markup around a text that is cut anyway.
  const std::string text = without_markup(html.substr(0, 8 * kSetWordsMax));
  std::string folded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool blank = byte <= 0x20 || byte == 0x7F;
    if (!blank)
      folded += c;
    else if (!folded.empty() && folded.back() != ' ')
      folded += ' ';
  }
  if (folded.ends_with(' ')) folded.pop_back();
  return clean_text(folded, kSetWordsMax);
}

fleet::Result<SetWords> parse_set_json(std::string_view json) {
  // The values of the top level as text; what lies deeper is told by a closing bracket only.
  const auto shallow = [](int depth, nlohmann::json::parse_event_t event, nlohmann::json&) {
    using Event = nlohmann::json::parse_event_t;
    return depth <= 1 || (event != Event::object_start && event != Event::array_start);
  };
  const auto parsed = nlohmann::json::parse(json, shallow, false);
  if (!parsed.is_object()) return fleet::Error{"expected a JSON object of names and values"};
  SetWords words;
  for (const auto& [key, value] : parsed.items()) {
    if (value.is_string()) {
      words[key] = value.get<std::string>();
    } else if (value.is_number()) {
      words[key] = fleet::number_text(value.get<double>());
    } else if (value.is_array() && value.size() == 4) {
      std::string list;  // bounds, as TileJSON has them
      for (const auto& item : value)
        if (item.is_number())
          list += (list.empty() ? "" : ",") + fleet::number_text(item.get<double>());
      words[key] = list;
    }
  }
  return words;
}

std::optional<int> zoom_of(const SetWords& words, const std::string& key) {
  const auto found = words.find(key);
  if (found == words.end()) return std::nullopt;
  const auto number = fleet::parse_number(trimmed(found->second), 0, kNamedZoomMax);
  if (!number || *number != std::floor(*number)) return std::nullopt;
  return std::min(static_cast<int>(*number), fleet::kTileZoomMax);
}

void describe(TileSet& set, const SetWords& words) {
  const auto text = [&](const char* key) {
    const auto found = words.find(key);
    return found == words.end() ? std::string() : plain_text(found->second);
  };
  if (auto name = text("name"); !name.empty()) set.name = std::move(name);
  if (auto attribution = text("attribution"); !attribution.empty())
    set.attribution = std::move(attribution);
  if (const auto found = words.find("bounds"); found != words.end()) {
    if (const auto bounds = parse_bounds(found->second)) {
      set.south_west = bounds->south_west;
      set.north_east = bounds->north_east;
    }
  }
  for (const char* const key : {"tilesize", "tileSize", "tile_size"}) {
    const auto found = words.find(key);
    if (found == words.end()) continue;
    const auto side = fleet::parse_number(trimmed(found->second), 64, 4096);
    if (side && *side == std::floor(*side)) set.tile_px = static_cast<int>(*side);
  }
  const int least = zoom_of(words, "minzoom").value_or(set.zoom_min);
  const int most = zoom_of(words, "maxzoom").value_or(set.zoom_max);
  if (least <= most) {
    set.zoom_min = least;
    set.zoom_max = most;
  }
}

Bounds bounds_of(int zoom, std::uint32_t x_first, std::uint32_t x_last, std::uint32_t y_first,
                 std::uint32_t y_last) {
  const double tiles = std::ldexp(1.0, zoom);
  const auto corner = [&](double x, double y) {
    return fleet::lonlat_from_world({x / tiles, y / tiles});
  };
  return {corner(x_first, y_last + 1.0), corner(x_last + 1.0, y_first)};
}

}  // namespace net
