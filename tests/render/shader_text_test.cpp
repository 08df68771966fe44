#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "render/gl/gl_context.hpp"
#include "render/gl/program.hpp"

namespace {

namespace fs = std::filesystem;

// A folder of shader files for one test.
class ShaderText : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    dir_ = fs::path(FLEETWALL_BUILD_DIR) / "shader_text" / info->name();
    fs::remove_all(dir_);
    fs::create_directories(dir_);
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
  }
  std::string error_of(const std::string& file) {
    try {
      (void)render::load_shader_text(dir_.string(), file);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  }

  fs::path dir_;
};

TEST_F(ShaderText, PastesIncludesOnceAndMarksTheLinesOfEachFile) {
  write("a.frag", "#version 450 core\n#include \"b.glsl\"\n#include \"b.glsl\"\nvoid main() {}\n");
  write("b.glsl", "float b;\n");

  const auto text = render::load_shader_text(dir_.string(), "a.frag", {"WIDE 2"});

  EXPECT_EQ(text.files, (std::vector<std::string>{"a.frag", "b.glsl"}));
  EXPECT_EQ(text.text,
            "#version 450 core\n#define WIDE 2\n#line 2\n#line 100001\nfloat b;\n#line 3\n"
            "#line 4\nvoid main() {}\n");
}

TEST_F(ShaderText, NamesTheFileAndLineOfAMissingInclude) {
  write("a.frag", "#version 450 core\n\n#include \"gone.glsl\"\n");

  EXPECT_NE(error_of("a.frag").find("a.frag:3: shader file cannot be opened"), std::string::npos);
}

TEST_F(ShaderText, EndsWhenFilesIncludeEachOther) {
  write("a.frag", "#version 450 core\n#include \"b.glsl\"\n");
  write("b.glsl", "#include \"a.frag\"\nfloat b;\n");

  EXPECT_EQ(error_of("a.frag"), "");
}

TEST_F(ShaderText, DemandsTheVersionInTheFirstLine) {
  write("a.frag", "// late\n#version 450 core\n");

  EXPECT_NE(error_of("a.frag").find("a.frag:1: expected #version"), std::string::npos);
}

TEST(ShaderLog, ReadsTheLineNumbersOfMesaNvidiaAndAmd) {
  const std::vector<std::string> files{"a.frag", "b.glsl"};

  EXPECT_EQ(render::with_file_names("0:100012(5): error: x\n0:3(1): error: y", files),
            "b.glsl:12: error: x\na.frag:3: error: y");
  EXPECT_EQ(render::with_file_names("0(100012) : error C0000: x", files),
            "b.glsl:12 : error C0000: x");
  EXPECT_EQ(render::with_file_names("ERROR: 0:12: 'x' : undeclared", files),
            "a.frag:12: 'x' : undeclared");
  EXPECT_EQ(render::with_file_names("0:700012(5): error: x", files), "0:700012(5): error: x");
}

TEST(GlContext, KnowsTheSoftwareRasterisers) {
  EXPECT_TRUE(render::is_software_renderer_name("llvmpipe (LLVM 15.0.6, 256 bits)"));
  EXPECT_TRUE(render::is_software_renderer_name("softpipe"));
  EXPECT_FALSE(render::is_software_renderer_name("NVIDIA H200/PCIe/SSE2"));
  EXPECT_FALSE(render::is_software_renderer_name(""));
}

}  // namespace
