#include "net/tiles/tile_source.hpp"

#include <chrono>
#include <filesystem>
#include <string_view>
#include <utility>

#include "net/tiles/http_tiles.hpp"
#include "net/tiles/mbtiles.hpp"
#include "net/tiles/part_file.hpp"
#include "net/tiles/pmtiles.hpp"
#include "net/tiles/tile_folder.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;

fleet::Result<std::unique_ptr<TileSource>> open_server(const TileSourceOptions& options) {
  auto address = UrlTemplate::parse(options.from);
  if (!address) return address.error();
  HttpTileOptions http;
  http.address = std::move(*address);
  http.cache_dir = options.cache_dir;
  http.cache_bytes_max = options.cache_bytes_max;
  http.log = options.log;
  http.clock = [] { return std::chrono::floor<fleet::Millis>(std::chrono::system_clock::now()); };
  return open_http_tiles(std::move(http));
}

/// By its first bytes: a set keeps its kind under whatever name.
fleet::Result<std::unique_ptr<TileSource>> open_file(const fs::path& path) {
  constexpr std::string_view kPmtiles = "PMTiles", kSqlite = "SQLite format 3";
  auto file = PartFile::open(path);
  if (!file) return file.error();
  std::string head;
  if (file->size_bytes() >= kSqlite.size()) {
    auto bytes = file->read(0, kSqlite.size());
    if (!bytes) return bytes.error();
    head.assign(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  }
  if (head.starts_with(kPmtiles)) return open_pmtiles(path);
  if (head.starts_with(kSqlite)) return open_mbtiles(path);
  return fleet::Error{path.string() + ": expected a set of tiles, MBTiles or PMTiles; this file " +
                      "begins like neither"};
}

}  // namespace

fleet::Result<std::unique_ptr<TileSource>> open_tile_source(const TileSourceOptions& options) {
  const auto wrong = [&](const std::string& found) {
    return fleet::Error{options.from + ": expected FILE.mbtiles, FILE.pmtiles, a folder of " +
                        "Z/X/Y.png or http(s)://HOST/.../{z}/{x}/{y}.png; found " + found};
  };
  if (options.from.empty()) return wrong("nothing");
  if (options.from.find("://") != std::string::npos) return open_server(options);
  std::error_code error;
  const fs::file_status status = fs::status(options.from, error);
  if (status.type() == fs::file_type::not_found) return wrong("nothing of this name");
  if (error) return fleet::Error{options.from + ": " + error.message(), error.value()};
  if (fs::is_directory(status)) return open_tile_folder(options.from);
  if (fs::is_regular_file(status)) return open_file(options.from);
  return wrong("something that is neither file nor folder");
}

}  // namespace net
