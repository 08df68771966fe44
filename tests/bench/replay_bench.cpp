// How long a wall waits for a jump into a gateway's past, and how fast it is played to it: a
// gateway over a recording, and a wall without a picture, over a loopback socket.
//   replay_bench DIR [SEEKS]      default: 200 seeks
// The gateway begins a file of today in DIR, to which the range reaches the next time: give it a
// fresh copy. A seek ends when its state is applied. Then an hour is played as fast as it comes,
// and the day of single machines is asked for, until a shelf has it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <thread>
#include <vector>

#include "net/feed/recording.hpp"
#include "net/gateway/server.hpp"
#include "tests/bench/recording.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using bench::or_exit;

double ms_since(Clock::time_point from) {
  return std::chrono::duration<double, std::milli>(Clock::now() - from).count();
}

/// A wall's state, from what its feed brings.
class Wall {
 public:
  Wall(net::Feed& feed, fleet::UpdateQueue& queue) : feed_(feed), queue_(queue) {}

  /// Until all up to t is applied; how many ticks that took.
  std::size_t take_until(fleet::Time t) {
    std::size_t ticks = 0;
    for (bool there = false; !there;) {
      there = feed_.health().read_until >= t;
      while (auto update = queue_.try_pop()) {
        ticks += std::holds_alternative<fleet::TickBatch>(*update);
        apply(*update);
      }
      if (!there) std::this_thread::yield();
    }
    return ticks;
  }
  const fleet::Roster& roster() const { return state_.roster(); }

 private:
  void apply(const fleet::Update& update) {
    if (const auto* roster = std::get_if<fleet::RosterBatch>(&update)) (void)state_.apply(*roster);
    if (const auto* state = std::get_if<fleet::StateBatch>(&update)) (void)state_.apply(*state);
    if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) (void)state_.apply(*tick);
    feed_.applied(state_.position(), state_.roster().version());
  }

  net::Feed& feed_;
  fleet::UpdateQueue& queue_;
  fleet::FleetState state_;
};

/// What machines did on the day of t; the time until each is known.
void ask_for_machines(net::MachineShelf& shelf, const fleet::Roster& roster, fleet::LocalDay day) {
  constexpr std::size_t kMachines = 60;
  const fleet::TimeZone zone = fleet::shanghai();
  std::vector<double> ms;
  std::size_t reports = 0;
  for (std::size_t i = 0; i < std::min(kMachines, roster.size()); ++i) {
    const auto slot = static_cast<fleet::Slot>(i * roster.size() / kMachines);
    const auto from = Clock::now();
    shelf.want({roster[slot].id, zone.start_of(day), zone.start_of(day + std::chrono::days{1})});
    while (!shelf.update()) std::this_thread::yield();
    ms.push_back(ms_since(from));
    reports += shelf.history()->reports.size();
  }
  if (ms.empty()) return;
  std::sort(ms.begin(), ms.end());
  std::printf("a day of each of %zu machines, %zu reports: median %.1f, p95 %.1f ms\n", ms.size(),
              reports, ms[ms.size() / 2], ms[ms.size() * 95 / 100]);
}

/// Where was worked until instants of that day; the time until each is known.
void ask_for_heat(net::HeatShelf& shelf, fleet::LocalDay day) {
  constexpr int kInstants = 20;
  const fleet::Time midnight = fleet::shanghai().start_of(day);
  std::vector<double> ms;
  std::size_t cells = 0;
  for (int i = 1; i <= kInstants; ++i) {
    const auto from = Clock::now();
    shelf.want({midnight + i * std::chrono::minutes(24 * 60 / kInstants - 1), day});
    while (!shelf.update()) std::this_thread::yield();
    ms.push_back(ms_since(from));
    cells = shelf.heat()->cells.cells.size();
  }
  std::sort(ms.begin(), ms.end());
  std::printf(
      "heat of that day until %d instants, %zu cells at the last: median %.1f, p95 %.1f ms\n",
      kInstants, cells, ms[ms.size() / 2], ms[ms.size() * 95 / 100]);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "replay_bench DIR [SEEKS]\n");
    return 2;
  }
  const auto seeks = static_cast<std::size_t>(std::max(argc > 2 ? std::atoi(argv[2]) : 200, 1));
  net::GatewayConfig config;
  config.port = 0;
  config.data = argv[1];
  config.track_bytes = 0;
  std::promise<void> ready;
  const auto gateway = net::Gateway::start(std::move(config), std::nullopt,
                                           [&](std::string, std::uint16_t) { ready.set_value(); });
  ready.get_future().wait();

  fleet::UpdateQueue queue(256u << 20);
  net::LiveFeedConfig where;
  where.url = "ws://127.0.0.1:" + std::to_string(gateway->port());
  auto recording = or_exit(net::open_replay(std::move(where), queue));
  net::Feed& feed = *recording.feed;
  while (feed.health().range_end == fleet::kNever) std::this_thread::yield();
  const fleet::Time begin = feed.health().range_begin, end = feed.health().range_end;
  Wall wall(feed, queue);

  std::mt19937_64 random(1);
  std::vector<double> ms;
  for (std::size_t i = 0; i < seeks; ++i) {
    const fleet::Time t =
        begin + fleet::Millis(static_cast<std::int64_t>(
                    random() % static_cast<std::uint64_t>((end - begin).count())));
    const auto from = Clock::now();
    feed.seek(t);
    wall.take_until(t);
    ms.push_back(ms_since(from));
  }
  std::sort(ms.begin(), ms.end());
  std::printf("%zu seeks: median %.1f, p95 %.1f, most %.1f ms\n", seeks, ms[seeks / 2],
              ms[seeks * 95 / 100], ms.back());

  const fleet::Time from = begin + (end - begin) / 2;
  const fleet::Time to = std::min(end, from + std::chrono::hours(1));
  feed.seek(from);
  wall.take_until(from);
  const std::uint64_t bytes = feed.health().bytes;
  const auto started = Clock::now();
  feed.want_until(to);
  const std::size_t ticks = wall.take_until(to);
  const double s = ms_since(started) / 1000;
  std::printf("%zu ticks in %.2f s: %.0fx, %.1f MB\n", ticks, s,
              std::chrono::duration<double>(to - from).count() / s,
              static_cast<double>(feed.health().bytes - bytes) / 1e6);
  ask_for_machines(*recording.machines, wall.roster(), fleet::shanghai().day_of(from));
  ask_for_heat(*recording.other_heat, fleet::shanghai().day_of(from));
  queue.close();
  return 0;
}
