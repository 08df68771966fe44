// ByteWriter: little-endian numbers into a buffer that is known to be large enough. What the hashes
// of the domain (alarm ids, the state hash) are taken over.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace fleet {

class ByteWriter {
 public:
  static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie");

  explicit ByteWriter(unsigned char* begin) : at_(begin) {}
  unsigned char* at() const { return at_; }
  std::size_t size(const unsigned char* begin) const {
    return static_cast<std::size_t>(at_ - begin);
  }

  void u8(std::uint8_t v) { *at_++ = v; }
  void u32(std::uint32_t v) { copy(&v, sizeof v); }
  void i32(std::int32_t v) { copy(&v, sizeof v); }
  void u64(std::uint64_t v) { copy(&v, sizeof v); }
  void i64(std::int64_t v) { copy(&v, sizeof v); }
  /// Length as one byte, then the bytes. Precondition: at most 255 bytes.
  void text(std::string_view v) {
    u8(static_cast<std::uint8_t>(v.size()));
    if (!v.empty()) copy(v.data(), v.size());
  }

 private:
  void copy(const void* from, std::size_t n) {
    std::memcpy(at_, from, n);
    at_ += n;
  }

  unsigned char* at_;
};

}  // namespace fleet
