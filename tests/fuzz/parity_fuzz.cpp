// The parity beside a closed day, behind its check: straight into its decoder.
// Input: such a file without its check.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "net/store/parity_file.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::uint64_t check = XXH64(data, size, 0);
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(check >> (8 * i)));
  const auto parity = net::decode_parity(bytes);
  if (!parity) return 0;
  FUZZ_CHECK(net::encode(*parity) == bytes);
  for (std::uint32_t page = 0; page < parity->pages(); ++page)
    FUZZ_CHECK(parity->group_of(page) < parity->sums.size());
  return 0;
}
