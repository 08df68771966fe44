// Many viewers, slow ones, lost ones.
#include <poll.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tests/load/rig.hpp"

namespace load {

namespace {

/// From sending a line to a viewer having the frame with it, ms, for every line and every viewer
/// chosen; ticks from `first` on.
class Latencies {
 public:
  explicit Latencies(const Reference& reference) : reference_(reference) {}

  void add(const Viewer& viewer, std::uint64_t first) {
    for (const Viewer::Arrival& arrival : viewer.arrivals()) {
      const auto sent = reference_.sent_ms.find(arrival.number);
      if (arrival.number < first || sent == reference_.sent_ms.end()) continue;
      for (const std::int64_t ms : sent->second) {
        const std::int64_t late = std::clamp<std::int64_t>(arrival.ms - ms, 0, kMost - 1);
        ++counts_[static_cast<std::size_t>(late)];
        ++total_;
      }
    }
  }
  double percentile_ms(double share) const {
    std::uint64_t seen = 0;
    for (std::size_t ms = 0; ms < kMost; ++ms)
      if ((seen += counts_[ms]) >= static_cast<std::uint64_t>(share * static_cast<double>(total_)))
        return static_cast<double>(ms);
    return kMost;
  }
  double total() const { return static_cast<double>(total_); }

 private:
  static constexpr std::size_t kMost = 100'000;
  const Reference& reference_;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(kMost);
  std::uint64_t total_ = 0;
};

/// The first one decodes.
void add_viewers(Rig& rig, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    rig.add_viewer({.decodes = rig.viewers.empty()});
    if (i % 50 == 49) rig.serve(0.1);
  }
  const auto all = [&] {
    return std::all_of(rig.viewers.begin(), rig.viewers.end(),
                       [](const auto& v) { return v->position().has_value(); });
  };
  if (!rig.serve(30, all)) {
    std::uint64_t over = 0;
    std::string why;
    for (const auto& v : rig.viewers)
      if (v->socket().is_over()) ++over, why = v->socket().refusal();
    throw std::runtime_error("not every viewer is served: " + std::to_string(over) + " refused " +
                             why);
  }
}

double difference(const std::map<std::string, double>& before,
                  const std::map<std::string, double>& after, const char* name) {
  return after.at(name) - before.at(name);
}

std::uint64_t sum(const Rig& rig, std::uint64_t Viewer::Counters::*what) {
  std::uint64_t all = 0;
  for (const auto& viewer : rig.viewers) all += viewer->counters().*what;
  return all;
}

void report_frames(const Rig& rig, Report& report) {
  report.at_most("viewer_gaps", static_cast<double>(sum(rig, &Viewer::Counters::gaps)), 0);
  report.at_most("viewer_bad_frames", static_cast<double>(sum(rig, &Viewer::Counters::bad)), 0);
  report.at_most("frames_not_the_same_for_all", static_cast<double>(rig.reference.different_frames),
                 0);
  report.figure("hash_checks", static_cast<double>(sum(rig, &Viewer::Counters::hash_checks)));
  report.at_most("hash_divergences", static_cast<double>(sum(rig, &Viewer::Counters::divergences)),
                 0);
}

/// Bytes of all that may wait for peers, by /metrics; 0 if the gateway does not tell.
double metric_or_zero(const std::map<std::string, double>& metrics, const std::string& name) {
  const auto found = metrics.find(name);
  return found == metrics.end() ? 0 : found->second;
}

}  // namespace

