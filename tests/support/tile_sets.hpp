// Writes small sets of tiles in each form that is read: for tests, seeds of the fuzz targets,
// benches.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "net/store/sqlite.hpp"
#include "net/tiles/picture.hpp"
#include "net/tiles/pmtiles_format.hpp"

namespace testing_support {

/// What begins like a PNG and holds `text`: as much of a picture as a source looks at.
inline std::string picture(const std::string& text) {
  return std::string("\x89PNG\r\n\x1a\n", 8) + text;
}
inline std::string picture(fleet::TileId tile) {
  return picture(net::tile_name(tile));
}
inline std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

/// All tiles of zooms 0 to `most`, each with its own name in it.
inline std::vector<fleet::TileId> pyramid(int most) {
  std::vector<fleet::TileId> tiles;
  for (int zoom = 0; zoom <= most; ++zoom)
    for (std::uint32_t x = 0; x >> zoom == 0; ++x)
      for (std::uint32_t y = 0; y >> zoom == 0; ++y) tiles.push_back({zoom, x, y});
  return tiles;
}

inline std::string gzip(const std::string& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("deflateInit2");
  std::string packed(deflateBound(&stream, plain.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

inline std::string pmtiles_directory(const std::vector<net::pmtiles::Entry>& entries) {
  std::string out;
  put_varint(out, entries.size());
  std::uint64_t before = 0, behind = 0;
  for (const auto& entry : entries) {
    put_varint(out, entry.tile - before);
    before = entry.tile;
  }
  for (const auto& entry : entries) put_varint(out, entry.run);
  for (const auto& entry : entries) put_varint(out, entry.length);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    put_varint(out, i > 0 && entries[i].offset == behind ? 0 : entries[i].offset + 1);
    behind = entries[i].offset + entries[i].length;
  }
  return out;
}

struct PmtilesShape {
  bool packed = true;     ///< directories and metadata in gzip
  std::size_t leaf = 0;   ///< entries of a leaf directory; 0: all in the root
  bool clustered = true;  ///< pictures in the order of their numbers
  std::string metadata = "{}";
  int zoom_min = 0, zoom_max = 0;
  std::int32_t bounds_e7[4] = {-1800000000, -850000000, 1800000000, 850000000};
  std::uint8_t type = 2;  ///< PNG
  std::uint8_t tile_packing = 1;
};

/// An archive of pictures by tile number; equal ones that follow each other are one run.
class PmtilesWriter {
 public:
  explicit PmtilesWriter(PmtilesShape shape = {}) : shape_(std::move(shape)) {}

  void add(std::uint64_t number, const std::string& bytes) { tiles_[number] = bytes; }
  void add(fleet::TileId tile, const std::string& bytes) {
    add(net::pmtiles::tile_number(tile), bytes);
    shape_.zoom_max = std::max(shape_.zoom_max, tile.zoom);
  }

  std::string bytes() const {
    std::string data, leaves;
    std::vector<net::pmtiles::Entry> root = entries(data);
    if (shape_.leaf > 0) root = split(root, leaves);
    const std::string top = packed(pmtiles_directory(root)), words = packed(shape_.metadata);
    std::string out = header({top.size(), words.size(), leaves.size(), data.size()});
    return out + top + words + leaves + data;
  }

 private:
  std::string packed(const std::string& plain) const { return shape_.packed ? gzip(plain) : plain; }

  std::vector<net::pmtiles::Entry> entries(std::string& data) const {
    std::map<std::string, std::uint64_t> at;
    std::vector<const std::string*> order;
    for (const auto& [number, bytes] : tiles_)
      if (at.emplace(bytes, 0).second) order.push_back(&bytes);
    if (!shape_.clustered) std::reverse(order.begin(), order.end());
    for (const std::string* bytes : order) {
      at[*bytes] = data.size();
      data += *bytes;
    }
    std::vector<net::pmtiles::Entry> all;
    const std::string* before = nullptr;
    for (const auto& [number, bytes] : tiles_) {
      const bool goes_on =
          before != nullptr && *before == bytes && all.back().tile + all.back().run == number;
      if (goes_on)
        ++all.back().run;
      else
        all.push_back({number, at[bytes], static_cast<std::uint32_t>(bytes.size()), 1});
      before = &bytes;
    }
    return all;
  }

  std::vector<net::pmtiles::Entry> split(const std::vector<net::pmtiles::Entry>& all,
                                         std::string& leaves) const {
    std::vector<net::pmtiles::Entry> root;
    for (std::size_t from = 0; from < all.size(); from += shape_.leaf) {
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(from);
      const auto count = std::min(shape_.leaf, all.size() - from);
      const std::string leaf =
          packed(pmtiles_directory({first, first + static_cast<std::ptrdiff_t>(count)}));
      root.push_back({first->tile, leaves.size(), static_cast<std::uint32_t>(leaf.size()), 0});
      leaves += leaf;
    }
    return root;
  }

  std::string header(const std::vector<std::uint64_t>& lengths) const {
    std::string out = "PMTiles\x03";
    const auto put = [&](std::uint64_t value, int count) {
      for (int i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i));
    };
    std::uint64_t offset = net::pmtiles::kHeaderBytes;
    for (const std::uint64_t length : lengths) {
      put(offset, 8);
      put(length, 8);
      offset += length;
    }
    for (int i = 0; i < 3; ++i) put(tiles_.size(), 8);
    put(shape_.clustered ? 1 : 0, 1);
    put(shape_.packed ? 2 : 1, 1);
    put(shape_.tile_packing, 1);
    put(shape_.type, 1);
    put(static_cast<std::uint64_t>(shape_.zoom_min), 1);
    put(static_cast<std::uint64_t>(shape_.zoom_max), 1);
    for (const std::int32_t edge : shape_.bounds_e7) put(static_cast<std::uint32_t>(edge), 4);
    out.resize(net::pmtiles::kHeaderBytes, '\0');
    return out;
  }

  PmtilesShape shape_;
  std::map<std::uint64_t, std::string> tiles_;
};

struct MbtilesShape {
  bool view = false;  ///< `tiles` is a view of a table of places and one of pictures
  bool index = true;
  bool metadata = true;  ///< the table, that is
  std::vector<std::pair<std::string, std::string>> words;
};

inline void must(const fleet::Result<void>& done) {
  if (!done) throw std::runtime_error(done.error().what);
}

/// A set of (tile, bytes) in an MBTiles file.
inline void write_mbtiles(const std::filesystem::path& path, const MbtilesShape& shape,
                          const std::vector<std::pair<fleet::TileId, std::string>>& tiles) {
  auto opened = net::sqlite::Database::open(path, net::sqlite::Database::Mode::create);
  if (!opened) throw std::runtime_error(opened.error().what);
  auto& db = *opened;
  const std::string name = shape.view ? "places" : "tiles";
  must(db.run("PRAGMA synchronous=OFF; BEGIN"));
  must(db.run(("CREATE TABLE " + name +
               "(zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, " +
               (shape.view ? "id INTEGER)" : "tile_data BLOB)"))
                  .c_str()));
  if (shape.view)
    must(
        db.run("CREATE TABLE pictures(id INTEGER PRIMARY KEY, tile_data BLOB);"
               "CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data"
               " FROM places JOIN pictures USING(id)"));
  if (shape.index)
    must(db.run(
        ("CREATE UNIQUE INDEX place ON " + name + "(zoom_level, tile_column, tile_row)").c_str()));
  if (shape.metadata) must(db.run("CREATE TABLE metadata(name TEXT, value TEXT)"));
  for (const auto& [key, value] : shape.words) {
    auto put = db.prepare("INSERT INTO metadata VALUES(?,?)");
    must(put->bind_text(1, key).bind_text(2, value).run());
  }
  std::int64_t id = 0;
  for (const auto& [tile, bytes] : tiles) {
    if (shape.view) {
      auto put = db.prepare("INSERT INTO pictures VALUES(?,?)");
      must(put->bind(1, ++id).bind_blob(2, bytes).run());
    }
    auto put = db.prepare(("INSERT INTO " + name + " VALUES(?,?,?,?)").c_str());
    put->bind(1, tile.zoom)
        .bind(2, std::int64_t{tile.x})
        .bind(3, std::int64_t{net::row_from_south(tile)});
    must(shape.view ? put->bind(4, id).run() : put->bind_blob(4, bytes).run());
  }
  must(db.run("COMMIT"));
}

}  // namespace testing_support
