// FilmPlan: which instants a film of recorded data has, and what kind of thing it is written to.
// Pure: reads no clock and no file.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "fleet/time.hpp"

namespace viewer {

/// Frames a second that a film may have.
inline constexpr std::uint64_t kLeastFps = 1, kMostFps = 240;
/// Most frames of a film: a month of real time at 4 a second, and six digits of a file's name.
inline constexpr std::uint64_t kMostFilmFrames = 999'999;

/// What --film, --from, --to, --speed and --fps ask for.
struct FilmPlan {
  std::string out;  ///< a film's file, or a folder of pictures; empty: no film
  fleet::Time from = fleet::kNever, to = fleet::kNever;
  double speed = 1;  ///< feed seconds per second of the film, above 0
  std::uint64_t fps = 30;

  /// Frame k shows the instant from + k * speed / fps, rounded to a millisecond.
  fleet::Time instant(std::uint64_t frame) const;
  /// Where frame k stands in the film itself, from its start.
  std::chrono::nanoseconds film_time(std::uint64_t frame) const;
  /// Frames whose instant lies in [from, to); at least one where from < to.
  std::uint64_t frames() const;
};

enum class FilmKind { folder, mp4, webm, mkv, unknown };
/// By the end of the name, in any case; unknown: the end of a kind of film that is not written.
FilmKind film_kind(const std::string& out);

/// "120 of 900 frames, at 2026-10-16T00:02:00.000Z, 25.0 a second, 0:31 left".
/// passed: real time since the first frame was begun.
std::string film_progress(const FilmPlan& plan, std::uint64_t done,
                          std::chrono::nanoseconds passed);

}  // namespace viewer
