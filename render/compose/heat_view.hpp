// HeatInView: how much of what the heat shows stands on the screen. No GL.
//
// The sum over the machines or places whose own place is in view, whatever form the heat is drawn
// in: exact, and whole for machines. Machines count where they are or glide to.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "render/compose/heat_places.hpp"

namespace render {

class HeatInView {
 public:
  /// One pass over the points or places when the camera or they changed, else what it was.
  /// points_version: grows with each change of the points. 0 without heat.
  double update(const MapFrame& frame, std::span<const PointInstance> points,
                std::uint64_t points_version, const HeatPlaces& places);

 private:
  Camera camera_;
  std::optional<HeatOf> of_;
  std::uint64_t version_ = 0;
  double sum_ = 0;
};

}  // namespace render
