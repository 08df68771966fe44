// Values of options: texts of several numbers.
#include "fleet/number.hpp"
#include "viewer/options.hpp"

namespace viewer {
namespace {

/// Reads one number within least .. most from the front of `text` and removes it together with a
/// following separator.
std::optional<double> take_number(std::string_view& text, char separator, double least,
                                  double most) {
  const auto end = std::min(text.find(separator), text.size());
  const auto value = fleet::parse_number(text.substr(0, end), least, most);
  text.remove_prefix(std::min(end + 1, text.size()));
  return value;
}

}  // namespace

std::optional<std::pair<int, int>> parse_size(const std::string& text) {
  std::string_view rest = text;
  const auto width = take_number(rest, 'x', 16, 16384);
  const auto height = take_number(rest, 'x', 16, 16384);
  const auto fits = [](std::optional<double> v) { return v && *v == static_cast<int>(*v); };
  if (!fits(width) || !fits(height) || !rest.empty()) return std::nullopt;
  return std::pair{static_cast<int>(*width), static_cast<int>(*height)};
}

std::optional<WallSize> parse_wall(const std::string& text) {
  // Each of the two lengths before an end may carry its unit.
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool unit = text[i] == 'm' && (i + 1 == text.size() || text[i + 1] == '@');
    if (!unit) bare += text[i];
  }
  std::string_view rest = bare;
  if (bare.find('x') == std::string::npos || bare.find('@') == std::string::npos)
    return std::nullopt;
  const auto width = take_number(rest, 'x', 0.1, 100);
  const auto height = take_number(rest, '@', 0.1, 100);
  const auto distance = take_number(rest, '@', 0.2, 200);
  if (!width || !height || !distance || !rest.empty() || bare.back() == '@') return std::nullopt;
  return WallSize{*width, *height, *distance};
}

std::optional<CameraOption> parse_camera(const std::string& text) {
  std::string_view rest = text;
  const auto lon = take_number(rest, ',', -180, 180);
  const auto lat = take_number(rest, ',', -90, 90);
  const auto zoom = take_number(rest, ',', 0, 22);
  if (!lon || !lat || !zoom || !rest.empty()) return std::nullopt;
  return CameraOption{*lon, *lat, *zoom};
}

}  // namespace viewer
