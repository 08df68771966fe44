// A wall that knows of no machine: nobody answers, or a real gateway that has none yet.
#include <gtest/gtest.h>

#include "tests/net/loopback_support.hpp"
#include "tests/support/gl_test.hpp"
#include "viewer/session.hpp"

namespace viewer {
namespace {

class NoFleetGl : public testing_support::GlTest {
 protected:
  void TearDown() override {
    session_.reset();
    GlTest::TearDown();
  }
  App& connect(const std::string& url) {
    Options options;
    options.connect_url = url;
    return open(options);
  }
  App& open(Options options) {
    options.width = 640;
    options.height = 360;
    auto source = Source::open(options);
    EXPECT_TRUE(source.ok());
    AppConfig config;
    config.options = options;
    config.shader_dir = testing_support::shader_dir();
    session_ = std::make_unique<Session>(config, atlas_, std::move(source.value()), now());
    return session_->app();
  }
  static App::Steady now() { return std::chrono::steady_clock::now(); }
  bool arrives_at(Arrival arrival) {
    return net::test::eventually([&] {
      session_->app().update({}, now(), true);
      return session_->app().arrival() == arrival;
    });
  }
  const WallModel& drawn() {
    testing_support::Target target(640, 360);
    session_->app().draw(target.framebuffer(), now());
    return session_->app().model();
  }

  fleet::Atlas atlas_;
  std::unique_ptr<Session> session_;
};

TEST_F(NoFleetGl, SaysThatAGatewayHasNoMachineUntilTheFirstOneReports) {
  net::GatewayConfig quick;
  quick.core.tick = fleet::Millis(100);
  net::test::TestGateway gateway(quick);
  connect(gateway.url());

  ASSERT_TRUE(arrives_at(Arrival::no_fleet));
  const WallModel empty = drawn();
  EXPECT_EQ(empty.notice.kind, Notice::empty_fleet);
  EXPECT_FALSE(empty.fleet);
  EXPECT_TRUE(empty.top.connected);

  const auto answer = net::test::http(
      gateway.port(), "POST", "/ingest",
      "{\"machine\":\"EX-1\",\"time\":" + net::test::now_ms() + ",\"lon\":104,\"lat\":30}\n");
  ASSERT_EQ(answer.status, 200) << answer.body;
  ASSERT_TRUE(arrives_at(Arrival::fleet));
  const WallModel one = drawn();
  EXPECT_EQ(one.notice.kind, Notice::none);
  EXPECT_TRUE(one.fleet);
  EXPECT_EQ(one.totals.machines, 1u);
}

TEST_F(NoFleetGl, TellsNoFigureNorHourWhereNobodyAnswers) {
  connect("ws://127.0.0.1:9/feed");  // discard: nobody listens there

  ASSERT_TRUE(arrives_at(Arrival::no_feed));

  const WallModel& model = drawn();
  EXPECT_EQ(model.notice.kind, Notice::connecting);
  EXPECT_FALSE(model.fleet);
  EXPECT_FALSE(model.top.clock);
  EXPECT_FALSE(model.top.preparing);
}

TEST_F(NoFleetGl, CallsADemoADemoWhileItPrepares) {
  Options options;
  options.demo_machines = 200'000;  // many seconds' work
  open(options);
  session_->app().update({}, now(), true);

  const WallModel& model = drawn();

  EXPECT_EQ(model.notice.kind, Notice::preparing);
  EXPECT_TRUE(model.top.preparing);
  EXPECT_TRUE(model.top.demo);
  EXPECT_FALSE(model.fleet);
  EXPECT_FALSE(model.top.clock);
}

}  // namespace
}  // namespace viewer
