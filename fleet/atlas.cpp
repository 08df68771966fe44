#include "fleet/atlas.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace fleet {
namespace {

constexpr std::size_t kHeaderBytes = 24;
constexpr std::size_t kSectionBytes = 20;
constexpr std::uint16_t kVersion = 1;
constexpr char kMagic[4] = {'F', 'W', 'M', 'A'};
// Coarser steps than 2^20 (150 km) make no map.
constexpr std::uint64_t kShiftMax = 20;

enum class Kind : std::uint16_t { area = 1, lines = 2, regions = 3, places = 4, text = 5 };

template <class T>
T little_endian(std::span<const std::byte> bytes, std::size_t at) {
  static_assert(std::endian::native == std::endian::little);
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// Reads one section front to back. The first failure is kept; after it every read gives zero, so
/// that a caller may check once per item. Counts are checked against the bytes that are left.
class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::size_t offset) : bytes_(bytes), offset_(offset) {}

  bool failed() const { return !error_.empty(); }
  std::size_t left() const { return bytes_.size() - at_; }
  const std::string& error() const { return error_; }

  void fail(const std::string& what) {
    if (error_.empty()) error_ = what + " at byte " + std::to_string(offset_ + at_);
    at_ = bytes_.size();
  }

  std::uint8_t byte() {
    if (left() < 1) return fail("the section ends in the middle of an item"), std::uint8_t{0};
    return static_cast<std::uint8_t>(bytes_[at_++]);
  }

  std::uint64_t varint() {
    // Nearly all differences fit into one byte.
    if (at_ < bytes_.size() && static_cast<std::uint8_t>(bytes_[at_]) < 0x80) {
      return static_cast<std::uint8_t>(bytes_[at_++]);
    }
    std::uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const std::uint8_t b = byte();
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return value;
    }
    fail("a number is longer than 5 bytes");
    return 0;
  }

  std::int64_t zigzag() {
    const std::uint64_t v = varint();
    return static_cast<std::int64_t>(v >> 1) ^ -static_cast<std::int64_t>(v & 1);
  }

  /// A number of items that take at least item_bytes each.
  std::uint32_t count(const char* items, std::size_t item_bytes, std::uint64_t least = 0) {
    const std::uint64_t n = varint();
    if (failed()) return 0;
    if (n < least || n > left() / item_bytes) {
      fail("a count of " + std::to_string(n) + " " + items + " (expected " + std::to_string(least) +
           " to " + std::to_string(left() / item_bytes) + ")");
      return 0;
    }
    return static_cast<std::uint32_t>(n);
  }

  void shift() {
    const std::uint64_t s = varint();
    if (s > kShiftMax) return fail("a coordinate step of 2^" + std::to_string(s));
    shift_ = static_cast<int>(s);
  }

  GridPoint point() {
    x_ += zigzag();
    y_ += zigzag();
    const std::int64_t most = static_cast<std::int64_t>(kGridSize) >> shift_;
    if (x_ < 0 || y_ < 0 || x_ > most || y_ > most) {
      fail("a point outside of the map");
      x_ = y_ = 0;
    }
    return {on_grid(x_), on_grid(y_)};
  }

  std::string text() {
    const std::uint32_t n = count("text bytes", 1);
    if (n > kAtlasTextBytesMax) fail("a text of " + std::to_string(n) + " bytes");
    if (failed()) return {};
    std::string result(n, '\0');
    if (n > 0) std::memcpy(result.data(), bytes_.data() + at_, n);
    at_ += n;
    return result;
  }

 private:
  std::uint32_t on_grid(std::int64_t units) const {
    return static_cast<std::uint32_t>(std::min<std::int64_t>(units << shift_, kGridMask));
  }

  std::span<const std::byte> bytes_;
  std::size_t offset_ = 0;
  std::size_t at_ = 0;
  std::string error_;
  int shift_ = 0;
  std::int64_t x_ = 0;
  std::int64_t y_ = 0;
};

AtlasChunk empty_chunk(std::size_t first) {
  return {{kGridMask, kGridMask}, {0, 0}, static_cast<std::uint32_t>(first), 0};
}

void include(AtlasChunk& chunk, GridPoint p) {
  chunk.min = {std::min(chunk.min.x, p.x), std::min(chunk.min.y, p.y)};
  chunk.max = {std::max(chunk.max.x, p.x), std::max(chunk.max.y, p.y)};
}

