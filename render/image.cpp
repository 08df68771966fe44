#include "render/image.hpp"

#include <png.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace render {
namespace {

bool opaque(const Image& image) {
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) {
    if (image.rgba[i] != 255) return false;
  }
  return true;
}

std::vector<std::uint8_t> without_alpha(const Image& image) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(image.rgba.size() / 4 * 3);
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    rgb.insert(rgb.end(), image.rgba.begin() + static_cast<std::ptrdiff_t>(i),
               image.rgba.begin() + static_cast<std::ptrdiff_t>(i) + 3);
  }
  return rgb;
}

// Describes the picture to libpng's simplified interface, which reports errors in `message`.
png_image control_block() {
  png_image control;
  std::memset(&control, 0, sizeof control);
  control.version = PNG_IMAGE_VERSION;
  return control;
}

std::string size_text(unsigned width, unsigned height) {
  return std::to_string(width) + "x" + std::to_string(height);
}

/// Right after it failed: errno says why.
fleet::Error not_written(const std::string& path) {
  const int why = errno;
  return {path + ": cannot be written" + (why != 0 ? std::string(": ") + std::strerror(why) : ""),
          why};
}

}  // namespace

Image Image::blank(int width, int height) {
  assert(width >= 0 && height >= 0);
  const auto bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  return {width, height, std::vector<std::uint8_t>(bytes)};
}

std::span<std::uint8_t, 4> Image::at(int x, int y) {
  assert(x >= 0 && x < width && y >= 0 && y < height);
  const auto pixel =
      static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  return std::span<std::uint8_t, 4>(rgba.data() + pixel * 4, 4);
}

std::span<const std::uint8_t, 4> Image::at(int x, int y) const {
  assert(x >= 0 && x < width && y >= 0 && y < height);
  const auto pixel =
      static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  return std::span<const std::uint8_t, 4>(rgba.data() + pixel * 4, 4);
}

fleet::Result<std::vector<std::byte>> encode_png(const Image& image) {
  if (image.width < 1 || image.height < 1 || image.width > kImageSidePxMax ||
      image.height > kImageSidePxMax) {
    return fleet::Error{"a PNG needs sides of 1 to " + std::to_string(kImageSidePxMax) +
                        " px, this picture has " + std::to_string(image.width) + "x" +
                        std::to_string(image.height)};
  }
  const bool rgb = opaque(image);
  const std::vector<std::uint8_t> packed = rgb ? without_alpha(image) : std::vector<std::uint8_t>();
  const std::uint8_t* pixels = rgb ? packed.data() : image.rgba.data();

  png_image control = control_block();
  control.width = static_cast<png_uint_32>(image.width);
  control.height = static_cast<png_uint_32>(image.height);
  control.format = rgb ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
  std::vector<std::byte> bytes(PNG_IMAGE_PNG_SIZE_MAX(control));
  png_alloc_size_t size = bytes.size();
  if (!png_image_write_to_memory(&control, bytes.data(), &size, 0, pixels, 0, nullptr)) {
    return fleet::Error{std::string("the picture cannot be written as PNG: ") + control.message};
  }
  bytes.resize(size);
  return bytes;
}

fleet::Result<Image> decode_png(std::span<const std::byte> bytes, int side_px_max) {
  png_image control = control_block();
  if (!png_image_begin_read_from_memory(&control, bytes.data(), bytes.size())) {
    return fleet::Error{std::string("not a readable PNG: ") + control.message};
  }
  const auto most = static_cast<png_uint_32>(side_px_max);
  if (control.width > most || control.height > most) {
    png_image_free(&control);
    return fleet::Error{"PNG of " + size_text(control.width, control.height) +
                        " px, expected at most " + std::to_string(side_px_max) + " a side"};
  }
  control.format = PNG_FORMAT_RGBA;
  Image image = Image::blank(static_cast<int>(control.width), static_cast<int>(control.height));
  if (!png_image_finish_read(&control, nullptr, image.rgba.data(), 0, nullptr)) {
    return fleet::Error{std::string("broken PNG: ") + control.message};
  }
  return image;
}

fleet::Result<void> write_png(const std::string& path, const Image& image) {
  const auto bytes = encode_png(image);
  if (!bytes) return fleet::Error{path + ": " + bytes.error().what};
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  if (!file) return not_written(path);
  file.write(reinterpret_cast<const char*>(bytes->data()),
             static_cast<std::streamsize>(bytes->size()));
  file.close();
  if (file) return {};
  const fleet::Error error = not_written(path);
  // Half a picture is none; a device that was named stays.
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) std::filesystem::remove(path, ignored);
  return error;
}

fleet::Result<Image> read_png(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fleet::Error{path + ": cannot be opened"};
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  auto image = decode_png(std::as_bytes(std::span(bytes)));
  if (!image) return fleet::Error{path + ": " + image.error().what};
  return image;
}

}  // namespace render
