// Cost of the base map: a full redraw, its read-back, and a frame that reads the cached picture.
// CPU time of the process over all threads and wall time, median of repeats.
//
//   basemap_bench ATLAS.fwm SHADER_DIR [width height zoom lon lat [picture.png]]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "render/basemap/base_map_layer.hpp"
#include "render/gl/egl_headless_context.hpp"
#include "render/gl/gl_api.hpp"
#include "tests/bench/process_cpu.hpp"
#include "tests/support/base_picture.hpp"

namespace {

using bench::cpu_ms;

constexpr int kRepeats = 15;

double wall_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(now).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <class Work>
void measure(const char* what, Work work) {
  work(0);
  glFinish();
  std::vector<double> cpu, wall;
  for (int i = 1; i <= kRepeats; ++i) {
    const double cpu_before = cpu_ms(), wall_before = wall_ms();
    work(i);
    glFinish();
    cpu.push_back(cpu_ms() - cpu_before);
    wall.push_back(wall_ms() - wall_before);
  }
  std::printf("%-22s %7.2f ms CPU  %7.2f ms wall\n", what, median(cpu), median(wall));
}

fleet::Atlas read_atlas(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  auto atlas = fleet::parse_atlas(std::as_bytes(std::span(bytes)));
  if (!atlas) {
    std::fprintf(stderr, "%s: %s\n", path, atlas.error().what.c_str());
    std::exit(1);
  }
  return std::move(atlas).value();
}

double argument(int argc, char** argv, int index, double otherwise) {
  return argc > index ? std::atof(argv[index]) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: basemap_bench ATLAS SHADER_DIR [W H ZOOM LON LAT [PNG]]\n");
    return 2;
  }
  const render::EglHeadlessContext context;
  std::printf("%s, %s\n", context.name(), context.version().c_str());
  render::Camera camera;
  camera.width_px = static_cast<int>(argument(argc, argv, 3, 1920));
  camera.height_px = static_cast<int>(argument(argc, argv, 4, 1080));
  camera.zoom = argument(argc, argv, 5, 5);
  camera.centre =
      fleet::world_from_lonlat({argument(argc, argv, 6, 104.5), argument(argc, argv, 7, 35.5)});

  const double start = wall_ms();
  const fleet::Atlas atlas = read_atlas(argv[1]);
  const double parsed = wall_ms();
  render::BaseMapLayer layer(argv[2], atlas, render::dark_theme());
  glFinish();
  std::printf("parse %.0f ms, prepare and upload %.0f ms, %.1f MB on the GPU\n", parsed - start,
              wall_ms() - parsed, static_cast<double>(layer.gpu_bytes()) / 1e6);

  // A jump by half a view each time: nothing of the cached picture can be used.
  const auto jump = [&](int i) {
    render::Camera there = camera;
    there.pan_px(i % 2 == 0 ? 0 : camera.width_px / 2.0, 0);
    return there;
  };
  measure("redraw", [&](int i) { layer.update(jump(i), false); });
  measure("redraw and read back", [&](int i) { layer.update(jump(i), true); });
  layer.update(camera, true);
  measure("cached", [&](int) { layer.update(camera, true); });
  std::printf("%llu primitives\n", static_cast<unsigned long long>(layer.primitives()));

  if (argc > 8) {
    layer.rebuild();
    const auto image = testing_support::screen_of(layer.update(camera, true), camera);
    if (const auto written = render::write_png(argv[8], image); !written) {
      std::fprintf(stderr, "%s\n", written.error().what.c_str());
      return 1;
    }
  }
  return 0;
}
