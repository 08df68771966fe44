// Cost of the packed base map: parsing it, making the look-ups, asking them.
//
//   atlas_bench [asset]      (default: assets/atlas.fwm)
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "fleet/atlas.hpp"

namespace {

// CPU time: one thread, and other programs' load does not count.
double cpu_ms() {
  return static_cast<double>(std::clock()) * 1e3 / CLOCKS_PER_SEC;
}

/// Median of `runs` CPU times of what `work` does, in ms; the first run warms up.
template <class Work>
double median_ms(int runs, Work work) {
  work();
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const double start = cpu_ms();
    work();
    times.push_back(cpu_ms() - start);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// Machines as a fleet has them: within some 25 km of the cities, more where more people live.
std::vector<fleet::GridPoint> fleet_like_points(const std::vector<fleet::Place>& places,
                                                int count) {
  std::mt19937 random(1);
  std::vector<double> weights;
  for (const fleet::Place& place : places) weights.push_back(1e5 + place.population);
  std::discrete_distribution<std::size_t> city(weights.begin(), weights.end());
  std::normal_distribution<double> offset(0, 200'000);  // grid steps; 25 km at 35 N
  std::vector<fleet::GridPoint> points;
  for (int i = 0; i < count; ++i) {
    const fleet::GridPoint at = places[city(random)].where;
    points.push_back({static_cast<std::uint32_t>(at.x + offset(random)) & fleet::kGridMask,
                      static_cast<std::uint32_t>(at.y + offset(random)) & fleet::kGridMask});
  }
  return points;
}

}  // namespace

int main(int argc, char** argv) {
  const char* name = argc > 1 ? argv[1] : "assets/atlas.fwm";
  std::ifstream file(name, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(content));
  fleet::Result<fleet::Atlas> parsed = fleet::parse_atlas(bytes);
  if (!parsed) {
    std::fprintf(stderr, "%s: %s\n", name, parsed.error().what.c_str());
    return 1;
  }
  const fleet::Atlas& atlas = parsed.value();
  std::size_t found = 0;
  const double parse = median_ms(9, [&] { found += fleet::parse_atlas(bytes).ok(); });
  std::printf("%s: %zu bytes, parse %.1f ms\n", name, content.size(), parse);
  const auto& regions = atlas.prefectures.empty() ? atlas.provinces : atlas.prefectures;
  const double build = median_ms(9, [&] { found += fleet::RegionMap(regions).regions().size(); });
  std::printf("RegionMap of %zu regions: made in %.1f ms\n", regions.size(), build);
  if (atlas.places.empty()) return 0;

  const fleet::RegionMap map(regions);
  const fleet::PlaceIndex index(atlas.places);
  constexpr int kPoints = 100'000;
  const auto points = fleet_like_points(atlas.places, kPoints);
  const double find = median_ms(15, [&] {
    for (const fleet::GridPoint p : points) found += map.find(p) != fleet::kNoRegion;
  });
  const double near = median_ms(5, [&] {
    for (const fleet::GridPoint p : points) found += map.find_near(p, 5) != fleet::kNoRegion;
  });
  const double nearest = median_ms(5, [&] {
    for (const fleet::GridPoint p : points) found += index.nearest(p) != nullptr;
  });
  std::printf("find %.1f ns, find_near 5 km %.1f ns, PlaceIndex.nearest %.1f ns (%zu)\n",
              find / kPoints * 1e6, near / kPoints * 1e6, nearest / kPoints * 1e6, found);
}
