// Pictures in any of the formats that map tiles come in. Pure data, no GL; any thread.
#pragma once

#include <cstddef>
#include <span>

#include "fleet/result.hpp"
#include "render/image.hpp"

namespace render {

/// PNG, JPEG or WebP, told apart by how the bytes begin. side_px_max: the widest and highest that
/// is taken, checked before memory is. Error: no such format, broken, too large, a JPEG in inks
/// (CMYK), an animation.
fleet::Result<Image> decode_image(std::span<const std::byte> bytes,
                                  int side_px_max = kImageSidePxMax);

/// Whole pictures only: one that ends early is broken. As decode_image.
fleet::Result<Image> decode_jpeg(std::span<const std::byte> bytes, int side_px_max);
fleet::Result<Image> decode_webp(std::span<const std::byte> bytes, int side_px_max);

}  // namespace render
