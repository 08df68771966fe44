#include "render/gl/shader_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace {

namespace fs = std::filesystem;

fs::path empty_folder() {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  const fs::path dir = fs::path(FLEETWALL_BUILD_DIR) / "shader_watch" / info->name();
  fs::remove_all(dir);
  fs::create_directories(dir);
  return dir;
}

TEST(ShaderWatch, SeesEachKindOfChangeOnce) {
  const fs::path dir = empty_folder();
  std::ofstream(dir / "a.frag") << "one";
  render::ShaderWatch watch(dir.string());
  EXPECT_FALSE(watch.changed());

  std::ofstream(dir / "a.frag") << "longer";
  EXPECT_TRUE(watch.changed());
  EXPECT_FALSE(watch.changed());
  fs::last_write_time(dir / "a.frag", fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_TRUE(watch.changed());
  std::ofstream(dir / "b.glsl") << "";
  EXPECT_TRUE(watch.changed());
  fs::remove(dir / "a.frag");
  EXPECT_TRUE(watch.changed());
  EXPECT_FALSE(watch.changed());
}

TEST(ShaderWatch, TakesAFolderThatIsNotThereAsEmpty) {
  render::ShaderWatch watch((empty_folder() / "gone").string());

  EXPECT_FALSE(watch.changed());
}

}  // namespace
