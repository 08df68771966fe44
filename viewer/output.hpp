// Output: the framebuffer that the wall is drawn into, with a window behind it or without.
//
// Both draw into the same kind of framebuffer object, so that pictures are equal; with a window it
// is copied to the window's framebuffer at the end. Main thread, GL context current.
#pragma once

#include <memory>
#include <string>

#include "fleet/result.hpp"
#include "render/image.hpp"

namespace viewer {

class Output {
 public:
  Output(bool headless, int width_px, int height_px);
  ~Output();

  void resize(int width_px, int height_px);
  /// Destroys the framebuffer and makes it anew; its picture is gone.
  void rebuild();
  /// Where to draw.
  unsigned framebuffer() const;
  /// With a window: copies to it. Without: waits until the picture is finished.
  void present();
  render::Image picture() const;
  /// Writes the picture as PNG, whole or not at all.
  fleet::Result<void> save(const std::string& path) const;
  /// GL_RENDERER, GL_VERSION.
  const std::string& renderer() const;
  const std::string& version() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace viewer
