// The gateway's configuration file. Input: its text.
#include "net/gateway/config.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto config = net::parse_config({reinterpret_cast<const char*>(data), size}, "fuzz.toml");
  if (!config) {
    FUZZ_CHECK(config.error().what.starts_with("fuzz.toml"));
    return 0;
  }
  const net::GatewayConfig& gateway = config->gateway;
  FUZZ_CHECK(!gateway.listen_host.empty());
  FUZZ_CHECK(gateway.core.tick >= fleet::Millis(100) && gateway.core.tick <= fleet::Millis(60'000));
  FUZZ_CHECK(gateway.commit_every >= std::chrono::milliseconds(1));
  FUZZ_CHECK(gateway.ring_bytes >= std::size_t{1} << 20);
  FUZZ_CHECK(gateway.core.quality.max_speed_kmh >= 1);
  return 0;
}
