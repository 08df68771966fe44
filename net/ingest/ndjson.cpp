#include "net/ingest/ndjson.hpp"

#include <algorithm>
#include <cstring>

#include "net/ingest/ndjson_line.hpp"

namespace net {

std::size_t line_count(std::string_view body) {
  const auto ends = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n'));
  return ends + (body.empty() || body.ends_with('\n') ? 0 : 1);
}

NdjsonParser::NdjsonParser(std::size_t most_listed)
    : reader_(std::make_unique<NdjsonLineReader>(most_listed)) {}
NdjsonParser::~NdjsonParser() = default;

fleet::Result<NdjsonOutcome> NdjsonParser::parse(std::string& body, std::size_t lines,
                                                 fleet::Time receive_time, fleet::FleetState& state,
                                                 fleet::ReportBatch& out) {
  if (lines > kMaxLinesPerMessage)
    return fleet::Error{"The message has " + std::to_string(lines) + " lines, at most " +
                        std::to_string(kMaxLinesPerMessage) + " are taken at once."};
  // One simdjson read goes this far beyond the end of a line.
  body.reserve(body.size() + NdjsonLineReader::kPadding);
  reader_->begin(receive_time, state, out);
  const char* const end = body.data() + body.size();
  const char* at = body.data();
  for (std::uint32_t number = 1; at < end; ++number) {
    const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    const char* stop = newline ? static_cast<const char*>(newline) : end;
    const std::string_view text(at, static_cast<std::size_t>(stop - at));
    at = stop + 1;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto readable = static_cast<std::size_t>(body.data() + body.capacity() - text.data());
    reader_->read(text, readable, number);
  }
  NdjsonOutcome& outcome = reader_->outcome();
  if (outcome.lines > 0 && reader_->no_json() == outcome.lines)
    return fleet::Error{"Not newline-delimited JSON: none of the " + std::to_string(outcome.lines) +
                        " lines is a JSON object."};
  return std::move(outcome);
}

}  // namespace net