bool run_viewers(const Settings& settings) {
  Rig rig(settings);
  Report report("viewers");
  rig.reference.collects_times = true;
  rig.introduce_machines();
  add_viewers(rig, settings.viewers);
  rig.send(true);
  rig.serve(3);
  const auto before = read_metrics(rig.gateway().port());
  const std::uint64_t first = rig.viewers.front()->position()->number + 1;
  const double cpu = rig.gateway().cpu_s(), begin = rig.now_s();
  rig.serve(settings.seconds);
  const auto after = read_metrics(rig.gateway().port());
  report.figure("gateway_cpu_share", (rig.gateway().cpu_s() - cpu) / (rig.now_s() - begin));
  rig.drain();
  report.at_most("ticks_missing", rig.settle() ? 0 : 1, 0);

  Latencies latencies(rig.reference);
  for (const auto& viewer : rig.viewers) latencies.add(*viewer, first);
  report.figure("viewers", static_cast<double>(rig.viewers.size()));
  report.figure("sample_views", latencies.total());
  report.figure("sample_to_viewer_ms_p50", latencies.percentile_ms(0.5));
  report.at_most("sample_to_viewer_ms_p99", latencies.percentile_ms(0.99), 1250);
  const double ticks = difference(before, after, "fleetwall_ticks_total");
  report.figure("ticks", ticks);
  report.at_most("tick_frames_encoded_more_than_ticks",
                 difference(before, after, "fleetwall_tick_frames_total") - ticks, 0);
  report.at_least("tick_frames_encoded", difference(before, after, "fleetwall_tick_frames_total"),
                  ticks - 1);
  report_frames(rig, report);
  report.print();
  return report.good();
}

namespace {

/// p99 from sample to viewer of the normal viewers over `seconds`.
double normal_p99(Rig& rig, std::size_t normal, double seconds) {
  const std::uint64_t first = rig.viewers.front()->position()->number + 1;
  rig.serve(seconds);
  Latencies latencies(rig.reference);
  for (std::size_t i = 0; i < normal; ++i) latencies.add(*rig.viewers[i], first);
  return latencies.percentile_ms(0.99);
}

}  // namespace

