#include "net/tiles/directory_cache.hpp"

#include <utility>

namespace net::pmtiles {

DirectoryCache::Found DirectoryCache::find(std::uint64_t offset, std::uint64_t tile) {
  const std::lock_guard lock(mutex_);
  const auto found = by_offset_.find(offset);
  if (found == by_offset_.end()) return {};
  leaves_.splice(leaves_.begin(), leaves_, found->second);
  return {true, pmtiles::find(found->second->entries, tile)};
}

void DirectoryCache::put(std::uint64_t offset, std::vector<Entry> entries) {
  const std::size_t size = bytes_of(entries);
  const std::lock_guard lock(mutex_);
  // Two threads may have read the same one.
  if (size > bytes_max_ || by_offset_.contains(offset)) return;
  while (bytes_ + size > bytes_max_) {
    bytes_ -= bytes_of(leaves_.back().entries);
    by_offset_.erase(leaves_.back().offset);
    leaves_.pop_back();
  }
  leaves_.push_front({offset, std::move(entries)});
  by_offset_[offset] = leaves_.begin();
  bytes_ += size;
}

std::size_t DirectoryCache::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace net::pmtiles
