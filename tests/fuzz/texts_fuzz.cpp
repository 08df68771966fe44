// Short texts from outside: addresses, origins, zones, times, columns, faults.
// Input: what u8, then the text.
#include "net/codec/utf8.hpp"
#include "net/feed/ws_client.hpp"
#include "net/gateway/config.hpp"
#include "net/gateway/origin.hpp"
#include "net/ingest/columns.hpp"
#include "net/ingest/faults_json.hpp"
#include "net/store/day_file.hpp"
#include "net/zone.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace fuzz {
namespace {

void url(std::string_view text) {
  const auto url = net::parse_ws_url(text, "/feed");
  if (!url) return;
  FUZZ_CHECK(!url->host.empty() && url->port != 0 && url->path.starts_with('/'));
  // Nothing of it may break out of the request's lines.
  const std::string request = url->authority() + url->path;
  for (const char c : request) FUZZ_CHECK(static_cast<unsigned char>(c) > 0x20 && c != 0x7f);
  const auto again = net::parse_ws_url("ws://" + url->authority() + url->path, "/other");
  FUZZ_CHECK(again.ok() && again->host == url->host && again->port == url->port);
}

void listen(std::string_view text) {
  net::GatewayConfig config;
  if (net::parse_listen(text, config)) FUZZ_CHECK(!config.listen_host.empty());
}

void origin(std::string_view text) {
  static const std::string more[] = {"https://fleet.example", "https://a.example:8000"};
  if (net::origin_allowed(text) && !text.empty()) {
    FUZZ_CHECK(net::origin_allowed(text, more));
    const auto host = text.substr(std::min(text.size(), text.find("//") + 2));
    FUZZ_CHECK(net::host_allowed(host, "127.0.0.1"));
  }
  if (net::is_origin(text)) {
    const std::string self[] = {std::string(text)};
    FUZZ_CHECK(net::origin_allowed(text, self));
  }
  (void)net::origin_allowed(text, more);
  (void)net::host_allowed(text, "gateway.example");
}

void check_zone(const fleet::TimeZone& zone) {
  for (const std::int64_t ms : {INT64_C(0), INT64_C(1'792'130'400'000)}) {
    const fleet::Time at = fleet::time_from_ms(ms);
    FUZZ_CHECK(zone.start_of(zone.day_of(at)) <= at);
  }
}

void times(std::string_view text) {
  const fleet::TimeZone zone = fleet::shanghai();
  if (const auto time = fleet::parse_time(text, &zone)) {
    // Beyond the years that have a name a number is a time still, for the quality rules to refuse.
    if (*time >= fleet::kMinTime && *time <= fleet::kMaxTime)
      FUZZ_CHECK(fleet::parse_time(fleet::iso8601(*time)) == time);
  }
  if (const auto day = fleet::parse_day(text)) FUZZ_CHECK(fleet::day_name(*day) == text);
}

void columns(std::string_view text) {
  (void)net::parse_map_rule(text);
  std::vector<std::string> header;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    header.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  fleet::FleetState state;
  const auto plan = net::plan_columns(header, {}, "received", state);
  if (plan) FUZZ_CHECK(plan->columns.size() == header.size());
}

void faults(std::string_view text) {
  std::vector<fleet::Fault> faults, again;
  if (!net::append_faults(text, faults)) {
    FUZZ_CHECK(faults.empty());
    return;
  }
  FUZZ_CHECK(net::append_faults(net::faults_text(faults), again) && faults == again);
}

void utf8(std::string_view text) {
  for (const std::size_t most : {std::size_t{3}, std::size_t{64}, text.size()}) {
    const std::string clean = net::clean_text(text, most);
    FUZZ_CHECK(clean.size() <= most && net::valid_utf8(clean));
    if (net::valid_utf8(text)) FUZZ_CHECK(text.starts_with(clean));
  }
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  const std::uint8_t what = in.byte();
  const std::string_view text = in.rest();
  switch (what % 9) {
    case 0:
      fuzz::url(text);
      break;
    case 1:
      fuzz::listen(text);
      break;
    case 2:
      fuzz::origin(text);
      break;
    case 3:
      if (const auto zone = net::load_zone(text)) fuzz::check_zone(*zone);
      break;
    case 4:
      if (const auto zone = net::zone_from_text("stored", text)) fuzz::check_zone(*zone);
      break;
    case 5:
      fuzz::times(text);
      break;
    case 6:
      fuzz::columns(text);
      break;
    case 7:
      fuzz::faults(text);
      break;
    default:
      fuzz::utf8(text);
  }
  return 0;
}
