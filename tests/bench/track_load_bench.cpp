// What a viewer notices while twenty others ask for tracks without a pause.
//
// A gateway with the demo fleet and its morning, a viewer that notes when each tick comes, for 20 s
// alone and for 20 s beside 20 viewers, each of which always has a question of 8 h under way.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <random>
#include <thread>
#include <vector>

#include "net/feed/feed.hpp"
#include "net/gateway/server.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
constexpr std::uint32_t kMachines = 32'730;
constexpr int kAskers = 20;
constexpr auto kPhase = 20s;
const fleet::Time kNow = fleet::time_from_ms(1'792'130'400'000);

double cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

struct Wall {
  explicit Wall(const std::string& url) {
    net::LiveFeedConfig config;
    config.url = url;
    config.client_name = "track_load_bench";
    feed = std::move(net::open_live_feed(config, queue).value());
  }
  fleet::UpdateQueue queue{256u << 20};
  std::unique_ptr<net::Feed> feed;
};

/// Arrivals of ticks minus their ends, ms; another zero than either clock's.
std::vector<double> watch(Wall& wall) {
  std::vector<double> late;
  const auto end = Clock::now() + kPhase;
  while (Clock::now() < end) {
    while (const auto update = wall.queue.try_pop()) {
      const auto* tick = std::get_if<fleet::TickBatch>(&*update);
      if (!tick) continue;
      const auto now = std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch());
      late.push_back(now.count() - static_cast<double>((tick->end - kNow).count()));
    }
    std::this_thread::sleep_for(1ms);
  }
  return late;
}

void print(const char* what, std::vector<double> late, double zero, double cpu) {
  std::ranges::sort(late);
  std::printf(
      "%s: %zu ticks, later than the earliest by p50 %.0f, p90 %.0f, max %.0f ms; CPU %.2f s\n",
      what, late.size(), late[late.size() / 2] - zero, late[late.size() * 9 / 10] - zero,
      late.back() - zero, cpu);
}

/// Asks until told to stop; how many answers came.
std::uint64_t ask(const std::string& url, unsigned seed, const std::atomic<bool>& stop) {
  Wall wall(url);
  std::mt19937 random(seed);
  std::uint64_t answers = 0;
  std::uint32_t number = 0;
  for (bool asked = false; !stop;) {
    while (wall.queue.try_pop()) {
    }
    if (!asked) {
      const auto machine = static_cast<fleet::Slot>(random() % kMachines);
      wall.feed->ask({++number, machine, "", kNow - 8h, kNow + 1h});
      asked = true;
    }
    if (const auto answer = wall.feed->take_track()) {
      answers += !answer->failed;
      asked = false;
    } else {
      std::this_thread::sleep_for(1ms);
    }
  }
  return answers;
}

}  // namespace

int main() {
  net::DemoSource demo;
  demo.now = kNow;
  demo.from = kNow - 14h;
  demo.sim.machines = kMachines;
  demo.sim.seed = 1;
  demo.sim.start = demo.from;
  net::GatewayConfig config;
  config.port = 0;
  std::mutex mutex;
  std::condition_variable wake;
  std::string url;
  const auto gateway =
      net::Gateway::start(config, demo, [&](const std::string&, std::uint16_t port) {
        const std::lock_guard lock(mutex);
        url = "ws://127.0.0.1:" + std::to_string(port);
        wake.notify_all();
      });
  {
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return !url.empty(); });
  }
  Wall wall(url);
  std::this_thread::sleep_for(3s);
  while (wall.queue.try_pop()) {
  }
  double cpu = cpu_s();
  const std::vector<double> alone = watch(wall);
  const double zero = *std::ranges::min_element(alone);
  print("alone", alone, zero, cpu_s() - cpu);

  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> answers{0};
  std::vector<std::jthread> askers;
  for (unsigned i = 0; i < kAskers; ++i)
    askers.emplace_back([&, i] { answers += ask(url, i, stop); });
  std::this_thread::sleep_for(3s);
  while (wall.queue.try_pop()) {
  }
  cpu = cpu_s();
  const std::vector<double> beside = watch(wall);
  print("beside 20 that ask", beside, zero, cpu_s() - cpu);
  stop = true;
  askers.clear();
  std::printf("%llu answers\n", static_cast<unsigned long long>(answers));
}
