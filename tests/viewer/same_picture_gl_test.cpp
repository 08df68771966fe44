// An hour of the demo fleet on all ways there are to a wall: as frames of a live feed, out of the
// store, and from a gateway that plays what is stored. At its end all show the same picture, byte
// for byte.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "fleet/sim/simulator.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/gateway/server.hpp"
#include "net/store/day_store.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/live_data.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/app.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using testing_support::LiveData;

const fleet::Time kStart = *fleet::parse_time("2026-10-16T13:00:00+08:00");
constexpr int kSeconds = 3600;
constexpr int kWidth = 1280, kHeight = 720;
/// The corner that says whether a wall is live: there the two are to differ.
constexpr int kCornerWidth = 260, kCornerHeight = 56;

class SamePictureGl : public testing_support::GlTest {
 protected:
  /// The gateway's loop: each frame goes to the live wall's queue as it comes out of its decoder,
  /// and into the store.
  void play_hour(fleet::UpdateQueue& queue) {
    fleet::sim::Simulator simulator({1500, 7, kStart, false});
    net::GatewayCore core({}, kStart);
    for (const fleet::Machine& machine : simulator.machines())
      core.state().roster().update(core.state().roster().find_or_add(machine.id).value(), machine);
    net::DayStoreOptions options;
    options.durable = false;
    options.pack_rest = true;
    auto writer = net::DayWriter::open(folder_.path, options).value();
    net::FrameDecoder decoder;
    const auto send = [&](const std::shared_ptr<const net::EncodedFrame>& frame) {
      if (!frame) return;
      auto update = decoder.decode(std::as_bytes(std::span(frame->bytes)));
      ASSERT_TRUE(update) << update.error().what;
      ASSERT_TRUE(queue.push(std::move(update.value())));
    };
    send(core.full_roster());
    send(core.keyframe());
    fleet::ReportBatch batch;
    for (int second = 0; second <= kSeconds; ++second) {  // a recording goes on behind it
      if (writer->needs_keyframe(core.tick_end())) {
        const auto roster = core.full_roster();
        ASSERT_TRUE(writer->append_keyframe(roster.get(), *core.keyframe(), core.tick_end()));
      }
      batch.clear();
      simulator.advance(core.tick_end(), batch);
      core.ingest(batch);
      const auto frames = core.end_tick();
      if (second < kSeconds) send(frames.tick);
      if (frames.tick) {
        ASSERT_TRUE(writer->append(*frames.tick));
      }
      if (second < kSeconds) end_ = core.state().time();
    }
    ASSERT_TRUE(writer->close());
  }

  render::Image picture(Source& source, bool live) {
    AppConfig config;
    config.options.width = kWidth;
    config.options.height = kHeight;
    config.options.heat = true;
    config.options.panels = false;  // a live wall's clock and one that is held differ in words
    config.options.camera = {{120.6, 31.5, 8.6}};
    if (!live) config.options.at = end_;
    config.options.paused = !live;
    config.shader_dir = testing_support::shader_dir();
    auto now = std::chrono::steady_clock::now();
    App app(config, atlas_, source, now);
    const auto there = [&] {
      const Playback& playback = app.playback();
      return playback.ready() && playback.caught_up() && (live || playback.playhead() == end_);
    };
    for (int i = 0; i < 20'000 && !there(); ++i) {  // bounded, so that a failure ends
      app.update({}, now, true);
      if (!there()) std::this_thread::sleep_for(1ms);
    }
    app.hold();
    testing_support::Target target(kWidth, kHeight);
    for (int frame = 0; frame < 2; ++frame) {
      app.update({}, now, true);
      app.draw(target.framebuffer(), now);
    }
    EXPECT_EQ(app.playback().playhead(), end_);
    app.finish_stats();
    hashes_.push_back(app.stats().state_hash);
    render::Image image = target.image();
    for (int y = 0; y < kCornerHeight; ++y)
      std::fill_n(image.rgba.begin() + std::ptrdiff_t{4} * y * kWidth, 4 * kCornerWidth,
                  std::uint8_t{0});
    return image;
  }

  /// A wall that is connected to a gateway of these days, and called with that instant.
  render::Image picture_of_gateway() {
    std::promise<void> ready;
    net::GatewayConfig config;
    config.port = 0;
    config.data = folder_.path;
    const auto gateway = net::Gateway::start(
        std::move(config), std::nullopt, [&](std::string, std::uint16_t) { ready.set_value(); });
    ready.get_future().wait();
    Options options;
    options.connect_url = "ws://127.0.0.1:" + std::to_string(gateway->port());
    auto source = Source::open(options);
    EXPECT_TRUE(source);
    render::Image image = picture(**source, false);
    source->reset();
    gateway->stop();
    gateway->join();
    return image;
  }

  testing_support::TemporaryFolder folder_;
  fleet::Atlas atlas_ = testing_support::shipped_atlas();
  fleet::Time end_ = fleet::kNever;
  std::vector<std::uint64_t> hashes_;
};

TEST_F(SamePictureGl, AnHourLiveAndTheSameHourOutOfTheStoreAndFromAGatewayLookTheSame) {
  auto live = Source::over([](auto& queue) { return std::make_unique<LiveData>(queue); }, nullptr);
  play_hour(live->queue());
  const render::Image of_live = picture(*live, true);
  Options options;
  options.open_path = folder_.path;
  auto recorded = Source::open(options);
  ASSERT_TRUE(recorded) << recorded.error().what;
  const render::Image of_store = picture(**recorded, false);
  const render::Image of_gateway = picture_of_gateway();

  EXPECT_EQ(hashes_, std::vector(3, hashes_[0]));
  EXPECT_TRUE(of_live == of_gateway);
  EXPECT_TRUE(of_live == of_store);
  EXPECT_TRUE(testing_support::matches_golden("hour_of_the_demo", of_store));
}

}  // namespace
}  // namespace viewer
