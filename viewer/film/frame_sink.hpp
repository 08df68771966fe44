// FrameSink: takes a film's pictures, one after the other: into a folder as PNG, or through ffmpeg.
//
// ffmpeg is a program of its own, found on PATH when a film is asked for; nothing is linked.
// Main thread; taking a picture waits until the disk or ffmpeg has it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fleet/result.hpp"
#include "render/image.hpp"
#include "viewer/film/film_plan.hpp"

namespace viewer {

class FrameSink {
 public:
  virtual ~FrameSink() = default;
  /// All pictures have the same size. Error: what could not be written where, and why.
  virtual fleet::Result<void> add(const render::Image& picture) = 0;
  /// After the last picture: what was added is whole and stays. Error: as above.
  virtual fleet::Result<void> finish() = 0;
  /// Where the pictures go: a file or a folder.
  virtual const std::string& place() const = 0;
};

/// OUT/000001.png and so on. The folder is made. Error: it cannot be, or has pictures already,
/// which would stay among the new ones.
fleet::Result<std::unique_ptr<FrameSink>> open_picture_folder(const std::string& folder);

/// Starts `ffmpeg` and hands it the pictures as they are. An odd side gets one more column or row,
/// black: yuv420p has none. The caller ignores SIGPIPE. Error: it cannot be started.
fleet::Result<std::unique_ptr<FrameSink>> open_ffmpeg(const std::string& ffmpeg,
                                                      const FilmPlan& plan, int width_px,
                                                      int height_px);

/// The first executable of this name in the folders of `path` (as PATH is written); else empty.
std::string find_program(const std::string& name, const std::string& path);

/// What ffmpeg is called with, its own name first.
std::vector<std::string> ffmpeg_arguments(const std::string& ffmpeg, const FilmPlan& plan,
                                          int width_px, int height_px);

}  // namespace viewer
