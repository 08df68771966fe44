#include "net/borders/shipped_maps.hpp"

#include <filesystem>
#include <span>

#include "net/borders/borders.hpp"
#include "net/read_file.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;

/// Beside the installed program, or in the source tree.
fleet::Result<fs::path> find_assets() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  std::string tried;
  for (const fs::path& base : {program / "../share/fleetwall", fs::path(FLEETWALL_SOURCE_DIR)}) {
    const fs::path assets = (base / "assets").lexically_normal();
    if (fs::exists(assets / "atlas.fwm", ignored)) return assets;
    tried += (tried.empty() ? "" : " and ") + assets.string();
  }
  return fleet::Error{"There is no atlas.fwm in " + tried + "."};
}

}  // namespace

fleet::Result<fleet::Atlas> load_regions(const std::vector<std::string>& own_borders) {
  const auto assets = find_assets();
  if (!assets) return assets.error();
  const std::string path = (*assets / "atlas.fwm").string();
  auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  auto atlas = fleet::parse_atlas(std::as_bytes(std::span(bytes.value())));
  if (!atlas) return fleet::Error{path + ": " + atlas.error().what};
  Borders borders;
  borders.paths.push_back((*assets / "prefectures.fwm").string());
  borders.paths.insert(borders.paths.end(), own_borders.begin(), own_borders.end());
  if (auto laid = lay_borders(borders, *atlas); !laid) return laid.error();
  return atlas;
}

}  // namespace net
