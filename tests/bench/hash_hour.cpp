// An hour of the demo at 60 times its speed, over real loopback sockets, through 20 forced
// reconnects: a wall without a picture compares every state hash the gateway sends. Prints its
// figures; exit status 1 if any hash differs or none was compared.
//   ninja -C build hash_hour && build/bin/hash_hour [MACHINES [MINUTES [RECONNECTS]]]
// Defaults: 32730 machines, 60 minutes of feed time, 20 reconnects. A minute, and the start.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>

#include "net/feed/feed.hpp"
#include "net/gateway/server.hpp"
#include "tests/net/proxy.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr double kSpeed = 60;
const fleet::Time kMidnight = fleet::time_from_ms(1'792'080'000'000);  // 2026-10-16T00:00+08:00

struct Plan {
  std::uint32_t machines = 32'730;
  std::chrono::minutes length{60};
  int reconnects = 20;
};

net::DemoSource demo_of(const Plan& plan) {
  net::DemoSource demo;
  demo.sim.machines = plan.machines;
  demo.sim.start = demo.from = kMidnight;
  demo.now = kMidnight + 14h;
  demo.speed = kSpeed;
  return demo;
}

/// Applies what comes and counts what disagrees.
class Wall {
 public:
  explicit Wall(std::uint16_t port) {
    net::LiveFeedConfig config;
    config.url = "ws://127.0.0.1:" + std::to_string(port);
    config.client_name = "hash_hour";
    config.first_retry = 50ms;
    feed_ = std::move(net::open_live_feed(config, queue_).value());
  }
  void turn() {
    while (auto update = queue_.try_pop()) std::visit([this](const auto& u) { take(u); }, *update);
    feed_->applied(state_.position(), state_.roster().version());
  }
  const fleet::FleetState& state() const { return state_; }
  net::FeedHealth health() const { return feed_->health(); }
  void print() const {
    std::printf("ticks %llu, gaps %llu, rows %llu, keyframes %llu, catch-ups %llu, refused %llu\n",
                ticks_, gaps_, rows_, keyframes_, catch_ups_, refused_);
    std::printf("hash checks %llu, divergences %llu\n", checks_, divergences_);
  }
  bool good() const { return checks_ > 0 && divergences_ == 0 && gaps_ == 0 && refused_ == 0; }

 private:
  void take(const fleet::Heartbeat& beat) {
    if (!beat.has_hash || !(beat.hash_position == state_.position())) return;
    if (checked_ == beat.hash_position) return;
    checked_ = beat.hash_position;
    ++checks_;
    if (state_.hash() != beat.hash) ++divergences_;
  }
  void take(const fleet::TickBatch& tick) {
    ++ticks_;
    rows_ += tick.rows.size();
    if (tick.position.number != state_.position().number + 1) ++gaps_;
    apply(tick);
  }
  void take(const fleet::StateBatch& state) {
    ++(state.kind == fleet::StateBatch::Kind::keyframe ? keyframes_ : catch_ups_);
    apply(state);
  }
  void take(const fleet::RosterBatch& roster) { apply(roster); }
  template <class Batch>
  void apply(const Batch& batch) {
    if (!state_.apply(batch)) ++refused_;
  }

  using Count = unsigned long long;
  fleet::UpdateQueue queue_{64u << 20};
  std::unique_ptr<net::Feed> feed_;
  fleet::FleetState state_;
  fleet::FramePosition checked_;
  Count ticks_ = 0, gaps_ = 0, rows_ = 0, keyframes_ = 0, catch_ups_ = 0, refused_ = 0;
  Count checks_ = 0, divergences_ = 0;
};

int run(const Plan& plan) {
  std::promise<void> ready;
  const auto begin = Clock::now();
  net::GatewayConfig config;
  config.port = 0;
  const auto gateway = net::Gateway::start(std::move(config), demo_of(plan),
                                           [&](std::string, std::uint16_t) { ready.set_value(); });
  ready.get_future().wait();
  net::test::Proxy proxy(gateway->port());
  Wall wall(proxy.port());
  std::printf("gateway ready after %.1f s\n",
              std::chrono::duration<double>(Clock::now() - begin).count());

  fleet::Time first = fleet::kNever;
  int cuts = 0;
  while (true) {
    wall.turn();
    if (first == fleet::kNever) first = wall.state().time();
    const auto played = first == fleet::kNever ? 0ms : wall.state().time() - first;
    if (played >= plan.length) break;
    // The last piece of the hour stays whole, so that the last cut is checked as well.
    if (cuts < plan.reconnects && played >= plan.length * (cuts + 1) / (plan.reconnects + 1)) {
      proxy.cut();
      ++cuts;
    }
    if (Clock::now() - begin > 5min) break;
    std::this_thread::sleep_for(5ms);
  }
  std::printf("%u machines, %.1f minutes of feed time in %.1f s, %llu reconnects\n", plan.machines,
              std::chrono::duration<double, std::ratio<60>>(wall.state().time() - first).count(),
              std::chrono::duration<double>(Clock::now() - begin).count(),
              static_cast<unsigned long long>(wall.health().connections - 1));
  wall.print();
  const bool all_cuts = wall.health().connections == static_cast<unsigned>(plan.reconnects) + 1;
  return wall.good() && all_cuts ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  if (argc > 1) plan.machines = static_cast<std::uint32_t>(std::max(1, std::atoi(argv[1])));
  if (argc > 2) plan.length = std::chrono::minutes(std::max(1, std::atoi(argv[2])));
  if (argc > 3) plan.reconnects = std::max(0, std::atoi(argv[3]));
  return run(plan);
}