void read_area_chunk(Reader& in, AtlasArea& area) {
  const std::uint32_t vertices = in.count("vertices", 2, 3);
  const std::uint32_t triangles = in.count("triangles", 3, 1);
  const auto base = static_cast<std::uint32_t>(area.vertices.size());
  AtlasChunk chunk = empty_chunk(area.triangles.size());
  for (std::uint32_t i = 0; i < vertices && !in.failed(); ++i) {
    area.vertices.push_back(in.point());
    include(chunk, area.vertices.back());
  }
  std::int64_t index = 0;
  for (std::uint32_t i = 0; i < 3 * triangles && !in.failed(); ++i) {
    index += in.zigzag();
    if (index < 0 || index >= vertices) {
      in.fail("triangle index " + std::to_string(index) + " of " + std::to_string(vertices) +
              " vertices");
      return;
    }
    area.triangles.push_back(base + static_cast<std::uint32_t>(index));
  }
  chunk.count = 3 * triangles;
  area.chunks.push_back(chunk);
}

AtlasArea read_area(Reader& in) {
  AtlasArea area;
  in.shift();
  const std::uint32_t chunks = in.count("chunks", 11);
  area.vertices.reserve(in.left() / 5);
  area.triangles.reserve(in.left() / 2);
  for (std::uint32_t i = 0; i < chunks && !in.failed(); ++i) read_area_chunk(in, area);
  area.vertices.shrink_to_fit();
  area.triangles.shrink_to_fit();
  return area;
}

void read_lines_chunk(Reader& in, AtlasLines& lines) {
  const std::uint32_t count = in.count("lines", 5, 1);
  AtlasChunk chunk = empty_chunk(lines.begin.size() - 1);
  chunk.count = count;
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
    const std::uint32_t vertices = in.count("vertices", 2, 2);
    for (std::uint32_t j = 0; j < vertices && !in.failed(); ++j) {
      lines.vertices.push_back(in.point());
      include(chunk, lines.vertices.back());
    }
    lines.begin.push_back(static_cast<std::uint32_t>(lines.vertices.size()));
  }
  lines.chunks.push_back(chunk);
}

AtlasLines read_lines(Reader& in) {
  AtlasLines lines;
  in.shift();
  const std::uint32_t chunks = in.count("chunks", 6);
  if (chunks > 0) lines.begin.push_back(0);
  lines.vertices.reserve(in.left() / 3);
  for (std::uint32_t i = 0; i < chunks && !in.failed(); ++i) read_lines_chunk(in, lines);
  return lines;
}

Region read_region(Reader& in) {
  Region region;
  region.code = in.text();
  region.names.zh = in.text();
  region.names.en = in.text();
  const std::uint32_t rings = in.count("rings", 7);
  for (std::uint32_t i = 0; i < rings && !in.failed(); ++i) {
    const std::uint32_t vertices = in.count("vertices", 2, 3);
    std::vector<GridPoint>& ring = region.rings.emplace_back();
    ring.reserve(vertices);
    for (std::uint32_t j = 0; j < vertices && !in.failed(); ++j) ring.push_back(in.point());
  }
  return region;
}

std::vector<Region> read_regions(Reader& in) {
  std::vector<Region> regions;
  in.shift();
  const std::uint32_t count = in.count("regions", 4);
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) regions.push_back(read_region(in));
  return regions;
}

std::vector<Place> read_places(Reader& in) {
  std::vector<Place> places;
  const std::uint32_t count = in.count("places", 6);
  for (std::uint32_t i = 0; i < count && !in.failed(); ++i) {
    Place& place = places.emplace_back();
    place.names.zh = in.text();
    place.names.en = in.text();
    place.where = in.point();
    place.rank = in.byte();
    const std::uint64_t population = in.varint();
    if (population > std::numeric_limits<std::uint32_t>::max()) in.fail("a population above 2^32");
    place.population = static_cast<std::uint32_t>(population);
  }
  return places;
}

struct Section {
  Kind kind;
  std::uint16_t layer;
  float min_zoom;
  float max_zoom;
  std::uint32_t offset;
  std::uint32_t size;
};

Section section_at(std::span<const std::byte> bytes, std::size_t at) {
  return {static_cast<Kind>(little_endian<std::uint16_t>(bytes, at)),
          little_endian<std::uint16_t>(bytes, at + 2),
          little_endian<float>(bytes, at + 4),
          little_endian<float>(bytes, at + 8),
          little_endian<std::uint32_t>(bytes, at + 12),
          little_endian<std::uint32_t>(bytes, at + 16)};
}

bool is_line_layer(AtlasLayer layer) {
  return layer >= AtlasLayer::coast;
}

/// What is wrong with a level's layer and zooms; empty: nothing.
std::string level_fault(const Section& s) {
  if (s.layer > static_cast<std::uint16_t>(AtlasLayer::county_borders)) {
    return "unknown layer " + std::to_string(s.layer);
  }
  if (is_line_layer(static_cast<AtlasLayer>(s.layer)) != (s.kind == Kind::lines)) {
    return "layer " + std::to_string(s.layer) + " is of the other kind (areas, lines)";
  }
  const bool zooms_ok = std::isfinite(s.min_zoom) && std::isfinite(s.max_zoom) && s.min_zoom >= 0 &&
                        s.max_zoom > s.min_zoom;
  return zooms_ok ? "" : "zooms that are no range";
}

