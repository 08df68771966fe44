#include "viewer/output.hpp"

#include "render/gl/gl_context.hpp"
#include "render/gl/gl_objects.hpp"
#include "render/gl/readback.hpp"

namespace viewer {

struct Output::Impl {
  bool headless;
  render::Texture colour;
  render::Framebuffer framebuffer;
  std::string renderer, version;

  void make(int width, int height) {
    framebuffer = {};
    colour = render::Texture("output", GL_RGBA8, width, height);
    framebuffer = render::Framebuffer("output", colour);
  }
};

Output::Output(bool headless, int width_px, int height_px) : impl_(std::make_unique<Impl>()) {
  impl_->headless = headless;
  impl_->make(width_px, height_px);
  const auto text = [](GLenum name) {
    return std::string(reinterpret_cast<const char*>(glGetString(name)));
  };
  impl_->renderer = text(GL_RENDERER);
  impl_->version = text(GL_VERSION);
}

Output::~Output() = default;

void Output::resize(int width_px, int height_px) {
  if (width_px == impl_->colour.width() && height_px == impl_->colour.height()) return;
  impl_->make(width_px, height_px);
}

void Output::rebuild() {
  const int width = impl_->colour.width(), height = impl_->colour.height();
  impl_->colour = {};
  impl_->make(width, height);
}

unsigned Output::framebuffer() const {
  return impl_->framebuffer.id();
}

void Output::present() {
  if (impl_->headless) {
    glFinish();
    return;
  }
  const int width = impl_->colour.width(), height = impl_->colour.height();
  glBlitNamedFramebuffer(impl_->framebuffer.id(), 0, 0, 0, width, height, 0, 0, width, height,
                         GL_COLOR_BUFFER_BIT, GL_NEAREST);
}

render::Image Output::picture() const {
  return render::image_from_framebuffer(impl_->framebuffer.id(), impl_->colour.width(),
                                        impl_->colour.height());
}

fleet::Result<void> Output::save(const std::string& path) const {
  return render::write_png(path, picture());
}

const std::string& Output::renderer() const {
  return impl_->renderer;
}
const std::string& Output::version() const {
  return impl_->version;
}

}  // namespace viewer
