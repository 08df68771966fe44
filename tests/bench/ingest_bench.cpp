// What a line of ingest costs on one core: parsed only, and taken through the whole core.
//   ingest_bench [machines] [seconds of feed]
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "fleet/sim/simulator.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/ingest/ndjson.hpp"
#include "net/ingest/ndjson_writer.hpp"

namespace {

/// CPU time of this thread: other work on the machine does not count.
struct Clock {
  using time_point = std::chrono::nanoseconds;
  static time_point now() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
  }
};
constexpr int kRuns = 7;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const auto machines = static_cast<std::uint32_t>(argc > 1 ? std::atoi(argv[1]) : 32'730);
  const int seconds = argc > 2 ? std::atoi(argv[2]) : 10;
  const fleet::Time start = fleet::time_from_ms(1'792'108'800'000);
  fleet::sim::Simulator simulator({machines, 1, start, true});
  const fleet::FieldCatalog fields;
  std::vector<std::string> bodies;
  std::size_t lines = 0, bytes = 0;
  fleet::ReportBatch batch;
  for (int s = 1; s <= seconds; ++s) {
    batch.clear();
    simulator.advance(start + std::chrono::seconds(s), batch);
    std::string body;
    for (const auto& report : batch.reports)
      net::append_report_line(report, batch, fields, simulator.machines()[report.machine].id, body);
    lines += batch.reports.size();
    bytes += body.size();
    bodies.push_back(std::move(body));
  }

  std::vector<double> parse_s, core_s, frame_s;
  double frame_bytes = 0;
  for (int run = 0; run < kRuns; ++run) {
    net::GatewayCore core({}, start);
    net::NdjsonParser parser;
    double parsing = 0, judging = 0, framing = 0;
    frame_bytes = 0;
    for (const std::string& text : bodies) {
      std::string body = text;
      batch.clear();
      auto begin = Clock::now();
      const auto parsed = parser.parse(body, core.tick_end(), core.state(), batch);
      parsing += seconds_since(begin);
      if (!parsed) return std::fprintf(stderr, "%s\n", parsed.error().what.c_str()), 1;
      begin = Clock::now();
      core.ingest(batch);
      judging += seconds_since(begin);
      begin = Clock::now();
      const auto frames = core.end_tick();
      framing += seconds_since(begin);
      if (frames.tick) frame_bytes += static_cast<double>(frames.tick->bytes.size());
    }
    parse_s.push_back(parsing);
    core_s.push_back(judging);
    frame_s.push_back(framing);
  }

  const double n = static_cast<double>(lines);
  std::printf("%zu lines of %.0f bytes, median of %d runs, one core\n", lines,
              static_cast<double>(bytes) / n, kRuns);
  const auto row = [n](const char* what, double s) {
    std::printf("%-28s %8.0f ns/line  %6.2f M lines/s\n", what, s / n * 1e9, n / s / 1e6);
  };
  row("parse", median(parse_s));
  row("judge, apply, accumulate", median(core_s));
  row("cut and encode tick frames", median(frame_s));
  std::printf("%.2f bytes a line on the wire\n", frame_bytes / n);
}
