// A file of pages that somebody else made, read without SQLite.
// Input: the bytes of the file.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "net/store/page_file.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace fuzz {

void run(const std::uint8_t* data, std::size_t size) {
  static const int fd = ::memfd_create("salvage", 0);
  FUZZ_CHECK(fd >= 0 && ::ftruncate(fd, 0) == 0);
  FUZZ_CHECK(::pwrite(fd, data, size, 0) == static_cast<ssize_t>(size));
  auto pages = net::PageFile::open("/proc/self/fd/" + std::to_string(fd));
  FUZZ_CHECK(pages.ok());
  volatile std::size_t bytes = 0;
  pages->each_record([&](const net::PageRecord& record) {
    for (const auto& value : record.values) {
      FUZZ_CHECK(value.bytes.empty() || (value.bytes.data() >= record.payload.data() &&
                                         value.bytes.data() + value.bytes.size() <=
                                             record.payload.data() + record.payload.size()));
      for (const char c : value.bytes) bytes = bytes + (c != 0 ? 1 : 0);
    }
  });
}

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run(data, size);
  return 0;
}
