// GpuHeat: the heat grid made by compute shaders, as HeatGrid makes it on the CPU.
// Main thread with a current context.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "render/compose/heat_grid.hpp"
#include "render/gl/program.hpp"

namespace render {

class GpuHeat {
 public:
  explicit GpuHeat(const std::string& shader_dir);
  ~GpuHeat();
  GpuHeat(const GpuHeat&) = delete;
  GpuHeat& operator=(const GpuHeat&) = delete;

  /// Needs the points and the frame block bound. Leaves places on the ramp in place().
  void make(const MapFrame& frame, std::uint32_t point_count);
  const HeatLayout& layout() const { return layout_; }
  const Texture& place() const { return place_; }
  /// Sum over the screen, machines: of the newest frame whose sum has arrived. Never waits, but
  /// for the first sum; asked again later, it is that of the last frame.
  double machines();
  std::size_t size_bytes() const;

 private:
  struct Sums {
    Buffer buffer;
    std::size_t count = 0;
    GLsync done = nullptr;
  };
  void resize();
  void fill_rows(const MapFrame& frame);
  void set_cells(Program& program) const;
  Sums& next_sums(std::size_t count);
  bool collect(Sums& sums, std::uint64_t wait_ns);

  // 3: one being written, one on its way, one arrived.
  static constexpr int kRing = 3;
  Program bin_, along_pass_, down_pass_;
  HeatLayout layout_;
  Texture bins_, along_, place_;
  Buffer rows_;
  std::vector<float> row_floats_;
  std::array<Sums, kRing> ring_;
  int next_ = 0;
  bool known_ = false;
  double machines_ = 0;
};

}  // namespace render
