#include "net/tiles/pmtiles.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/tiles/directory_cache.hpp"
#include "net/tiles/inflate.hpp"
#include "net/tiles/part_file.hpp"
#include "net/tiles/picture.hpp"
#include "net/tiles/pmtiles_format.hpp"

namespace net {
namespace {

using pmtiles::Entry;
using pmtiles::Packing;
using pmtiles::Part;

class PmtilesSource final : public TileSource {
 public:
  PmtilesSource(std::string path, PartFile file, pmtiles::Header header)
      : path_(std::move(path)),
        file_(std::move(file)),
        header_(header),
        leaves_(kPmtilesCacheBytes) {}

  /// Reads the root directory and the words. Once, before anything else.
  fleet::Result<void> start();

  const TileSet& about() const override { return about_; }
  fleet::Result<std::vector<std::byte>> load(fleet::TileId tile) override;

 private:
  fleet::Error error(const std::string& what) const { return {path_ + ": " + what}; }
  /// A part of the file, unpacked, of at most bytes_max either way.
  fleet::Result<std::vector<std::byte>> read(Part part, Packing packing,
                                             std::size_t bytes_max) const;
  fleet::Result<std::vector<Entry>> read_directory(Part part) const;
  /// What the leaf that `entry` leads to has for the tile.
  fleet::Result<std::optional<Entry>> find_in_leaf(const Entry& leaf, std::uint64_t number);
  /// Where an entry lies, if that is within its part of the file.
  fleet::Result<Part> within(const Part& whole, const Entry& entry, const char* what) const;

  const std::string path_;
  const PartFile file_;
  const pmtiles::Header header_;
  std::vector<Entry> root_;
  pmtiles::DirectoryCache leaves_;
  TileSet about_;
};

fleet::Result<std::vector<std::byte>> PmtilesSource::read(Part part, Packing packing,
                                                          std::size_t bytes_max) const {
  if (part.length > bytes_max)
    return error(std::to_string(part.length) + " bytes at " + std::to_string(part.offset) +
                 " are more than the " + std::to_string(bytes_max) + " that are taken");
  auto bytes = file_.read(part.offset, static_cast<std::size_t>(part.length));
  if (!bytes || packing == Packing::none) return bytes;
  auto plain = gunzip(*bytes, bytes_max);
  if (!plain) return error("at " + std::to_string(part.offset) + ": " + plain.error().what);
  return plain;
}

fleet::Result<std::vector<Entry>> PmtilesSource::read_directory(Part part) const {
  auto bytes = read(part, header_.directory_packing, pmtiles::kDirectoryBytesMax);
  if (!bytes) return bytes.error();
  auto entries = pmtiles::decode_directory(*bytes);
  if (!entries) return error("at " + std::to_string(part.offset) + ": " + entries.error().what);
  return entries;
}

fleet::Result<void> PmtilesSource::start() {
  auto root = read_directory(header_.root);
  if (!root) return root.error();
  if (root->empty()) return error("the set has no tiles");
  root_ = std::move(*root);
  about_.name = std::filesystem::path(path_).stem().string();
  about_.zoom_min = header_.zoom_min;
  about_.zoom_max = header_.zoom_max;
  about_.south_west = header_.bounds.south_west;
  about_.north_east = header_.bounds.north_east;
  if (header_.metadata.length == 0) return {};
  auto json = read(header_.metadata, header_.directory_packing, kSetJsonMax);
  if (!json) return json.error();
  if (json->empty()) return {};
  auto words =
      parse_set_json(std::string_view(reinterpret_cast<const char*>(json->data()), json->size()));
  if (!words) return error("its metadata: " + words.error().what);
  // Zooms and bounds are the header's.
  for (const char* const key : {"bounds", "minzoom", "maxzoom"}) words->erase(key);
  describe(about_, *words);
  return {};
}

fleet::Result<Part> PmtilesSource::within(const Part& whole, const Entry& entry,
                                          const char* what) const {
  if (entry.length > whole.length || entry.offset > whole.length - entry.length)
    return error(std::string("a ") + what + " is said to be " + std::to_string(entry.length) +
                 " bytes at " + std::to_string(entry.offset) + " of " +
                 std::to_string(whole.length) + "; the directory is damaged");
  return Part{whole.offset + entry.offset, entry.length};
}

fleet::Result<std::optional<Entry>> PmtilesSource::find_in_leaf(const Entry& leaf,
                                                                std::uint64_t number) {
  if (const auto found = leaves_.find(leaf.offset, number); found.held) return found.entry;
  auto part = within(header_.leaves, leaf, "leaf directory");
  if (!part) return part.error();
  auto entries = read_directory(*part);
  if (!entries) return entries.error();
  const auto entry = pmtiles::find(*entries, number);
  leaves_.put(leaf.offset, std::move(*entries));
  return entry;
}

fleet::Result<std::vector<std::byte>> PmtilesSource::load(fleet::TileId tile) {
  if (!tile_exists(tile)) return std::vector<std::byte>();
  const std::uint64_t number = pmtiles::tile_number(tile);
  std::optional<Entry> entry = pmtiles::find(root_, number);
  for (int depth = 1; entry && entry->run == 0; ++depth) {
    if (depth == pmtiles::kDirectoryDepthMax)
      return error("tile " + tile_name(tile) + " lies behind more than " +
                   std::to_string(pmtiles::kDirectoryDepthMax) + " directories; it is damaged");
    auto next = find_in_leaf(*entry, number);
    if (!next) return next.error();
    entry = *next;
  }
  if (!entry) return std::vector<std::byte>();
  auto part = within(header_.tiles, *entry, "tile");
  if (!part) return part.error();
  auto picture = read(*part, header_.tile_packing, kTileBytesMax);
  if (!picture) return picture;
  if (auto sound = check_picture(*picture, path_, tile); !sound) return sound.error();
  return picture;
}

}  // namespace

fleet::Result<std::unique_ptr<TileSource>> open_pmtiles(const std::filesystem::path& path) {
  auto file = PartFile::open(path);
  if (!file) return file.error();
  const auto length = std::min<std::uint64_t>(file->size_bytes(), pmtiles::kHeaderBytes);
  auto bytes = file->read(0, static_cast<std::size_t>(length));
  if (!bytes) return bytes.error();
  auto header = pmtiles::decode_header(*bytes, file->size_bytes());
  if (!header) return fleet::Error{path.string() + ": " + header.error().what};
  auto source = std::make_unique<PmtilesSource>(path.string(), std::move(*file), *header);
  if (auto started = source->start(); !started) return started.error();
  return std::unique_ptr<TileSource>(std::move(source));
}

}  // namespace net
