// BaseSampler: rows of the screen taken from a base map held in memory, moved and scaled. No GL.
//
// At rest a plain copy; while the camera pans or zooms, bilinear in 8-bit fixed point, as a
// texture unit does it. Beyond the base's edge its last pixel is repeated.
#pragma once

#include <cstdint>
#include <vector>

namespace render {

/// A base map in memory. base_px = origin + screen_px * scale, continuous, y down.
struct BaseView {
  const std::uint32_t* pixels = nullptr;  ///< bytes R, G, B, A; row 0 = top; null = black
  int width = 0, height = 0;
  double origin_x = 0, origin_y = 0, scale = 1;
  std::uint64_t version = 0;
  bool operator==(const BaseView&) const = default;
};

class BaseSampler {
 public:
  /// Prepares for a screen of `screen_width` columns. The pixels stay borrowed until the next call.
  void set(const BaseView& base, int screen_width);
  /// Writes pixels x .. x + count of screen row y. `scratch`: one per thread, grown as needed.
  void row(int y, int x, int count, std::uint32_t* out, std::vector<std::uint32_t>& scratch) const;

 private:
  struct Tap {
    int first;             // texel left of (above) the sample
    std::uint32_t weight;  // of the next one, 0..255 of 256
  };
  Tap tap_at(double origin, int i) const;

  BaseView base_;
  bool unscaled_ = false;
  std::vector<std::int32_t> first_;  // per screen column
  std::vector<std::uint32_t> weight_;
};

}  // namespace render
