// Numbers of a packed column, on their way out of its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace net {

/// The numbers of a column, read one after the other. They are made out of its bytes in blocks that
/// fit the first cache, in loops without branches: number by number would take four times as long.
class NumberRun {
 public:
  /// Bytes of a number at most.
  static constexpr std::size_t kMaxWidth = 8;
  std::size_t size() const { return size_; }
  /// Beyond the end, and where it is damaged: 0, and it is never `done`.
  std::int64_t next() {
    if (next_ == ready_) [[unlikely]]
      refill();
    return *next_++;
  }
  /// Leaves so many out. Beyond the end, and where it is damaged: as `next`.
  void skip(std::size_t count);
  /// All numbers were read, and none too many.
  bool done() const { return left_ == 0 && next_ == ready_ && !missed_; }

 private:
  friend class PackReader;
  static constexpr std::uint8_t kVarints = 255;
  static constexpr std::size_t kBlock = 64;
  /// A column of bytes yet to be filled in, and its block beside it.
  void allocate(std::size_t plain_bytes);
  /// The same number all along.
  void repeat(std::int64_t number);
  void refill();
  bool read_varints(std::size_t count);
  void read_planes(std::size_t count);
  std::int64_t* block() { return reinterpret_cast<std::int64_t*>(memory_.get()); }
  std::uint8_t* plain() { return memory_.get() + kBlock * sizeof(std::int64_t); }

  std::unique_ptr<std::uint8_t[]> memory_;
  const std::int64_t* next_ = nullptr;
  const std::int64_t* ready_ = nullptr;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::size_t size_ = 0;
  std::size_t left_ = 0;    ///< numbers behind the block
  std::uint8_t width_ = 0;  ///< bytes of a number; 0 = all are the same
  bool missed_ = false;
};

}  // namespace net
