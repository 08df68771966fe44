#include "viewer/saving/saver.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "fleet/time.hpp"

namespace viewer {

std::string free_stem(const std::string& folder, const fleet::TimeZone& zone, fleet::Time shown,
                      std::initializer_list<std::string_view> endings) {
  std::string stem = folder + "/fleetwall";
  if (shown != fleet::kNever) {
    const auto of_day = std::chrono::floor<std::chrono::seconds>(zone.time_of_day(shown));
    const std::chrono::hh_mm_ss clock(of_day);
    char text[16];
    std::snprintf(text, sizeof text, "T%02d%02d%02d", static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    stem += "-" + fleet::day_name(zone.day_of(shown)) + text;
  }
  std::string free = stem;
  const auto taken = [&](std::string_view ending) {
    std::error_code ignored;
    return std::filesystem::exists(std::string(free).append(ending), ignored);
  };
  for (int n = 2; std::ranges::any_of(endings, taken); ++n) free = stem + "-" + std::to_string(n);
  return free;
}

namespace {

Saver::Saved written(const fleet::FleetState& state, fleet::Time at, const render::Camera& camera,
                     std::vector<std::string> files) {
  Saver::Saved saved;
  try {
    for (std::string& file : files) {
      const auto machines = save_shown(state, at, camera, file);
      if (!machines) {
        saved.problem = machines.error().what;
        break;
      }
      saved.machines = *machines;
      saved.files.push_back(std::move(file));
    }
  } catch (const std::exception& error) {  // no memory: the wall goes on
    saved.problem = error.what();
  }
  return saved;
}

}  // namespace

bool Saver::start(fleet::FleetState state, fleet::Time at, const render::Camera& camera,
                  std::vector<std::string> files) {
  if (busy()) return false;
  saving_ = std::async(std::launch::async,
                       [state = std::move(state), at, camera, files = std::move(files)]() mutable {
                         return written(state, at, camera, std::move(files));
                       });
  return true;
}

std::optional<Saver::Saved> Saver::take(bool wait) {
  using namespace std::chrono_literals;
  if (!busy() || (!wait && saving_.wait_for(0s) != std::future_status::ready)) return std::nullopt;
  return saving_.get();
}

}  // namespace viewer
