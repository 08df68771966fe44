// The leaf directories of a PMTiles archive that were used last, in bounded memory. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "net/tiles/pmtiles_format.hpp"

namespace net::pmtiles {

class DirectoryCache {
 public:
  explicit DirectoryCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Not held: the directory at `offset` is not here. Else what it has for the tile.
  struct Found {
    bool held = false;
    std::optional<Entry> entry;
  };
  Found find(std::uint64_t offset, std::uint64_t tile);
  /// The least recently used go until this one has room; one larger than all is not kept.
  void put(std::uint64_t offset, std::vector<Entry> entries);

  std::size_t bytes() const;

 private:
  struct Leaf {
    std::uint64_t offset;
    std::vector<Entry> entries;
  };
  static std::size_t bytes_of(const std::vector<Entry>& entries) {
    return entries.size() * sizeof(Entry);
  }

  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::list<Leaf> leaves_;  // the last used first
  std::unordered_map<std::uint64_t, std::list<Leaf>::iterator> by_offset_;
  std::size_t bytes_ = 0;
};

}  // namespace net::pmtiles