bool run_slow(const Settings& settings) {
  Rig rig(settings);
  Report report("slow");
  rig.reference.collects_times = true;
  rig.introduce_machines();
  add_viewers(rig, settings.viewers);
  const std::size_t normal = rig.viewers.size();
  rig.send(true);
  rig.serve(3);
  const double alone = normal_p99(rig, normal, settings.seconds);

  Viewer& slow =
      rig.add_viewer({.decodes = true, .receive_buffer = 32 << 10, .bytes_per_second = 64'000});
  Viewer& stopped = rig.add_viewer({.receive_buffer = 32 << 10, .reads = false});
  // Too slow even for catch-ups: a picture takes it more than 30 s.
  Viewer& crawling = rig.add_viewer({.receive_buffer = 16 << 10, .bytes_per_second = 8'000});
  const double begin = rig.now_s();
  double closed_s = 0, crawled_s = 0, most_bytes = 0, limit = 0;
  rig.on_second = [&] {
    pollfd look{stopped.socket().fd(), POLLRDHUP, 0};
    if (closed_s == 0 && poll(&look, 1, 0) > 0) closed_s = rig.now_s() - begin;
    if (crawled_s == 0 && crawling.socket().close_code() != 0) crawled_s = rig.now_s() - begin;
    const auto metrics = read_metrics(rig.gateway().port());
    most_bytes =
        std::max(most_bytes, metric_or_zero(metrics, "fleetwall_buffer_bytes{what=\"frames\"}"));
    limit = metric_or_zero(metrics, "fleetwall_buffer_limit_bytes{what=\"frames\"}");
  };
  const double beside = normal_p99(rig, normal, settings.seconds);
  const auto metrics = read_metrics(rig.gateway().port());
  const Viewer::Counters seen = slow.counters();
  const bool told = rig.serve(60, [&] { return crawling.socket().is_over(); });
  rig.drain();
  rig.serve(2.5);
  const std::uint64_t last = rig.viewers.front()->position()->number;
  const bool caught_up = rig.serve(60, [&] { return slow.has(last); });

  report.figure("normal_viewers", static_cast<double>(normal));
  report.figure("p99_ms_without_slow_ones", alone);
  report.at_most("p99_ms_beside_slow_ones", beside, std::max(1.15 * alone, alone + 50));
  report.figure("slow_bytes_per_s", static_cast<double>(seen.bytes) / settings.seconds);
  report.at_least("slow_catch_ups", static_cast<double>(seen.catch_ups), 1);
  report.figure("slow_ticks", static_cast<double>(seen.ticks));
  report.at_most("slow_not_caught_up_at_the_end", caught_up ? 0 : 1, 0);
  report.at_most("slow_state_differs",
                 slow.state().hash() == rig.viewers.front()->state().hash() ? 0 : 1, 0);
  report.figure("stopped_closed_after_s", closed_s);
  report.at_least("stopped_closed", metrics.at("fleetwall_feed_slow_closed_total"), 1);
  report.figure("crawling_closed_after_s", crawled_s);
  report.at_most("crawling_not_closed", told ? 0 : 1, 0);
  report.at_least("crawling_close_code", crawling.socket().close_code(), 1013);
  report.at_most("frame_bytes_most", most_bytes, limit);
  report_frames(rig, report);
  report.print();
  return report.good();
}

bool run_cut(const Settings& settings) {
  Rig rig(settings);
  Report report("cut");
  rig.introduce_machines();
  rig.send(true);
  rig.serve(2);
  add_viewers(rig, settings.viewers);
  rig.serve(3);
  const auto cut_all = [&](bool from_scratch) {
    for (const auto& viewer : rig.viewers) viewer->cut();
    const std::uint64_t number = rig.viewers.front()->position()->number;
    const double begin = rig.now_s();
    for (const auto& viewer : rig.viewers) {
      viewer->connect_again(from_scratch);
      rig.watch(*viewer);
    }
    // Back: a picture, and a tick that did not exist at the cut.
    const bool back = rig.serve(30, [&] {
      return std::all_of(rig.viewers.begin(), rig.viewers.end(),
                         [&](const auto& v) { return v->has(number + 1); });
    });
    return back ? rig.now_s() - begin : 1e9;
  };
  const auto ticks = [&] { return sum(rig, &Viewer::Counters::ticks); };
  report.figure("viewers", static_cast<double>(rig.viewers.size()));
  const std::uint64_t before = ticks();
  report.at_most("all_back_with_resume_s", cut_all(false), 5);
  report.figure("ticks_sent", static_cast<double>(ticks() - before));
  rig.serve(2);
  report.at_most("all_back_from_scratch_s", cut_all(true), 5);
  rig.drain();
  report.at_most("ticks_missing", rig.settle() ? 0 : 1, 0);
  report.figure("keyframes", static_cast<double>(sum(rig, &Viewer::Counters::keyframes)));
  report.figure("rss_mib", rig.gateway().rss_mib());
  report_frames(rig, report);
  report.print();
  return report.good();
}

bool run_half_open(const Settings& settings) {
  Rig rig(settings);
  Report report("halfopen");
  rig.introduce_machines();
  rig.send(true);
  add_viewers(rig, settings.viewers);
  rig.serve(2);
  for (const auto& viewer : rig.viewers) rig.freeze(*viewer);
  WebSocket sender(rig.gateway().port(), "/ingest");
  rig.serve(1);
  sender.read([](std::string_view) {});
  const double begin = rig.now_s();
  std::vector<double> found(rig.viewers.size() + 1, 0);
  const auto look = [&] {
    for (std::size_t i = 0; i < found.size(); ++i) {
      const int fd = i < rig.viewers.size() ? rig.viewers[i]->socket().fd() : sender.fd();
      pollfd poll_fd{fd, POLLRDHUP, 0};
      if (found[i] == 0 && poll(&poll_fd, 1, 0) > 0 &&
          (poll_fd.revents & (POLLRDHUP | POLLHUP | POLLERR)))
        found[i] = rig.now_s() - begin;
    }
    return std::all_of(found.begin(), found.end(), [](double s) { return s > 0; });
  };
  const bool all = rig.serve(settings.seconds, look);
  report.figure("peers", static_cast<double>(found.size()));
  report.figure("found_first_s", *std::min_element(found.begin(), found.end()));
  report.at_most("found_last_s", all ? *std::max_element(found.begin(), found.end()) : 1e9, 35);
  report.print();
  return report.good();
}

}  // namespace load
