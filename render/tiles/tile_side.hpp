// TileSide: how many pixels wide the pictures of a tile set are. It decides which zoom a view
// shows. Pure, no GL.
//
// A set that says it is believed. Else most pictures decide, not the first: that one may be the
// small blank of an empty place, or of another size in a set that was put together from two. A
// picture of any size fills its place all the same.
#pragma once

#include <array>
#include <cstdint>

namespace render {

/// What most sets have, until the first picture tells.
inline constexpr int kUsualTilePx = 256;
/// The sides that count; smaller and larger pictures are taken for these.
inline constexpr int kLeastTilePx = 128, kMostTilePx = 1024;
/// Smaller pictures are blanks, and tell nothing.
inline constexpr int kBlankBelowPx = 32;
/// So many pictures more than twice as many as of the size taken for the set's change that: all of
/// the view is asked for anew then.
inline constexpr std::uint64_t kTileSideSure = 8;

class TileSide {
 public:
  /// told_px: by the set itself; 0: not.
  explicit TileSide(int told_px);

  int px() const { return px_ > 0 ? px_ : kUsualTilePx; }
  /// A picture came. True: px() changed.
  bool add(int width_px);

 private:
  bool told_;
  int px_;                                 // 0: nothing came yet
  std::array<std::uint64_t, 4> counts_{};  // of kLeastTilePx, twice that ... kMostTilePx
};

}  // namespace render
