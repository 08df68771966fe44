// Opening recorded data in place of what the wall shows.
#include "viewer/session.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "net/codec/frame_codec.hpp"
#include "net/store/day_store.hpp"
#include "render/gl/gl_api.hpp"
#include "render/gl/readback.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/output.hpp"
#include "viewer/window.hpp"

namespace viewer {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class SessionGl : public testing_support::GlTest {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    record();
    Options options;
    options.connect_url = "ws://127.0.0.1:9/feed";  // nobody listens: the wall waits
    options.width = 640;
    options.height = 360;
    options.heat = true;
    auto source = Source::open(options);
    ASSERT_TRUE(source) << source.error().what;
    AppConfig config;
    config.options = options;
    config.shader_dir = testing_support::shader_dir();
    session_ = std::make_unique<Session>(config, atlas_, std::move(source.value()), now_);
  }
  void TearDown() override {
    session_.reset();
    GlTest::TearDown();
  }

  /// A day with one keyframe and one tick.
  void record() {
    testing_support::SmallFleet fleet;
    fleet.add("SY0121", testing_support::kSuzhou, fleet::Status::working);
    net::FrameEncoder encoder;
    const auto roster =
        encoder.encode(fleet.roster(), fleet.state().position(), fleet.state().time());
    const auto keyframe = encoder.encode(fleet.keyframe());
    const fleet::TickBatch tick = fleet.move(0, {120.7, 31.3}, fleet.kNow + 1s);
    net::DayStoreOptions options;
    options.durable = false;
    auto writer = net::DayWriter::open(folder_.path, options);
    ASSERT_TRUE(writer) << writer.error().what;
    ASSERT_TRUE((*writer)->append_keyframe(&roster, keyframe, tick.end));
    ASSERT_TRUE((*writer)->append(encoder.encode(tick)));
    ASSERT_TRUE((*writer)->close());
  }

  /// Updates until the fleet is there; bounded, so that a failure ends.
  bool becomes_ready() {
    for (int i = 0; i < 5000 && !session_->app().playback().ready(); ++i) {
      session_->app().update({}, now_ += 1ms, true);
      std::this_thread::sleep_for(1ms);
    }
    return session_->app().playback().ready();
  }

  testing_support::TemporaryFolder folder_;
  fleet::Atlas atlas_;
  App::Steady now_ = std::chrono::steady_clock::now();
  std::unique_ptr<Session> session_;
};

TEST_F(SessionGl, ShowsADroppedDirectoryAndKeepsWhatThePersonChose) {
  const auto opened = session_->open_recording(folder_.path.string(), now_);

  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_TRUE(session_->source().recorded());
  ASSERT_TRUE(becomes_ready());
  EXPECT_TRUE(session_->app().wall().heat);
  EXPECT_EQ(session_->app().wall().camera.width_px, 640);
  testing_support::Target target(640, 360);
  session_->app().draw(target.framebuffer(), now_);
  session_->app().finish_stats();
  EXPECT_EQ(session_->app().stats().machines, 1u);
}

/// The process's folder, until the end of a test.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) { fs::current_path(folder); }
  ~InFolder() { fs::current_path(before_); }

 private:
  const fs::path before_ = fs::current_path();
};

TEST_F(SessionGl, SavesTheMachinesInThePictureAndSaysWhere) {
  ASSERT_TRUE(session_->open_recording(folder_.path.string(), now_));
  ASSERT_TRUE(becomes_ready());
  testing_support::TemporaryFolder saved;
  const InFolder here(saved.path);
  Input input;
  input.keys.push_back({Key::f12, 0, true});
  session_->app().update(input, now_ += 1ms, true);
  testing_support::Target target(640, 360);
  const auto told = [&] {
    session_->app().update({}, now_ += 1ms, true);
    session_->app().draw(target.framebuffer(), now_);
    return session_->app().model().notice.kind == Notice::saved;
  };
  for (int i = 0; i < 5000 && !told(); ++i) std::this_thread::sleep_for(1ms);

  const NoticeModel& notice = session_->app().model().notice;
  ASSERT_EQ(notice.kind, Notice::saved);
  std::size_t tables = 0;
  for (const auto& file : fs::directory_iterator(saved.path)) {
    ++tables;
    EXPECT_GT(file.file_size(), 100u) << file.path();
  }
  EXPECT_EQ(tables, 2u);
  EXPECT_NE(notice.fact.find(saved.path.filename().string()), std::string::npos) << notice.fact;
}

TEST_F(SessionGl, GoesOnWithWhatItShowsWhenTheFileIsNoRecording) {
  const fs::path file = folder_.path / "fleet.csv";
  std::ofstream(file) << "id,time\n";
  const Source* before = &session_->source();

  const auto opened = session_->open_recording(file.string(), now_);

  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().what.find("fleet.csv"), std::string::npos) << opened.error().what;
  EXPECT_EQ(&session_->source(), before);
  testing_support::Target target(640, 360);
  session_->app().draw(target.framebuffer(), now_);  // with the banner that says so
}

/// Names of textures, buffers, framebuffers and programs in use.
int gl_objects() {
  int count = 0;
  for (GLuint name = 1; name < 2000; ++name) {
    count += glIsTexture(name) + glIsBuffer(name) + glIsFramebuffer(name) + glIsProgram(name);
  }
  return count;
}

TEST_F(SessionGl, ShowsTheSamePictureAfterEveryGlObjectWasMadeAnew) {
  ASSERT_TRUE(session_->open_recording(folder_.path.string(), now_));
  ASSERT_TRUE(becomes_ready());
  Output output(true, 640, 360);
  App& app = session_->app();
  const auto picture = [&] {
    // Twice: fonts for what the first one showed.
    for (int i = 0; i < 2; ++i) {
      app.update({}, now_ += 2s, true);
      app.draw(output.framebuffer(), now_);
    }
    return render::image_from_framebuffer(output.framebuffer(), 640, 360);
  };
  app.hold();
  picture();
  const render::Image before = picture();
  const int objects = gl_objects();

  output.rebuild();
  app.rebuild_gl();

  EXPECT_EQ(picture(), before);
  EXPECT_EQ(gl_objects(), objects) << "left over, or missing";
  EXPECT_EQ(glGetError(), static_cast<GLenum>(GL_NO_ERROR));
}

}  // namespace
}  // namespace viewer
