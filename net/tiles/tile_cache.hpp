// Tiles of a server on disk, in bounded space; several walls may share the folder.
//
// FOLDER/tiles-<hash of the template>/<00..ff>/<Z-X-Y>.tile, one file a tile: a head with a check
// over everything, the server's ETag, until when it holds, the picture. A file is written beside
// its place and moved there, so that a reader never sees half of one; one that was cut off or
// changed (a power cut) fails its check, is removed, and the tile counts as unknown. Nothing but
// files of these names is ever removed. When a file was used last is its modification time, kept to
// kTouchEvery; the ones used longest ago go first.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/tile.hpp"
#include "fleet/time.hpp"

namespace net {

/// A file counts as whole blocks of this, as most disks keep it.
inline constexpr std::uint64_t kCacheBlockBytes = 4096;
/// A process looks over the folder after it has written a tenth of the limit; where it finds less
/// than a tenth left it removes tiles until the folder is at this share. So one process stays
/// within the limit; each further one may go over it by a tenth.
inline constexpr std::uint64_t kCacheKeepTenths = 8;
inline constexpr std::uint64_t kCacheLookTenths = 1;
/// How exactly it is known when a tile was used last: a write an hour at most for one that is read.
inline constexpr std::chrono::minutes kTouchEvery{60};
/// What a process that died left of a file it was writing goes after this.
inline constexpr std::chrono::minutes kUnfinishedKept{60};
/// Longest ETag that is kept; a server with longer ones is asked without.
inline constexpr std::size_t kEtagMax = 256;

struct CachedTile {
  std::vector<std::byte> picture;  ///< empty: the server has none
  std::string etag;                ///< as it was sent; may be empty
  fleet::Time fresh_until = fleet::kNever;
};

/// Any thread, any number of processes. Time is an argument: UTC.
class TileCache {
 public:
  /// set: what tells one server's tiles from another's (its template); only a hash of it is kept.
  /// Makes the folder. Error: "PATH: why it cannot be made or written".
  static fleet::Result<std::unique_ptr<TileCache>> open(const std::filesystem::path& folder,
                                                        std::string_view set,
                                                        std::uint64_t bytes_max);

  /// The tile as it was put, fresh or not; nothing: it is not here, or it was damaged.
  std::optional<CachedTile> find(fleet::TileId tile, fleet::Time now);
  /// Replaces it. Error: "PATH: why" (disk full, ...); what was there before stays.
  fleet::Result<void> put(fleet::TileId tile, const CachedTile& cached, fleet::Time now);

 private:
  TileCache(std::filesystem::path folder, std::string_view set, std::uint64_t bytes_max);

  std::filesystem::path path_of(fleet::TileId tile) const;
  std::uint64_t seed_of(fleet::TileId tile) const;
  /// Counts what was written; looks over the folder when it is time to.
  void wrote(std::uint64_t bytes, fleet::Time now);

  const std::filesystem::path folder_, set_folder_;
  const std::uint64_t set_hash_, bytes_max_;
  std::mutex looking_;  // one thread of this process looks, the others go on
  std::atomic<std::uint64_t> written_;
};

/// Bytes of all tiles in a cache folder, in whole blocks.
std::uint64_t cache_bytes(const std::filesystem::path& folder);
/// Where the folder holds more than bytes_max: removes what was used longest ago until at most
/// bytes_kept are left. Removes what is unfinished for kUnfinishedKept. Does nothing while another
/// process does it.
void trim_cache(const std::filesystem::path& folder, std::uint64_t bytes_max,
                std::uint64_t bytes_kept, fleet::Time now);

}  // namespace net
