// Cost of a frame of the CPU composer without GL: process CPU time of all threads, camera always
// moving, a third of the fleet gliding. Prints the median of batches, beside the base map's share.
//
//   compose_bench [machines] [width] [height] [zoom]
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "render/compose/soft_canvas.hpp"
#include "tests/render/compose/fake_fleet.hpp"

namespace {

using render::MapFrame;

double cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

struct Scene {
  std::vector<render::PointInstance> points;
  std::vector<std::uint32_t> base_pixels;
  render::BaseView base;
  MapFrame frame;
};

Scene make_scene(std::size_t machines, int width, int height, double zoom) {
  Scene scene;
  scene.points = render::test::fake_fleet(machines);
  for (std::size_t i = 0; i < scene.points.size(); i += 3) {
    scene.points[i].from_x -= 4000;
    scene.points[i].moved_at_s = 1;
  }
  // A margin of a tenth on each side, as the base map's cache has it.
  scene.base.width = width * 12 / 10;
  scene.base.height = height * 12 / 10;
  scene.base_pixels.assign(static_cast<std::size_t>(scene.base.width * scene.base.height),
                           0xff22160eu);
  scene.base.pixels = scene.base_pixels.data();
  scene.frame.camera = render::test::camera_at({112.5, 32}, zoom, width, height);
  scene.frame.ui_scale = static_cast<float>(height) / 1080.0f;
  scene.frame.playhead_s = 1.2;
  return scene;
}

// Median CPU ms a frame over batches of frames; step moves the scene on.
template <class Step>
double median_ms(render::SoftCanvas& canvas, Scene& scene, Step step) {
  constexpr int kBatches = 9, kFrames = 20;
  std::vector<double> batches;
  int n = 0;
  for (int batch = 0; batch < kBatches; ++batch) {
    const double before = cpu_ms();
    for (int i = 0; i < kFrames; ++i) {
      step(scene, n++);
      canvas.draw(scene.frame, scene.base);
    }
    if (batch > 0) batches.push_back((cpu_ms() - before) / kFrames);  // the first one warms up
  }
  std::nth_element(batches.begin(),
                   batches.begin() + static_cast<std::ptrdiff_t>(batches.size() / 2),
                   batches.end());
  return batches[batches.size() / 2];
}

void pan(Scene& scene, int n) {
  scene.frame.camera.pan_px(n % 40 < 20 ? 3.3 : -3.3, n % 40 < 20 ? 1.7 : -1.7);
  scene.base.origin_x = 60.25 + n % 7;
  scene.base.origin_y = 40.5 + n % 5;
}

void zoom(Scene& scene, int n) {
  scene.frame.camera.zoom += n % 40 < 20 ? 0.002 : -0.002;
  scene.base.scale = 0.93 + 0.001 * (n % 40);
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, double otherwise) {
    return argc > i ? std::atof(argv[i]) : otherwise;
  };
  const auto machines = static_cast<std::size_t>(argument(1, 32730));
  const int width = static_cast<int>(argument(2, 1920)),
            height = static_cast<int>(argument(3, 1080));
  Scene scene = make_scene(machines, width, height, argument(4, 4.4));
  for (const int threads : {1, 2}) {
    render::SoftCanvas canvas(threads, render::RowOrder::bottom_up);
    canvas.set_theme(render::test::plain_theme());
    canvas.set_points(scene.points, {}, true);
    std::printf("%zu machines, %dx%d, %d thread(s), CPU ms a frame of all threads\n", machines,
                width, height, threads);
    for (const bool zooming : {false, true}) {
      const auto measure = [&](bool points, bool heat) {
        scene.frame.points = points;
        scene.frame.heat = heat;
        return zooming ? median_ms(canvas, scene, zoom) : median_ms(canvas, scene, pan);
      };
      const double base = measure(false, false);
      const double points = measure(true, false), all = measure(true, true);
      std::printf("  %s: base %.2f, points +%.2f, points and heat +%.2f\n",
                  zooming ? "zooming" : "panning", base, points - base, all - base);
      scene.base.scale = 1;
    }
  }
  return 0;
}
