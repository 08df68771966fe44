// A wall on live data that goes into the past of the same fleet and comes back: the whole wall,
// with a gateway in miniature and days that were recorded of it.
#include <gtest/gtest.h>

#include <thread>

#include "net/codec/frame_codec.hpp"
#include "net/store/day_store.hpp"
#include "tests/support/gl_test.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/viewer/live_data.hpp"
#include "tests/support/viewer/small_fleet.hpp"
#include "viewer/app.hpp"
#include "viewer/output.hpp"

namespace viewer {
namespace {

using namespace std::chrono_literals;
using testing_support::LiveData;
using testing_support::SmallFleet;

constexpr fleet::LonLat kThen{120.7, 31.3}, kNowPlace{121.5, 31.2};

class PastGl : public testing_support::GlTest {
 protected:
  void SetUp() override {
    GlTest::SetUp();
    if (IsSkipped()) return;
    record();
    open(Options{});
  }
  void TearDown() override {
    app_.reset();
    source_.reset();
    GlTest::TearDown();
  }

  void open(Options options) {
    app_.reset();
    options.connect_url = "ws://127.0.0.1:9/feed";
    options.width = 640;
    options.height = 360;
    source_ = Source::over(
        [this](fleet::UpdateQueue& queue) {
          auto feed = std::make_unique<LiveData>(queue);
          live_ = feed.get();
          return feed;
        },
        [this](fleet::UpdateQueue& queue) { return net::open_recording(folder_.path, queue); });
    put(fleet_.roster());
    put(fleet_.keyframe());
    AppConfig config;
    config.options = options;
    config.shader_dir = testing_support::shader_dir();
    app_ = std::make_unique<App>(config, atlas_, *source_, now_);
  }

  /// Ten seconds of it: the machine moves in each, and has an alarm from the fifth on.
  void record() {
    machine_ = fleet_.add("SY0121", testing_support::kSuzhou, fleet::Status::working);
    net::FrameEncoder encoder;
    const auto roster =
        encoder.encode(fleet_.roster(), fleet_.state().position(), fleet_.state().time());
    const auto keyframe = encoder.encode(fleet_.keyframe());
    first_hash_ = fleet_.state().hash();
    net::DayStoreOptions options;
    options.durable = false;
    auto writer = net::DayWriter::open(folder_.path, options);
    ASSERT_TRUE(writer) << writer.error().what;
    for (int s = 1; s <= 10; ++s) {
      const fleet::TickBatch tick = fleet_.move(machine_, place(s), SmallFleet::kNow + s * 1s);
      if (s == 1) {
        ASSERT_TRUE((*writer)->append_keyframe(&roster, keyframe, tick.end));
      }
      hashes_.push_back(fleet_.state().hash());
      ASSERT_TRUE((*writer)->append(encoder.encode(tick)));
    }
    ASSERT_TRUE((*writer)->close());
  }
  static fleet::LonLat place(int s) { return {kThen.lon_deg + s * 0.01, kThen.lat_deg}; }

  void put(fleet::Update update) { ASSERT_TRUE(live_->queue.push(std::move(update))); }
  void update(Input input = {}) { app_->update(input, now_ += 1ms, true); }
  void press(char letter, bool shift = false) {
    Input input;
    KeyPress key;
    key.key = Key::letter;
    key.letter = letter;
    key.shift = shift;
    input.keys.push_back(key);
    update(input);
  }
  void press(Key which) {
    Input input;
    KeyPress key;
    key.key = which;
    input.keys.push_back(key);
    update(input);
  }
  /// Updates until `done`; bounded, so that a failure ends.
  template <class Done>
  bool comes(Done done) {
    for (int i = 0; i < 5000 && !done(); ++i) {
      update();
      std::this_thread::sleep_for(1ms);
    }
    return done();
  }
  bool can_go_back() {
    return comes([&] { return app_->playback().ready() && app_->wall().replays; });
  }
  void draw() {
    testing_support::Target target(640, 360);
    app_->draw(target.framebuffer(), now_);
  }
  /// A live tick in which an alarm comes up.
  void raise(fleet::Time t, fleet::Severity severity) {
    fleet::TickBatch tick = fleet_.move(machine_, kNowPlace, t);
    fleet::AlarmEvent event;
    event.alarm = {77, machine_, fleet::AlarmRule::fault, {}, severity, t, t};
    event.alarm.fault.spn = 100;
    event.alarm.fault.fmi = 1;
    event.at = t;
    tick.alarms.push_back(event);
    put(tick);
  }

