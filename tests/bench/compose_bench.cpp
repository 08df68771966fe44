// Cost of a frame: process CPU time of all threads, camera always moving, a third of the fleet
// gliding. First the CPU composer's canvas without GL, then both composers whole in a context
// without a display (upload and blit included), where there is one. Medians of batches; what points
// and heat cost is given beside the base map's share.
//
//   compose_bench [machines] [width] [height] [zoom] [weighted places]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "render/compose/map_composer.hpp"
#include "render/compose/soft_canvas.hpp"
#include "render/gl/egl_headless_context.hpp"
#include "render/gl/gl_objects.hpp"
#include "tests/bench/process_cpu.hpp"
#include "tests/render/compose/fake_places.hpp"
#include "tests/support/gl_test.hpp"

namespace {

using bench::cpu_ms;

using render::MapFrame;

struct Scene {
  std::vector<render::PointInstance> points;
  std::vector<render::HeatPlace> places;
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

// Median CPU ms a frame over batches of frames; step moves the scene on, draw draws it.
template <class Step, class Draw>
double median_ms(Scene& scene, Step step, Draw draw) {
  constexpr int kBatches = 6, kFrames = 10;
  std::vector<double> batches;
  int n = 0;
  for (int batch = 0; batch < kBatches; ++batch) {
    const double before = cpu_ms();
    for (int i = 0; i < kFrames; ++i) {
      step(scene, n++);
      draw();
    }
    if (batch > 0) batches.push_back((cpu_ms() - before) / kFrames);  // the first one warms up
  }
  const auto middle = batches.begin() + static_cast<std::ptrdiff_t>(batches.size() / 2);
  std::nth_element(batches.begin(), middle, batches.end());
  return *middle;
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

template <class Step, class Draw>
void report(const char* what, Scene& scene, Step step, Draw draw) {
  const auto measure = [&](bool points, bool heat) {
    scene.frame.points = points;
    scene.frame.heat = heat;
    scene.base.scale = 1;
    return median_ms(scene, step, draw);
  };
  const double base = measure(false, false);
  const double points = measure(true, false), all = measure(true, true);
  std::printf("  %-24s base %.2f, points +%.2f, points and heat +%.2f\n", what, base, points - base,
              all - base);
}

// Heat of weighted places: set once, then drawn while the camera moves.
void places_rows(Scene& scene) {
  scene.frame.points = false;
  for (const int threads : {1, 2}) {
    render::SoftCanvas canvas(threads, render::RowOrder::bottom_up);
    canvas.set_theme(render::test::plain_theme());
    const double before = cpu_ms();
    canvas.set_heat_places(scene.places);
    const double set_ms = cpu_ms() - before;
    // As each second: the same places, most of them with more in them.
    for (render::HeatPlace& place : scene.places) place.weight *= 1.001f;
    const double again = cpu_ms();
    canvas.set_heat_places(scene.places);
    const double set_again_ms = cpu_ms() - again;
    const auto draw = [&] { canvas.draw(scene.frame, scene.base); };
    scene.frame.heat = false;
    const double base = median_ms(scene, pan, draw);
    scene.frame.heat = true;
    scene.frame.heat_of = render::HeatOf::working_machines;  // none: cells and colours alone
    const double empty = median_ms(scene, pan, draw);
    scene.frame.heat_of = render::HeatOf::places;
    const double all = median_ms(scene, pan, draw);
    scene.frame.heat_form = render::HeatForm::hexagons;
    const double hexagons = median_ms(scene, pan, draw);
    scene.frame.heat_form = render::HeatForm::smooth;
    std::printf(
        "  %zu places, %d thread%s       set %.1f (again %.1f), heat +%.2f (empty heat +%.2f), "
        "hexagons "
        "+%.2f\n",
        scene.places.size(), threads, threads == 1 ? "" : "s", set_ms, set_again_ms, all - base,
        empty - base, hexagons - base);
  }
  scene.frame.heat_of = render::HeatOf::working_machines;
}

void canvas_rows(Scene& scene) {
  for (const int threads : {1, 2}) {
    render::SoftCanvas canvas(threads, render::RowOrder::bottom_up);
    canvas.set_theme(render::test::plain_theme());
    canvas.set_points(scene.points, {}, true);
    const auto draw = [&] { canvas.draw(scene.frame, scene.base); };
    report(threads == 1 ? "canvas, 1 thread, pan" : "canvas, 2 threads, pan", scene, pan, draw);
    report(threads == 1 ? "canvas, 1 thread, zoom" : "canvas, 2 threads, zoom", scene, zoom, draw);
  }
}

void composer_rows(Scene& scene) {
  const render::EglHeadlessContext context;
  const std::string shader_dir = testing_support::shader_dir();
  const int width = scene.frame.camera.width_px, height = scene.frame.camera.height_px;
  render::Texture base("base", GL_RGBA8, scene.base.width, scene.base.height);
  base.update(GL_RGBA, GL_UNSIGNED_BYTE, scene.base.pixels);
  const render::Texture target("target", GL_RGBA8, width, height);
  const render::Framebuffer framebuffer("target", target);
  std::printf("in %s\n", context.version().c_str());
  for (const bool gpu : {false, true}) {
    const auto composer =
        gpu ? render::make_gpu_composer(shader_dir) : render::make_cpu_composer(shader_dir);
    composer->set_theme(render::test::plain_theme());
    composer->set_points(scene.points, {}, true);
    const auto draw = [&] {
      const render::BaseView& b = scene.base;
      composer->compose(
          scene.frame, {base.id(), b.pixels, b.width, b.height, b.origin_x, b.origin_y, b.scale, 1},
          framebuffer.id());
      glFinish();
    };
    report(gpu ? "gpu composer, pan" : "cpu composer, pan", scene, pan, draw);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // lines appear as they are measured
  const auto argument = [&](int i, double otherwise) {
    return argc > i ? std::atof(argv[i]) : otherwise;
  };
  const auto machines = static_cast<std::size_t>(argument(1, 32730));
  const int width = static_cast<int>(argument(2, 1920));
  const int height = static_cast<int>(argument(3, 1080));
  Scene scene = make_scene(machines, width, height, argument(4, 4.4));
  std::printf("%zu machines, %dx%d: CPU ms a frame of all threads\n", machines, width, height);
  scene.places = render::test::fake_places(static_cast<std::size_t>(argument(5, 300000)));
  places_rows(scene);
  canvas_rows(scene);
  try {
    composer_rows(scene);
  } catch (const std::exception& error) {
    std::printf("no OpenGL: %s\n", error.what());
  }
  return 0;
}
