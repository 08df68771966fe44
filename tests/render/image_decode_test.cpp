#include "render/image_decode.hpp"

#include <gtest/gtest.h>

// libjpeg's header takes size_t and FILE from whoever includes it.
#include <cstddef>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>
#include <webp/encode.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace {

using render::Image;
using Bytes = std::vector<std::byte>;

Image soft_picture(int width, int height) {
  Image image = Image::blank(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto pixel = image.at(x, y);
      pixel[0] = static_cast<std::uint8_t>(40 + 150 * x / width);
      pixel[1] = static_cast<std::uint8_t>(60 + 150 * y / height);
      pixel[2] = 90;
      pixel[3] = 255;
    }
  }
  return image;
}

Bytes bytes_of(const unsigned char* data, std::size_t size) {
  Bytes bytes(size);
  std::memcpy(bytes.data(), data, size);
  return bytes;
}

struct JpegKind {
  J_COLOR_SPACE space = JCS_EXT_RGBA;
  int components = 4;
  bool progressive = false;
};

Bytes jpeg_of(const Image& image, JpegKind kind = {}) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &data, &size);
  info.image_width = static_cast<JDIMENSION>(image.width);
  info.image_height = static_cast<JDIMENSION>(image.height);
  info.input_components = kind.components;
  info.in_color_space = kind.space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 95, TRUE);
  if (kind.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  std::vector<unsigned char> row(static_cast<std::size_t>(image.width * kind.components));
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      for (int c = 0; c < kind.components; ++c) {
        row[static_cast<std::size_t>(x * kind.components + c)] =
            image.at(x, y)[static_cast<std::size_t>(std::min(c, 3))];
      }
    }
    JSAMPROW at = row.data();
    jpeg_write_scanlines(&info, &at, 1);
  }
  jpeg_finish_compress(&info);
  Bytes bytes = bytes_of(data, size);
  jpeg_destroy_compress(&info);
  std::free(data);
  return bytes;
}

Bytes webp_of(const Image& image) {
  std::uint8_t* data = nullptr;
  const std::size_t size =
      WebPEncodeLosslessRGBA(image.rgba.data(), image.width, image.height, image.width * 4, &data);
  Bytes bytes = bytes_of(data, size);
  WebPFree(data);
  return bytes;
}

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i) sum += std::abs(a.rgba[i] - b.rgba[i]);
  return sum / static_cast<double>(a.rgba.size());
}

TEST(ImageDecode, TellsFormatsByHowTheyBegin) {
  const Image picture = soft_picture(61, 40);

  const auto png = render::decode_image(render::encode_png(picture).value());
  const auto webp = render::decode_image(webp_of(picture));
  const auto jpeg = render::decode_image(jpeg_of(picture));
  const auto slow = render::decode_image(jpeg_of(picture, {.progressive = true}));

  ASSERT_TRUE(png.ok());
  EXPECT_EQ(*png, picture);
  ASSERT_TRUE(webp.ok()) << webp.error().what;
  EXPECT_EQ(*webp, picture);
  for (const auto& lossy : {jpeg, slow}) {
    ASSERT_TRUE(lossy.ok()) << lossy.error().what;
    EXPECT_EQ(lossy->width, 61);
    EXPECT_EQ(lossy->height, 40);
    EXPECT_LT(mean_difference(*lossy, picture), 2);
  }
}

TEST(ImageDecode, ReadsAGreyJpeg) {
  const auto grey = render::decode_image(
      jpeg_of(soft_picture(16, 16), {.space = JCS_GRAYSCALE, .components = 1}));

  ASSERT_TRUE(grey.ok()) << grey.error().what;
  EXPECT_EQ(grey->at(9, 3)[0], grey->at(9, 3)[2]);
  EXPECT_EQ(grey->at(9, 3)[3], 255);
}

TEST(ImageDecode, RefusesAJpegInInks) {
  const auto inks =
      render::decode_image(jpeg_of(soft_picture(8, 8), {.space = JCS_CMYK, .components = 4}));

  ASSERT_FALSE(inks.ok());
  EXPECT_NE(inks.error().what.find("CMYK"), std::string::npos);
}

TEST(ImageDecode, SaysWhatItFoundInPlaceOfAPicture) {
  const Bytes html = bytes_of(reinterpret_cast<const unsigned char*>("<html>"), 6);

  EXPECT_EQ(render::decode_image(html).error().what,
            "not a picture: expected PNG, JPEG or WebP, found 3c 68 74 6d ...");
  EXPECT_NE(render::decode_image({}).error().what.find("found nothing"), std::string::npos);
}

TEST(ImageDecode, TakesASideAtTheLimitAndRefusesOneAboveIt) {
  for (const auto& [width, height] : {std::pair{64, 20}, {20, 64}}) {
    const Image picture = soft_picture(width, height);
    for (const Bytes& bytes :
         {render::encode_png(picture).value(), jpeg_of(picture), webp_of(picture)}) {
      EXPECT_TRUE(render::decode_image(bytes, 64).ok());
      const auto refused = render::decode_image(bytes, 63);
      ASSERT_FALSE(refused.ok());
      EXPECT_NE(refused.error().what.find("expected at most 63"), std::string::npos);
    }
  }
}

TEST(ImageDecode, NeverTakesAPictureThatEndsEarlyForAWholeOne) {
  const Image picture = soft_picture(96, 96);
  for (const Bytes& whole : {render::encode_png(picture).value(), jpeg_of(picture),
                             jpeg_of(picture, {.progressive = true}), webp_of(picture)}) {
    // The last bytes of a PNG say only that it ends.
    for (std::size_t size = 0; size + 16 < whole.size(); size += whole.size() / 40 + 1) {
      EXPECT_FALSE(render::decode_image(std::span(whole).first(size)).ok())
          << size << " of " << whole.size();
    }
  }
}

TEST(ImageDecode, SurvivesBytesThatAreChanged) {
  const Image picture = soft_picture(48, 48);
  std::uint32_t dice = 7;
  for (const Bytes& whole : {render::encode_png(picture).value(), jpeg_of(picture),
                             jpeg_of(picture, {.progressive = true}), webp_of(picture)}) {
    for (int round = 0; round < 300; ++round) {
      Bytes broken = whole;
      for (int i = 0; i < 3; ++i) {
        dice = dice * 1664525 + 1013904223;
        broken[dice % broken.size()] = static_cast<std::byte>(dice >> 24);
      }
      const auto image = render::decode_image(broken, 256);
      if (image.ok()) {
        EXPECT_EQ(image->rgba.size(), static_cast<std::size_t>(image->width * image->height * 4));
      }
    }
  }
}

}  // namespace
