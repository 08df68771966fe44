// Cost of what stands on the map with a large fleet: picking, exact counts, alarm marks. Medians of
// 31 calls each.
//
// The same of 100,000 open alarms, where one machine in ten has one.
//
//   marks_bench [machines]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "tests/bench/medians.hpp"
#include "viewer/labels/count_chips.hpp"
#include "viewer/labels/placed_alarms.hpp"
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

/// Of every so manieth machine, as they are of a demo: few critical ones, most medium.
std::vector<fleet::Alarm> alarms_of(std::size_t machines, std::size_t every) {
  std::mt19937_64 random(2);
  std::vector<fleet::Alarm> alarms;
  for (std::size_t i = 0; i < machines; i += every) {
    fleet::Alarm alarm;
    alarm.id = random();
    alarm.machine = static_cast<fleet::Slot>(i);
    const auto n = random() % 20;
    alarm.severity = n == 0  ? fleet::Severity::critical
                     : n < 4 ? fleet::Severity::high
                             : fleet::Severity::medium;
    alarms.push_back(alarm);
  }
  return alarms;
}

MarkSizes sizes() {
  MarkSizes sizes;
  sizes.radius = {9, 7.5f, 4.4f, 4.5f};
  return sizes;
}

/// What a frame does with the alarms: merged anew, and as long as nothing changed.
void measure_alarms(const std::vector<render::PointInstance>& points, const render::Camera& camera,
                    std::size_t every) {
  fleet::AlarmTable table;
  table.replace(alarms_of(points.size(), every));
  std::vector<AlarmSpot> spots;
  for (const auto& [id, alarm] : table.open()) {
    const fleet::WorldPoint at = place_of(points[alarm.machine]);
    spots.push_back(
        {at.x * camera.px_per_world(), at.y * camera.px_per_world(), alarm.severity, false});
  }
  std::printf("  %zu open alarms\n", table.open().size());
  bench::print_medians("    merged_marks of all",
                       [&] { return merged_marks(spots, sizes()).size(); });
  PlacedAlarms placed;
  std::uint64_t version = 0;
  const auto frame = [&] {
    placed.update(table, points, version, camera, sizes(), 120);
    return placed.marks().size();
  };
  bench::print_medians("    a frame that merges them", [&] { return ++version, frame(); });
  bench::print_medians("    a frame that does not", frame);
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
    bench::print_medians("  pick_stack under the pointer", [&] {
      return pick_stack(points, camera, {960, 540}, 14, 5).total;
    });
    bench::print_medians("  count_cells", [&] {
      return static_cast<std::size_t>(count_cells(points, camera, 1).in_view);
    });
    // One machine in 600 has an alarm in the demo fleet.
    measure_alarms(points, camera, 600);
    measure_alarms(points, camera, 10);
  }
}
