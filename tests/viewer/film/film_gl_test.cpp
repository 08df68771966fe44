// fleetwall --film, as a script starts it.
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "net/codec/frame_codec.hpp"
#include "net/store/day_store.hpp"
#include "render/image.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/small_fleet.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::SmallFleet;

constexpr int kTicks = 6;

class FilmGl : public testing_support::GlTest {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (!IsSkipped()) record();
  }

  /// Some 160 machines, alarms among them, one of which moves each second.
  void record() {
    SmallFleet fleet = testing_support::suzhou_fleet();
    net::FrameEncoder encoder;
    const auto roster =
        encoder.encode(fleet.roster(), fleet.state().position(), fleet.state().time());
    const auto keyframe = encoder.encode(fleet.keyframe());
    net::DayStoreOptions options;
    options.durable = false;
    auto writer = net::DayWriter::open(folder_.path / "days", options);
    ASSERT_TRUE(writer) << writer.error().what;
    ASSERT_TRUE((*writer)->append_keyframe(&roster, keyframe, SmallFleet::kNow + 1s));
    for (int i = 1; i <= kTicks; ++i) {
      const fleet::LonLat to{120.62 + 0.02 * i, 31.30};
      ASSERT_TRUE((*writer)->append(
          encoder.encode(fleet.move(0, to, SmallFleet::kNow + std::chrono::seconds{i}))));
    }
    ASSERT_TRUE((*writer)->close());
  }

  struct Run {
    int exit_code = -1;
    std::string said;
  };
  static std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// before: in front of the program on the shell's line.
  Run film(const std::string& arguments, const std::string& before = {}) {
    const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "fleetwall";
    const std::string command = "cd '" + folder_.path.string() + "' && timeout 100 env " + before +
                                " '" + program.string() + "' --open days --size 321x181 " +
                                arguments + " >said 2>&1";
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents(folder_.path / "said")};
  }

  /// A program named ffmpeg, in a folder that is all of PATH that the wall sees.
  std::string fake_ffmpeg(const std::string& script) {
    const fs::path bin = folder_.path / "bin";
    fs::create_directories(bin);
    std::ofstream(bin / "ffmpeg") << "#!/bin/sh\nPATH=/bin:/usr/bin\n" << script;
    EXPECT_EQ(chmod((bin / "ffmpeg").c_str(), 0755), 0);
    return "PATH='" + bin.string() + "'";
  }

  testing_support::TemporaryFolder folder_;
};

/// Four frames over two seconds.
constexpr const char* kSpan =
    " --from 2026-10-16T14:00:01+08:00 --to 2026-10-16T14:00:03+08:00 --fps 2 ";

TEST_F(FilmGl, MakesTheSameBytesEachTimeAlsoOnABusyMachine) {
  const Run first = film(std::string("--heat on --select SY0121 --film one") + kSpan);
  std::atomic<bool> over = false;
  std::vector<std::jthread> load;
  for (int i = 0; i < 4; ++i) {
    load.emplace_back([&over] {
      while (!over) {
      }
    });
  }
  const Run second = film(std::string("--heat on --select SY0121 --film two") + kSpan);
  over = true;

  ASSERT_EQ(first.exit_code, 0) << first.said;
  ASSERT_EQ(second.exit_code, 0) << second.said;
  for (int i = 1; i <= 4; ++i) {
    const std::string name = "00000" + std::to_string(i) + ".png";
    const std::string one = contents(folder_.path / "one" / name);
    EXPECT_GT(one.size(), 1000u) << name;
    EXPECT_TRUE(one == contents(folder_.path / "two" / name)) << name << " differs";
  }
  EXPECT_FALSE(fs::exists(folder_.path / "one" / "000005.png"));
  EXPECT_NE(contents(folder_.path / "one/000001.png"), contents(folder_.path / "one/000003.png"))
      << "a second later it looks different";
}

TEST_F(FilmGl, ShowsTheSameInstantWhereverTheFilmBegan) {
  const Run r = film(std::string("--panels off --camera 120.62,31.3,9 --film a") + kSpan);
  const Run late = film(
      "--panels off --camera 120.62,31.3,9 --film b --from 2026-10-16T14:00:02+08:00 --to "
      "2026-10-16T14:00:03+08:00 --fps 1");

  ASSERT_EQ(r.exit_code, 0) << r.said;
  ASSERT_EQ(late.exit_code, 0) << late.said;
  // Rings pulse by the time of the film: compared is where the machines are, not the whole.
  const auto a = render::read_png((folder_.path / "a/000003.png").string());
  const auto b = render::read_png((folder_.path / "b/000001.png").string());
  ASSERT_TRUE(a && b);
  std::size_t different = 0;
  for (std::size_t i = 0; i < a->rgba.size(); i += 4)
    different += std::abs(a->rgba[i] - b->rgba[i]) > 40;
  EXPECT_LT(different, a->rgba.size() / 4 / 100);
}

