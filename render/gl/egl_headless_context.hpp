// EglHeadlessContext: OpenGL 4.5 core without any display. Servers, CI and GPU boxes draw with it.
//
// There is no surface: framebuffer 0 is incomplete, everything is drawn into framebuffer objects.
#pragma once

#include <memory>
#include <string>

#include "render/gl/gl_context.hpp"

namespace render {

enum class EglDevice {
  best,      ///< the first real GPU that works, else surfaceless, else the software device
  software,  ///< the software rasteriser, for pictures that do not depend on the machine
};

struct EglOptions {
  EglDevice device = EglDevice::best;
  bool debug = false;  ///< ask for a debug context: exact messages, slower calls
};

class EglHeadlessContext final : public GlContext {
 public:
  /// Makes the context and makes it current. Throws std::runtime_error that lists what was tried
  /// and why each failed.
  explicit EglHeadlessContext(const EglOptions& options = {});
  ~EglHeadlessContext() override;
  EglHeadlessContext(const EglHeadlessContext&) = delete;
  EglHeadlessContext& operator=(const EglHeadlessContext&) = delete;

  void make_current() override;
  const char* name() const override;
  void swap() override {}

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace render
