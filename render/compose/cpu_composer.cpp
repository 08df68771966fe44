// The composer for machines without a GPU: SoftCanvas draws into memory, one upload, one blit.
#include <algorithm>
#include <thread>

#include "render/compose/map_composer.hpp"
#include "render/compose/soft_canvas.hpp"
#include "render/gl/gl_objects.hpp"

namespace render {
namespace {

class CpuComposer final : public MapComposer {
 public:
  // Two threads at most: the rest of such a machine has the feed and the panels to do.
  CpuComposer() : canvas_(std::thread::hardware_concurrency() > 1 ? 2 : 1, RowOrder::bottom_up) {}

  const char* name() const override { return "cpu"; }
  bool wants_cpu_base() const override { return true; }

  void set_points(std::span<const PointInstance> points, std::span<const std::uint32_t> changed,
                  bool all) override {
    canvas_.set_points(points, changed, all);
  }

  void set_heat_places(std::span<const HeatPlace> places) override {
    canvas_.set_heat_places(places);
  }

  void set_theme(const MapTheme& theme) override { canvas_.set_theme(theme); }

  void compose(const MapFrame& frame, const BaseImage& base, unsigned target_framebuffer) override {
    canvas_.draw(frame, {base.pixels, base.width, base.height, base.origin_x, base.origin_y,
                         base.scale, base.version});
    if (canvas_.width() <= 0 || canvas_.height() <= 0) return;
    upload();
    // Rows already lie as the framebuffer has them: the blit is a plain copy, the one case a
    // software rasteriser does without shading every pixel.
    const int width = canvas_.width(), height = canvas_.height();
    glBlitNamedFramebuffer(framebuffer_.id(), target_framebuffer, 0, 0, width, height, 0, 0, width,
                           height, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  }

  std::uint64_t gpu_bytes() const override { return picture_.size_bytes(); }
  double heat_sum() const override { return canvas_.heat_sum(); }

  std::optional<HexagonValue> hexagon_at(const MapFrame& frame, ScreenPoint point) const override {
    return canvas_.hexagon_at(frame, point);
  }

  void rebuild() override {
    framebuffer_.reset();
    picture_.reset();
  }

  void reload_shaders() override {}

 private:
  void upload() {
    const bool fits =
        picture_ && picture_.width() == canvas_.width() && picture_.height() == canvas_.height();
    if (!fits) {
      rebuild();
      picture_ = Texture("map picture", GL_RGBA8, canvas_.width(), canvas_.height());
      framebuffer_ = Framebuffer("map picture", picture_);
    }
    if (fits && canvas_.tiles_drawn() == 0) return;
    // GL_RGBA: software rasterisers swizzle GL_BGRA pixel by pixel, ten times slower.
    picture_.update(GL_RGBA, GL_UNSIGNED_BYTE, canvas_.pixels().data());
  }

  SoftCanvas canvas_;
  Texture picture_;
  Framebuffer framebuffer_;
};

}  // namespace

std::unique_ptr<MapComposer> make_cpu_composer(const std::string& /*shader_dir*/) {
  return std::make_unique<CpuComposer>();
}

}  // namespace render