TEST_F(FilmGl, HandsFfmpegEveryPictureWhole) {
  const std::string path =
      fake_ffmpeg("for last; do :; done\necho \"$@\" >asked\nwc -c >\"${last#file:}\"\n");

  const Run r = film(std::string("--film a:b.mp4") + kSpan, path);

  ASSERT_EQ(r.exit_code, 0) << r.said;
  EXPECT_EQ(std::stoul(contents(folder_.path / "a:b.mp4")), 4u * 321 * 181 * 4);
  const std::string asked = contents(folder_.path / "asked");
  EXPECT_NE(asked.find("-s 321x181 -framerate 2 -i -"), std::string::npos) << asked;
  EXPECT_NE(asked.find("libx264"), std::string::npos) << asked;
  EXPECT_NE(r.said.find("4 of 4 frames"), std::string::npos) << r.said;
}

TEST_F(FilmGl, WritesPicturesWhereThereIsNoFfmpeg) {
  const Run r = film(std::string("--film a.webm") + kSpan, "PATH=/nowhere");

  ASSERT_EQ(r.exit_code, 0) << r.said;
  EXPECT_NE(r.said.find("there is no ffmpeg on PATH"), std::string::npos) << r.said;
  EXPECT_TRUE(fs::exists(folder_.path / "a.webm-frames/000004.png"));
  EXPECT_FALSE(fs::exists(folder_.path / "a.webm"));
}

TEST_F(FilmGl, TellsWhatAnFfmpegThatDiesSaid) {
  const Run early =
      film(std::string("--film a.mkv") + kSpan, fake_ffmpeg("echo no such codec >&2\nexit 3\n"));
  const Run late = film(std::string("--film a.mkv") + kSpan,
                        fake_ffmpeg("cat >/dev/null\necho disk full >&2\nexit 1\n"));

  EXPECT_EQ(early.exit_code, 1) << early.said;
  EXPECT_NE(early.said.find("a.mkv: ffmpeg failed with 3: no such codec"), std::string::npos)
      << early.said;
  EXPECT_EQ(late.exit_code, 1) << late.said;
  EXPECT_NE(late.said.find("a.mkv: ffmpeg failed with 1: disk full"), std::string::npos)
      << late.said;
}

TEST_F(FilmGl, KeepsWhatWasWrittenWhenStopped) {
  // Ends the wall after the first bytes came, and counts to the end.
  const std::string path = fake_ffmpeg(
      "for last; do :; done\nhead -c 1000 >/dev/null\nkill -INT $PPID\nwc -c >\"${last#file:}\"\n");

  const Run r =
      film("--film a.mp4 --from 2026-10-16T14:00:01+08:00 --to 2026-10-16T14:00:06+08:00 --fps 100",
           path);

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_NE(r.said.find("stopped; "), std::string::npos) << r.said;
  EXPECT_NE(r.said.find("of 500 frames are in a.mp4"), std::string::npos) << r.said;
  EXPECT_EQ((std::stoul(contents(folder_.path / "a.mp4")) + 1000) % (321u * 181 * 4), 0u)
      << "whole pictures";
}

TEST_F(FilmGl, RefusesSpansOutsideOfTheRecordingAndPlacesItCannotWrite) {
  const Run outside =
      film("--film a --from 2026-10-16T13:59:00+08:00 --to 2026-10-16T14:00:03+08:00");
  std::ofstream(folder_.path / "file") << "in the way";
  const Run unwritable = film(std::string("--film file/film") + kSpan);
  fs::create_directories(folder_.path / "used");
  std::ofstream(folder_.path / "used/000009.png") << "older";
  const Run used = film(std::string("--film used") + kSpan);

  EXPECT_EQ(outside.exit_code, 2) << outside.said;
  EXPECT_NE(outside.said.find("the recording goes from 2026-10-16T06:00:"), std::string::npos)
      << outside.said;
  EXPECT_EQ(unwritable.exit_code, 1) << unwritable.said;
  EXPECT_NE(unwritable.said.find("file/film"), std::string::npos) << unwritable.said;
  EXPECT_EQ(used.exit_code, 1) << used.said;
  EXPECT_NE(used.said.find("has pictures already (000009.png)"), std::string::npos) << used.said;
}

TEST_F(FilmGl, LeavesNoHalfPictureWhereItCannotBeWritten) {
  fs::create_directories(folder_.path / "full");
  // A picture that cannot be written to its end, as on a full disk: the shell's limit, 4 KiB.
  const Run r = film(std::string("--film full") + kSpan,
                     "sh -c 'ulimit -f 8; trap \"\" XFSZ; exec \"$0\" \"$@\"'");

  EXPECT_EQ(r.exit_code, 1) << r.said;
  EXPECT_NE(r.said.find("full/000001.png: cannot be written: "), std::string::npos) << r.said;
  EXPECT_FALSE(fs::exists(folder_.path / "full/000001.png"));
}

}  // namespace
