// Protobuf's wire form by hand, as far as frame bodies need it: varints, fields, number columns.
//
// Bodies are read as views into the decompressed bytes and straight into their destination, so that
// a frame costs no memory beyond itself and its result, and a hostile length costs none at all.
// Field numbers are those of feed.proto (generated constants); a test reads our bytes with the
// generated code and the other way round.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/result.hpp"

namespace net::wire {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint64_t zigzag(std::int64_t v) {
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t v) {
  return static_cast<std::int64_t>((v >> 1) ^ (0 - (v & 1)));
}
/// Sums and differences that wrap around instead of overflowing: bad input cannot hurt.
constexpr std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t wrapping_sub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// Seven bits a byte; without a branch, since columns ask for it number by number.
constexpr std::size_t varint_bytes(std::uint64_t v) {
  return static_cast<std::size_t>(std::bit_width(v | 1) * 9 + 64) / 64;
}
void put_varint(std::string& out, std::uint64_t v);

/// The long form of read_varint: two bytes and more.
bool read_long_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& v);

/// Reads one varint and moves `at` behind it. False: nothing left, cut off, or over 64 bits.
inline bool read_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& v) {
  if (at != end && *at < 0x80) {
    v = *at++;
    return true;
  }
  return read_long_varint(at, end, v);
}

/// One field of a protobuf message: a number (varint, fixed) or bytes (length-delimited).
struct Field {
  std::uint32_t number = 0;
  bool is_bytes = false;
  std::uint64_t value = 0;
  Bytes bytes;
};

/// Walks over the fields of one message.
class FieldReader {
 public:
  explicit FieldReader(Bytes message) : at_(message.data()), end_(at_ + message.size()) {}
  /// False at the end, and at the first damage (then `damaged()`).
  bool next(Field& field);
  bool damaged() const { return damaged_; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool damaged_ = false;
};

/// A Column message, not yet expanded.
struct Column {
  Bytes dense, gaps, values;
  std::int64_t base = 0;
};
/// Error: not a Column message.
fleet::Result<Column> read_column(Bytes message);

/// Expands a column of n numbers. `put(i, number)` is called for ascending i, for every number that
/// is not zero and perhaps for zeros. False: not n numbers, or damaged; some were put then.
template <class Put>
bool expand(const Column& column, std::size_t n, Put&& put) {
  std::uint64_t code = 0;
  if (!column.dense.empty()) {
    const std::uint8_t* at = column.dense.data();
    const std::uint8_t* const end = at + column.dense.size();
    for (std::size_t i = 0; i < n; ++i) {
      if (!read_varint(at, end, code)) return false;
      put(i, wrapping_add(column.base, unzigzag(code)));
    }
    return at == end;
  }
  const std::uint8_t* gap = column.gaps.data();
  const std::uint8_t* const gap_end = gap + column.gaps.size();
  const std::uint8_t* value = column.values.data();
  const std::uint8_t* const value_end = value + column.values.size();
  std::size_t i = 0;
  while (gap != gap_end) {
    if (!read_varint(gap, gap_end, code) || code >= n - i) return false;
    const std::size_t listed = i + static_cast<std::size_t>(code);
    if (column.base != 0) {
      for (; i < listed; ++i) put(i, column.base);
    }
    if (!read_varint(value, value_end, code)) return false;
    put(listed, wrapping_add(column.base, unzigzag(code)));
    i = listed + 1;
  }
  if (column.base != 0) {
    for (; i < n; ++i) put(i, column.base);
  }
  return value == value_end;
}

/// Reads a column number by number, so that several can be read side by side.
class ColumnCursor {
 public:
  explicit ColumnCursor(const Column& column)
      : base_(column.base),
        is_dense_(!column.dense.empty()),
        gap_(column.gaps),
        value_(is_dense_ ? column.dense : column.values) {
    if (!is_dense_) find_listed();
  }

  /// 0 once the column is damaged or has no more.
  std::int64_t next() {
    if (!is_dense_ && left_ != 0) {
      --left_;
      return base_;
    }
    std::uint64_t code = 0;
    if (!read_varint(value_.at, value_.end, code)) {
      damaged_ = true;
      return 0;
    }
    if (!is_dense_) find_listed();
    return wrapping_add(base_, unzigzag(code));
  }
  /// True if the column held just as many numbers as were asked for.
  bool fits() const { return !damaged_ && !listed_ && value_.at == value_.end; }

 private:
  struct Run {
    explicit Run(Bytes bytes) : at(bytes.data()), end(at + bytes.size()) {}
    const std::uint8_t* at;
    const std::uint8_t* end;
  };
  /// How many numbers equal the base before the next listed one; all that may come if none is left.
  void find_listed() {
    listed_ = gap_.at != gap_.end;
    left_ = UINT64_MAX;
    if (listed_ && !read_varint(gap_.at, gap_.end, left_)) damaged_ = true;
  }

  std::int64_t base_;
  std::uint64_t left_ = 0;
  bool is_dense_, listed_ = false, damaged_ = false;
  Run gap_, value_;
};

/// How a column chooses its base: differences centre on zero, other numbers on their median.
enum class Base { zero, median };

/// How a column is to be written.
struct ColumnPlan;

/// Writes a message. Remembers where large fields end, as good places to cut it for compression.
class MessageWriter {
 public:
  void clear();
  const std::string& bytes() const { return bytes_; }
  const std::vector<std::size_t>& cuts() const { return cuts_; }

  /// Left out when 0, as protobuf does.
  void number(int field, std::uint64_t value);
  void sint(int field, std::int64_t value) { number(field, zigzag(value)); }
  void data(int field, std::string_view bytes);
  void message(int field, const MessageWriter& nested);
  /// A packed run of plain varints. Left out when empty.
  void packed(int field, std::span<const std::uint32_t> numbers);
  void packed(int field, std::span<const std::uint64_t> numbers);
  /// A Column, dense or sparse, whichever is smaller. Left out when all are zero.
  void column(int field, std::span<const std::int64_t> numbers, Base base);
  /// {1: id, 2: column}: a FieldColumn. Left out like the column.
  void field_column(int field, std::uint32_t id, std::span<const std::int64_t> numbers);

 private:
  void column_content(std::span<const std::int64_t> numbers, const ColumnPlan& plan);
  void head(int field, std::size_t size);
  std::uint8_t* grow(std::size_t size);

  std::string bytes_;
  std::vector<std::size_t> cuts_;
};

/// Bytes a column of these numbers takes, about.
std::size_t column_bytes(std::span<const std::int64_t> numbers, Base base);

}  // namespace net::wire
