// SplatKernels: the light of a point, tabulated for every status and quarter-pixel place. No GL.
#pragma once

#include <span>
#include <vector>

#include "render/compose/look.hpp"

namespace render {

/// Rows of one kernel are padded with zeros to whole vectors.
inline constexpr int kKernelRowAlign = 8;

class SplatKernels {
 public:
  /// Forgets all kernels if the look differs from the last one.
  void set_look(const PointLook& look);
  /// Makes the kernels of a status that are not made yet. Call before the lanes draw.
  void make(int status);

  /// Pixels a kernel covers on each side of the point's own pixel.
  int reach() const { return reach_; }
  int size() const { return 2 * reach_ + 1; }
  /// Floats from row to row, zero beyond size().
  int stride() const { return stride_; }
  /// First row of the kernel for a point at quarter (sub_x, sub_y) of its pixel.
  const float* at(int status, int sub_x, int sub_y) const {
    return values_.data() + offset(status, sub_x, sub_y);
  }
  const PointLook& look() const { return look_; }

 private:
  std::size_t offset(int status, int sub_x, int sub_y) const {
    const auto index = static_cast<std::size_t>((status * kSubPixels + sub_y) * kSubPixels + sub_x);
    return index * static_cast<std::size_t>(size() * stride_);
  }
  void tabulate(const StatusShape& shape);

  PointLook look_;
  bool has_look_ = false;
  bool made_[kPointStatusCount] = {};
  int reach_ = 0, stride_ = 0;
  std::vector<float> values_;
  std::vector<float> profile_;  // light by squared distance, in 64ths of a square pixel
};

}  // namespace render
