#include "net/tiles/tile_folder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <string>
#include <utility>

#include "net/read_file.hpp"
#include "net/tiles/part_file.hpp"
#include "net/tiles/picture.hpp"
#include "net/tiles/set_words.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kEndings = {".png", ".jpg", ".jpeg", ".webp"};

class TileFolder final : public TileSource {
 public:
  TileFolder(fs::path path, TileSet about) : path_(std::move(path)), about_(std::move(about)) {}

  const TileSet& about() const override { return about_; }
  fleet::Result<std::vector<std::byte>> load(fleet::TileId tile) override;

 private:
  fleet::Result<std::vector<std::byte>> read(const PartFile& file, fleet::TileId tile) const;

  const fs::path path_;
  const TileSet about_;
  std::atomic<std::size_t> ending_ = 0;  // of the last tile that was found: sets are of one kind
};

fleet::Result<std::vector<std::byte>> TileFolder::read(const PartFile& file,
                                                       fleet::TileId tile) const {
  if (file.size_bytes() > kTileBytesMax)
    return fleet::Error{path_.string() + ": tile " + tile_name(tile) + " has " +
                        std::to_string(file.size_bytes()) + " bytes; at most " +
                        std::to_string(kTileBytesMax) + " are taken"};
  auto bytes = file.read(0, static_cast<std::size_t>(file.size_bytes()));
  if (!bytes || bytes->empty()) return bytes;
  if (auto sound = check_picture(*bytes, path_.string(), tile); !sound) return sound.error();
  return bytes;
}

fleet::Result<std::vector<std::byte>> TileFolder::load(fleet::TileId tile) {
  if (!tile_exists(tile)) return std::vector<std::byte>();
  const fs::path stem = path_ / tile_name(tile);
  const std::size_t first = ending_;
  for (std::size_t i = 0; i < kEndings.size(); ++i) {
    const std::size_t ending = (first + i) % kEndings.size();
    auto file = PartFile::open(stem.string() + kEndings[ending]);
    if (file) {
      ending_ = ending;
      return read(*file, tile);
    }
    const int code = file.error().code;
    if (code != ENOENT && code != ENOTDIR) return file.error();
  }
  return std::vector<std::byte>();
}

/// The name as a zoom or a column; -1: it is none.
int number_of(const std::string& name) {
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool plain = error == std::errc() && end == name.data() + name.size() && number >= 0 &&
                     std::to_string(number) == name;
  return plain ? number : -1;
}

bool has_column(const fs::path& zoom) {
  std::error_code error;
  for (fs::directory_iterator entry(zoom, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (number_of(entry->path().filename().string()) >= 0 && entry->is_directory(ignored))
      return true;
  }
  return false;
}

fleet::Result<TileSet> measure(const fs::path& path) {
  TileSet set;
  int least = fleet::kTileZoomMax + 1, most = -1;
  std::string found;  // for people, where it is no set
  std::error_code error;
  fs::directory_iterator entry(path, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (found.empty() || name < found) found = name;
    const int zoom = number_of(name);
    if (zoom < 0 || zoom > fleet::kTileZoomMax || !has_column(entry->path())) continue;
    least = std::min(least, zoom);
    most = std::max(most, zoom);
  }
  if (error) return fleet::Error{path.string() + ": " + error.message(), error.value()};
  if (most < 0)
    return fleet::Error{path.string() + ": expected folders of zooms with columns in them, " +
                        "Z/X/Y.png; found " +
                        (found.empty() ? std::string("nothing") : "\"" + found + "\"")};
  set.zoom_min = least;
  set.zoom_max = most;
  return set;
}

/// Nothing is wrong with a folder without it.
fleet::Result<void> read_words(const fs::path& path, TileSet& set) {
  const fs::path file = path / "metadata.json";
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) return {};
  if (size > kSetJsonMax)
    return fleet::Error{file.string() + ": " + std::to_string(size) + " bytes; at most " +
                        std::to_string(kSetJsonMax) + " are taken"};
  auto json = read_file(file);
  if (!json) return json.error();
  auto words = parse_set_json(*json);
  if (!words) return fleet::Error{file.string() + ": " + words.error().what};
  // The folders are what is there.
  words->erase("minzoom");
  words->erase("maxzoom");
  describe(set, *words);
  return {};
}

}  // namespace

fleet::Result<std::unique_ptr<TileSource>> open_tile_folder(const fs::path& path) {
  auto set = measure(path);
  if (!set) return set.error();
  set->name = fs::absolute(path / "").parent_path().filename().string();
  if (auto read = read_words(path, *set); !read) return read.error();
  return std::unique_ptr<TileSource>(std::make_unique<TileFolder>(path, std::move(*set)));
}

}  // namespace net
