#include "tests/support/viewer/program.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <set>

namespace testing_support {
namespace {

namespace fs = std::filesystem;

std::string contents(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Outcome run_fleetwall(const fs::path& folder, const std::string& arguments,
                      const std::string& before) {
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "fleetwall";
  const std::string command = before + " '" + program.string() + "' " + arguments +
                              " --screenshot '" + (folder / "picture.png").string() +
                              "' --stats '" + (folder / "stats.json").string() + "' >'" +
                              (folder / "said").string() + "' 2>&1";
  Outcome result;
  const int status = std::system(command.c_str());
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
  result.said = contents(folder / "said");
  result.stats = contents(folder / "stats.json");
  auto picture = render::read_png((folder / "picture.png").string());
  if (picture) result.picture = std::move(picture.value());
  return result;
}

std::size_t colours(const render::Image& image) {
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i + 3 < image.rgba.size(); i += 4) {
    seen.insert(image.rgba[i] | image.rgba[i + 1] << 8 | image.rgba[i + 2] << 16);
  }
  return seen.size();
}

}  // namespace testing_support
