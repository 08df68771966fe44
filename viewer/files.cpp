#include "viewer/files.hpp"

#include <algorithm>
#include <filesystem>
#include <span>

#include "net/borders/borders.hpp"
#include "net/read_file.hpp"

namespace viewer {
namespace {

/// What --borders asks for as files, in order. Those shipped come once, however often they are
/// named: the second time would bring nothing but its caveat.
std::vector<std::string> border_paths(const std::vector<std::string>& named,
                                      const std::string& assets) {
  std::vector<std::string> paths;
  const auto add_shipped = [&](const char* file) {
    std::string path = assets + file;
    if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
  };
  for (const std::string& name : named) {
    const bool counties = name == kShippedCounties;
    if (!counties && name != kShippedPrefectures) {
      paths.push_back(name);
      continue;
    }
    add_shipped("/prefectures.fwm");
    if (counties) add_shipped("/counties.fwm");
  }
  return paths;
}

}  // namespace

fleet::Result<Folders> find_folders() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  std::string tried;
  for (const fs::path& base : {program / "../share/fleetwall", fs::path(FLEETWALL_SOURCE_DIR)}) {
    if (fs::exists(base / "assets/atlas.fwm", ignored) &&
        fs::is_directory(base / "shaders", ignored)) {
      return Folders{(base / "assets").lexically_normal().string(),
                     (base / "shaders").lexically_normal().string()};
    }
    tried += (tried.empty() ? "" : " and ") + base.lexically_normal().string();
  }
  return fleet::Error{"no assets/atlas.fwm and shaders/ in " + tried};
}

fleet::Result<fleet::Atlas> load_atlas(const std::string& assets) {
  const std::string path = assets + "/atlas.fwm";
  auto bytes = net::read_file(path);
  if (!bytes) return bytes.error();
  auto atlas = fleet::parse_atlas(std::as_bytes(std::span(bytes.value())));
  if (!atlas) return fleet::Error{path + ": " + atlas.error().what};
  return atlas;
}

fleet::Result<fleet::Atlas> with_borders(fleet::Atlas atlas, const Options& options,
                                         const std::string& assets,
                                         std::vector<std::string>& warnings) {
  const net::Borders borders{border_paths(options.border_files, assets), options.border_datum,
                             options.border_attribution};
  auto laid = net::lay_borders(borders, atlas);
  if (!laid) return fleet::Error{"--borders: " + laid.error().what};
  for (const std::string& warning : laid->warnings) warnings.push_back("--borders: " + warning);
  return atlas;
}

}  // namespace viewer
