#include "viewer/film/film_plan.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <filesystem>

namespace viewer {

fleet::Time FilmPlan::instant(std::uint64_t frame) const {
  const double ms = static_cast<double>(frame) * 1000 * speed / static_cast<double>(fps);
  return from + fleet::Millis{std::llround(ms)};
}

std::chrono::nanoseconds FilmPlan::film_time(std::uint64_t frame) const {
  return std::chrono::nanoseconds{frame * 1'000'000'000 / fps};
}

std::uint64_t FilmPlan::frames() const {
  if (!(from < to)) return 0;
  const double ms = static_cast<double>((to - from).count());
  auto count = static_cast<std::uint64_t>(ms * static_cast<double>(fps) / (1000 * speed));
  // The division may be off by one frame either way; which instants lie before `to` decides.
  while (count > 0 && instant(count - 1) >= to) --count;
  while (instant(count) < to) ++count;
  return count;
}

FilmKind film_kind(const std::string& out) {
  std::string end = std::filesystem::path(out).extension().string();
  std::ranges::transform(end, end.begin(), [](unsigned char c) { return std::tolower(c); });
  if (end == ".mp4") return FilmKind::mp4;
  if (end == ".webm") return FilmKind::webm;
  if (end == ".mkv") return FilmKind::mkv;
  constexpr std::array kOthers{".avi", ".mov", ".gif", ".m4v", ".mpg", ".mpeg", ".wmv", ".png"};
  return std::ranges::count(kOthers, end) > 0 ? FilmKind::unknown : FilmKind::folder;
}

std::string film_progress(const FilmPlan& plan, std::uint64_t done,
                          std::chrono::nanoseconds passed) {
  const double passed_s = std::chrono::duration<double>(passed).count();
  const std::uint64_t all = plan.frames();
  std::string text = std::to_string(done) + " of " + std::to_string(all) + " frames, at " +
                     fleet::iso8601(plan.instant(done > 0 ? done - 1 : 0));
  if (done == 0 || passed_s <= 0) return text;
  const double rate = static_cast<double>(done) / passed_s;
  const auto left_s = static_cast<long long>(static_cast<double>(all - done) / rate);
  std::array<char, 80> rest{};
  std::snprintf(rest.data(), rest.size(), ", %.1f a second, %lld:%02lld left", rate, left_s / 60,
                left_s % 60);
  return text + rest.data();
}

}  // namespace viewer
