#include "net/codec/wire.hpp"

#include <algorithm>

#include "net/proto/feed.pb.h"

namespace net::wire {
namespace {

using PbColumn = ::fleetwall::v1::Column;

// Wire types of protobuf.
constexpr unsigned kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5;

std::int64_t median(std::span<const std::int64_t> numbers) {
  if (numbers.empty()) return 0;
  std::vector<std::int64_t> copy(numbers.begin(), numbers.end());
  auto middle = copy.begin() + static_cast<std::ptrdiff_t>(copy.size() / 2);
  std::nth_element(copy.begin(), middle, copy.end());
  return *middle;
}

std::int64_t base_of(std::span<const std::int64_t> numbers, Base base) {
  return base == Base::zero ? 0 : median(numbers);
}

bool all_zero(std::span<const std::int64_t> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](std::int64_t v) { return v == 0; });
}

/// Room for it must be there.
std::uint8_t* write_varint(std::uint8_t* at, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) *at++ = static_cast<std::uint8_t>(v | 0x80);
  *at++ = static_cast<std::uint8_t>(v);
  return at;
}

/// Of a length-delimited field and what is in it.
std::size_t field_bytes(int field, std::size_t content) {
  return varint_bytes(static_cast<std::uint64_t>(field) << 3) + varint_bytes(content) + content;
}
std::size_t number_bytes(int field, std::uint64_t value) {
  return value == 0 ? 0
                    : varint_bytes(static_cast<std::uint64_t>(field) << 3) + varint_bytes(value);
}

template <class T>
std::size_t packed_bytes(std::span<const T> numbers) {
  std::size_t size = 0;
  for (const T v : numbers) size += varint_bytes(v);
  return size;
}

}  // namespace

void put_varint(std::string& out, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) out.push_back(static_cast<char>(v | 0x80));
  out.push_back(static_cast<char>(v));
}

/// How a column is to be written: every length is known before the first byte.
struct ColumnPlan {
  std::int64_t base = 0;
  std::size_t dense = 0, gaps = 0, values = 0;

  ColumnPlan(std::span<const std::int64_t> numbers, Base kind) : base(base_of(numbers, kind)) {
    std::size_t gap = 0;
    for (const std::int64_t number : numbers) {
      const std::size_t size = varint_bytes(zigzag(wrapping_sub(number, base)));
      const std::size_t listed = number != base;  // 0 or 1: no branch
      dense += size;
      values += listed * size;
      gaps += listed * varint_bytes(gap);
      gap = (gap + 1) * (1 - listed);
    }
  }
  bool sparse() const { return gaps + values < dense; }
  std::size_t content_bytes() const {
    const std::size_t at_base = number_bytes(PbColumn::kBaseFieldNumber, zigzag(base));
    if (values == 0) return at_base;
    if (!sparse()) return field_bytes(PbColumn::kDenseFieldNumber, dense) + at_base;
    return field_bytes(PbColumn::kGapsFieldNumber, gaps) +
           field_bytes(PbColumn::kValuesFieldNumber, values) + at_base;
  }
};

