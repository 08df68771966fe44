// Shaders changed while the renderer runs: good ones are taken, broken ones are named.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "render/gl/shader_watch.hpp"
#include "render/map_renderer.hpp"
#include "tests/support/base_picture.hpp"
#include "tests/support/gl_test.hpp"

namespace {

namespace fs = std::filesystem;
using render::ComposerChoice;
using render::Image;
using testing_support::Target;

/// A copy of the shader folder for one test.
class ShaderFolder {
 public:
  ShaderFolder() {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "_" + info->name();
    for (char& c : name) c = c == '/' ? '_' : c;
    dir_ = fs::path(FLEETWALL_BUILD_DIR) / "shader_reload" / name;
    fs::remove_all(dir_);
    fs::create_directories(dir_.parent_path());
    fs::copy(testing_support::shader_dir(), dir_);
  }
  std::string path() const { return dir_.string(); }
  std::string read(const std::string& file) const {
    std::ifstream in(dir_ / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Writes as an editor does some time later: clocks of file systems may tick slowly.
  void write(const std::string& file, const std::string& text) {
    std::ofstream(dir_ / file) << text;
    fs::last_write_time(dir_ / file, fs::file_time_type::clock::now() + ++later_);
  }
  void remove(const std::string& file) { fs::remove(dir_ / file); }

 private:
  fs::path dir_;
  std::chrono::seconds later_{1};
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class ShaderReloadGl : public testing_support::GlTest,
                       public ::testing::WithParamInterface<ComposerChoice> {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    renderer_ = std::make_unique<render::MapRenderer>(
        shaders_.path(), testing_support::synthetic_atlas(), render::dark_theme(), GetParam());
  }
  void TearDown() override {
    renderer_.reset();
    GlTest::TearDown();
  }
  Image drawn() {
    Target target(320, 180);
    render::MapFrame frame;
    frame.camera = {.centre = {0.81, 0.40}, .zoom = 5, .width_px = 320, .height_px = 180};
    renderer_->draw(frame, target.framebuffer());
    return target.image();
  }

  ShaderFolder shaders_;
  std::unique_ptr<render::MapRenderer> renderer_;
};

TEST_P(ShaderReloadGl, DoesNothingWhileNoFileChanges) {
  const auto result = renderer_->reload_shaders_if_changed();

  EXPECT_FALSE(result.reloaded);
  EXPECT_EQ(result.error, "");
}

TEST_P(ShaderReloadGl, DrawsWithTheChangedShader) {
  const Image before = drawn();
  const std::string own = shaders_.read("basemap_area.frag");

  shaders_.write("basemap_area.frag", replaced(own, "vec4(u_colour, 1.0)", "vec4(1, 0, 0, 1)"));
  const auto result = renderer_->reload_shaders_if_changed();
  const Image red = drawn();
  shaders_.write("basemap_area.frag", own);
  renderer_->reload_shaders_if_changed();

  EXPECT_TRUE(result.reloaded);
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(red.at(160, 90)[0], 255);
  EXPECT_EQ(drawn(), before);
}

TEST_P(ShaderReloadGl, KeepsTheOldOneAndNamesFileAndLineOnceWhenAShaderIsBroken) {
  const Image before = drawn();
  const std::string own = shaders_.read("basemap_line.vert");

  shaders_.write("basemap_line.vert", replaced(own, "vec2 a =", "vec2 a = nothing;"));
  const auto broken = renderer_->reload_shaders_if_changed();
  const Image still = drawn();
  const auto again = renderer_->reload_shaders_if_changed();
  (void)take_gl_errors();  // the driver's own report of it

  const auto line =
      1 + std::count(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(own.find("vec2 a =")),
                     '\n');
  EXPECT_NE(broken.error.find("basemap_line.vert:" + std::to_string(line)), std::string::npos)
      << broken.error;
  EXPECT_EQ(still, before);
  EXPECT_EQ(again.error, "");
  EXPECT_FALSE(again.reloaded);
}

TEST_P(ShaderReloadGl, NamesTheFileAndLineOfABrokenInclude) {
  const std::string own = shaders_.read("basemap_view.glsl");

  shaders_.write("basemap_view.glsl", "// one\n// two\n" + own + "float broken = ;\n");
  const auto result = renderer_->reload_shaders_if_changed();
  (void)take_gl_errors();

  const auto line = 3 + std::count(own.begin(), own.end(), '\n');
  EXPECT_NE(result.error.find("basemap_view.glsl:" + std::to_string(line)), std::string::npos)
      << result.error;
}

TEST_P(ShaderReloadGl, NamesAFileThatIsGone) {
  const Image before = drawn();

  shaders_.remove("basemap_area.frag");
  const auto result = renderer_->reload_shaders_if_changed();

  EXPECT_NE(result.error.find("basemap_area.frag"), std::string::npos) << result.error;
  EXPECT_EQ(drawn(), before);
}

INSTANTIATE_TEST_SUITE_P(Composers, ShaderReloadGl,
                         ::testing::Values(ComposerChoice::cpu, ComposerChoice::gpu),
                         [](const auto& tested) {
                           return tested.param == ComposerChoice::cpu ? "Cpu" : "Gpu";
                         });

class ComposeReloadGl : public ShaderReloadGl {};

TEST_P(ComposeReloadGl, TakesTheComposersOwnShadersToo) {
  const Image before = drawn();
  const std::string own = shaders_.read("compose.frag");

  shaders_.write("compose.frag", replaced(own, "vec4(colour, 1)", "vec4(0, 1, 0, 1)"));
  const auto result = renderer_->reload_shaders_if_changed();
  const Image green = drawn();
  shaders_.write("heat_cells.glsl", "what\n");
  const auto broken = renderer_->reload_shaders_if_changed();
  (void)take_gl_errors();

  EXPECT_TRUE(result.reloaded);
  EXPECT_EQ(green.at(7, 7)[1], 255);
  EXPECT_NE(broken.error.find("heat_cells.glsl:1"), std::string::npos) << broken.error;
  EXPECT_EQ(drawn(), green) << "all of the composer's programs stay";
  EXPECT_NE(green, before);
}

INSTANTIATE_TEST_SUITE_P(Gpu, ComposeReloadGl, ::testing::Values(ComposerChoice::gpu));

}  // namespace
