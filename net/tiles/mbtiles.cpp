#include "net/tiles/mbtiles.hpp"

#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/store/sqlite.hpp"
#include "net/tiles/part_file.hpp"
#include "net/tiles/picture.hpp"
#include "net/tiles/set_words.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::QueryBounds;
using sqlite::Statement;

/// Rows of metadata that are looked at: real sets have a dozen.
constexpr int kMetadataRowsMax = 1000;

/// A little more than a picture may have: one that is just too large is told in its own words.
constexpr int kValueBytesMax = static_cast<int>(kTileBytesMax) + (1 << 16);

/// A connection and its question.
struct Reader {
  std::unique_ptr<QueryBounds> bounds;
  Database db;
  Statement tile;
};

class MbtilesSource final : public TileSource {
 public:
  MbtilesSource(fs::path path, Database::Mode mode, TileSet about, std::int64_t tile_steps_max)
      : path_(std::move(path)),
        mode_(mode),
        about_(std::move(about)),
        tile_steps_max_(tile_steps_max) {}

  const TileSet& about() const override { return about_; }
  fleet::Result<std::vector<std::byte>> load(fleet::TileId tile) override;
  void stop() override { stopped_ = true; }

 private:
  /// One that nobody uses, or a new one.
  fleet::Result<std::unique_ptr<Reader>> take();
  fleet::Result<std::vector<std::byte>> read(Reader& reader, fleet::TileId tile) const;

  const fs::path path_;
  const Database::Mode mode_;
  const TileSet about_;
  const std::int64_t tile_steps_max_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;
};

fleet::Result<std::unique_ptr<Reader>> MbtilesSource::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  auto db = Database::open(path_, mode_);
  if (!db) return db.error();
  auto bounds = std::make_unique<QueryBounds>(QueryBounds{&stopped_, tile_steps_max_});
  db->bound(*bounds, kValueBytesMax);
  auto statement = db->prepare(
      "SELECT tile_data FROM tiles WHERE zoom_level=? AND tile_column=? AND tile_row=?");
  if (!statement) return statement.error();
  return std::make_unique<Reader>(Reader{std::move(bounds), std::move(*db), std::move(*statement)});
}

fleet::Result<std::vector<std::byte>> MbtilesSource::read(Reader& reader,
                                                          fleet::TileId tile) const {
  auto row = reader.tile.bind(1, tile.zoom)
                 .bind(2, std::int64_t{tile.x})
                 .bind(3, std::int64_t{row_from_south(tile)})
                 .step();
  if (!row) return fleet::Error{row.error().what + ", tile " + tile_name(tile)};
  const std::string_view blob = *row ? reader.tile.blob(0) : std::string_view();
  const auto bytes = std::as_bytes(std::span(blob));
  if (bytes.empty()) return std::vector<std::byte>();
  if (auto sound = check_picture(bytes, path_.string(), tile); !sound) return sound.error();
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

fleet::Result<std::vector<std::byte>> MbtilesSource::load(fleet::TileId tile) {
  if (!tile_exists(tile)) return std::vector<std::byte>();
  const fleet::Error stopped{path_.string() + ": tile " + tile_name(tile) + ": stopped"};
  if (stopped_) return stopped;
  auto reader = take();
  if (!reader) return reader.error();
  (*reader)->bounds->steps_left = tile_steps_max_;
  auto bytes = read(**reader, tile);
  (*reader)->tile.rewind();  // holds no lock while it is idle
  if (stopped_) return stopped;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(*reader));
  return bytes;
}

fleet::Result<bool> has_table(Database& db, std::string_view name) {
  auto statement =
      db.prepare("SELECT 1 FROM sqlite_master WHERE name=? AND type IN ('table','view')");
  if (!statement) return statement.error();
  return statement->bind_text(1, name).step();
}

fleet::Result<SetWords> read_words(Database& db) {
  SetWords words;
  auto there = has_table(db, "metadata");
  if (!there) return there.error();
  if (!*there) return words;
  auto statement = db.prepare("SELECT name, value FROM metadata");
  if (!statement) return statement.error();
  for (int rows = 0; rows < kMetadataRowsMax; ++rows) {
    auto row = statement->step();
    if (!row) return row.error();
    if (!*row) break;
    words[statement->text(0)] = statement->text(1);
  }
  return words;
}

/// The zooms of the tiles themselves; with an index each is one look at its end.
fleet::Result<void> measure_zooms(Database& db, const std::string& path, TileSet& set) {
  auto least = db.number("SELECT min(zoom_level) FROM tiles");
  if (!least) return least.error();
  auto most = db.number("SELECT max(zoom_level) FROM tiles");
  if (!most) return most.error();
  if (!least->has_value() || !most->has_value())
    return fleet::Error{path + ": the set has no tiles"};
  if (**least < 0 || **least > fleet::kTileZoomMax)
    return fleet::Error{path + ": its tiles are of zooms " + std::to_string(**least) + " to " +
                        std::to_string(**most) + "; expected 0 to " +
                        std::to_string(fleet::kTileZoomMax)};
  set.zoom_min = static_cast<int>(**least);
  set.zoom_max = static_cast<int>(std::min<std::int64_t>(**most, fleet::kTileZoomMax));
  return {};
}

