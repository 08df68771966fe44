// GpuHeat: the heat grid made by compute shaders, as HeatGrid makes it on the CPU.
// Main thread with a current context.
#pragma once

#include <string>
#include <vector>

#include "render/compose/heat_grid.hpp"
#include "render/gl/program.hpp"

namespace render {

class GpuHeat {
 public:
  explicit GpuHeat(const std::string& shader_dir);

  /// Needs the points and the frame block bound. Leaves places on the ramp in place().
  /// places: uploaded when their version is not the last one's.
  void make(const MapFrame& frame, std::uint32_t point_count, const HeatPlaces& places);
  const HeatLayout& layout() const { return layout_; }
  const Texture& place() const { return place_; }
  std::size_t size_bytes() const;
  /// Throws when one does not compile, and keeps all as they were.
  void reload_shaders(const std::string& shader_dir) { programs_ = Programs(shader_dir); }

 private:
  void resize();
  void fill_rows(const MapFrame& frame);
  void set_cells(Program& program, double steps_of_one) const;
  void bin_machines(std::uint32_t point_count);
  void bin_places(const MapFrame& frame, const HeatPlaces& places);
  void upload(const HeatPlaces& places);

  struct Programs {
    explicit Programs(const std::string& shader_dir);
    Program bin, bin_places, along, down;
  };
  Programs programs_;
  HeatLayout layout_;
  Texture along_, place_;
  Buffer bins_, rows_, places_;
  std::uint64_t places_version_ = 0;  // what places_ holds, 0 = nothing
  std::vector<float> row_floats_;
};

}  // namespace render
