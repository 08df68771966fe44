#include "render/image_decode.hpp"

#include <webp/decode.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace render {
namespace {

bool begins(std::span<const std::byte> bytes, std::size_t at, std::string_view magic) {
  return bytes.size() >= at + magic.size() &&
         std::equal(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::byte b) { return static_cast<std::byte>(a) == b; });
}

std::string first_bytes(std::span<const std::byte> bytes) {
  if (bytes.empty()) return "nothing";
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte b : bytes.first(std::min<std::size_t>(bytes.size(), 4))) {
    text += kDigits[std::to_integer<std::size_t>(b) >> 4];
    text += kDigits[std::to_integer<std::size_t>(b) & 15];
    text += ' ';
  }
  return text + "...";
}

}  // namespace

fleet::Result<Image> decode_image(std::span<const std::byte> bytes, int side_px_max) {
  if (begins(bytes, 0, "\x89PNG\r\n\x1a\n")) return decode_png(bytes, side_px_max);
  if (begins(bytes, 0, "\xff\xd8\xff")) return decode_jpeg(bytes, side_px_max);
  if (begins(bytes, 0, "RIFF") && begins(bytes, 8, "WEBP")) return decode_webp(bytes, side_px_max);
  return fleet::Error{"not a picture: expected PNG, JPEG or WebP, found " + first_bytes(bytes)};
}

fleet::Result<Image> decode_webp(std::span<const std::byte> bytes, int side_px_max) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(data, bytes.size(), &features) != VP8_STATUS_OK) {
    return fleet::Error{"not a readable WebP"};
  }
  if (features.has_animation) return fleet::Error{"WebP that moves, expected a still picture"};
  if (features.width > side_px_max || features.height > side_px_max) {
    return fleet::Error{"WebP of " + std::to_string(features.width) + "x" +
                        std::to_string(features.height) + " px, expected at most " +
                        std::to_string(side_px_max) + " a side"};
  }
  Image image = Image::blank(features.width, features.height);
  if (!WebPDecodeRGBAInto(data, bytes.size(), image.rgba.data(), image.rgba.size(),
                          image.width * 4)) {
    return fleet::Error{"broken WebP"};
  }
  return image;
}

}  // namespace render
