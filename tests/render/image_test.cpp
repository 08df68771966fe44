#include "render/image.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

namespace {

using render::Image;

Image gradient(int width, int height, std::uint8_t alpha) {
  Image image = Image::blank(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto pixel = image.at(x, y);
      pixel[0] = static_cast<std::uint8_t>(x);
      pixel[1] = static_cast<std::uint8_t>(y);
      pixel[2] = static_cast<std::uint8_t>(x ^ y);
      pixel[3] = alpha;
    }
  }
  return image;
}

TEST(Image, ComesBackFromPngAsItWasWithAndWithoutTransparency) {
  for (const std::uint8_t alpha : {std::uint8_t{255}, std::uint8_t{77}}) {
    const Image image = gradient(37, 11, alpha);

    const auto bytes = render::encode_png(image);
    ASSERT_TRUE(bytes.ok());
    const auto back = render::decode_png(bytes.value());

    ASSERT_TRUE(back.ok()) << back.error().what;
    EXPECT_EQ(back.value(), image);
  }
}

TEST(Image, IsWrittenWithoutAnAlphaChannelWhenOpaque) {
  constexpr std::size_t kColourTypeOffset = 25;  // in IHDR: 2 = RGB, 6 = RGBA

  const auto opaque = render::encode_png(gradient(4, 4, 255));
  const auto clear = render::encode_png(gradient(4, 4, 0));

  EXPECT_EQ(opaque.value()[kColourTypeOffset], std::byte{2});
  EXPECT_EQ(clear.value()[kColourTypeOffset], std::byte{6});
}

TEST(Image, RefusesToWriteAPictureWithoutPixelsOrBeyondTheLargestSide) {
  EXPECT_FALSE(render::encode_png(Image::blank(0, 5)).ok());
  EXPECT_TRUE(render::encode_png(Image::blank(render::kImageSidePxMax, 1)).ok());
  EXPECT_FALSE(render::encode_png(Image::blank(render::kImageSidePxMax + 1, 1)).ok());
}

TEST(Image, SaysThatBytesAreNotAPng) {
  const std::vector<std::byte> bytes(100, std::byte{0x41});

  const auto image = render::decode_png(bytes);

  ASSERT_FALSE(image.ok());
  EXPECT_NE(image.error().what.find("not a readable PNG"), std::string::npos);
}

TEST(Image, RefusesAPngCutShortAtEveryLength) {
  const auto bytes = render::encode_png(gradient(9, 9, 255));
  ASSERT_TRUE(bytes.ok());

  // The last 12 bytes are the empty end chunk: pixels are whole without it.
  for (std::size_t size = 0; size + 12 < bytes.value().size(); ++size) {
    EXPECT_FALSE(render::decode_png(std::span(bytes.value()).first(size)).ok()) << size;
  }
}

TEST(Image, RefusesAPngThatClaimsToBeLargerThanTheLimit) {
  auto bytes = render::encode_png(gradient(4, 4, 255));
  ASSERT_TRUE(bytes.ok());
  const unsigned char width[4] = {0, 0, 0x40, 0x01};  // 16385, with a checksum that is now wrong
  std::memcpy(bytes.value().data() + 16, width, 4);

  EXPECT_FALSE(render::decode_png(bytes.value()).ok());
}

TEST(Image, NamesTheFileThatCannotBeReadOrWritten) {
  const auto missing = render::read_png("/nowhere/picture.png");
  const auto unwritable = render::write_png("/nowhere/picture.png", gradient(2, 2, 255));

  ASSERT_FALSE(missing.ok());
  ASSERT_FALSE(unwritable.ok());
  EXPECT_NE(missing.error().what.find("/nowhere/picture.png"), std::string::npos);
  EXPECT_NE(unwritable.error().what.find("/nowhere/picture.png"), std::string::npos);
}

}  // namespace