bool read_long_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& v) {
  v = 0;
  for (int shift = 0; shift < 64 && at != end; shift += 7) {
    const std::uint8_t byte = *at++;
    if (shift == 63 && byte > 1) return false;
    v |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool FieldReader::next(Field& field) {
  if (at_ == end_ || damaged_) return false;
  damaged_ = true;  // until proved otherwise
  std::uint64_t tag = 0;
  if (!read_varint(at_, end_, tag) || tag > UINT32_MAX || tag < 8) return false;
  field = Field{static_cast<std::uint32_t>(tag >> 3), (tag & 7) == kLengthDelimited, 0, {}};
  const std::size_t left = static_cast<std::size_t>(end_ - at_);
  switch (tag & 7) {
    case kVarint:
      if (!read_varint(at_, end_, field.value)) return false;
      break;
    case kFixed64:
    case kFixed32: {
      const std::size_t size = (tag & 7) == kFixed64 ? 8 : 4;
      if (left < size) return false;
      for (std::size_t k = 0; k < size; ++k) field.value |= std::uint64_t{at_[k]} << (8 * k);
      at_ += size;
      break;
    }
    case kLengthDelimited: {
      std::uint64_t size = 0;
      if (!read_varint(at_, end_, size)) return false;
      if (size > static_cast<std::size_t>(end_ - at_)) return false;
      field.bytes = Bytes(at_, static_cast<std::size_t>(size));
      at_ += size;
      break;
    }
    default:
      return false;
  }
  damaged_ = false;
  return true;
}

fleet::Result<Column> read_column(Bytes message) {
  Column column;
  FieldReader reader(message);
  for (Field field; reader.next(field);) {
    Bytes* run = field.number == PbColumn::kDenseFieldNumber    ? &column.dense
                 : field.number == PbColumn::kGapsFieldNumber   ? &column.gaps
                 : field.number == PbColumn::kValuesFieldNumber ? &column.values
                                                                : nullptr;
    if (run && (!field.is_bytes || !run->empty())) {
      return fleet::Error{"a column's run is not packed, or given twice"};
    }
    if (run) *run = field.bytes;
    if (field.number == PbColumn::kBaseFieldNumber) column.base = unzigzag(field.value);
  }
  if (reader.damaged()) return fleet::Error{"a column is damaged"};
  if (!column.dense.empty() && !(column.gaps.empty() && column.values.empty())) {
    return fleet::Error{"a column is both dense and sparse"};
  }
  return column;
}

void MessageWriter::clear() {
  bytes_.clear();
  cuts_.clear();
}

void MessageWriter::head(int field, std::size_t size) {
  put_varint(bytes_, static_cast<std::uint64_t>(field) << 3 | kLengthDelimited);
  put_varint(bytes_, size);
}

void MessageWriter::number(int field, std::uint64_t value) {
  if (value == 0) return;
  put_varint(bytes_, static_cast<std::uint64_t>(field) << 3 | kVarint);
  put_varint(bytes_, value);
}

void MessageWriter::data(int field, std::string_view bytes) {
  head(field, bytes.size());
  bytes_ += bytes;
}

void MessageWriter::message(int field, const MessageWriter& nested) {
  head(field, nested.bytes_.size());
  for (const std::size_t cut : nested.cuts_) cuts_.push_back(bytes_.size() + cut);
  bytes_ += nested.bytes_;
}

/// Appends `size` bytes, which the caller fills.
std::uint8_t* MessageWriter::grow(std::size_t size) {
  bytes_.resize(bytes_.size() + size);
  return reinterpret_cast<std::uint8_t*>(bytes_.data() + bytes_.size() - size);
}

void MessageWriter::packed(int field, std::span<const std::uint32_t> numbers) {
  if (numbers.empty()) return;
  const std::size_t size = packed_bytes(numbers);
  head(field, size);
  std::uint8_t* at = grow(size);
  for (const std::uint32_t v : numbers) at = write_varint(at, v);
  cuts_.push_back(bytes_.size());
}

void MessageWriter::packed(int field, std::span<const std::uint64_t> numbers) {
  if (numbers.empty()) return;
  const std::size_t size = packed_bytes(numbers);
  head(field, size);
  std::uint8_t* at = grow(size);
  for (const std::uint64_t v : numbers) at = write_varint(at, v);
  cuts_.push_back(bytes_.size());
}

void MessageWriter::column_content(std::span<const std::int64_t> numbers, const ColumnPlan& plan) {
  const std::int64_t base = plan.base;
  if (plan.values > 0 && !plan.sparse()) {
    head(PbColumn::kDenseFieldNumber, plan.dense);
    std::uint8_t* at = grow(plan.dense);
    for (const std::int64_t v : numbers) at = write_varint(at, zigzag(wrapping_sub(v, base)));
  } else if (plan.values > 0) {
    head(PbColumn::kGapsFieldNumber, plan.gaps);
    std::uint8_t* at = grow(plan.gaps);
    std::uint64_t gap = 0;
    for (const std::int64_t v : numbers) {
      if (v != base) at = write_varint(at, gap);
      gap = v == base ? gap + 1 : 0;
    }
    head(PbColumn::kValuesFieldNumber, plan.values);
    at = grow(plan.values);
    for (const std::int64_t v : numbers) {
      if (v != base) at = write_varint(at, zigzag(wrapping_sub(v, base)));
    }
  }
  sint(PbColumn::kBaseFieldNumber, base);
}

void MessageWriter::column(int field, std::span<const std::int64_t> numbers, Base base) {
  if (all_zero(numbers)) return;
  const ColumnPlan plan(numbers, base);
  head(field, plan.content_bytes());
  column_content(numbers, plan);
  cuts_.push_back(bytes_.size());
}

void MessageWriter::field_column(int field, std::uint32_t id,
                                 std::span<const std::int64_t> numbers) {
  if (all_zero(numbers)) return;
  const ColumnPlan plan(numbers, Base::zero);
  head(field, number_bytes(1, id) + field_bytes(2, plan.content_bytes()));
  number(1, id);
  head(2, plan.content_bytes());
  column_content(numbers, plan);
  cuts_.push_back(bytes_.size());
}

std::size_t column_bytes(std::span<const std::int64_t> numbers, Base base) {
  const ColumnPlan plan(numbers, base);
  return std::min(plan.dense, plan.gaps + plan.values);
}

}  // namespace net::wire