void read_section(Reader& in, const Section& s, Atlas& atlas) {
  if (s.kind == Kind::area || s.kind == Kind::lines) {
    if (const std::string fault = level_fault(s); !fault.empty()) return in.fail(fault);
    AtlasLevel level{static_cast<AtlasLayer>(s.layer), s.min_zoom, s.max_zoom, {}, {}};
    if (s.kind == Kind::area) level.area = read_area(in);
    if (s.kind == Kind::lines) level.lines = read_lines(in);
    atlas.levels.push_back(std::move(level));
  } else if (s.kind == Kind::regions) {
    if (s.layer > 1) return in.fail("unknown set of regions " + std::to_string(s.layer));
    (s.layer == 0 ? atlas.provinces : atlas.prefectures) = read_regions(in);
  } else if (s.kind == Kind::places) {
    if (s.layer > 1) return in.fail("unknown set of places " + std::to_string(s.layer));
    (s.layer == 0 ? atlas.places : atlas.counties) = read_places(in);
  } else if (s.kind == Kind::text) {
    atlas.attribution = in.text();
    atlas.caveat = in.text();
  } else {
    return in.fail("unknown kind " + std::to_string(static_cast<unsigned>(s.kind)));
  }
  if (!in.failed() && in.left() != 0) in.fail(std::to_string(in.left()) + " bytes too many");
}

/// Checks everything that can be checked without the sections; gives their number.
Result<std::size_t> checked_header(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeaderBytes || std::memcmp(bytes.data(), kMagic, sizeof kMagic) != 0) {
    return Error{"The map asset does not begin with FWMA and a header of 24 bytes."};
  }
  if (bytes.size() > kAtlasBytesMax) {
    return Error{"The map asset has " + std::to_string(bytes.size()) + " bytes; at most " +
                 std::to_string(kAtlasBytesMax) + " are read."};
  }
  const auto version = little_endian<std::uint16_t>(bytes, 4);
  if (version != kVersion) {
    return Error{"The map asset has version " + std::to_string(version) + "; expected " +
                 std::to_string(kVersion) + "."};
  }
  const auto payload = bytes.subspan(kHeaderBytes);
  const auto size = little_endian<std::uint64_t>(bytes, 8);
  if (size != payload.size()) {
    return Error{"The map asset has " + std::to_string(payload.size()) +
                 " bytes after its header; expected " + std::to_string(size) + "."};
  }
  // The number of sections is the seed: the header's only other field that could change unseen.
  const std::size_t sections = little_endian<std::uint16_t>(bytes, 6);
  if (XXH64(payload.data(), payload.size(), sections) != little_endian<std::uint64_t>(bytes, 16)) {
    return Error{"The map asset's checksum differs: the file is damaged."};
  }
  if (sections * kSectionBytes > payload.size()) {
    return Error{"The map asset names " + std::to_string(sections) +
                 " sections, more than fit into it."};
  }
  return sections;
}

}  // namespace

Result<Atlas> parse_atlas(std::span<const std::byte> bytes) {
  const Result<std::size_t> sections = checked_header(bytes);
  if (!sections) return sections.error();
  Atlas atlas;
  for (std::size_t i = 0; i < sections.value(); ++i) {
    const Section s = section_at(bytes, kHeaderBytes + i * kSectionBytes);
    const std::string where = "The map asset's section " + std::to_string(i) + ": ";
    if (s.offset > bytes.size() || s.size > bytes.size() - s.offset) {
      return Error{where + "it lies outside of the file."};
    }
    Reader in(bytes.subspan(s.offset, s.size), s.offset);
    read_section(in, s, atlas);
    if (in.failed()) return Error{where + in.error() + "."};
  }
  return atlas;
}

void overlay_atlas(Atlas& base, Atlas extra) {
  std::erase_if(base.levels, [&](const AtlasLevel& old) {
    return std::any_of(extra.levels.begin(), extra.levels.end(), [&](const AtlasLevel& level) {
      return level.layer == old.layer && level.min_zoom < old.max_zoom &&
             old.min_zoom < level.max_zoom;
    });
  });
  std::move(extra.levels.begin(), extra.levels.end(), std::back_inserter(base.levels));
  if (!extra.provinces.empty()) base.provinces = std::move(extra.provinces);
  if (!extra.prefectures.empty()) base.prefectures = std::move(extra.prefectures);
  if (!extra.places.empty()) base.places = std::move(extra.places);
  if (!extra.counties.empty()) base.counties = std::move(extra.counties);
  const auto join = [](std::string& text, const std::string& more, const char* between) {
    if (!text.empty() && !more.empty()) text += between;
    text += more;
  };
  join(base.attribution, extra.attribution, " | ");
  join(base.caveat, extra.caveat, " ");
}

}  // namespace fleet
