// GlContext: an OpenGL 4.5 core context, with a window (viewer) or without one
// (EglHeadlessContext). Belongs to the thread it is current on: the main thread.
#pragma once

#include <string>

namespace render {

class GlContext {
 public:
  virtual ~GlContext() = default;
  virtual void make_current() = 0;
  /// How it was made: "egl-device", "egl-surfaceless", "glfw".
  virtual const char* name() const = 0;
  /// Shows what was drawn into framebuffer 0. Nothing to do without a window.
  virtual void swap() = 0;

  /// GL_RENDERER and GL_VERSION in one line, for logs and statistics. Needs to be current.
  std::string version() const;
};

/// Whether the current context draws on the CPU (llvmpipe, softpipe, swrast).
bool is_software_renderer();
/// The same of a GL_RENDERER string.
bool is_software_renderer_name(const std::string& gl_renderer);

}  // namespace render
