#include "render/gl/gl_context.hpp"

#include <array>

#include "render/gl/gl_api.hpp"

namespace render {
namespace {

std::string gl_string(GLenum what) {
  const auto* text = reinterpret_cast<const char*>(glGetString(what));
  return text ? text : "";
}

}  // namespace

std::string GlContext::version() const {
  return gl_string(GL_RENDERER) + ", OpenGL " + gl_string(GL_VERSION);
}

bool is_software_renderer_name(const std::string& gl_renderer) {
  constexpr std::array kSoftware{"llvmpipe", "softpipe", "swrast", "Software Rasterizer"};
  for (const char* name : kSoftware) {
    if (gl_renderer.find(name) != std::string::npos) return true;
  }
  return false;
}

bool is_software_renderer() {
  return is_software_renderer_name(gl_string(GL_RENDERER));
}

}  // namespace render
