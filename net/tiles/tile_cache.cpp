#include "net/tiles/tile_cache.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "net/tiles/part_file.hpp"
#include "net/tiles/picture.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;

// Head of a file: mark, check (xxh64 of all behind it, seeded by set and tile), fresh_until in ms,
// length of the ETag, length of the picture; little-endian, as every machine that this runs on.
constexpr std::string_view kMark = "FWTILE1\n";
constexpr std::size_t kCheckAt = 8, kCheckedAt = 16, kFreshAt = 16, kEtagLengthAt = 24,
                      kPictureLengthAt = 28, kHeadBytes = 32;

std::string hex(std::uint64_t value, int digits) {
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, value >>= 4)
    *at = "0123456789abcdef"[value & 15];
  return text;
}

template <class T>
void store(std::span<std::byte> bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof value);
}
template <class T>
T stored(std::span<const std::byte> bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint64_t check_of(std::span<const std::byte> bytes, std::uint64_t seed) {
  return XXH64(bytes.data() + kCheckedAt, bytes.size() - kCheckedAt, seed);
}

std::vector<std::byte> encoded(const CachedTile& tile, std::uint64_t seed) {
  const std::string_view etag =
      tile.etag.size() <= kEtagMax ? std::string_view(tile.etag) : std::string_view();
  std::vector<std::byte> bytes(kHeadBytes + etag.size() + tile.picture.size());
  std::memcpy(bytes.data(), kMark.data(), kMark.size());
  store(bytes, kFreshAt, fleet::ms_from_time(tile.fresh_until));
  store(bytes, kEtagLengthAt, static_cast<std::uint32_t>(etag.size()));
  store(bytes, kPictureLengthAt, static_cast<std::uint32_t>(tile.picture.size()));
  if (!etag.empty()) std::memcpy(bytes.data() + kHeadBytes, etag.data(), etag.size());
  if (!tile.picture.empty())
    std::memcpy(bytes.data() + kHeadBytes + etag.size(), tile.picture.data(), tile.picture.size());
  store(bytes, kCheckAt, check_of(bytes, seed));
  return bytes;
}

std::optional<CachedTile> decoded(std::span<const std::byte> bytes, std::uint64_t seed) {
  if (bytes.size() < kHeadBytes || std::memcmp(bytes.data(), kMark.data(), kMark.size()) != 0 ||
      stored<std::uint64_t>(bytes, kCheckAt) != check_of(bytes, seed))
    return std::nullopt;
  const std::size_t etag = stored<std::uint32_t>(bytes, kEtagLengthAt);
  const std::size_t picture = stored<std::uint32_t>(bytes, kPictureLengthAt);
  if (etag > kEtagMax || kHeadBytes + etag + picture != bytes.size()) return std::nullopt;
  CachedTile tile;
  tile.fresh_until = fleet::time_from_ms(stored<std::int64_t>(bytes, kFreshAt));
  tile.etag.assign(reinterpret_cast<const char*>(bytes.data()) + kHeadBytes, etag);
  const auto rest = bytes.subspan(kHeadBytes + etag);
  tile.picture.assign(rest.begin(), rest.end());
  return tile;
}

timespec modified_at(fleet::Time time) {
  const std::int64_t ms = fleet::ms_from_time(time);
  return {static_cast<time_t>(ms / 1000), static_cast<long>(ms % 1000) * 1'000'000};
}

/// Marks a file as used at `now`. It may be gone by then, or not ours to mark: no matter.
void touch(const fs::path& path, fleet::Time now) {
  const std::array<timespec, 2> times{modified_at(now), modified_at(now)};
  (void)::utimensat(AT_FDCWD, path.c_str(), times.data(), 0);
}

fleet::Error system_error(const fs::path& path) {
  const int code = errno;
  return {path.string() + ": " + std::strerror(code), code};
}

/// A file of a name of its own beside its later place; removed again unless it is moved there.
class UnfinishedFile {
 public:
  explicit UnfinishedFile(const fs::path& folder) : name_((folder / ".part-XXXXXX").string()) {
    descriptor_ = ::mkostemp(name_.data(), O_CLOEXEC);
  }
  UnfinishedFile(const UnfinishedFile&) = delete;
  UnfinishedFile& operator=(const UnfinishedFile&) = delete;
  ~UnfinishedFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!moved_) ::unlink(name_.c_str());
  }

  bool open() const { return descriptor_ >= 0; }
  bool write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return true;
  }
  bool move_to(const fs::path& place, fleet::Time now) {
    const std::array<timespec, 2> times{modified_at(now), modified_at(now)};
    (void)::futimens(descriptor_, times.data());
    moved_ = ::rename(name_.c_str(), place.c_str()) == 0;
    return moved_;
  }

 private:
  std::string name_;
  int descriptor_ = -1;
  bool moved_ = false;
};

}  // namespace