/// What the tiles of the deepest zoom cover.
fleet::Result<void> measure_bounds(Database& db, TileSet& set) {
  auto statement = db.prepare(
      "SELECT min(tile_column), max(tile_column), min(tile_row), max(tile_row), count(*)"
      " FROM tiles WHERE zoom_level=?");
  if (!statement) return statement.error();
  auto row = statement->bind(1, set.zoom_max).step();
  if (!row) return row.error();
  const std::int64_t end = std::int64_t{1} << set.zoom_max;
  std::int64_t edges[4];
  for (int i = 0; i < 4; ++i) {
    edges[i] = statement->integer(i);
    if (edges[i] < 0 || edges[i] >= end) return {};  // the whole world, then
  }
  if (statement->integer(4) == 0) return {};
  const auto at = [&](int i) { return static_cast<std::uint32_t>(edges[i]); };
  const auto north = [&](int i) { return static_cast<std::uint32_t>(end - 1 - edges[i]); };
  const Bounds bounds = bounds_of(set.zoom_max, at(0), at(1), north(3), north(2));
  set.south_west = bounds.south_west;
  set.north_east = bounds.north_east;
  return {};
}

/// Refuses a set of vectors, and one of no pictures at all, by its words and its first tile.
fleet::Result<void> check_kind(Database& db, const std::string& path, const SetWords& words) {
  const fleet::Error vectors{path +
                             ": this is a set of vector tiles; expected pictures (PNG, JPEG, "
                             "WebP)"};
  const auto format = words.find("format");
  if (format != words.end() && (format->second == "pbf" || format->second == "mvt")) return vectors;
  auto statement = db.prepare("SELECT tile_data FROM tiles LIMIT 1");
  if (!statement) return statement.error();
  auto row = statement->step();
  if (!row) return row.error();
  if (!*row) return fleet::Error{path + ": the set has no tiles"};
  const std::string_view first = statement->blob(0);
  switch (picture_kind(std::as_bytes(std::span(first)))) {
    case PictureKind::packed:
      return vectors;
    case PictureKind::other:
      return fleet::Error{path + ": its tiles are no pictures; expected PNG, JPEG or WebP"};
    default:
      return {};
  }
}

fleet::Result<TileSet> read_about(Database& db, const fs::path& path) {
  auto tiles = has_table(db, "tiles");
  if (!tiles) return tiles.error();
  if (!*tiles)
    return fleet::Error{path.string() +
                        ": expected the table or view \"tiles\" of an MBTiles set;" +
                        " this database has none"};
  auto words = read_words(db);
  if (!words) return words.error();
  if (auto kind = check_kind(db, path.string(), *words); !kind) return kind.error();
  TileSet set;
  set.name = path.stem().string();
  const auto least = zoom_of(*words, "minzoom"), most = zoom_of(*words, "maxzoom");
  if (!least || !most || *least > *most) {
    words->erase("minzoom");
    words->erase("maxzoom");
    if (auto measured = measure_zooms(db, path.string(), set); !measured) return measured.error();
  }
  describe(set, *words);
  const auto bounds = words->find("bounds");
  if (bounds == words->end() || !parse_bounds(bounds->second)) {
    if (auto measured = measure_bounds(db, set); !measured) return measured.error();
  }
  return set;
}

fleet::Result<void> check_magic(const fs::path& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  auto file = PartFile::open(path);
  if (!file) return file.error();
  if (file->size_bytes() >= kMagic.size()) {
    auto bytes = file->read(0, kMagic.size());
    if (!bytes) return bytes.error();
    if (std::memcmp(bytes->data(), kMagic.data(), kMagic.size()) == 0) return {};
  }
  return fleet::Error{path.string() + ": this is no MBTiles set; expected an SQLite database"};
}

}  // namespace

fleet::Result<std::unique_ptr<TileSource>> open_mbtiles(const fs::path& path,
                                                        const MbtilesBounds& bounds) {
  if (auto sqlite = check_magic(path); !sqlite) return sqlite.error();
  // With locks, as another program may be writing the set. One that was left with its journal in
  // another form cannot be opened so where nothing can be written; nobody else writes there either.
  for (const auto mode : {Database::Mode::read, Database::Mode::frozen}) {
    QueryBounds opening{nullptr, bounds.open_steps};
    auto db = Database::open(path, mode);
    if (!db) return db.error();
    db->bound(opening, kValueBytesMax);
    auto about = read_about(*db, path);
    if (about)
      return std::unique_ptr<TileSource>(
          std::make_unique<MbtilesSource>(path, mode, std::move(*about), bounds.tile_steps));
    if (mode == Database::Mode::frozen || !db->cannot_open() || fs::exists(path.string() + "-wal"))
      return about.error();
  }
  return fleet::Error{path.string() + ": cannot be opened"};
}

}  // namespace net
