// What tracks cost: the book of a morning of 32,730 simulated machines, and a request for one.
//
//   track_bench [FOLDER]     FOLDER: a recorded day, to be scanned for comparison
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>
#include <vector>

#include "net/codec/messages.hpp"
#include "net/gateway/demo_feed.hpp"
#include "net/gateway/track_answers.hpp"

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint32_t kMachines = 32'730;
constexpr int kRequests = 2001;
const fleet::Time kMidnight = fleet::time_from_ms(1'792'080'000'000);  // 2026-10-16 +08:00
const fleet::Time kNow = kMidnight + std::chrono::hours(14);

double ms_since(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}
double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}
double at(std::vector<double>& all, double share) {
  const auto i = static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
  std::nth_element(all.begin(), all.begin() + i, all.end());
  return all[static_cast<std::size_t>(i)];
}

/// A core with the morning in it; ms of processor time it took.
double morning(net::GatewayCore& core) {
  net::DemoSource source;
  source.from = kMidnight;
  source.now = kNow;
  source.sim.machines = kMachines;
  source.sim.seed = 1;
  source.sim.start = kMidnight;
  net::DemoFeed demo(source);
  demo.enter(core.state());
  const double before = cpu_ms();
  demo.absorb_past(core, kNow);
  return cpu_ms() - before;
}

net::CoreConfig config(std::size_t track_bytes) {
  net::CoreConfig made;
  made.track_bytes = track_bytes;
  return made;
}

void ask(const net::GatewayCore& core, std::chrono::hours span) {
  net::TrackAnswers answers(core);
  std::mt19937 random(1);
  std::vector<double> us, bytes, stays;
  for (int i = 0; i < kRequests; ++i) {
    net::TrackRequest request;
    request.machines = {static_cast<fleet::Slot>(random() % kMachines)};
    request.from = kNow - span;
    request.to = kNow;
    const auto begin = Clock::now();
    double size = 0, count = 0;
    net::TrackLookup lookup(answers, request, 0);
    while (!lookup.go_on()) {
    }
    while (const auto reply = lookup.next()) {
      count += static_cast<double>(reply->stays.size());
      size += static_cast<double>(net::encode(net::ServerMessage(*reply)).size());
    }
    us.push_back(ms_since(begin) * 1000);
    bytes.push_back(size);
    stays.push_back(count);
  }
  std::printf(
      "%2lld h of a machine: %.0f us median, %.0f us p99; %.0f stays, %.0f bytes (p99 %.0f)\n",
      static_cast<long long>(span.count()), at(us, 0.5), at(us, 0.99), at(stays, 0.5),
      at(bytes, 0.5), at(bytes, 0.99));
}

/// A day of machines that drive and report every second: what one of them costs, and how long the
/// ticks wait for it at a time.
void ask_for_whole_days() {
  constexpr int kDrivers = 60, kHours = 24;
  net::GatewayCore core(config(256u << 20), kMidnight);
  for (int m = 0; m < kDrivers; ++m)
    (void)core.state().roster().find_or_add("D" + std::to_string(m));
  for (int second = 1; second <= kHours * 3600; ++second) {
    fleet::ReportBatch batch;
    for (int m = 0; m < kDrivers; ++m) {
      fleet::Report report;
      report.machine = static_cast<fleet::Slot>(m);
      report.device_time = report.receive_time = kMidnight + std::chrono::seconds(second);
      report.has_position = true;
      report.position = {100 + second * 1e-4, 30 + m * 0.1};
      batch.reports.push_back(report);
    }
    core.absorb(batch, kMidnight + std::chrono::seconds(second));
  }
  net::TrackAnswers answers(core);
  std::vector<double> whole, longest, replies;
  double stays = 0;
  for (int m = 0; m < kDrivers; ++m) {
    net::TrackRequest request;
    request.machines = {static_cast<fleet::Slot>(m)};
    request.from = kMidnight;
    request.to = kMidnight + std::chrono::hours(kHours);
    net::TrackLookup lookup(answers, request, 0);
    double all = 0, most = 0;
    for (bool done = false; !done;) {
      const auto begin = Clock::now();
      done = lookup.go_on();
      const double ms = ms_since(begin);
      all += ms;
      most = std::max(most, ms);
    }
    whole.push_back(all);
    longest.push_back(most);
    stays = 0;
    for (auto begin = Clock::now(); const auto reply = lookup.next(); begin = Clock::now()) {
      stays += static_cast<double>(reply->stays.size());
      (void)net::encode(net::ServerMessage(*reply));
      replies.push_back(ms_since(begin));
    }
  }
  std::printf(
      "24 h of a machine that reports every second, %.0f stays: %.1f ms median, longest slice %.2f "
      "ms median, %.2f ms most; a reply %.2f ms median, %.2f ms most\n",
      stays, at(whole, 0.5), at(longest, 0.5), at(longest, 1), at(replies, 0.5), at(replies, 1));
}

/// Machines worth looking at.
void list_ways(const net::GatewayCore& core) {
  struct Way {
    double km;
    std::string what;
  };
  std::vector<Way> hauled, gaps;
  fleet::TrackPicture picture;
  for (fleet::Slot slot = 0; slot < kMachines; ++slot) {
    const auto found = core.tracks().find(slot, kNow - std::chrono::hours(8), kNow);
    fleet::picture_of(found.stays, kNow - std::chrono::hours(8), kNow, picture);
    const std::string& id = core.state().roster()[slot].id;
    hauled.push_back({picture.hauled_m / 1000, id});
    if (picture.hauled_m > 0) gaps.push_back({static_cast<double>(picture.gaps), id});
  }
  for (auto* list : {&hauled, &gaps}) {
    std::ranges::sort(*list, [](const Way& a, const Way& b) { return a.km > b.km; });
    for (std::size_t i = 0; i < std::min<std::size_t>(4, list->size()); ++i)
      std::printf("  %s %.1f", (*list)[i].what.c_str(), (*list)[i].km);
    std::printf("\n");
  }
}

void scan(const char* folder) {
  auto opened = net::TrackScan::open(folder);
  if (!opened) return void(std::fprintf(stderr, "%s\n", opened.error().what.c_str()));
  const auto& scan = opened.value();
  const auto begin = Clock::now();
  const double cpu = cpu_ms();
  auto done = scan->cover(kNow - std::chrono::hours(8), kNow, [] { return true; });
  if (!done) std::fprintf(stderr, "%s\n", done.error().what.c_str());
  std::printf("scan of 8 h of day files: %.0f ms, %.0f ms of processor time\n", ms_since(begin),
              cpu_ms() - cpu);
}

}  // namespace

int main(int argc, char** argv) {
  net::GatewayCore with(config(net::kTrackBytes), kMidnight), without(config(0), kMidnight);
  const double plain = morning(without), kept = morning(with);
  const fleet::TrackBook& book = with.tracks();
  std::printf("a morning of 14 h of %u machines: %.0f ms of processor time, with tracks %.0f ms\n",
              kMachines, plain, kept);
  std::printf("book: %llu stays of %llu values, %.1f MB of at most %.0f MB\n",
              static_cast<unsigned long long>(book.size()),
              static_cast<unsigned long long>(with.counters().received),
              static_cast<double>(book.bytes()) / 1e6,
              static_cast<double>(book.limit_bytes()) / 1e6);
  ask(with, std::chrono::hours(2));
  ask(with, std::chrono::hours(8));
  ask(with, std::chrono::hours(24));
  ask_for_whole_days();
  list_ways(with);
  if (argc > 1) scan(argv[1]);
}
