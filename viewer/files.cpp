#include "viewer/files.hpp"

#include <filesystem>
#include <span>
#include <utility>

#include "net/borders/borders.hpp"
#include "net/read_file.hpp"

namespace viewer {

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
                                         const std::string& assets) {
  std::string attribution = options.border_attribution;
  for (const std::string& file : options.border_files) {
    const std::string path = file == "prefectures" ? assets + "/prefectures.fwm" : file;
    // The attribution is of all of them: once.
    const auto laid =
        net::lay_borders({path, options.border_datum, std::exchange(attribution, {})}, atlas);
    if (!laid) return fleet::Error{"--borders: " + laid.error().what};
  }
  return atlas;
}

}  // namespace viewer
