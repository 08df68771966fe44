#include "tests/support/viewer/program.hpp"

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
  std::ofstream(folder / "command.sh")
      << "'" << program.string() << "' " << arguments << " --screenshot '"
      << (folder / "picture.png").string() << "' --stats '" << (folder / "stats.json").string()
      << "' >'" << (folder / "said").string() << "' 2>&1\n"
      << "echo $? >'" << (folder / "exit_code").string() << "'\n";
  // What `before` ends with is not looked at: xvfb-run at times fails at cleaning up after itself.
  const std::string command = before + " sh '" + (folder / "command.sh").string() + "'";
  Outcome result;
  fs::remove(folder / "exit_code");
  (void)!std::system(command.c_str());
  const std::string code = contents(folder / "exit_code");
  result.exit_code = code.empty() ? 1000 : std::stoi(code);
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
