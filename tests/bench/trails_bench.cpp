// Cost of the trails of 50 marked machines on the main thread: bringing them up to the next second,
// and cutting their lines for a picture of the town they are in. Medians of 31 calls each, for
// machines that drive and report every second (eight hours: 28,800 places each) and once a minute.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <deque>
#include <vector>

#include "fleet/update.hpp"
#include "tests/bench/medians.hpp"
#include "viewer/trails/trail_lines.hpp"
#include "viewer/trails/trail_set.hpp"

namespace {

using namespace viewer;
using namespace std::chrono_literals;

constexpr int kMachines = 50;
constexpr fleet::LonLat kTown{120.62, 31.30};
constexpr fleet::Time kNow = fleet::time_from_ms(1'792'130'400'000);

/// Answers each question at once with a way round the town.
class Answering : public net::Feed {
 public:
  explicit Answering(std::chrono::seconds period) : period_(period) {}
  net::FeedHealth health() const override { return {}; }
  void resync() override {}
  void applied(fleet::FramePosition, std::uint64_t) override {}
  void seek(fleet::Time) override {}
  void want_until(fleet::Time) override {}
  void ask(net::TrackQuestion question) override {
    net::TrackAnswer& answer = answers_.emplace_back();
    answer.number = question.number;
    const double phase = static_cast<double>(question.machine);
    for (fleet::Time t = question.from; t < question.to; t += period_) {
      const double a = std::chrono::duration<double>(t - question.from) / 1800s + phase;
      fleet::TrackStay stay;
      stay.time = stay.until = t;
      stay.at = fleet::grid_from_lonlat({kTown.lon_deg + 0.1 * std::cos(a) + 0.01 * std::cos(9 * a),
                                         kTown.lat_deg + 0.1 * std::sin(a)});
      stay.period_s = static_cast<std::uint16_t>(period_.count());
      answer.stays.push_back(stay);
    }
  }
  std::optional<net::TrackAnswer> take_track() override {
    if (answers_.empty()) return std::nullopt;
    std::optional<net::TrackAnswer> first(std::move(answers_.front()));
    answers_.pop_front();
    return first;
  }

 private:
  std::chrono::seconds period_;
  std::deque<net::TrackAnswer> answers_;
};

void run(std::chrono::seconds period) {
  std::printf("a fix every %lld s\n", static_cast<long long>(period.count()));
  fleet::Atlas atlas;
  FleetView view(atlas, fleet::shanghai());
  fleet::RosterBatch roster;
  roster.version = 1;
  roster.complete = true;
  for (int i = 0; i < kMachines; ++i) {
    fleet::Machine machine;
    machine.id = "M" + std::to_string(i);
    roster.machines.emplace_back(static_cast<fleet::Slot>(i), machine);
  }
  if (!view.apply(roster, kNow)) return;
  Answering feed(period);
  TrailSet trails;
  std::vector<fleet::Slot> marked(kMachines);
  for (int i = 0; i < kMachines; ++i)
    marked[static_cast<std::size_t>(i)] = static_cast<unsigned>(i);
  Trail::Wanted wanted;
  wanted.span = TrailSpan::eight_hours;
  wanted.playhead = kNow;
  for (int i = 0; i < kMachines; ++i) trails.update(view, wanted, marked, feed);
  std::size_t vertices = 0;
  for (const TrailSet::Each& each : trails.all()) vertices += each.trail.picture().vertices.size();
  std::printf("  places in all: %zu\n", vertices);
  bench::print_medians("a frame in which none changes", [&] {
    trails.update(view, wanted, marked, feed);
    return trails.all().size();
  });
  // At 60 frames a second, each taking some of the trails on.
  std::vector<double> longest;
  for (int second = 0; second < 31; ++second) {
    wanted.playhead += 1s;
    longest.push_back(0);
    for (int frame = 0; frame < 60; ++frame) {
      const auto begin = std::chrono::steady_clock::now();
      trails.update(view, wanted, marked, feed);
      const std::chrono::duration<double, std::milli> ms = std::chrono::steady_clock::now() - begin;
      longest.back() = std::max(longest.back(), ms.count());
    }
  }
  std::sort(longest.begin(), longest.end());
  std::printf("  %-44s %8.2f ms (least %.2f, most %.2f)\n", "the longest frame of a second",
              longest[15], longest.front(), longest.back());
  const render::Camera camera{fleet::world_from_lonlat(kTown), 10, 1920, 1080};
  bench::print_medians("their lines, 1920x1080 at zoom 10", [&] {
    std::size_t points = 0;
    for (const TrailSet::Each& each : trails.all()) {
      for (const TrailLine& line :
           trail_lines({each.trail.picture(), camera, each.trail.from(), each.trail.to()}))
        points += line.points.size();
    }
    return points;
  });
}

}  // namespace

int main() {
  run(60s);
  run(1s);
}
