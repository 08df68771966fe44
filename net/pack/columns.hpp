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
#include "net/pack/number_run.hpp"

namespace net {

/// Level of zstd for what is written once and read often: 12 takes twice as long and saves
/// less than one percent.
inline constexpr int kPackLevel = 9;

/// Reports, and ticks, of one pack.
inline constexpr std::size_t kMaxPackRows = std::size_t{1} << 24;
inline constexpr std::int64_t kMaxPackTicks = std::int64_t{1} << 20;
/// Numbers of one pack: twenty for each report.
inline constexpr std::size_t kMaxPackNumbers = std::size_t{1} << 27;

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
