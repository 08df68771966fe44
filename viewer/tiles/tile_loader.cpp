#include "viewer/tiles/tile_loader.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "render/image_decode.hpp"
#include "render/tiles/tile_map.hpp"

namespace viewer {
namespace {

using Outcome = LoadedTile::Outcome;

std::string name_of(fleet::TileId tile) {
  return std::to_string(tile.zoom) + "/" + std::to_string(tile.x) + "/" + std::to_string(tile.y);
}

std::chrono::seconds retry_after(int failures) {
  auto after = kTileRetryFirst;
  for (int i = 1; i < failures && after < kTileRetryMost; ++i) after *= 2;
  return std::min(after, kTileRetryMost);
}

std::size_t hash_of(std::span<const std::byte> bytes) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
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
  source_.stop();
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void TileLoader::forget(const Tiles& wanted, const Tiles& in_view) {
  // A picture that is wanted is no longer where it was put.
  std::erase_if(answers_, [&](const auto& each) {
    const bool picture = each.second.outcome == Outcome::picture;
    return picture ? wanted.contains(each.first) : !wanted.contains(each.first);
  });
  if (answers_.size() <= kTilesKnownMax) return;
  std::erase_if(answers_, [&](const auto& each) { return !in_view.contains(each.first); });
}

std::vector<TileLoader::Wish> TileLoader::wishes(std::span<const fleet::TileId> tiles,
                                                 std::span<const fleet::TileId> shown, Steady now) {
  std::vector<Wish> out;
  failing_ = 0;
  for (const fleet::TileId tile : tiles) {
    const auto answer = answers_.find(tile);
    if (answer != answers_.end()) failing_ += answer->second.outcome == Outcome::failed;
    if (answer == answers_.end() || now >= answer->second.due) out.push_back({tile, {}});
  }
  for (const fleet::TileId tile : shown) {
    const auto answer = answers_.find(tile);
    if (answer == answers_.end()) {
      answers_[tile] = {Outcome::picture, 0, 0, now + kTileAskAgain};  // forgotten meanwhile
    } else if (answer->second.outcome == Outcome::picture && now >= answer->second.due) {
      out.push_back({tile, answer->second.file_hash});
    }
  }
  // What is due by now is under way, or out of view.
  next_due_ = Steady::max();
  for (const auto& [tile, answer] : answers_) {
    if (answer.due > now) next_due_ = std::min(next_due_, answer.due);
  }
  return out;
}

void TileLoader::want(std::span<const fleet::TileId> tiles, std::span<const fleet::TileId> shown,
                      Steady now) {
  tiles = tiles.first(std::min(tiles.size(), kTilesWantedMax));
  shown = shown.first(std::min(shown.size(), kTilesWantedMax));
  const Tiles wanted(tiles.begin(), tiles.end());
  Tiles in_view = wanted;
  in_view.insert(shown.begin(), shown.end());
  forget(wanted, in_view);
  const std::vector<Wish> list = wishes(tiles, shown, now);
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(ready_, [&](const LoadedTile& each) { return !in_view.contains(each.tile); });
    queue_.clear();
    for (const Wish& wish : list) {
      const bool ready = std::ranges::any_of(
          ready_, [&](const LoadedTile& each) { return each.tile == wish.tile; });
      if (!ready && !reading_.contains(wish.tile)) queue_.push_back(wish);
    }
    in_view_ = std::move(in_view);
  }
  work_.notify_all();
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
  note(taken, now);
  return taken;
}

void TileLoader::note(const LoadedTile& taken, Steady now) {
  if (taken.outcome == Outcome::same && !answers_.contains(taken.tile)) {
    next_due_ = now;  // the map was made anew meanwhile: it has no picture any more
    return;
  }
  Answer& answer = answers_[taken.tile];
  const bool failed_before = answer.outcome == Outcome::failed;
  const bool fails = taken.outcome == Outcome::failed;
  failing_ = failing_ - std::min<std::size_t>(failing_, failed_before) + fails;
  counts_.absent += taken.outcome == Outcome::absent;
  counts_.failed += fails;
  answer.failures = fails ? answer.failures + 1 : 0;
  if (taken.outcome != Outcome::same) {
    answer.outcome = taken.outcome;
    answer.file_hash = taken.file_hash;
  }
  answer.due = now + (fails         ? retry_after(answer.failures)
                      : taken.stale ? kTileRetryMost
                                    : std::chrono::seconds(kTileAskAgain));
  next_due_ = std::min(next_due_, answer.due);
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
    const Wish wish = queue_.front();
    queue_.pop_front();
    reading_.insert(wish.tile);
    lock.unlock();
    LoadedTile loaded = load(wish);
    lock.lock();
    reading_.erase(wish.tile);
    // Nobody waits for it any more; it is asked for again if it comes back into view.
    if (in_view_.contains(wish.tile)) ready_.push_back(std::move(loaded));
    news_.notify_all();
  }
}

LoadedTile TileLoader::load(const Wish& wish) {
  auto bytes = source_.load(wish.tile);
  LoadedTile loaded{wish.tile, Outcome::failed, {}, {}, 0, !source_.reachable()};
  if (wish.shown_hash) {
    // A picture whose file is gone, cannot be read or is broken now is better than none.
    const bool here = bytes && !bytes->empty();
    loaded.stale = loaded.stale || !bytes;
    loaded.outcome = Outcome::same;
    if (!here || hash_of(*bytes) == *wish.shown_hash) return loaded;
  } else if (!bytes) {
    loaded.error = bytes.error().what;
    return loaded;
  } else if (bytes->empty()) {
    loaded.outcome = Outcome::absent;
    return loaded;
  }
  auto picture = render::decode_image(*bytes, render::kTileSidePxMax);
  if (!picture && wish.shown_hash) {
    loaded.stale = true;
    return loaded;
  }
  if (!picture) {
    loaded.error = "tile " + name_of(wish.tile) + ": " + picture.error().what;
    return loaded;
  }
  loaded.outcome = Outcome::picture;
  loaded.picture = std::move(picture.value());
  loaded.file_hash = hash_of(*bytes);
  return loaded;
}

}  // namespace viewer
