#include "tests/support/gl_test.hpp"

#include <cstdlib>
#include <exception>

#include "render/gl/egl_headless_context.hpp"
#include "render/gl/readback.hpp"

namespace testing_support {
namespace {

struct SharedContext {
  std::unique_ptr<render::EglHeadlessContext> context;
  std::string failure;
};

// One context for the process: making one costs 30 ms, and drivers leak a little with each.
const SharedContext& shared_context() {
  static const SharedContext shared = [] {
    SharedContext made;
    try {
      const auto device = on_real_gpu() ? render::EglDevice::best : render::EglDevice::software;
      made.context = std::make_unique<render::EglHeadlessContext>(
          render::EglOptions{.device = device, .debug = true});
    } catch (const std::exception& error) {
      made.failure = error.what();
    }
    return made;
  }();
  return shared;
}

}  // namespace

bool on_real_gpu() {
  const char* wanted = std::getenv("FLEETWALL_TEST_GPU");
  return wanted && std::string(wanted) == "1";
}

std::string shader_dir() {
  return std::string(FLEETWALL_SOURCE_DIR) + "/shaders";
}

void GlTest::SetUp() {
  const SharedContext& shared = shared_context();
  if (!shared.context) GTEST_SKIP() << shared.failure;
  shared.context->make_current();
  log_ = std::make_unique<render::DebugLog>([this](bool error, std::string_view message) {
    if (error) errors_.emplace_back(message);
  });
}

void GlTest::TearDown() {
  log_.reset();
  for (const std::string& error : errors_) ADD_FAILURE() << "GL error: " << error;
}

std::vector<std::string> GlTest::take_gl_errors() {
  return std::exchange(errors_, {});
}

Target::Target(int width, int height)
    : texture_("test target", GL_RGBA8, width, height), framebuffer_("test target", texture_) {}

render::Image Target::image() const {
  return render::image_from_framebuffer(framebuffer_.id(), texture_.width(), texture_.height());
}

}  // namespace testing_support
