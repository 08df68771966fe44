// TileShelf: things kept by tile within a bound of bytes; those longest out of the picture go
// first. Pure, no GL: what is kept is the owner's business.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>

#include "fleet/tile.hpp"

namespace render {

struct TileHash {
  std::size_t operator()(const fleet::TileId& t) const {
    return std::hash<std::uint64_t>()(std::uint64_t{t.x} << 32 | std::uint64_t{t.y} << 6 |
                                      static_cast<std::uint64_t>(t.zoom));
  }
};

template <class T>
class TileShelf {
 public:
  explicit TileShelf(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// A new picture is drawn: what it uses is kept, whatever comes.
  void begin_picture() { ++picture_; }
  /// Marks it as used by this picture. Null: not here. Good until the next put.
  T* use(fleet::TileId tile) {
    const auto found = items_.find(tile);
    if (found == items_.end()) return nullptr;
    found->second.used = picture_;
    return &found->second.item;
  }
  bool has(fleet::TileId tile) const { return items_.contains(tile); }

  /// Takes the place of what was kept for the tile. False, and not kept, when this picture uses so
  /// much that there is no room.
  bool put(fleet::TileId tile, T item, std::size_t bytes) {
    drop(tile);
    while (bytes_ + bytes > bytes_max_) {
      if (!drop_oldest()) return false;
    }
    items_.emplace(tile, Kept{std::move(item), bytes, picture_});
    bytes_ += bytes;
    return true;
  }

  void clear() {
    items_.clear();
    bytes_ = 0;
  }
  std::size_t bytes() const { return bytes_; }
  std::size_t size() const { return items_.size(); }

 private:
  struct Kept {
    T item;
    std::size_t bytes = 0;
    std::uint64_t used = 0;  // number of the last picture
  };

  void drop(fleet::TileId tile) {
    const auto found = items_.find(tile);
    if (found == items_.end()) return;
    bytes_ -= found->second.bytes;
    items_.erase(found);
  }

  // Some thousand tiles at most: looking through them costs less than keeping them in order.
  bool drop_oldest() {
    auto oldest = items_.end();
    for (auto it = items_.begin(); it != items_.end(); ++it) {
      if (it->second.used >= picture_) continue;
      if (oldest == items_.end() || it->second.used < oldest->second.used) oldest = it;
    }
    if (oldest == items_.end()) return false;
    bytes_ -= oldest->second.bytes;
    items_.erase(oldest);
    return true;
  }

  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::uint64_t picture_ = 0;
  std::unordered_map<fleet::TileId, Kept, TileHash> items_;
};

}  // namespace render
