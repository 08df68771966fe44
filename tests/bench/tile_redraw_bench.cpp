// Cost of raster tiles on the base map: a redraw with and without them, an upload, decoding a tile,
// and a frame of the cached picture. CPU time of the process over all threads, median of repeats.
//
//   tile_redraw_bench SHADER_DIR [width height zoom]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "render/basemap/base_map_layer.hpp"
#include "render/gl/egl_headless_context.hpp"
#include "render/gl/gl_api.hpp"
#include "render/image_decode.hpp"
#include "tests/bench/process_cpu.hpp"
#include "tests/support/base_picture.hpp"
#include "tests/support/tile_pictures.hpp"

namespace {

using bench::cpu_ms;

constexpr int kRepeats = 15;

template <class Work>
double measured(Work work) {
  work(0);
  glFinish();
  std::vector<double> cpu;
  for (int i = 1; i <= kRepeats; ++i) {
    const double before = cpu_ms();
    work(i);
    glFinish();
    cpu.push_back(cpu_ms() - before);
  }
  std::sort(cpu.begin(), cpu.end());
  return cpu[cpu.size() / 2];
}

/// Hands over whatever is wanted until nothing is.
std::size_t fill(render::BaseMapLayer& layer, const render::Camera& camera) {
  layer.update(camera, false);
  std::size_t added = 0;
  while (!layer.tiles()->wanted().empty()) {
    for (const fleet::TileId tile : std::vector(layer.tiles()->wanted())) {
      layer.tiles()->add(tile, testing_support::numbered_tile(tile));
      ++added;
    }
  }
  layer.show_new_tiles();
  layer.update(camera, false);
  return added;
}

void measure(const char* shader_dir, const render::Camera& camera, const char* name,
             const std::optional<fleet::Datum>& datum) {
  render::BaseMapLayer layer(shader_dir, testing_support::synthetic_atlas(), render::dark_theme());
  render::Camera beside = camera;
  beside.pan_px(camera.width_px / 2.0, 0);
  std::size_t tiles = 0;
  if (datum) {
    render::TileMap map;
    map.datum = *datum;
    layer.set_tiles(map);
    tiles = fill(layer, camera) + fill(layer, beside);
  }
  // Half a view each time: nothing of the cached picture can be used.
  const double redraw = measured([&](int i) { layer.update(i % 2 == 0 ? camera : beside, false); });
  layer.update(camera, true);
  const double cached = measured([&](int) { layer.update(camera, true); });
  std::printf("%-10s redraw %7.2f ms CPU, cached %5.2f ms, %zu tiles, %.1f MB\n", name, redraw,
              cached, tiles, static_cast<double>(layer.gpu_bytes()) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: tile_redraw_bench SHADER_DIR [WIDTH HEIGHT ZOOM]\n");
    return 2;
  }
  const render::EglHeadlessContext context;
  std::printf("%s, %s\n", context.name(), context.version().c_str());
  render::Camera camera;
  camera.width_px = argc > 2 ? std::atoi(argv[2]) : 1920;
  camera.height_px = argc > 3 ? std::atoi(argv[3]) : 1080;
  camera.zoom = argc > 4 ? std::atof(argv[4]) : 12.3;
  camera.centre = fleet::world_from_lonlat({120.6, 31.3});
  measure(argv[1], camera, "no tiles", std::nullopt);
  measure(argv[1], camera, "wgs84", fleet::Datum::wgs84);
  measure(argv[1], camera, "gcj02", fleet::Datum::gcj02);
  measure(argv[1], camera, "bd09", fleet::Datum::bd09);

  const render::Image picture = testing_support::ramp_tile({9, 427, 208}, 1.0 / 5000);
  render::TileLayer layer(argv[1], {}, true);
  std::uint32_t x = 0;
  std::printf("upload of a tile of 256 px %.2f ms\n", measured([&](int) {
                layer.add({20, x++, 0}, picture);
              }));
  const auto png = render::encode_png(picture);
  std::printf("decoding it from PNG (%zu bytes) %.2f ms\n", png->size(),
              measured([&](int) { static_cast<void>(render::decode_image(*png)); }));
  return 0;
}
