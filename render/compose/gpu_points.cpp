#include "render/compose/gpu_points.hpp"

#include <algorithm>

namespace render {
namespace {

constexpr GLuint kPointsBinding = 0;  // as in compose_look.glsl

}  // namespace

std::vector<SlotRange> slot_ranges(std::span<const std::uint32_t> changed, std::uint32_t count,
                                   std::uint32_t gap) {
  std::vector<std::uint32_t> slots(changed.begin(), changed.end());
  std::sort(slots.begin(), slots.end());
  std::vector<SlotRange> ranges;
  for (const std::uint32_t slot : slots) {
    if (slot >= count) break;
    if (!ranges.empty() && slot <= ranges.back().first + ranges.back().count + gap) {
      ranges.back().count = std::max(ranges.back().count, slot - ranges.back().first + 1);
    } else {
      ranges.push_back({slot, 1});
    }
  }
  return ranges;
}

void GpuPoints::set(std::span<const PointInstance> points, std::span<const std::uint32_t> changed,
                    bool all) {
  if (all || !changed.empty() || points.size() != points_.size()) ++version_;
  if (all) {
    points_.assign(points.begin(), points.end());
    all_due_ = true;
    return;
  }
  points_.resize(points.size());
  for (const std::uint32_t slot : changed) {
    if (slot < points.size()) points_[slot] = points[slot];
  }
  due_.insert(due_.end(), changed.begin(), changed.end());
  // Frames may be skipped while ticks come in: what is due then stays bounded.
  if (due_.size() > points_.size()) all_due_ = true;
}

void GpuPoints::upload() {
  const std::size_t wanted = std::max<std::size_t>(points_.size(), 1) * sizeof(PointInstance);
  if (buffer_.size_bytes() < wanted) {
    // A quarter more than needed: a growing fleet does not make a new buffer each time.
    buffer_ = Buffer("points", wanted + wanted / 4);
    all_due_ = true;
  }
  if (all_due_ && !points_.empty()) {
    buffer_.update(0, points_.size() * sizeof(PointInstance), points_.data());
  } else {
    for (const SlotRange& range : slot_ranges(due_, count())) {
      buffer_.update(range.first * sizeof(PointInstance), range.count * sizeof(PointInstance),
                     &points_[range.first]);
    }
  }
  due_.clear();
  all_due_ = false;
  glBindBufferBase(GL_SHADER_STORAGE_BUFFER, kPointsBinding, buffer_.id());
}

void GpuPoints::reset() {
  buffer_.reset();
  all_due_ = true;
}

}  // namespace render
