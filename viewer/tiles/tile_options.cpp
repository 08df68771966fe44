#include "viewer/tiles/tile_options.hpp"

#include "net/command_line.hpp"
#include "net/log.hpp"
#include "viewer/datum_option.hpp"

namespace viewer {

void add_tile_options(CLI::App& app, TileOptions& options, RawTileOptions& raw) {
  auto* tiles = app.add_option("--tiles", options.source.from,
                               "raster tiles on the map: FILE.mbtiles, FILE.pmtiles, a folder of "
                               "Z/X/Y.png, or http(s)://HOST/.../{z}/{x}/{y}.png")
                    ->check(net::not_empty());
  app.add_option("--tiles-datum", raw.datum,
                 "what the tiles' places mean: wgs84, gcj02 (maps of China), bd09 (Baidu's)")
      ->check(is_datum_name())
      ->needs(tiles);
  app.add_option("--tiles-look", raw.look,
                 "fit their colours under the machines: map, photo (from the air), or plain as "
                 "they are")
      ->check(CLI::IsMember({"map", "photo", "plain"}))
      ->needs(tiles);
  auto* cache = app.add_option("--tiles-cache", options.source.cache_dir,
                               "folder that keeps a server's tiles")
                    ->check(net::not_empty())
                    ->needs(tiles);
  app.add_option("--tiles-cache-mib", raw.cache_mib, "most that it takes, MiB")
      ->check(net::whole_number_from(1, kTileCacheMibMost))
      ->needs(cache);
  app.add_option("--tiles-attribution", options.attribution,
                 "whose tiles they are, shown on the wall; else what the set says")
      ->check(net::not_empty())
      ->needs(tiles);
}

std::string finish_tiles(const RawTileOptions& raw, TileOptions& options) {
  options.datum = datum_named(raw.datum);
  options.look = raw.look == "photo"   ? render::TileLook::photo
                 : raw.look == "plain" ? render::TileLook::plain
                                       : render::TileLook::map;
  options.source.cache_bytes_max = raw.cache_mib << 20;
  const bool server =
      options.source.from.starts_with("http://") || options.source.from.starts_with("https://");
  if (!options.source.cache_dir.empty() && !server) {
    return "--tiles-cache: keeps the tiles of a server, and --tiles names none: '" +
           options.source.from + "'";
  }
  return {};
}

fleet::Result<std::unique_ptr<net::TileSource>> open_tiles(const TileOptions& options) {
  if (options.source.from.empty()) return std::unique_ptr<net::TileSource>();
  net::TileSourceOptions from = options.source;
  from.log = net::stderr_log(net::LogLevel::info);  // a server that is back is worth a line
  auto source = net::open_tile_source(from);
  if (!source) {
    // An address does not begin as a folder does: what does is about the cache.
    const std::string& what = source.error().what;
    const bool cache = !from.cache_dir.empty() && what.starts_with(from.cache_dir);
    return fleet::Error{(cache ? "--tiles-cache: " : "--tiles: ") + what, source.error().code};
  }
  return source;
}

}  // namespace viewer
