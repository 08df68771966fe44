// Sets of tiles that somebody else made: PMTiles archives, what sets say of themselves, addresses,
// and what servers say about keeping.
// Input: what u8, then the bytes.
#include "net/codec/utf8.hpp"
#include "net/tiles/cache_rules.hpp"
#include "net/tiles/inflate.hpp"
#include "net/tiles/picture.hpp"
#include "net/tiles/pmtiles.hpp"
#include "net/tiles/pmtiles_format.hpp"
#include "net/tiles/set_words.hpp"
#include "net/tiles/url_template.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/memory_file.hpp"
#include "tests/support/tile_sets.hpp"

namespace fuzz {
namespace {

void check_words(const net::TileSet& set) {
  FUZZ_CHECK(set.zoom_min >= 0 && set.zoom_min <= set.zoom_max);
  FUZZ_CHECK(set.zoom_max <= fleet::kTileZoomMax);
  FUZZ_CHECK(set.south_west.lon_deg < set.north_east.lon_deg);
  FUZZ_CHECK(set.south_west.lat_deg < set.north_east.lat_deg);
  FUZZ_CHECK(set.name.size() <= net::kSetWordsMax);
  FUZZ_CHECK(set.attribution.size() <= net::kSetWordsMax);
  for (const char c : set.attribution) FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20);
}

/// A whole file: what opens has bounded words, and what loads is a picture.
void archive(std::string_view bytes) {
  static MemoryFile file;
  auto source = net::open_pmtiles(file.hold(bytes));
  if (!source) {
    FUZZ_CHECK(!source.error().what.empty());
    return;
  }
  check_words((*source)->about());
  for (const fleet::TileId tile : testing_support::pyramid(3)) {
    const auto loaded = (*source)->load(tile);
    if (!loaded) {
      FUZZ_CHECK(!loaded.error().what.empty());
    } else if (!loaded.value().empty()) {
      FUZZ_CHECK(net::check_picture(loaded.value(), "", tile).ok());
    }
  }
}

/// What decodes is in order, encodes to the same, and every tile is found in its own entry.
void directory(std::string_view bytes) {
  const auto decoded = net::pmtiles::decode_directory(bytes_of(bytes));
  if (!decoded) return;
  const auto& entries = decoded.value();
  const std::string again = testing_support::pmtiles_directory(entries);
  const auto twice = net::pmtiles::decode_directory(bytes_of(again));
  FUZZ_CHECK(twice.ok() && twice.value() == entries);
  std::uint64_t end = 0;
  for (const auto& entry : entries) {
    FUZZ_CHECK(entry.tile >= end && entry.length > 0);
    end = entry.tile + std::max(entry.run, 1u);
    FUZZ_CHECK(net::pmtiles::find(entries, entry.tile) == entry);
    if (entry.run > 1) FUZZ_CHECK(net::pmtiles::find(entries, end - 1) == entry);
  }
}

void words(std::string_view text) {
  net::TileSet set;
  if (const auto parsed = net::parse_set_json(text)) net::describe(set, parsed.value());
  check_words(set);
  (void)net::parse_bounds(text);
  const std::string plain = net::plain_text(text);
  FUZZ_CHECK(plain.size() <= net::kSetWordsMax && net::valid_utf8(plain));
}

/// What is accepted fills in to an address without places and without blanks.
void address(std::string_view text) {
  const auto parsed = net::UrlTemplate::parse(text);
  if (!parsed) return;
  const std::string url = parsed.value().url({5, 26, 12});
  FUZZ_CHECK(url.starts_with("http") && url.find_first_of("{}") == std::string::npos);
  for (const char c : url) FUZZ_CHECK(static_cast<unsigned char>(c) > 0x20 && c != 0x7F);
  FUZZ_CHECK(url.find("26") != std::string::npos);
  FUZZ_CHECK(parsed.value().host().find('@') == std::string::npos);
}

void rules(std::string_view text) {
  const auto cut = std::min(text.find('\n'), text.size());
  const auto made =
      net::cache_rules(text.substr(0, cut), text.substr(std::min(cut + 1, text.size())));
  FUZZ_CHECK(made.fresh >= std::chrono::seconds(0) && made.fresh <= net::kFreshMax);
}

void unpack(std::string_view bytes) {
  constexpr std::size_t kMost = 100'000;
  const auto plain = net::gunzip(bytes_of(bytes), kMost);
  if (plain) FUZZ_CHECK(plain.value().size() <= kMost);
}

void run(Input in) {
  switch (in.byte() % 6) {
    case 0:
      return archive(in.rest());
    case 1:
      return directory(in.rest());
    case 2:
      return words(in.rest());
    case 3:
      return address(in.rest());
    case 4:
      return rules(in.rest());
    default:
      return unpack(in.rest());
  }
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(fuzz::Input(data, size));
  return 0;
}