  testing_support::TemporaryFolder folder_;
  fleet::Atlas atlas_;
  SmallFleet fleet_;
  fleet::Slot machine_ = 0;
  std::uint64_t first_hash_ = 0;       ///< of what the recording begins with
  std::vector<std::uint64_t> hashes_;  ///< after each second
  App::Steady now_ = std::chrono::steady_clock::now();
  LiveData* live_ = nullptr;
  std::unique_ptr<Source> source_;
  std::unique_ptr<App> app_;
};

std::uint64_t hash_of(App& app) {
  app.finish_stats();
  return app.stats().state_hash;
}

TEST_F(PastGl, StepsBackToWhatWasKnownAndReturnsToNowInOneKey) {
  ASSERT_TRUE(can_go_back());
  EXPECT_EQ(hash_of(*app_), hashes_.back());

  press(Key::space);  // holds time
  press(';');
  press(';');
  ASSERT_TRUE(comes([&] { return app_->playback().recorded() && app_->settled(); }));
  EXPECT_EQ(app_->playback().playhead(), SmallFleet::kNow + 8s);
  EXPECT_EQ(hash_of(*app_), hashes_[7]);
  draw();
  EXPECT_EQ(app_->model().top.mode, Mode::paused);

  put(fleet_.move(machine_, kNowPlace, SmallFleet::kNow + 11s));
  press('l');

  EXPECT_FALSE(app_->playback().recorded());
  EXPECT_EQ(hash_of(*app_), fleet_.state().hash());
  EXPECT_EQ(live_->last, fleet_.state().position());
  draw();
  EXPECT_EQ(app_->model().top.mode, Mode::live);
  EXPECT_EQ(live_->resyncs, 0);
}

TEST_F(PastGl, HasTheClocksButtonsInThePastAndWhileSomebodyPoints) {
  ASSERT_TRUE(can_go_back());
  const auto buttons = [&](const Input& input) {
    app_->update(input, now_, true);
    draw();
    return app_->model().band.transport;
  };
  EXPECT_FALSE(buttons({}));
  Input input;
  input.pointer_inside = true;
  input.pointer = {100, 100};
  EXPECT_TRUE(buttons(input));
  now_ += 9s;
  EXPECT_TRUE(buttons(input));
  now_ += 2s;
  EXPECT_FALSE(buttons(input)) << "it rests";
  input.pointer.x += 1;
  EXPECT_TRUE(buttons(input));
  now_ += 11s;
  EXPECT_FALSE(buttons(input));
  press(Key::space);
  ASSERT_TRUE(comes([&] { return app_->playback().recorded() && app_->settled(); }));
  EXPECT_TRUE(buttons(input));
  press('l');
  EXPECT_FALSE(buttons(input));
}

TEST_F(PastGl, GoesBackAgainAfterHavingBeenThere) {
  ASSERT_TRUE(can_go_back());
  for (int round = 0; round < 3; ++round) {
    press(Key::space);
    press(';');
    ASSERT_TRUE(comes([&] { return app_->playback().recorded() && app_->settled(); }));
    EXPECT_EQ(hash_of(*app_), hashes_[8]) << round;
    press('l');
    EXPECT_EQ(hash_of(*app_), fleet_.state().hash()) << round;
  }
}

TEST_F(PastGl, AnnouncesLiveAlarmsWhileThePastIsShown) {
  ASSERT_TRUE(can_go_back());
  press(Key::space);
  ASSERT_TRUE(comes([&] { return app_->playback().recorded() && app_->settled(); }));

  raise(SmallFleet::kNow + 11s, fleet::Severity::critical);
  update();
  draw();

  EXPECT_EQ(app_->model().top.live_alarms, 1u);
  EXPECT_EQ(app_->model().notice.kind, Notice::live_alarm);
  EXPECT_TRUE(app_->model().alarms.rows.empty()) << "the list is that of the instant shown";
  press('l');
  draw();
  EXPECT_EQ(app_->model().top.live_alarms, 0u);
  EXPECT_NE(app_->model().notice.kind, Notice::live_alarm);
  EXPECT_EQ(app_->model().alarms.rows.size(), 1u);
}

TEST_F(PastGl, PlayedUpToItsEndThePastJoinsNow) {
  ASSERT_TRUE(can_go_back());
  press(',');  // a minute back: to the beginning
  ASSERT_TRUE(comes([&] { return app_->playback().recorded() && app_->settled(); }));
  EXPECT_EQ(hash_of(*app_), first_hash_);

  press('l', true);
  ASSERT_TRUE(app_->playback().control().catching_up());
  now_ += 1s;  // twenty of the recording's: more than there are
  update();
  update();

  EXPECT_FALSE(app_->playback().recorded());
  EXPECT_EQ(app_->playback().control().mode(), fleet::TimeControl::Mode::following);
  EXPECT_EQ(hash_of(*app_), fleet_.state().hash());
}

TEST_F(PastGl, TheSelectedMachineStaysSelected) {
  ASSERT_TRUE(can_go_back());
  Options options;
  options.select = "SY0121";
  open(options);
  ASSERT_TRUE(can_go_back());
  ASSERT_TRUE(comes([&] { return app_->wall().selected.has_value(); }));

  press(Key::space);
  press(';');
  ASSERT_TRUE(comes([&] { return app_->playback().recorded() && app_->settled(); }));
  update();
  EXPECT_EQ(app_->wall().selected, machine_);
  press('l');
  EXPECT_EQ(app_->wall().selected, machine_);
}

TEST_F(PastGl, StartsAtTheInstantItIsCalledWith) {
  Options options;
  options.at = SmallFleet::kNow + 4s;
  options.paused = true;
  open(options);

  ASSERT_TRUE(comes([&] { return app_->settled(); }));

  EXPECT_TRUE(app_->playback().recorded());
  EXPECT_EQ(app_->playback().playhead(), SmallFleet::kNow + 4s);
  EXPECT_EQ(hash_of(*app_), hashes_[3]);
}

TEST_F(PastGl, AMachineThatIsAskedForIsMeantAtTheInstantItIsCalledWith) {
  ASSERT_TRUE(can_go_back());
  fleet_.add("SY0999", kNowPlace, fleet::Status::working);  // joined since
  for (const std::string id : {"SY0999", "SY0121"}) {
    Options options;
    options.at = SmallFleet::kNow + 4s;
    options.paused = true;
    options.select = id;
    open(options);

    std::vector<std::string> said;
    ASSERT_TRUE(comes([&] {
      for (std::string& line : app_->take_complaints()) said.push_back(std::move(line));
      return app_->settled() && (!said.empty() || app_->wall().selected);
    }));

    EXPECT_TRUE(app_->playback().recorded());
    ASSERT_EQ(said.size(), id == "SY0999" ? 1u : 0u);
    if (!said.empty()) {
      EXPECT_TRUE(said[0].starts_with("--select SY0999: no machine")) << said[0];
    }
    EXPECT_EQ(app_->wall().selected.has_value(), id == "SY0121");
  }
}

TEST_F(PastGl, ADayBeforeIsThatOfTheInstantItIsCalledWithAndNotOfNow) {
  ASSERT_TRUE(can_go_back());
  fleet_.move(machine_, kNowPlace, SmallFleet::kNow + 48h);
  Options options;
  options.at = SmallFleet::kNow + 4s;
  options.paused = true;
  options.compare = OtherDay{std::nullopt, std::chrono::days{1}};
  open(options);

  std::vector<std::string> said;
  ASSERT_TRUE(comes([&] {
    for (std::string& line : app_->take_complaints()) said.push_back(std::move(line));
    return app_->settled() && !said.empty();
  }));

  const fleet::LocalDay shown = fleet::shanghai().day_of(SmallFleet::kNow);
  const std::string before = fleet::day_name(shown - std::chrono::days{1});
  ASSERT_EQ(said.size(), 1u);
  EXPECT_TRUE(said[0].starts_with("--compare " + before + ": nothing is recorded")) << said[0];
}

TEST_F(PastGl, KeysOfTheClockLeadNowhereWithoutAPast) {
  app_.reset();
  source_ = Source::over(
      [this](fleet::UpdateQueue& queue) {
        auto feed = std::make_unique<LiveData>(queue);
        live_ = feed.get();
        return feed;
      },
      [](fleet::UpdateQueue&) { return fleet::Error{"This gateway does not record."}; });
  put(fleet_.roster());
  put(fleet_.keyframe());
  AppConfig config;
  config.options.width = 640;
  config.options.height = 360;
  config.shader_dir = testing_support::shader_dir();
  app_ = std::make_unique<App>(config, atlas_, *source_, now_);
  ASSERT_TRUE(comes([&] { return app_->playback().ready(); }));

  press(Key::space);
  press(';');
  press('j');

  EXPECT_FALSE(app_->playback().recorded());
  EXPECT_FALSE(app_->wall().replays);
  draw();
}

}  // namespace
}  // namespace viewer
