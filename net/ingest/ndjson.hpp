// Newline-delimited JSON to reports: the one format in which devices and programs speak to us.
//
// One line is one JSON object with the keys of contract.md. Roster keys change the roster of the
// state at once; telemetry becomes a fleet::Report. A bad field costs that field, a bad line that
// line; a message without a single JSON object in it is refused as a whole.
// How it works: simdjson walks each line where it lies; nothing is copied but texts of the roster.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/quality.hpp"
#include "net/ingest/ingest_answer.hpp"

namespace net {

/// Longest line, without its newline; a longer one is refused as `too_long`. 64 extra values and a
/// full fault list are some 8 KiB.
inline constexpr std::size_t kMaxLineBytes = 64u << 10;
/// Most lines in one message: three seconds of 32,730 machines that all report each second.
inline constexpr std::uint32_t kMaxLinesPerMessage = 100'000;
/// Largest message: kMaxLinesPerMessage lines of 160 bytes.
inline constexpr std::size_t kMaxIngestBytes = 16u << 20;
/// Most faults in one report: a J1939 DM1 of this many takes 3.5 s on the bus.
inline constexpr std::size_t kMaxFaultsPerReport = 64;

/// Lines of a message, blank ones too; the last one may lack its newline.
std::size_t line_count(std::string_view body);

struct NdjsonOutcome {
  std::uint32_t lines = 0;        ///< lines that were not blank
  std::uint32_t roster_only = 0;  ///< lines taken up that make no report
  /// In order of lines; at most as many as the parser lists.
  std::vector<IngestRejection> rejected;
  /// All of them, by reason.
  std::array<std::uint64_t, fleet::kReasonCount> rejected_count{};
};

class NdjsonLineReader;

class NdjsonParser {
 public:
  /// most_listed: rejections listed of one message; further ones are only counted.
  explicit NdjsonParser(std::size_t most_listed = SIZE_MAX);
  ~NdjsonParser();

  /// Appends the reports of `body` to `out`, in order; report.line counts from 1, blank lines too.
  /// body: without a byte order mark, which is no JSON here. lines: line_count(body).
  /// Its capacity grows by the padding that simdjson reads beyond the end; content unchanged.
  /// Error: nothing in it is a JSON object (of a line that is too long nobody knows), or too many
  /// lines; nothing was taken up then.
  fleet::Result<NdjsonOutcome> parse(std::string& body, std::size_t lines, fleet::Time receive_time,
                                     fleet::FleetState& state, fleet::ReportBatch& out);
  fleet::Result<NdjsonOutcome> parse(std::string& body, fleet::Time receive_time,
                                     fleet::FleetState& state, fleet::ReportBatch& out) {
    return parse(body, line_count(body), receive_time, state, out);
  }

 private:
  std::unique_ptr<NdjsonLineReader> reader_;
};

/// Name of a lamp in `faults`: "red_stop", "protect", "amber", "malfunction", "off".
const char* lamp_name(fleet::Lamp lamp);

}  // namespace net
