#include "net/tiles/picture.hpp"

#include <string_view>

namespace net {

using namespace std::string_view_literals;

PictureKind picture_kind(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\x89PNG\r\n\x1a\n"sv)) return PictureKind::png;
  if (text.starts_with("\xff\xd8\xff"sv)) return PictureKind::jpeg;
  if (text.starts_with("RIFF"sv) && text.size() >= 12 && text.substr(8, 4) == "WEBP"sv)
    return PictureKind::webp;
  return text.starts_with("\x1f\x8b"sv) ? PictureKind::packed : PictureKind::other;
}

std::string tile_name(fleet::TileId tile) {
  return std::to_string(tile.zoom) + "/" + std::to_string(tile.x) + "/" + std::to_string(tile.y);
}

bool tile_exists(fleet::TileId tile) {
  return tile.zoom >= 0 && tile.zoom <= fleet::kTileZoomMax && tile.x >> tile.zoom == 0 &&
         tile.y >> tile.zoom == 0;
}

fleet::Result<void> check_picture(std::span<const std::byte> bytes, const std::string& where,
                                  fleet::TileId tile) {
  const std::string name = where + ": tile " + tile_name(tile);
  if (bytes.size() > kTileBytesMax)
    return fleet::Error{name + " has " + std::to_string(bytes.size()) + " bytes; at most " +
                        std::to_string(kTileBytesMax) + " are taken"};
  switch (picture_kind(bytes)) {
    case PictureKind::packed:
      return fleet::Error{name + " is packed (gzip), as vector tiles are; expected a picture: " +
                          "PNG, JPEG or WebP"};
    case PictureKind::other:
      return fleet::Error{name + " is no picture; expected PNG, JPEG or WebP"};
    default:
      return {};
  }
}

}  // namespace net
