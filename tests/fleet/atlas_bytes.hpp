// Writes small map assets for tests, byte by byte as assets/README.md describes them, and reads the
// shipped ones.
#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace fleet::test {

using Bytes = std::vector<std::byte>;

class BodyWriter {
 public:
  BodyWriter& varint(std::uint64_t v) {
    for (; v >= 0x80; v >>= 7) bytes.push_back(static_cast<std::byte>((v & 0x7f) | 0x80));
    bytes.push_back(static_cast<std::byte>(v));
    return *this;
  }
  BodyWriter& zigzag(std::int64_t v) {
    return varint((static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63));
  }
  /// A point in units of the section's step; the difference to the previous one is written.
  BodyWriter& point(std::int64_t x, std::int64_t y) {
    zigzag(x - x_).zigzag(y - y_);
    x_ = x, y_ = y;
    return *this;
  }
  BodyWriter& text(std::string_view s) {
    varint(s.size());
    for (const char c : s) bytes.push_back(static_cast<std::byte>(c));
    return *this;
  }

  Bytes bytes;

 private:
  std::int64_t x_ = 0, y_ = 0;
};

struct SectionBytes {
  std::uint16_t kind;
  std::uint16_t layer;
  float min_zoom;
  float max_zoom;
  Bytes body;
};

template <class T>
void append(Bytes& to, T value) {
  const auto raw = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
  to.insert(to.end(), raw.begin(), raw.end());
}

inline void seal(Bytes& asset) {
  const std::uint64_t size = asset.size() - 24;
  std::uint16_t sections = 0;
  std::memcpy(&sections, asset.data() + 6, 2);
  const std::uint64_t sum = XXH64(asset.data() + 24, size, sections);
  std::memcpy(asset.data() + 8, &size, 8);
  std::memcpy(asset.data() + 16, &sum, 8);
}

inline Bytes asset_of(const std::vector<SectionBytes>& sections) {
  Bytes asset;
  for (const char c : std::string_view("FWMA")) asset.push_back(static_cast<std::byte>(c));
  append<std::uint16_t>(asset, 1);
  append(asset, static_cast<std::uint16_t>(sections.size()));
  append<std::uint64_t>(asset, 0);
  append<std::uint64_t>(asset, 0);
  std::size_t offset = 24 + 20 * sections.size();
  for (const SectionBytes& s : sections) {
    append(asset, s.kind);
    append(asset, s.layer);
    append(asset, s.min_zoom);
    append(asset, s.max_zoom);
    append(asset, static_cast<std::uint32_t>(offset));
    append(asset, static_cast<std::uint32_t>(s.body.size()));
    offset += s.body.size();
  }
  for (const SectionBytes& s : sections) asset.insert(asset.end(), s.body.begin(), s.body.end());
  seal(asset);
  return asset;
}

/// A square of two triangles, a line, one region, one place, texts.
inline std::vector<SectionBytes> small_sections() {
  BodyWriter area, lines, regions, places, text;
  area.varint(4).varint(1).varint(4).varint(2);
  area.point(10, 10).point(20, 10).point(20, 20).point(10, 20);
  for (const int difference : {0, 1, 1, -2, 2, 1}) area.zigzag(difference);
  lines.varint(0).varint(1).varint(1).varint(3).point(5, 5).point(6, 7).point(9, 9);
  regions.varint(2).varint(1).text("CN-JS").text("江苏").text("Jiangsu").varint(1).varint(3);
  regions.point(0, 0).point(100, 0).point(0, 100);
  places.varint(1).text("苏州").text("Suzhou").point(1000, 2000);
  places.bytes.push_back(std::byte{2});
  places.varint(12'000'000);
  text.text("Natural Earth").text("not an approved map");
  return {{1, 0, 0, 5, area.bytes},
          {2, 3, 5, 99, lines.bytes},
          {3, 0, 0, 99, regions.bytes},
          {4, 0, 0, 99, places.bytes},
          {5, 0, 0, 99, text.bytes}};
}

inline Bytes shipped(const char* name) {
  std::ifstream file(std::string(FLEETWALL_SOURCE_DIR) + "/assets/" + name, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto* first = reinterpret_cast<const std::byte*>(content.data());
  return {first, first + content.size()};
}

}  // namespace fleet::test
