// GlTest: fixture of the tests that need OpenGL. Skips with the reason where there is none, and
// fails a test that made the driver report an error.
//
// The software rasteriser is used, so that pictures do not depend on the machine;
// FLEETWALL_TEST_GPU=1 takes the real GPU instead (goldens are then compared more loosely).
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "render/gl/debug_log.hpp"
#include "render/gl/gl_objects.hpp"
#include "render/image.hpp"

namespace testing_support {

/// Whether FLEETWALL_TEST_GPU asks for the real GPU.
bool on_real_gpu();

/// shaders/ of the source tree.
std::string shader_dir();

class GlTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  /// Messages that the test expects; the fixture then does not fail for them.
  std::vector<std::string> take_gl_errors();

 private:
  std::unique_ptr<render::DebugLog> log_;
  std::vector<std::string> errors_;
};

/// An RGBA8 picture to draw into.
class Target {
 public:
  Target(int width, int height);
  unsigned framebuffer() const { return framebuffer_.id(); }
  /// What was drawn, upright.
  render::Image image() const;

 private:
  render::Texture texture_;
  render::Framebuffer framebuffer_;
};

}  // namespace testing_support
