#include "render/gl/gl_objects.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <type_traits>

#include "render/gl/gpu_timer.hpp"
#include "render/gl/program.hpp"
#include "render/gl/readback.hpp"
#include "tests/support/gl_test.hpp"

namespace {

using render::Buffer;
using render::Framebuffer;
using render::Texture;
using GlObjects = testing_support::GlTest;
using testing_support::Target;

static_assert(!std::is_copy_constructible_v<Buffer>);
static_assert(std::is_nothrow_move_constructible_v<Buffer>);
static_assert(std::is_nothrow_move_assignable_v<Texture>);

TEST_F(GlObjects, AreDeletedOnceHoweverOftenTheyMove) {
  Buffer first("first", 16);
  const GLuint id = first.id();

  Buffer second = std::move(first);
  EXPECT_EQ(first.id(), 0u);
  EXPECT_EQ(first.size_bytes(), 0u);
  EXPECT_EQ(second.id(), id);
  EXPECT_TRUE(glIsBuffer(id));

  second = Buffer();
  EXPECT_FALSE(glIsBuffer(id));
}

TEST_F(GlObjects, CarryTheirLabel) {
  const Texture texture("base map cache", GL_RGBA8, 4, 2);
  std::array<char, 32> label{};

  glGetObjectLabel(GL_TEXTURE, texture.id(), label.size(), nullptr, label.data());

  EXPECT_STREQ(label.data(), "base map cache");
}

TEST_F(GlObjects, KnowTheBytesTheyTake) {
  EXPECT_EQ(Buffer("b", 100).size_bytes(), 100u);
  EXPECT_EQ(Texture("t", GL_RGBA8, 10, 3).size_bytes(), 120u);
  EXPECT_EQ(Texture("t", GL_R32F, 10, 3).size_bytes(), 120u);
  EXPECT_EQ(Texture("t", GL_RGBA16F, 10, 3).size_bytes(), 240u);
}

TEST_F(GlObjects, ReadAFramebufferUpright) {
  Target target(2, 3);
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer());
  glEnable(GL_SCISSOR_TEST);
  glScissor(0, 2, 2, 1);  // GL's top row
  glClearColor(1, 0, 0, 0);
  glClear(GL_COLOR_BUFFER_BIT);
  glDisable(GL_SCISSOR_TEST);

  const render::Image image = target.image();

  EXPECT_EQ(image.at(0, 0)[0], 255);
  EXPECT_EQ(image.at(0, 0)[3], 255);
  EXPECT_EQ(image.at(0, 2)[0], 0);
}

TEST_F(GlObjects, ReadATextureAsItWasWritten) {
  Texture texture("t", GL_RGBA8, 3, 2);
  std::array<std::uint8_t, 24> pixels{};
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i);
  texture.update(GL_RGBA, GL_UNSIGNED_BYTE, pixels.data());

  std::array<std::uint8_t, 24> back{};
  render::read_texture(texture, back);

  EXPECT_EQ(back, pixels);
}

TEST_F(GlObjects, SayWhereAShaderDoesNotCompile) {
  const auto dir = std::filesystem::path(FLEETWALL_BUILD_DIR) / "shader_errors";
  std::filesystem::create_directories(dir);
  std::ofstream(dir / "wrong.glsl") << "float fine;\nfloat wrong = nonsense;\n";
  std::ofstream(dir / "bad.comp") << "#version 450 core\nlayout(local_size_x = 1) in;\n"
                                     "#include \"wrong.glsl\"\nvoid main() {}\n";
  std::string message;

  try {
    const render::Program program("bad", dir.string(), {"bad.comp"});
  } catch (const std::exception& error) {
    message = error.what();
  }

  EXPECT_NE(message.find("wrong.glsl:2"), std::string::npos) << message;
  (void)take_gl_errors();
}

TEST_F(GlObjects, MeasureGpuTimeWithoutWaiting) {
  render::GpuTimer timer("test");
  Target target(256, 256);
  EXPECT_EQ(timer.last_ms(), 0);

  // More frames than the ring has places, then one finish so that a result is there.
  for (int frame = 0; frame < 10; ++frame) {
    timer.begin();
    glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer());
    glClear(GL_COLOR_BUFFER_BIT);
    timer.end();
  }
  glFinish();

  EXPECT_GT(timer.last_ms(), 0);
  EXPECT_LT(timer.last_ms(), 10000);
}

}  // namespace
