// fleetwall in a window, as a person starts it: on a virtual X display of its own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/program.hpp"

namespace {

using testing_support::colours;
using testing_support::Outcome;

class WindowGl : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::system("command -v xvfb-run >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "xvfb-run is not installed (Debian package xvfb)";
  }

  /// On a display of 1280x720 that nobody else uses: named by this process, for two tests at a time
  /// that look for a free one (-a) may find the same. It stays while no client is connected
  /// (-noreset), as between a window without OpenGL 4.5 and the next attempt.
  Outcome run(const std::string& arguments, const std::string& environment = {}) {
    const std::string display = std::to_string(100 + ::getpid() % 30'000);
    return testing_support::run_fleetwall(
        folder_.path, arguments,
        environment + " xvfb-run -n " + display + " -s '-screen 0 1280x720x24 -noreset'");
  }

  testing_support::TemporaryFolder folder_;
};

/// --seconds is only there so that a run without data ends by itself.
constexpr const char* kShort = "--demo-machines 500 --frames 20 --seconds 120 ";

TEST_F(WindowGl, DrawsTheDemoInAWindow) {
  const Outcome r = run(std::string(kShort) + "--size 960x540");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(r.picture.width, 960);
  EXPECT_EQ(r.picture.height, 540);
  EXPECT_GT(colours(r.picture), 500u) << "a map with machines and panels has many shades";
  EXPECT_NE(r.stats.find("\"machines\": 500"), std::string::npos) << r.stats;
  EXPECT_NE(r.stats.find("\"size\": \"960x540\""), std::string::npos) << r.stats;
}

TEST_F(WindowGl, CoversTheWholeMonitorInFullScreen) {
  const Outcome r = run(std::string(kShort) + "--fullscreen --lang en --heat on");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(r.picture.width, 1280);
  EXPECT_EQ(r.picture.height, 720);
  EXPECT_GT(colours(r.picture), 500u);
}

TEST_F(WindowGl, SaysSoInTheWindowWhereOpenGlIsTooOld) {
  const Outcome r =
      run("--demo-machines 10 --frames 2 --lang zh --size 960x540", "MESA_GL_VERSION_OVERRIDE=3.3");

  EXPECT_EQ(r.exit_code, 1);
  EXPECT_NE(r.said.find("OpenGL 4.5"), std::string::npos) << r.said;
  EXPECT_EQ(r.picture.width, 960);
  EXPECT_GT(colours(r.picture), 20u) << "words with smooth edges";
}

TEST_F(WindowGl, EndsWithASentenceWhereNotEvenWordsCanBeDrawn) {
  const Outcome r = run("--demo-machines 10 --frames 2", "MESA_GL_VERSION_OVERRIDE=2.1");

  EXPECT_EQ(r.exit_code, 1);
  EXPECT_NE(r.said.find("OpenGL 4.5"), std::string::npos) << r.said;
  EXPECT_EQ(r.picture.width, 0) << "no picture is left behind";
}

TEST_F(WindowGl, NamesAMonitorThatIsNotThere) {
  const Outcome r = run("--demo-machines 10 --frames 2 --fullscreen --monitor 7");

  EXPECT_EQ(r.exit_code, 1);
  EXPECT_NE(r.said.find("--monitor 7"), std::string::npos) << r.said;
}

}  // namespace
