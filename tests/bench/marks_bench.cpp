// Cost of what stands on the map with a large fleet: picking, exact counts, alarm marks. Medians of
// 31 calls each.
//
//   marks_bench [machines]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "viewer/labels/alarm_marks.hpp"
#include "viewer/labels/count_chips.hpp"
#include "viewer/picking.hpp"

namespace {

using namespace viewer;

/// Most machines in sixty cities, every tenth anywhere in the country.
std::vector<render::PointInstance> fleet_of(std::size_t count) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> x(0.72, 0.87), y(0.35, 0.45);
  std::normal_distribution<double> near(0, 0.0008);
  std::vector<fleet::WorldPoint> cities(60);
  for (fleet::WorldPoint& city : cities) city = {x(random), y(random)};
  std::vector<render::PointInstance> points(count);
  for (std::size_t i = 0; i < count; ++i) {
    const fleet::WorldPoint city = cities[i % cities.size()];
    const bool anywhere = i % 10 == 0;
    points[i].x =
        static_cast<std::uint32_t>((anywhere ? x(random) : city.x + near(random)) * kPointSteps);
    points[i].y =
        static_cast<std::uint32_t>((anywhere ? y(random) : city.y + near(random)) * kPointSteps);
    points[i].style = static_cast<std::uint32_t>(i % 4);
  }
  return points;
}

template <class Work>
void measure(const char* what, Work&& work) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> ms;
  std::size_t result = 0;
  for (int i = 0; i < 31; ++i) {
    const auto from = Clock::now();
    result = work();
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from).count());
  }
  std::sort(ms.begin(), ms.end());
  std::printf("%-44s %8.2f ms (least %.2f, most %.2f), result %zu\n", what, ms[15], ms.front(),
              ms.back(), result);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t machines = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const std::vector<render::PointInstance> points = fleet_of(machines);
  render::Camera camera;
  camera.centre = place_of(points[1]);
  for (const double zoom : {3.6, 9.0, 14.0}) {
    camera.zoom = zoom;
    std::printf("zoom %.1f\n", zoom);
    measure("  pick_stack under the pointer", [&] {
      return pick_stack(points, camera, {960, 540}, 14, 5).total;
    });
    measure("  count_cells",
            [&] { return static_cast<std::size_t>(count_cells(points, camera, 1).in_view); });
    // One machine in 600 has an alarm, as in the demo fleet.
    std::vector<AlarmSpot> spots;
    for (std::size_t i = 0; i < points.size(); i += 600) {
      const fleet::WorldPoint at = place_of(points[i]);
      spots.push_back({at.x * camera.px_per_world(), at.y * camera.px_per_world(),
                       fleet::Severity::medium, false});
    }
    MarkSizes sizes;
    sizes.radius = {9, 7.5f, 4.4f, 4.5f};
    measure("  merged_marks", [&] { return merged_marks(spots, sizes).size(); });
  }
}
