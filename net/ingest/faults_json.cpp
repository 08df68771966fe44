#include "net/ingest/faults_json.hpp"

#include "net/ingest/ndjson.hpp"

namespace net {

bool append_faults(std::string_view text, std::vector<fleet::Fault>& out) {
  // The parser of ingest lines knows all the rules: it is given a line that holds nothing else.
  NdjsonParser parser;
  if (text.find('\n') != text.npos) return false;
  std::string line = R"({"machine":"m","time":0,"faults":)" + std::string(text) + "}";
  fleet::FleetState state;
  fleet::ReportBatch batch;
  const auto parsed = parser.parse(line, fleet::time_from_ms(0), state, batch);
  const bool good = parsed && batch.reports.size() == 1 && batch.reports.front().has_faults &&
                    batch.values.empty() && parsed.value().rejected.empty();
  if (good) out.insert(out.end(), batch.faults.begin(), batch.faults.end());
  return good;
}

std::string faults_text(const std::vector<fleet::Fault>& faults) {
  std::string out = "[";
  for (const fleet::Fault& f : faults) {
    if (out.size() > 1) out += ',';
    out += "{\"spn\":" + std::to_string(f.spn) + ",\"fmi\":" + std::to_string(f.fmi) +
           ",\"sa\":" + std::to_string(f.source) + ",\"count\":" + std::to_string(f.count) +
           ",\"lamp\":\"" + lamp_name(f.lamp) + "\"}";
  }
  return out + "]";
}

}  // namespace net
