// GpuPoints: the points as they lie on the GPU. Only slots that changed are uploaded.
// Main thread with a current context.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/gl/gl_objects.hpp"
#include "render/map_frame.hpp"

namespace render {

/// A run of neighbouring slots, uploaded in one call.
struct SlotRange {
  std::uint32_t first = 0, count = 0;
  bool operator==(const SlotRange&) const = default;
};

/// Changed slots as few runs: gaps up to `gap` slots are closed, since a call costs more than a
/// few unchanged points. Slots at or beyond `count` are left out.
std::vector<SlotRange> slot_ranges(std::span<const std::uint32_t> changed, std::uint32_t count,
                                   std::uint32_t gap = 16);

class GpuPoints {
 public:
  void set(std::span<const PointInstance> points, std::span<const std::uint32_t> changed, bool all);
  /// Uploads what is due and binds the points where the shaders look for them.
  void upload();
  std::span<const PointInstance> points() const { return points_; }
  /// Grows with each change.
  std::uint64_t version() const { return version_; }
  std::uint32_t count() const { return static_cast<std::uint32_t>(points_.size()); }
  std::size_t size_bytes() const { return buffer_.size_bytes(); }
  /// Forgets the GL objects; upload() makes them again from what is held here.
  void reset();

 private:
  std::vector<PointInstance> points_;
  std::vector<std::uint32_t> due_;
  bool all_due_ = true;
  std::uint64_t version_ = 0;
  Buffer buffer_;
};

}  // namespace render
