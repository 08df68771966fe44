// Pictures from the GPU to memory. Waits for the GPU: for screenshots, tests and the CPU composer.
#pragma once

#include <span>

#include "render/gl/gl_objects.hpp"
#include "render/image.hpp"

namespace render {

/// A framebuffer of GL (row 0 = bottom, e.g. what MapRenderer::draw was given), turned upright.
/// Alpha is set to 255: what the screen shows.
Image image_from_framebuffer(unsigned framebuffer, int width, int height);

/// A texture as it is in memory, row 0 first. GL_RGBA8 only. out: width * height * 4 bytes.
void read_texture(const Texture& texture, std::span<std::uint8_t> out);

}  // namespace render
