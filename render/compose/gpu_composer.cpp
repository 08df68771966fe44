// The composer for machines with a GPU: points as additive quads into a float target, heat by
// compute, one full-screen pass that reads base map, heat and light.
#include <memory>

#include "render/compose/gpu_frame.hpp"
#include "render/compose/gpu_heat.hpp"
#include "render/compose/gpu_points.hpp"
#include "render/compose/heat_view.hpp"
#include "render/compose/hex_view.hpp"
#include "render/compose/map_composer.hpp"
#include "render/gl/gl_context.hpp"
#include "render/gl/program.hpp"

namespace render {
namespace {

constexpr GLuint kFrameBinding = 0;  // as in compose_look.glsl

Program points_program(const std::string& shader_dir) {
  return {"points", shader_dir, {"points.vert", "points.frag"}};
}

Program compose_program(const std::string& shader_dir) {
  return {"compose", shader_dir, {"compose.vert", "compose.frag"}};
}

// All GL objects, so that a rebuild is one new of this.
struct GpuParts {
  explicit GpuParts(const std::string& shader_dir)
      : points(points_program(shader_dir)),
        compose(compose_program(shader_dir)),
        heat(shader_dir),
        frame_block("frame block", sizeof(GpuFrame)),
        ramp("heat ramps", GL_RGBA8, std::tuple_size_v<HeatRamp>, 2),
        no_vertices("no vertices"),
        // Half floats keep 11 bits: enough for light, half the bandwidth. A software rasteriser
        // has no use for them, and its pictures are compared with the CPU composer's.
        light_format(is_software_renderer() ? GL_RGBA32F : GL_RGBA16F) {}

  Program points, compose;
  GpuHeat heat;
  Buffer frame_block;
  Texture ramp, light, hexagons;
  Framebuffer light_target;
  VertexArray no_vertices;
  GLenum light_format;
};

class GpuComposer final : public MapComposer {
 public:
  explicit GpuComposer(std::string shader_dir)
      : shader_dir_(std::move(shader_dir)), parts_(std::make_unique<GpuParts>(shader_dir_)) {}

  const char* name() const override { return "gpu"; }
  bool wants_cpu_base() const override { return false; }

  void set_points(std::span<const PointInstance> points, std::span<const std::uint32_t> changed,
                  bool all) override {
    points_.set(points, changed, all);
  }

  void set_heat_places(std::span<const HeatPlace> places) override { places_.set(places); }

  void set_theme(const MapTheme& theme) override {
    theme_ = theme;
    ramp_due_ = true;
  }

  void compose(const MapFrame& frame, const BaseImage& base, unsigned target_framebuffer) override {
    if (frame.camera.width_px <= 0 || frame.camera.height_px <= 0) return;
    upload(frame);
    glViewport(0, 0, frame.camera.width_px, frame.camera.height_px);
    glDisable(GL_DEPTH_TEST);
    glDisable(GL_SCISSOR_TEST);
    glDisable(GL_CULL_FACE);
    glBindVertexArray(parts_->no_vertices.id());
    if (frame.heat) make_heat(frame);
    if (frame.points) draw_points();
    draw_picture(frame, base, target_framebuffer);
    heat_sum_ = in_view_.update(frame, points_.points(), points_.version(), places_);
  }

  std::uint64_t gpu_bytes() const override {
    return points_.size_bytes() + parts_->heat.size_bytes() + parts_->frame_block.size_bytes() +
           parts_->ramp.size_bytes() + parts_->light.size_bytes() + parts_->hexagons.size_bytes();
  }
  double heat_sum() const override { return heat_sum_; }
  std::optional<HexagonValue> hexagon_at(const MapFrame& frame, ScreenPoint point) const override {
    return hexagons_.at(frame, point);
  }

  void rebuild() override {
    points_.reset();
    parts_.reset();
    parts_ = std::make_unique<GpuParts>(shader_dir_);
    ramp_due_ = true;
  }

  void reload_shaders() override {
    Program points = points_program(shader_dir_), compose = compose_program(shader_dir_);
    parts_->heat.reload_shaders(shader_dir_);
    parts_->points = std::move(points);
    parts_->compose = std::move(compose);
  }

 private:
  void upload(const MapFrame& frame) {
    const DebugGroup group("upload");
    points_.upload();
    const PointLook look = point_look(frame);
    const GpuFrame block = GpuFrame::of(frame, look, kind_light_of(theme_));
    parts_->frame_block.update(0, sizeof block, &block);
    glBindBufferBase(GL_UNIFORM_BUFFER, kFrameBinding, parts_->frame_block.id());
    if (ramp_due_) {
      const std::array<HeatRamp, 2> ramps{heat_ramp_of(theme_, false), heat_ramp_of(theme_, true)};
      parts_->ramp.update(GL_RGBA, GL_FLOAT, ramps.data());
      ramp_due_ = false;
    }
    const int width = frame.camera.width_px, height = frame.camera.height_px;
    if (!parts_->light || parts_->light.width() != width || parts_->light.height() != height) {
      parts_->light_target.reset();
      parts_->light = Texture("light", parts_->light_format, width, height);
      parts_->light_target = Framebuffer("light", parts_->light);
    }
  }

