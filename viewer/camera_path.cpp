#include "viewer/camera_path.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "fleet/number.hpp"

namespace viewer {
namespace {

/// Of t_s, lon, lat, zoom: a week, and what --camera takes.
constexpr double kLeast[] = {0, -180, -90, 0};
constexpr double kMost[] = {7 * 86'400, 180, 90, 22};

bool parse_row(std::string_view line, std::array<double, 4>& out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto end = std::min(line.find(','), line.size());
    const auto value = fleet::parse_number(line.substr(0, end), kLeast[i], kMost[i]);
    if (!value) return false;
    out[i] = *value;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return line.empty();
}

}  // namespace

fleet::Result<CameraPath> CameraPath::parse(std::string_view text) {
  CameraPath path;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty() || (number == 1 && line == "t_s,lon,lat,zoom")) continue;
    std::array<double, 4> row{};
    const bool readable = parse_row(line, row);
    const bool later = path.stops_.empty() || (readable && row[0] > path.stops_.back().t_s);
    if (!readable || !later) {
      return fleet::Error{"camera path, line " + std::to_string(number) +
                          ": expected t_s,lon,lat,zoom within 0..604800, -180..180, -90..90, 0..22 "
                          "with t_s growing, got '" +
                          std::string(line) + "'"};
    }
    path.stops_.push_back({row[0], row[1], row[2], row[3]});
  }
  if (path.stops_.size() < 2) return fleet::Error{"camera path: expected at least two rows"};
  return path;
}

void CameraPath::apply(double t_s, render::Camera& camera) const {
  const double begin = stops_.front().t_s;
  const double length = stops_.back().t_s - begin;
  const double t = begin + std::fmod(std::max(t_s, 0.0), length);
  const auto next = std::upper_bound(stops_.begin() + 1, stops_.end() - 1, t,
                                     [](double v, const Stop& s) { return v < s.t_s; });
  const Stop& b = *next;
  const Stop& a = *(next - 1);
  const double f = (t - a.t_s) / (b.t_s - a.t_s);
  camera.centre = fleet::world_from_lonlat(
      {a.lon_deg + (b.lon_deg - a.lon_deg) * f, a.lat_deg + (b.lat_deg - a.lat_deg) * f});
  camera.zoom = a.zoom + (b.zoom - a.zoom) * f;
}

}  // namespace viewer
