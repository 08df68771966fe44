// As many samples as the gateway makes durable, while viewers are fed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "net/store/day_store.hpp"
#include "tests/load/rig.hpp"

namespace load {

namespace {

double own_cpu_s() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

/// Prints memory each ten seconds, and remembers it from the second minute on (the ring is full).
class Memory {
 public:
  explicit Memory(Rig& rig) : rig_(rig) {}
  void second() {
    const double mib = rig_.gateway().rss_mib();
    if (++seconds_ == 70 || (first_ == 0 && seconds_ >= 70)) first_ = mib;
    last_ = mib;
    most_ = std::max(most_, mib);
    if (seconds_ % 10 == 0) {
      std::fprintf(stderr, "%4d s: %.1f MiB, %llu lines\n", seconds_, mib,
                   static_cast<unsigned long long>(rig_.lines_sent()));
    }
  }
  void report(Report& report) const {
    report.figure("rss_mib_most", most_);
    if (first_ == 0) return;
    report.figure("rss_mib_after_70_s", first_);
    report.at_most("rss_growth_after_70_s_mib", last_ - first_, 0.1 * first_);
  }

 private:
  Rig& rig_;
  int seconds_ = 0;
  double first_ = 0, last_ = 0, most_ = 0;
};

/// Upper edge of the bucket that holds the share of what was counted between two scrapes, ms.
double histogram_percentile(const std::map<std::string, double>& before,
                            const std::map<std::string, double>& after, double share) {
  const std::string name = "fleetwall_ingest_durable_seconds_bucket{le=\"";
  std::map<double, double> buckets;
  for (const auto& [key, value] : after) {
    if (key.rfind(name, 0) != 0) continue;
    const auto old = before.find(key);
    buckets[std::strtod(key.c_str() + name.size(), nullptr)] =
        value - (old == before.end() ? 0 : old->second);
  }
  if (buckets.empty()) return 0;
  for (const auto& [edge, count] : buckets)
    if (count >= share * buckets.rbegin()->second) return edge * 1000;
  return 0;
}

void report_viewers(Rig& rig, Report& report) {
  Viewer::Counters all;
  std::uint64_t least_ticks = UINT64_MAX, most_ticks = 0;
  for (const auto& viewer : rig.viewers) {
    const Viewer::Counters& one = viewer->counters();
    all.gaps += one.gaps;
    all.bad += one.bad;
    all.bytes += one.bytes;
    all.catch_ups += one.catch_ups;
    all.hash_checks += one.hash_checks;
    all.divergences += one.divergences;
    least_ticks = std::min(least_ticks, one.ticks);
    most_ticks = std::max(most_ticks, one.ticks);
  }
  report.figure("viewer_ticks_least", static_cast<double>(least_ticks));
  report.figure("viewer_ticks_most", static_cast<double>(most_ticks));
  report.figure("viewer_mb", static_cast<double>(all.bytes) / 1e6);
  report.figure("viewer_catch_ups", static_cast<double>(all.catch_ups));
  report.at_most("viewer_gaps", static_cast<double>(all.gaps), 0);
  report.at_most("viewer_bad_frames", static_cast<double>(all.bad), 0);
  report.at_most("frames_not_the_same_for_all", static_cast<double>(rig.reference.different_frames),
                 0);
  report.figure("hash_checks", static_cast<double>(all.hash_checks));
  report.at_most("hash_divergences", static_cast<double>(all.divergences), 0);
}

}  // namespace

bool run_ingest(const Settings& settings) {
  Rig rig(settings);
  Report report("ingest");
  rig.introduce_machines();
  rig.serve(1.5);
  for (std::uint32_t i = 0; i < settings.viewers; ++i) rig.add_viewer({.decodes = i == 0});
  rig.serve(20, [&] { return rig.viewers.back()->position().has_value(); });
  for (const auto& sender : rig.senders) sender->start_measuring();

  Memory memory(rig);
  rig.on_second = [&] { memory.second(); };
  const auto before = read_metrics(rig.gateway().port());
  const std::uint64_t lines_before = rig.lines_sent();
  const double begin = rig.now_s(), cpu = rig.gateway().cpu_s(), own = own_cpu_s();
  rig.send(true);
  rig.serve(settings.seconds);
  const bool drained = rig.drain();
  const double took = rig.now_s() - begin, cpu_used = rig.gateway().cpu_s() - cpu,
               own_used = own_cpu_s() - own;
  const std::uint64_t lines = rig.lines_sent() - lines_before;
  const bool settled = rig.settle();
  const auto after = read_metrics(rig.gateway().port());

  std::vector<float> acks;
  Sender::Counters sent;
  for (const auto& sender : rig.senders) {
    const Sender::Counters& one = sender->counters();
    acks.insert(acks.end(), one.ack_ms.begin(), one.ack_ms.end());
    sent.lines += one.lines;
    sent.accepted += one.accepted;
    sent.rejected_messages += one.rejected_messages;
    sent.refused += one.refused;
    if (!one.last_problem.empty()) std::fprintf(stderr, "answer: %s\n", one.last_problem.c_str());
  }
  report.figure("seconds", took);
  report.at_least("samples_per_s", static_cast<double>(lines) / took,
                  settings.rate > 0 ? std::min(100'000.0, 0.98 * settings.rate) : 100'000);
  report.figure("gateway_cpu_share", cpu_used / took);
  report.figure("gateway_us_a_sample", cpu_used / static_cast<double>(lines) * 1e6);
  report.figure("client_cpu_share", own_used / took);
  report.figure("ack_ms_p50", percentile(acks, 0.5));
  report.figure("ack_ms_p99", percentile(acks, 0.99));
  report.figure("ack_ms_most", percentile(acks, 1));
  report.at_most("durable_ms_p99", histogram_percentile(before, after, 0.99), 100);
  report.figure("commit_ms_most", 1000 * after.at("fleetwall_store_commit_seconds_max"));
  report.at_most("samples_lost", static_cast<double>(sent.lines - sent.accepted), 0);
  report.at_most("messages_refused", static_cast<double>(sent.refused + sent.rejected_messages), 0);
  report.at_most("answers_or_ticks_missing", drained && settled ? 0 : 1, 0);
  report.at_most(
      "values_not_stored",
      static_cast<double>(sent.lines) * kValuesOfALine - after.at("fleetwall_stored_total"), 0);
  memory.report(report);
  report_viewers(rig, report);

  rig.viewers.clear();
  report.at_most("gateway_exit_status", rig.gateway().stop(), 0);
  const auto verified = net::verify(rig.data());
  report.at_most("store_damages", verified ? static_cast<double>(verified->damages.size()) : 1, 0);
  report.at_most("samples_not_in_store",
                 static_cast<double>(sent.lines) - static_cast<double>(verified->rows), 0);
  report.print();
  return report.good();
}

}  // namespace load
