// GeoJSON as an import takes it in. Input: how u8 (see ReadAs), then the file.
#include "tests/fuzz/fuzz_import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  if (size == 0) return 0;
  const auto& path = file.hold({reinterpret_cast<const char*>(data + 1), size - 1});
  // A line's properties go to each of its points.
  fuzz::import_table(path, data[0], size * size, net::read_geojson);
  return 0;
}
