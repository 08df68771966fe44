// Ingest messages, through everything a gateway does with one: lines to reports, reports judged,
// the tick's frame, and a wall that applies it.
// Input: one message of newline-delimited JSON.
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "net/codec/utf8.hpp"
#include "net/gateway/gateway_core.hpp"
#include "net/ingest/ndjson.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace fuzz {
namespace {

/// 2026-10-16T14:00:00+08:00; the seeds' reports are of about then.
const fleet::Time kStart = fleet::time_from_ms(1'792'130'400'000);

std::uint64_t sum(const std::array<std::uint64_t, fleet::kReasonCount>& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

std::size_t lines_with_text(std::string_view body) {
  std::size_t count = 0;
  while (!body.empty()) {
    const auto end = std::min(body.find('\n'), body.size());
    count += body.substr(0, end).find_first_not_of(" \t\r") != std::string_view::npos;
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return count;
}

/// lines = reports + roster only + refused as a whole; every span lies in its batch.
void check_lines(const net::NdjsonOutcome& outcome, const fleet::ReportBatch& batch,
                 const fleet::FleetState& state) {
  std::set<std::uint32_t> reported, rejected;
  std::uint32_t values = 0, faults = 0, before = 0;
  for (const fleet::Report& report : batch.reports) {
    FUZZ_CHECK(reported.insert(report.line).second && report.line > before);
    before = report.line;
    FUZZ_CHECK(report.machine < state.roster().size());
    FUZZ_CHECK(report.value_begin == values && report.value_end >= values);
    FUZZ_CHECK(report.fault_begin == faults && report.fault_end >= faults);
    values = report.value_end;
    faults = report.fault_end;
    for (const fleet::ReportedValue& value : batch.values_of(report))
      FUZZ_CHECK(value.field != fleet::kPosition && value.field < state.fields().size());
  }
  FUZZ_CHECK(values == batch.values.size() && faults == batch.faults.size());
  before = 0;
  for (const net::IngestRejection& rejection : outcome.rejected) {
    FUZZ_CHECK(rejection.line >= before && rejection.field.size() <= 64);
    FUZZ_CHECK(net::valid_utf8(rejection.field));
    before = rejection.line;
    if (!reported.contains(rejection.line)) rejected.insert(rejection.line);
  }
  FUZZ_CHECK(reported.size() + outcome.roster_only <= outcome.lines);
  FUZZ_CHECK(reported.size() + outcome.roster_only + rejected.size() >= outcome.lines);
  FUZZ_CHECK(reported.size() + rejected.size() <= outcome.lines);
}

/// Judged, counted, cut into a frame, and read by a wall that ends in the same state.
void check_gateway(net::GatewayCore& core, const fleet::ReportBatch& batch) {
  fleet::FleetState wall;
  FUZZ_CHECK(wall.apply(core.full_roster_batch()).ok());
  const net::IngestOutcome outcome = core.ingest(batch);
  FUZZ_CHECK(outcome.accepted <= batch.reports.size());
  const fleet::QualityCounters& counters = core.counters();
  FUZZ_CHECK(counters.received == counters.stored + sum(counters.rejected));
  FUZZ_CHECK(outcome.rejected.size() <= sum(counters.rejected));
  const net::GatewayCore::TickFrames frames = core.end_tick();
  net::FrameDecoder decoder;
  for (const auto& frame : {frames.roster, frames.tick}) {
    if (!frame) continue;
    auto update = decoder.decode(bytes_of(frame->bytes));
    FUZZ_CHECK(update.ok());
    if (const auto* roster = std::get_if<fleet::RosterBatch>(&*update))
      FUZZ_CHECK(wall.apply(*roster).ok());
    else
      FUZZ_CHECK(wall.apply(std::get<fleet::TickBatch>(*update)).ok());
  }
  FUZZ_CHECK(wall.hash() == core.state().hash());
}

void check_answer(const net::NdjsonOutcome& outcome) {
  const std::string answer = net::ingest_answer(7, outcome.rejected);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  FUZZ_CHECK(parser.parse(answer).get(root) == simdjson::SUCCESS);
  simdjson::dom::array list;
  FUZZ_CHECK(root["rejected"].get_array().get(list) == simdjson::SUCCESS);
  FUZZ_CHECK(list.size() == outcome.rejected.size());
}

void run(std::string body) {
  static net::NdjsonParser parser;
  const std::string text = body;
  net::GatewayCore core({}, kStart);
  fleet::ReportBatch batch;
  auto outcome = parser.parse(body, core.tick_begin() + fleet::Millis(1), core.state(), batch);
  FUZZ_CHECK(body == text);
  if (!outcome) {
    FUZZ_CHECK(batch.reports.empty() && batch.values.empty() && batch.faults.empty());
    FUZZ_CHECK(core.state().roster().size() == 0);
    FUZZ_CHECK(core.state().fields().size() == fleet::kCoreFieldCount);
    return;
  }
  FUZZ_CHECK(outcome->lines == lines_with_text(text));
  check_lines(*outcome, batch, core.state());
  check_answer(*outcome);
  check_gateway(core, batch);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
