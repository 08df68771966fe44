// How long it takes to save the machines in the picture as a table, all of a fleet at noon.
//   table_bench DIR [TIMES]      default: 5 times each; the file goes to the temporary folder
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "tests/bench/recording.hpp"
#include "viewer/saving/shown_table.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "table_bench DIR [TIMES]\n");
    return 2;
  }
  const auto times = static_cast<std::size_t>(std::max(argc > 2 ? std::atoi(argv[2]) : 5, 1));
  auto reader = bench::or_exit(net::DayReader::open(argv[1]));
  const net::DayReader::Day& day = reader->days().back();
  const fleet::Time noon = reader->zone().start_of(day.day) + std::chrono::hours(12);
  fleet::FleetState state;
  if (!reader->seek(noon, state)) return 1;
  render::Camera camera;
  camera.zoom = 0;
  camera.height_px = 3840;  // the whole world
  for (const char* ending : {".csv", ".geojson", ".ndjson"}) {
    const auto file =
        std::filesystem::temp_directory_path() / ("table_bench" + std::string(ending));
    std::vector<double> ms;
    std::size_t machines = 0;
    for (std::size_t i = 0; i < times; ++i) {
      const auto from = std::chrono::steady_clock::now();
      machines = bench::or_exit(viewer::save_shown(state, noon, camera, file.string()));
      const auto took = std::chrono::steady_clock::now() - from;
      ms.push_back(std::chrono::duration<double, std::milli>(took).count());
    }
    std::sort(ms.begin(), ms.end());
    std::printf("%-8s %zu machines, %.1f MB: median %.0f ms\n", ending + 1, machines,
                static_cast<double>(std::filesystem::file_size(file)) / 1e6, ms[ms.size() / 2]);
    std::filesystem::remove(file);
  }
  return 0;
}
