#include "render/gl/readback.hpp"

#include <algorithm>
#include <cassert>

namespace render {

Image image_from_framebuffer(unsigned framebuffer, int width, int height) {
  Image image = Image::blank(width, height);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, framebuffer);
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
  const auto row = static_cast<std::ptrdiff_t>(width) * 4;
  for (std::ptrdiff_t top = 0, bottom = height - 1; top < bottom; ++top, --bottom) {
    std::swap_ranges(image.rgba.begin() + top * row, image.rgba.begin() + (top + 1) * row,
                     image.rgba.begin() + bottom * row);
  }
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
  return image;
}

void read_texture(const Texture& texture, std::span<std::uint8_t> out) {
  assert(out.size() == texture.size_bytes());
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glGetTextureImage(texture.id(), 0, GL_RGBA, GL_UNSIGNED_BYTE, static_cast<GLsizei>(out.size()),
                    out.data());
}

}  // namespace render
