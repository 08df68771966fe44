// A recorded camera path: CSV of t_s,lon,lat,zoom, linear between rows, looped.
#pragma once

#include <string_view>
#include <vector>

#include "fleet/result.hpp"
#include "render/camera.hpp"

namespace viewer {

class CameraPath {
 public:
  struct Stop {
    double t_s, lon_deg, lat_deg, zoom;
  };
  /// text: header line `t_s,lon,lat,zoom`, then at least two rows with growing t_s.
  static fleet::Result<CameraPath> parse(std::string_view text);
  /// Sets centre and zoom of `camera` for t seconds after the start.
  void apply(double t_s, render::Camera& camera) const;

 private:
  std::vector<Stop> stops_;
};

}  // namespace viewer