TileCache::TileCache(fs::path folder, std::string_view set, std::uint64_t bytes_max)
    : folder_(std::move(folder)),
      set_folder_(folder_ / ("tiles-" + hex(XXH64(set.data(), set.size(), 0), 16))),
      set_hash_(XXH64(set.data(), set.size(), 1)),
      bytes_max_(bytes_max),
      written_(bytes_max) {}  // the first file written looks: nobody knows what is there

fleet::Result<std::unique_ptr<TileCache>> TileCache::open(const fs::path& folder,
                                                          std::string_view set,
                                                          std::uint64_t bytes_max) {
  std::unique_ptr<TileCache> cache(new TileCache(folder, set, bytes_max));
  std::error_code error;
  const fs::path part = cache->set_folder_ / hex(0, 2);
  fs::create_directories(part, error);
  if (error)
    return fleet::Error{
        folder.string() + ": the folder for tiles cannot be made: " + error.message(),
        error.value()};
  if (const UnfinishedFile probe(part); !probe.open()) return system_error(part);
  return cache;
}

std::uint64_t TileCache::seed_of(fleet::TileId tile) const {
  const std::uint32_t numbers[] = {static_cast<std::uint32_t>(tile.zoom), tile.x, tile.y};
  return XXH64(numbers, sizeof numbers, set_hash_);
}

fs::path TileCache::path_of(fleet::TileId tile) const {
  std::string name = tile_name(tile);
  for (char& c : name)
    if (c == '/') c = '-';
  return set_folder_ / hex(seed_of(tile), 2) / (name + ".tile");
}

std::optional<CachedTile> TileCache::find(fleet::TileId tile, fleet::Time now) {
  const fs::path path = path_of(tile);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  auto file = PartFile::open(path);
  if (!file) return std::nullopt;
  const std::uint64_t size = file->size_bytes();
  std::optional<CachedTile> found;
  if (size <= kHeadBytes + kEtagMax + kTileBytesMax) {
    if (const auto bytes = file->read(0, static_cast<std::size_t>(size)))
      found = decoded(bytes.value(), seed_of(tile));
  }
  if (!found) {
    ::unlink(path.c_str());
    return std::nullopt;
  }
  const auto used = fleet::time_from_ms(static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000);
  if (now - used >= kTouchEvery) touch(path, now);
  return found;
}

fleet::Result<void> TileCache::put(fleet::TileId tile, const CachedTile& cached, fleet::Time now) {
  const fs::path path = path_of(tile);
  const std::vector<std::byte> bytes = encoded(cached, seed_of(tile));
  std::error_code error;
  fs::create_directories(path.parent_path(), error);  // an error shows in the next line
  {
    UnfinishedFile file(path.parent_path());
    if (!file.open() || !file.write(bytes) || !file.move_to(path, now)) return system_error(path);
  }
  wrote(bytes.size(), now);
  return {};
}

void TileCache::wrote(std::uint64_t bytes, fleet::Time now) {
  const std::uint64_t blocks = (bytes + kCacheBlockBytes - 1) / kCacheBlockBytes;
  const std::uint64_t written = written_ += blocks * kCacheBlockBytes;
  const std::uint64_t tenth = bytes_max_ / 10;
  if (written < kCacheLookTenths * tenth) return;
  const std::unique_lock lock(looking_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  written_ = 0;
  trim_cache(folder_, (10 - kCacheLookTenths) * tenth, kCacheKeepTenths * tenth, now);
}

}  // namespace net
