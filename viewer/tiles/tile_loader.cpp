#include "viewer/tiles/tile_loader.hpp"

#include <algorithm>

#include "render/image_decode.hpp"
#include "render/tiles/tile_map.hpp"

namespace viewer {
namespace {

std::string name_of(fleet::TileId tile) {
  return std::to_string(tile.zoom) + "/" + std::to_string(tile.x) + "/" + std::to_string(tile.y);
}

std::chrono::seconds retry_after(int times) {
  auto after = kTileRetryFirst;
  for (int i = 1; i < times && after < kTileRetryMost; ++i) after *= 2;
  return std::min(after, kTileRetryMost);
}

}  // namespace

TileLoader::TileLoader(net::TileSource& source, int threads) : source_(source) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

TileLoader::~TileLoader() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void TileLoader::want(std::span<const fleet::TileId> tiles, Steady now) {
  tiles = tiles.first(std::min(tiles.size(), kTilesWantedMax));
  Tiles wanted(tiles.begin(), tiles.end());
  std::erase_if(absent_, [&](fleet::TileId tile) { return !wanted.contains(tile); });
  std::erase_if(failed_, [&](const auto& each) { return !wanted.contains(each.first); });
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(ready_, [&](const LoadedTile& each) { return !wanted.contains(each.tile); });
    queue_.clear();
    for (const fleet::TileId tile : tiles) {
      const auto failure = failed_.find(tile);
      const bool waits = failure != failed_.end() && now < failure->second.again;
      const bool ready =
          std::ranges::any_of(ready_, [tile](const LoadedTile& each) { return each.tile == tile; });
      if (!waits && !ready && !absent_.contains(tile) && !reading_.contains(tile)) {
        queue_.push_back(tile);
      }
    }
    wanted_ = std::move(wanted);
  }
  work_.notify_all();
}

bool TileLoader::retry_due(Steady now) const {
  return std::ranges::any_of(failed_, [now](const auto& each) {
    return now >= each.second.again && each.second.times > 0;
  });
}

std::optional<LoadedTile> TileLoader::take(Steady now) {
  LoadedTile taken;
  {
    const std::lock_guard lock(mutex_);
    if (ready_.empty()) return std::nullopt;
    taken = std::move(ready_.front());
    ready_.pop_front();
  }
  work_.notify_one();
  switch (taken.outcome) {
    case LoadedTile::Outcome::picture:
      failed_.erase(taken.tile);
      break;
    case LoadedTile::Outcome::absent:
      failed_.erase(taken.tile);
      absent_.insert(taken.tile);
      break;
    case LoadedTile::Outcome::failed: {
      Failure& failure = failed_[taken.tile];
      ++failure.times;
      failure.again = now + retry_after(failure.times);
      break;
    }
  }
  return taken;
}

bool TileLoader::idle() const {
  const std::lock_guard lock(mutex_);
  return queue_.empty() && reading_.empty() && ready_.empty();
}

void TileLoader::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, most,
                 [this] { return !ready_.empty() || (queue_.empty() && reading_.empty()); });
}

void TileLoader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] {
      return stop_ || (!queue_.empty() && ready_.size() + reading_.size() < kTilesReadyMax);
    });
    if (stop_) return;
    const fleet::TileId tile = queue_.front();
    queue_.pop_front();
    reading_.insert(tile);
    lock.unlock();
    LoadedTile loaded = load(tile);
    lock.lock();
    reading_.erase(tile);
    // Nobody waits for it any more; it is asked for again if it comes back into view.
    if (wanted_.contains(tile)) ready_.push_back(std::move(loaded));
    news_.notify_all();
  }
}

LoadedTile TileLoader::load(fleet::TileId tile) {
  LoadedTile loaded{tile, LoadedTile::Outcome::failed, {}, {}};
  auto bytes = source_.load(tile);
  if (!bytes) {
    loaded.error = bytes.error().what;
    return loaded;
  }
  if (bytes->empty()) {
    loaded.outcome = LoadedTile::Outcome::absent;
    return loaded;
  }
  auto picture = render::decode_image(*bytes, render::kTileSidePxMax);
  if (!picture) {
    loaded.error = "tile " + name_of(tile) + ": " + picture.error().what;
    return loaded;
  }
  loaded.outcome = LoadedTile::Outcome::picture;
  loaded.picture = std::move(picture.value());
  return loaded;
}

}  // namespace viewer
