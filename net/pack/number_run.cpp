#include "net/pack/number_run.hpp"

#include <algorithm>
#include <cstring>

#include "net/codec/wire.hpp"

namespace net {

void NumberRun::allocate(std::size_t plain_bytes) {
  static_assert(__STDCPP_DEFAULT_NEW_ALIGNMENT__ >= alignof(std::int64_t));
  memory_ =
      std::make_unique_for_overwrite<std::uint8_t[]>(kBlock * sizeof(std::int64_t) + plain_bytes);
  at_ = plain();
  end_ = at_ + plain_bytes;
}

void NumberRun::repeat(std::int64_t number) {
  allocate(0);
  std::fill_n(block(), kBlock, number);
}

void NumberRun::refill() {
  static constexpr std::int64_t kNothing = 0;
  const std::size_t count = std::min(left_, kBlock);
  left_ -= count;
  next_ = count == 0 ? &kNothing : block();
  ready_ = next_ + std::max<std::size_t>(count, 1);
  if (count == 0) missed_ = true;
  if (count == 0 || width_ == 0) return;
  if (width_ != kVarints) return read_planes(count);
  // What is left over belongs to nobody.
  if (!read_varints(count) || (left_ == 0 && at_ != end_)) missed_ = true;
}

namespace {

/// Numbers of `Width` bytes, those of one weight together, `stride` apart.
template <int Width>
void join_planes(const std::uint8_t* at, std::size_t stride, std::size_t count, std::int64_t* to) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t code = 0;
    for (int w = 0; w < Width; ++w)
      code |= std::uint64_t{at[static_cast<std::size_t>(w) * stride + i]} << (8 * w);
    to[i] = wire::unzigzag(code);
  }
}

/// True if the next eight numbers take one byte each.
bool eight_are_short(const std::uint8_t* at) {
  std::uint64_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return (bytes & 0x8080808080808080u) == 0;
}

}  // namespace

void NumberRun::read_planes(std::size_t count) {
  using Join = void (*)(const std::uint8_t*, std::size_t, std::size_t, std::int64_t*);
  static constexpr Join kJoins[kMaxWidth + 1] = {nullptr,        join_planes<1>, join_planes<2>,
                                                 join_planes<3>, join_planes<4>, join_planes<5>,
                                                 join_planes<6>, join_planes<7>, join_planes<8>};
  kJoins[width_](at_, size_, count, block());
  at_ += count;
}

/// False: it is damaged; what is missing is 0.
bool NumberRun::read_varints(std::size_t count) {
  std::int64_t* to = block();
  std::int64_t* const end = to + count;
  while (to != end) {
    if (end - to >= 8 && end_ - at_ >= 8 && eight_are_short(at_)) {
      join_planes<1>(at_, 0, 8, to);
      at_ += 8;
      to += 8;
      continue;
    }
    std::uint64_t code = 0;
    if (end_ - at_ >= 2 && at_[0] >= 0x80 && at_[1] < 0x80) {
      code = (at_[0] & 0x7Fu) | std::uint64_t{at_[1]} << 7;
      at_ += 2;
    } else if (!wire::read_varint(at_, end_, code)) {
      std::fill(to, end, 0);
      return false;
    }
    *to++ = wire::unzigzag(code);
  }
  return true;
}

void NumberRun::skip(std::size_t count) {
  const std::size_t made = std::min(count, static_cast<std::size_t>(ready_ - next_));
  next_ += made;
  count -= made;
  if (count > left_) {
    left_ = 0;
    missed_ = true;
    return;
  }
  left_ -= count;
  if (count == 0 || width_ == 0) return;
  if (width_ != kVarints) {
    at_ += count;
    return;
  }
  // A number ends with the one byte of it that is below 128.
  for (; count > 0 && at_ != end_; ++at_) count -= *at_ < 0x80;
  if (count > 0 || (left_ == 0 && at_ != end_)) missed_ = true;
}

}  // namespace net
