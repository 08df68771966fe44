#include "render/compose/splat_kernels.hpp"

#include <cmath>
#include <cstring>

namespace render {
namespace {

// Offsets are whole eighths of a pixel (centres at halves, places at quarters): squared distances
// are whole 64ths, so the profile table is exact.
constexpr int kUnit = 2 * kSubPixels;

}  // namespace

void SplatKernels::set_look(const PointLook& look) {
  static_assert(std::is_trivially_copyable_v<PointLook>);
  if (has_look_ && std::memcmp(&look, &look_, sizeof look) == 0) return;
  look_ = look;
  has_look_ = true;
  reach_ = static_cast<int>(std::floor(look.glow_radius + 0.5f));
  stride_ = (size() + kKernelRowAlign - 1) / kKernelRowAlign * kKernelRowAlign;
  for (bool& made : made_) made = false;
}

void SplatKernels::tabulate(const StatusShape& shape) {
  const int reach_units = static_cast<int>(std::ceil(look_.glow_radius * kUnit)) + 1;
  profile_.assign(static_cast<std::size_t>(reach_units * reach_units + 1), 0.0f);
  for (std::size_t i = 0; i < profile_.size(); ++i) {
    const float distance = std::sqrt(static_cast<float>(i)) / kUnit;
    profile_[i] = point_light(shape, look_.softness, look_.glow_radius, distance);
  }
}

void SplatKernels::make(int status) {
  if (made_[status]) return;
  made_[status] = true;
  values_.resize(offset(kPointStatusCount, 0, 0));
  tabulate(look_.shapes[static_cast<std::size_t>(status)]);
  const int last = static_cast<int>(profile_.size()) - 1;
  for (int sub_y = 0; sub_y < kSubPixels; ++sub_y) {
    for (int sub_x = 0; sub_x < kSubPixels; ++sub_x) {
      float* row = values_.data() + offset(status, sub_x, sub_y);
      for (int y = 0; y < size(); ++y, row += stride_) {
        const int dy = (y - reach_) * kUnit + kUnit / 2 - 2 * sub_y;
        for (int x = 0; x < stride_; ++x) {
          const int dx = (x - reach_) * kUnit + kUnit / 2 - 2 * sub_x;
          const int squared = dx * dx + dy * dy;
          row[x] =
              x < size() && squared < last ? profile_[static_cast<std::size_t>(squared)] : 0.0f;
        }
      }
    }
  }
}

}  // namespace render