  void make_heat(const MapFrame& frame) {
    if (frame.heat_form == HeatForm::smooth) {
      return parts_->heat.make(frame, points_.count(), places_);
    }
    const DebugGroup group("hexagons");
    hexagons_.update(frame, points_.points(), points_.version(), places_);
    const HexView& view = hexagons_.view();
    if (view.places.empty()) return;
    Texture& texture = parts_->hexagons;
    if (!texture || texture.width() != view.columns || texture.height() != view.rows) {
      texture = Texture("hexagons", GL_R32F, view.columns, view.rows);
      texture.set_filter(GL_NEAREST);
    }
    texture.update(GL_RED, GL_FLOAT, view.places.data());
  }

  void draw_points() {
    const DebugGroup group("points");
    constexpr float kDark[4] = {};
    glBindFramebuffer(GL_FRAMEBUFFER, parts_->light_target.id());
    glClearNamedFramebufferfv(parts_->light_target.id(), GL_COLOR, 0, kDark);
    glEnable(GL_BLEND);
    glBlendEquation(GL_FUNC_ADD);
    glBlendFunc(GL_ONE, GL_ONE);
    parts_->points.use();
    // Six vertices a point and 31 bits of vertex number: far beyond any fleet.
    glDrawArrays(GL_TRIANGLES, 0, static_cast<GLsizei>(points_.count() * 6));
    glDisable(GL_BLEND);
  }

  void draw_picture(const MapFrame& frame, const BaseImage& base, unsigned target_framebuffer) {
    const DebugGroup group("picture");
    glBindFramebuffer(GL_FRAMEBUFFER, target_framebuffer);
    glDisable(GL_BLEND);
    const GpuHeat& heat = parts_->heat;
    glBindTextureUnit(0, base.texture);
    glBindTextureUnit(1, parts_->light.id());
    const bool smooth = frame.heat && frame.heat_form == HeatForm::smooth;
    const bool hexagons = frame.heat && !smooth && !hexagons_.view().places.empty();
    glBindTextureUnit(2, smooth ? heat.place().id() : 0);
    glBindTextureUnit(3, parts_->ramp.id());
    glBindTextureUnit(4, hexagons ? parts_->hexagons.id() : 0);
    const bool has_base = base.texture != 0 && base.width > 0 && base.height > 0;
    Program& program = parts_->compose;
    program.use();
    program.set("u_base_origin_px", static_cast<float>(base.origin_x),
                static_cast<float>(base.origin_y));
    program.set("u_base_scale", static_cast<float>(base.scale));
    program.set("u_base_size_px", has_base ? static_cast<float>(base.width) : 0.0f,
                static_cast<float>(base.height));
    program.set("u_with_points", frame.points ? 1 : 0);
    program.set("u_as_ink", theme_.dark ? 0 : 1);
    program.set("u_with_heat", smooth ? 1 : 0);
    program.set("u_with_hexagons", hexagons ? 1 : 0);
    program.set("u_ramp_row", frame.heat_difference ? 1 : 0);
    if (hexagons) set_hexagons(program, hexagons_.view());
    if (smooth) {
      const auto margin = static_cast<float>(heat.layout().margin);
      program.set("u_heat_margin", margin, margin);
      program.set("u_heat_cell_px", static_cast<float>(heat.layout().cell_px));
      program.set("u_heat_cells", static_cast<float>(heat.layout().columns),
                  static_cast<float>(heat.layout().rows));
    }
    glDrawArrays(GL_TRIANGLES, 0, 3);
  }

  static void set_hexagons(Program& program, const HexView& view) {
    program.set("u_hexagon_anchor_px", static_cast<float>(view.anchor_x),
                static_cast<float>(view.anchor_y));
    program.set("u_hexagon_width_px", static_cast<float>(view.width_px));
    program.set("u_hexagon_inset_px", static_cast<float>(view.inset_px));
    program.set("u_hexagons_size", view.columns, view.rows);
  }

  std::string shader_dir_;
  std::unique_ptr<GpuParts> parts_;
  GpuPoints points_;
  HeatPlaces places_;
  MapTheme theme_;
  bool ramp_due_ = true;
  HexHeat hexagons_;
  HeatInView in_view_;
  double heat_sum_ = 0;
};

}  // namespace

std::unique_ptr<MapComposer> make_gpu_composer(const std::string& shader_dir) {
  return std::make_unique<GpuComposer>(shader_dir);
}

}  // namespace render
