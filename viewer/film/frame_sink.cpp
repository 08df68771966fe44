#include "viewer/film/frame_sink.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>

namespace viewer {
namespace {

namespace fs = std::filesystem;

class PictureFolder : public FrameSink {
 public:
  explicit PictureFolder(std::string folder) : folder_(std::move(folder)) {}
  fleet::Result<void> add(const render::Image& picture) override {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "%06llu.png",
                  static_cast<unsigned long long>(++number_));
    return render::write_png((fs::path(folder_) / name.data()).string(), picture);
  }
  fleet::Result<void> finish() override { return {}; }
  const std::string& place() const override { return folder_; }

 private:
  std::string folder_;
  std::uint64_t number_ = 0;
};

}  // namespace

fleet::Result<std::unique_ptr<FrameSink>> open_picture_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fleet::Error{folder + ": cannot be made: " + error.message()};
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".png") {
      return fleet::Error{folder + ": has pictures already (" + it->path().filename().string() +
                          "); name a new folder, or empty it"};
    }
  }
  if (error) return fleet::Error{folder + ": cannot be read: " + error.message()};
  return std::unique_ptr<FrameSink>(std::make_unique<PictureFolder>(folder));
}

std::string find_program(const std::string& name, const std::string& path) {
  for (std::string_view rest = path; !rest.empty();) {
    const auto end = std::min(rest.find(':'), rest.size());
    const fs::path file = fs::path(rest.substr(0, end)) / name;
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored) && access(file.c_str(), X_OK) == 0) return file.string();
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

std::vector<std::string> ffmpeg_arguments(const std::string& ffmpeg, const FilmPlan& plan,
                                          int width_px, int height_px) {
  const std::string size = std::to_string(width_px) + "x" + std::to_string(height_px);
  std::vector<std::string> arguments{
      ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "rawvideo", "-pix_fmt",
      "rgba", "-s", size, "-framerate", std::to_string(plan.fps), "-i", "-", "-vf",
      // BT.709 is what players take a film of this size for.
      "pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt",
      "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"};
  const auto add = [&](std::initializer_list<const char*> more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
  };
  // Qualities at which small type stays clean.
  if (film_kind(plan.out) == FilmKind::webm) {
    add({"-c:v", "libvpx-vp9", "-crf", "28", "-b:v", "0", "-row-mt", "1"});
  } else {
    add({"-c:v", "libx264", "-preset", "medium", "-crf", "18"});
  }
  if (film_kind(plan.out) == FilmKind::mp4) add({"-movflags", "+faststart"});
  // "file:": a name with a colon or a leading dash is still a file.
  arguments.push_back("file:" + plan.out);
  return arguments;
}

}  // namespace viewer
