#include "net/ingest/ingest_answer.hpp"

#include "net/ingest/json_text.hpp"
#include "net/ingest/ndjson.hpp"

namespace net {

std::string ingest_answer(std::uint64_t accepted, std::span<const IngestRejection> rejected,
                          std::uint64_t unlisted) {
  if (rejected.size() > kMaxListedRejections) {
    unlisted += rejected.size() - kMaxListedRejections;
    rejected = rejected.first(kMaxListedRejections);
  }
  std::string out = "{\"accepted\":" + std::to_string(accepted) + ",\"rejected\":[";
  for (std::size_t i = 0; i < rejected.size(); ++i) {
    if (i > 0) out += ',';
    out += "{\"line\":" + std::to_string(rejected[i].line) + ",\"reason\":\"";
    out += fleet::reason_name(rejected[i].reason);
    out += '"';
    if (rejected[i].reason == fleet::Reason::too_long)
      out += ",\"limit_bytes\":" + std::to_string(kMaxLineBytes);
    if (!rejected[i].field.empty()) {
      out += ",\"field\":";
      append_json_text(out, rejected[i].field);
    }
    out += '}';
  }
  out += ']';
  if (unlisted > 0) out += ",\"unlisted\":" + std::to_string(unlisted);
  return out + '}';
}

}  // namespace net
