// Image: a picture in memory, and PNG. Pure data, no GL.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fleet/result.hpp"

namespace render {

/// Pixels as bytes R, G, B, A (sRGB, alpha not premultiplied), row 0 = top.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;  ///< width * height * 4

  static Image blank(int width, int height);
  /// x, y inside the picture.
  std::span<std::uint8_t, 4> at(int x, int y);
  std::span<const std::uint8_t, 4> at(int x, int y) const;
  bool operator==(const Image&) const = default;
};

/// The widest and highest picture read or written: the largest texture GL 4.5 must offer.
inline constexpr int kImageSidePxMax = 16384;

/// An opaque picture is written without its alpha channel.
fleet::Result<std::vector<std::byte>> encode_png(const Image& image);
/// Any PNG, as RGBA of 8 bits. Error: not a PNG, broken, larger than side_px_max a side (checked
/// before memory is taken).
fleet::Result<Image> decode_png(std::span<const std::byte> bytes,
                                int side_px_max = kImageSidePxMax);

/// Errors name the path. A picture that could not be written whole is not left behind.
fleet::Result<void> write_png(const std::string& path, const Image& image);
fleet::Result<Image> read_png(const std::string& path);

}  // namespace render
