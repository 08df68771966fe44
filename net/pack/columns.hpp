// Columns of whole numbers as bytes, packed as tightly as zstd can: the parts of a pack.
//
// A column is written in whichever of these forms is smallest: nothing but its one number; varints
// of its zig-zag codes; or the bytes of these codes by weight, all lowest bytes first, then all
// second ones. Varints suit columns with a few large numbers among small ones, the other form those
// whose numbers fill their bytes. A pack ends with a check of all its bytes. Layout: net/README.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"
#include "net/codec/wire.hpp"

namespace net {

/// Level of zstd for what is written once and read often: 12 takes twice as long and saves
/// less than one percent.
inline constexpr int kPackLevel = 9;

class PackWriter {
 public:
  explicit PackWriter(int level = kPackLevel);
  ~PackWriter();

  void number(std::int64_t number);
  /// How many numbers it has is told too.
  void column(std::span<const std::int64_t> numbers);
  void bytes(std::string_view bytes);
  /// What was put so far, with its check. The writer is empty afterwards.
  std::string take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The numbers of a column, read one after the other, out of as few bytes as they take.
class NumberRun {
 public:
  std::size_t size() const { return size_; }
  /// Beyond the end, and where it is damaged: 0, and it is never `done`.
  std::int64_t next() {
    if (left_ == 0) [[unlikely]]
      return miss();
    --left_;
    switch (width_) {
      case 0:
        return same_;
      case 1:
        return wire::unzigzag(*at_++);
      case 2: {
        const std::uint8_t* low = at_++;
        return wire::unzigzag(low[0] | std::uint64_t{low[size_]} << 8);
      }
      case kVarints:
        if (at_ != end_ && *at_ < 0x80 && left_ != 0) [[likely]]
          return wire::unzigzag(*at_++);
        return next_wide();
      case 3: {
        const std::uint8_t* low = at_++;
        return wire::unzigzag(low[0] | std::uint64_t{low[size_]} << 8 |
                              std::uint64_t{low[2 * size_]} << 16);
      }
      default:
        return next_wide();
    }
  }
  /// Leaves so many out. Beyond the end, and where it is damaged: as `next`.
  void skip(std::size_t count);
  /// All numbers were read, and none too many.
  bool done() const { return left_ == 0 && !missed_; }

 private:
  friend class PackReader;
  static constexpr std::uint8_t kVarints = 255;
  std::int64_t miss() {
    missed_ = true;
    return 0;
  }
  std::int64_t next_wide();

  std::unique_ptr<std::uint8_t[]> plain_;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::size_t size_ = 0, left_ = 0;
  std::int64_t same_ = 0;
  std::uint8_t width_ = 0;  ///< bytes of a number; 0 = all are the same
  bool missed_ = false;
};

/// Reads what a PackWriter put, in the same order. After the first thing that does not fit all
/// calls fail: look at `result` once, before anything read is used.
class PackReader {
 public:
  /// Keeps a view of the bytes. most_numbers: refuses columns that would hold more, all together.
  PackReader(std::string_view pack, std::size_t most_numbers);
  ~PackReader();

  /// 0 after an error, as below.
  std::int64_t number();
  /// A number from least to most, both included. Error: it is another one.
  std::int64_t number(std::int64_t least, std::int64_t most, const char* what);
  /// A column of as many numbers as it says, or of exactly `count`.
  std::vector<std::int64_t> column();
  std::vector<std::int64_t> column(std::size_t count, const char* what);
  /// The same, to be read number by number.
  NumberRun run();
  NumberRun run(std::size_t count, const char* what);
  /// Leaves the next column out, without unpacking it.
  void skip_column();
  std::string bytes();
  /// Error, the first one: the check is wrong, or what was read is not what was put.
  fleet::Result<void> result() const;
  bool ok() const;
  /// Nothing is left to be read: what was added in a later version is not there.
  bool at_end() const;
  void fail(std::string why);
  /// Error also if there is more than was read.
  fleet::Result<void> finish();

 private:
  NumberRun read_run(std::uint64_t count);
  std::vector<std::int64_t> column_of(NumberRun run);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
