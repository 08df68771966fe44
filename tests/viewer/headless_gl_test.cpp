// fleetwall --headless, as a script starts it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/program.hpp"

namespace {

using testing_support::Outcome;

class HeadlessGl : public ::testing::Test {
 protected:
  /// A run that would not end by itself is ended, with exit code 124, after a minute.
  Outcome run(const std::string& arguments) {
    return testing_support::run_fleetwall(folder_.path, "--headless --size 640x360 " + arguments,
                                          "timeout 60");
  }

  testing_support::TemporaryFolder folder_;
};

int count(const std::string& text, const std::string& part) {
  int n = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// Port 9 (discard): nobody listens there.
constexpr const char* kNobody = "--connect ws://127.0.0.1:9/feed ";

TEST_F(HeadlessGl, EndsAfterItsFramesWhenNobodyAnswersAndSavesThePageThatSaysSo) {
  const Outcome r = run(std::string(kNobody) + "--frames 3");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_EQ(count(r.said, "ws://127.0.0.1:9/feed: not connected. "), 1) << r.said;
  EXPECT_EQ(count(r.said, "ended without data from ws://127.0.0.1:9/feed"), 1) << r.said;
  EXPECT_EQ(r.picture.width, 640);
  EXPECT_GT(testing_support::colours(r.picture), 20u) << "words with smooth edges";
  EXPECT_NE(r.stats.find("\"machines\": 0"), std::string::npos) << r.stats;
}

TEST_F(HeadlessGl, EndsAfterItsSecondsWhenNobodyAnswers) {
  const Outcome r = run(std::string(kNobody) + "--seconds 2");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_EQ(count(r.said, "not connected. "), 1) << "tried more than once, told once: " << r.said;
  EXPECT_EQ(r.picture.width, 640);
}

TEST_F(HeadlessGl, SaysThatTheMachineToSelectIsNotThere) {
  const Outcome r = run("--demo-machines 50 --frames 3 --select nosuch");

  EXPECT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(count(r.said, "--select nosuch: no machine"), 1) << r.said;
}

TEST_F(HeadlessGl, EndsWithTwoForAFileThatIsNotWhatAnArgumentSays) {
  const std::string bad = (folder_.path / "bad").string();
  std::ofstream(bad) << "no token, no certificate\n";
  for (const std::string option : {"--token-file ", "--ca-file ", "--camera-path "}) {
    for (const std::string& file : {bad, std::string("/nowhere")}) {
      const Outcome r = run("--connect wss://127.0.0.1:9 --frames 1 " + option + file);

      EXPECT_EQ(r.exit_code, 2) << option << r.said;
      EXPECT_EQ(count(r.said, file), 1) << r.said;
      EXPECT_EQ(r.picture.width, 0) << "no picture is left behind";
    }
  }
}

TEST_F(HeadlessGl, EndsWithOneWhenRecordedDataCannotBeOpened) {
  const Outcome r = run("--open /nowhere.fleetday --frames 1");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_NE(r.said.find("/nowhere.fleetday"), std::string::npos) << r.said;
}

TEST_F(HeadlessGl, SaysNothingWhenAllIsWell) {
  const Outcome r = run("--demo-machines 50 --frames 3");

  EXPECT_EQ(r.exit_code, 0);
  EXPECT_EQ(r.said, "");
}

}  // namespace
