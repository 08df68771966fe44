#include "net/tiles/http_tiles.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "net/tiles/cache_rules.hpp"
#include "net/tiles/held_tiles.hpp"
#include "net/tiles/host_health.hpp"
#include "net/tiles/tile_cache.hpp"

namespace net {
namespace {

using Picture = std::vector<std::byte>;

class HttpTiles final : public TileSource {
 public:
  HttpTiles(HttpTileOptions options, std::unique_ptr<TileCache> cache)
      : options_(std::move(options)), cache_(std::move(cache)), client_(options_.bounds) {
    about_.name = options_.address.host();
  }

  const TileSet& about() const override { return about_; }
  fleet::Result<Picture> load(fleet::TileId tile) override;
  bool reachable() const override { return !host_.gone(); }
  void stop() override { client_.stop(); }

 private:
  /// A tile of the cache that is out of date, or nothing.
  using Stale = std::optional<CachedTile>;

  fleet::Result<Picture> ask(fleet::TileId tile, Stale stale);
  fleet::Result<Picture> take(fleet::TileId tile, HttpAnswer answer, Stale stale);
  fleet::Result<Picture> take_picture(fleet::TileId tile, HttpAnswer answer, Stale stale);
  fleet::Result<Picture> without_server(fleet::TileId tile, const std::string& what,
                                        Stale stale) const;
  /// This tile's: it is not asked for again for a while.
  fleet::Result<Picture> tile_failed(fleet::TileId tile, const std::string& what, Stale stale);
  Picture keep(fleet::TileId tile, CachedTile fresh, const HttpAnswer& answer);

  std::string name(fleet::TileId tile) const {
    return options_.address.host() + ": tile " + tile_name(tile);
  }
  void tell_gone(const std::string& what) const {
    say(LogLevel::warning, about_.name + ": no tiles from the server: " + what);
  }
  void say(LogLevel level, const std::string& text) const {
    if (options_.log) options_.log(level, text);
  }

  const HttpTileOptions options_;
  const std::unique_ptr<TileCache> cache_;  // null: none
  TileSet about_;
  HttpClient client_;
  HostHealth host_;
  HeldTiles held_;
  std::atomic<bool> cache_failed_ = false;
};

fleet::Result<Picture> HttpTiles::load(fleet::TileId tile) {
  if (!tile_exists(tile)) return Picture();
  const fleet::Time now = options_.clock();
  const auto held = held_.why(tile, now);
  if (held && held->empty()) return Picture();
  Stale cached = cache_ ? cache_->find(tile, now) : std::nullopt;
  // A clock that was set back must not make a tile fresh for ever.
  if (cached && now < cached->fresh_until && cached->fresh_until - now <= kFreshMax)
    return std::move(cached->picture);
  if (held && cached) return std::move(cached->picture);
  if (held) return fleet::Error{*held};
  return ask(tile, std::move(cached));
}

fleet::Result<Picture> HttpTiles::ask(fleet::TileId tile, Stale stale) {
  if (!host_.may_ask(options_.clock())) {
    if (stale) return std::move(stale->picture);
    return fleet::Error{name(tile) + " is not here, and the server does not answer"};
  }
  auto result = client_.get(options_.address.url(tile), stale ? stale->etag : std::string());
  if (client_.stopped()) return fleet::Error{name(tile) + ": stopped"};
  if (const auto* failure = std::get_if<HttpFailure>(&result)) {
    if (failure->host) {
      if (host_.failed(options_.clock())) tell_gone(failure->what);
      return without_server(tile, failure->what, std::move(stale));
    }
    return tile_failed(tile, failure->what, std::move(stale));
  }
  return take(tile, std::move(std::get<HttpAnswer>(result)), std::move(stale));
}

fleet::Result<Picture> HttpTiles::take(fleet::TileId tile, HttpAnswer answer, Stale stale) {
  const int status = answer.status;
  const std::string said = "the server answered " + std::to_string(status);
  if (status == 429 || status >= 500) {
    // This tile alone may be what the server fails at: others are to be asked for first.
    const auto asked_for = parse_seconds(answer.retry_after);
    held_.hold(tile, options_.clock(), kTileHeld, name(tile) + ": " + said);
    if (host_.refused(tile, options_.clock(), std::max(asked_for, std::chrono::seconds(0))))
      tell_gone(said);
    return without_server(tile, said, std::move(stale));
  }
  if (host_.succeeded(tile)) say(LogLevel::info, about_.name + ": the tile server answers again");
  switch (status) {
    case 200:
      return take_picture(tile, std::move(answer), std::move(stale));
    case 204:
    case 404:
    case 410:
      return keep(tile, {}, answer);
    case 304:
      if (stale) return keep(tile, std::move(*stale), answer);
      break;
    default:
      break;
  }
  return tile_failed(tile, said, std::move(stale));
}

fleet::Result<Picture> HttpTiles::take_picture(fleet::TileId tile, HttpAnswer answer, Stale stale) {
  if (!answer.body.empty()) {
    if (auto sound = check_picture(answer.body, about_.name, tile); !sound)
      return tile_failed(
          tile,
          "no picture (" +
              (answer.content_type.empty() ? std::string("of no type") : answer.content_type) + ")",
          std::move(stale));
  }
  CachedTile fresh;
  fresh.picture = std::move(answer.body);
  fresh.etag = std::move(answer.etag);
  return keep(tile, std::move(fresh), answer);
}

fleet::Result<Picture> HttpTiles::without_server(fleet::TileId tile, const std::string& what,
                                                 Stale stale) const {
  if (stale) return std::move(stale->picture);
  return fleet::Error{name(tile) + ": " + what};
}

fleet::Result<Picture> HttpTiles::tile_failed(fleet::TileId tile, const std::string& what,
                                              Stale stale) {
  if (host_.succeeded(tile)) say(LogLevel::info, about_.name + ": the tile server answers again");
  held_.hold(tile, options_.clock(), kTileHeld, name(tile) + ": " + what);
  if (stale) return std::move(stale->picture);
  return fleet::Error{name(tile) + ": " + what};
}

Picture HttpTiles::keep(fleet::TileId tile, CachedTile fresh, const HttpAnswer& answer) {
  const fleet::Time now = options_.clock();
  const CacheRules rules = cache_rules(answer.cache_control, answer.age);
  const bool unsaid_empty = fresh.picture.empty() && rules.fresh == kFreshUnsaid;
  const auto how_long = unsaid_empty ? std::chrono::seconds(kEmptyFresh) : rules.fresh;
  fresh.fresh_until = now + how_long;
  if (fresh.picture.empty()) held_.hold(tile, now, std::min(how_long, kTileHeld), "");
  if (cache_ && rules.keep) {
    auto put = cache_->put(tile, fresh, now);
    if (!put && !cache_failed_.exchange(true))
      say(LogLevel::warning, put.error().what + ": tiles are not kept on disk");
    if (put && cache_failed_.exchange(false))
      say(LogLevel::info, options_.cache_dir.string() + ": tiles are kept on disk again");
  }
  return std::move(fresh.picture);
}

}  // namespace

fleet::Result<std::unique_ptr<TileSource>> open_http_tiles(HttpTileOptions options) {
  std::unique_ptr<TileCache> cache;
  if (!options.cache_dir.empty() && options.cache_bytes_max > 0) {
    auto opened =
        TileCache::open(options.cache_dir, options.address.text(), options.cache_bytes_max);
    if (!opened) return opened.error();
    cache = std::move(*opened);
  }
  return std::unique_ptr<TileSource>(
      std::make_unique<HttpTiles>(std::move(options), std::move(cache)));
}

}  // namespace net
