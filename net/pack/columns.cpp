#include "net/pack/columns.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zstd.h>

#include <algorithm>
#include <bit>

#include "net/codec/wire.hpp"

namespace net {
namespace {

/// How a column stands. Of kPlanes + w a number takes w bytes.
enum Form : std::uint8_t { kSame = 0, kVarints = 1, kPlanes = 1 };
constexpr std::size_t kMaxWidth = NumberRun::kMaxWidth;
constexpr std::size_t kCheckBytes = 8;
/// Of a varint of 64 bits.
constexpr std::size_t kMaxVarintBytes = 10;

std::string as_varints(std::span<const std::int64_t> numbers) {
  std::string out;
  out.reserve(numbers.size() * 2);
  for (const std::int64_t number : numbers) wire::put_varint(out, wire::zigzag(number));
  return out;
}

/// Bytes that the largest of their codes takes, at least 1.
std::size_t width_of(std::span<const std::int64_t> numbers) {
  std::uint64_t all = 1;
  for (const std::int64_t number : numbers) all |= wire::zigzag(number);
  return (static_cast<std::size_t>(std::bit_width(all)) + 7) / 8;
}

std::string as_planes(std::span<const std::int64_t> numbers, std::size_t width) {
  std::string out(numbers.size() * width, '\0');
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::uint64_t code = wire::zigzag(numbers[i]);
    for (std::size_t w = 0; w < width; ++w)
      out[w * numbers.size() + i] = static_cast<char>(code >> (8 * w));
  }
  return out;
}

std::uint64_t check_of(std::string_view bytes) {
  return XXH64(bytes.data(), bytes.size(), 0);
}

}  // namespace

struct PackWriter::Impl {
  struct Delete {
    void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
  };
  std::unique_ptr<ZSTD_CCtx, Delete> context{ZSTD_createCCtx()};
  std::string out;

  std::string packed(const std::string& plain) {
    std::string bytes(ZSTD_compressBound(plain.size()), '\0');
    bytes.resize(
        ZSTD_compress2(context.get(), bytes.data(), bytes.size(), plain.data(), plain.size()));
    return bytes;
  }
  void put(std::uint8_t form, std::size_t plain_bytes, const std::string& bytes) {
    out.push_back(static_cast<char>(form));
    wire::put_varint(out, plain_bytes);
    wire::put_varint(out, bytes.size());
    out += bytes;
  }
};

PackWriter::PackWriter(int level) : impl_(std::make_unique<Impl>()) {
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_compressionLevel, level);
  // Sizes stand in the pack, and its one check covers all.
  ZSTD_CCtx_setParameter(impl_->context.get(), ZSTD_c_contentSizeFlag, 0);
}
PackWriter::~PackWriter() = default;

void PackWriter::number(std::int64_t number) {
  wire::put_varint(impl_->out, wire::zigzag(number));
}

void PackWriter::column(std::span<const std::int64_t> numbers) {
  wire::put_varint(impl_->out, numbers.size());
  if (numbers.empty()) return;
  if (std::ranges::all_of(numbers, [&](std::int64_t n) { return n == numbers[0]; })) {
    impl_->out.push_back(kSame);
    return number(numbers[0]);
  }
  const std::string varints = as_varints(numbers);
  const std::size_t width = width_of(numbers);
  const std::string packed_varints = impl_->packed(varints);
  const std::string packed_planes = impl_->packed(as_planes(numbers, width));
  if (packed_planes.size() <= packed_varints.size())
    impl_->put(static_cast<std::uint8_t>(kPlanes + width), numbers.size() * width, packed_planes);
  else
    impl_->put(kVarints, varints.size(), packed_varints);
}

void PackWriter::bytes(std::string_view bytes) {
  wire::put_varint(impl_->out, bytes.size());
  impl_->out += bytes;
}

std::string PackWriter::take() {
  const std::uint64_t check = check_of(impl_->out);
  for (std::size_t i = 0; i < kCheckBytes; ++i)
    impl_->out.push_back(static_cast<char>(check >> (8 * i)));
  return std::exchange(impl_->out, {});
}

struct PackReader::Impl {
  struct Delete {
    void operator()(ZSTD_DCtx* d) const { ZSTD_freeDCtx(d); }
  };
  std::unique_ptr<ZSTD_DCtx, Delete> context{ZSTD_createDCtx()};
  const std::uint8_t* at = nullptr;
  const std::uint8_t* end = nullptr;
  std::size_t numbers_left = 0;
  bool failed = false;
  std::string why;

  void fail(std::string text) {
    if (!failed) why = std::move(text);
    failed = true;
  }
  std::uint64_t varint() {
    std::uint64_t v = 0;
    if (!failed && !wire::read_varint(at, end, v)) fail("it ends too early");
    return failed ? 0 : v;
  }
  std::string_view take(std::uint64_t size) {
    if (failed || size > static_cast<std::size_t>(end - at)) {
      fail("it ends too early");
      return {};
    }
    const auto* begin = reinterpret_cast<const char*>(at);
    at += size;
    return {begin, static_cast<std::size_t>(size)};
  }
};

PackReader::PackReader(std::string_view pack, std::size_t most_numbers)
    : impl_(std::make_unique<Impl>()) {
  impl_->numbers_left = most_numbers;
  if (pack.size() < kCheckBytes) {
    impl_->fail("it is too short");
    return;
  }
  const std::string_view content = pack.substr(0, pack.size() - kCheckBytes);
  std::uint64_t check = 0;
  for (std::size_t i = kCheckBytes; i-- > 0;)
    check = check << 8 | static_cast<std::uint8_t>(pack[content.size() + i]);
  if (check != check_of(content)) impl_->fail("its check does not fit its bytes");
  impl_->at = reinterpret_cast<const std::uint8_t*>(content.data());
  impl_->end = impl_->at + content.size();
}
PackReader::~PackReader() = default;

std::int64_t PackReader::number() {
  return wire::unzigzag(impl_->varint());
}

std::int64_t PackReader::number(std::int64_t least, std::int64_t most, const char* what) {
  const std::int64_t n = number();
  if (!impl_->failed && n >= least && n <= most) return n;
  fail(std::string(what) + " is " + std::to_string(n) + ", expected " + std::to_string(least) +
       " to " + std::to_string(most));
  return least;
}

/// A column's numbers, of which there are so many.
NumberRun PackReader::read_run(std::uint64_t count) {
  NumberRun run;
  Impl& in = *impl_;
  if (count > in.numbers_left) fail("it holds too many numbers");
  if (in.failed || count == 0) return run;
  in.numbers_left -= static_cast<std::size_t>(count);
  const std::string_view form_byte = in.take(1);
  const std::size_t form = form_byte.empty() ? 255 : static_cast<std::uint8_t>(form_byte[0]);
  run.size_ = run.left_ = static_cast<std::size_t>(count);
  if (form == kSame) {
    run.repeat(number());
    return run;
  }
  const std::uint64_t plain = in.varint();
  const std::string_view packed = in.take(in.varint());
  const bool varints = form == kVarints;
  const std::size_t width = form - kPlanes;
  const bool good = varints ? plain <= count * kMaxVarintBytes && plain >= count
                            : width <= kMaxWidth && plain == count * width;
  if (!good) fail("a column of it is damaged");
  if (in.failed) return {};
  run.width_ = varints ? NumberRun::kVarints : static_cast<std::uint8_t>(width);
  run.allocate(static_cast<std::size_t>(plain));
  const std::size_t got =
      ZSTD_decompressDCtx(in.context.get(), run.plain(), plain, packed.data(), packed.size());
  if (ZSTD_isError(got) || got != plain) {
    fail("a column of it is damaged");
    return {};
  }
  return run;
}

NumberRun PackReader::run() {
  return read_run(impl_->varint());
}

NumberRun PackReader::run(std::size_t count, const char* what) {
  const std::uint64_t has = impl_->varint();
  if (has != count)
    fail(std::string("its column of ") + what + " has " + std::to_string(has) +
         " numbers, expected " + std::to_string(count));
  return read_run(has);
}

void PackReader::skip_column() {
  Impl& in = *impl_;
  if (in.varint() == 0) return;
  const std::string_view form = in.take(1);
  if (form.empty()) return;
  if (static_cast<std::uint8_t>(form[0]) == kSame) {
    (void)number();
    return;
  }
  (void)in.varint();
  (void)in.take(in.varint());
}

std::vector<std::int64_t> PackReader::column_of(NumberRun run) {
  std::vector<std::int64_t> numbers(run.size());
  for (std::int64_t& number : numbers) number = run.next();
  if (run.done()) return numbers;
  fail("a column of it is damaged");
  return {};
}

std::vector<std::int64_t> PackReader::column() {
  return column_of(run());
}

std::vector<std::int64_t> PackReader::column(std::size_t count, const char* what) {
  return column_of(run(count, what));
}

std::string PackReader::bytes() {
  return std::string(impl_->take(impl_->varint()));
}

bool PackReader::ok() const {
  return !impl_->failed;
}

bool PackReader::at_end() const {
  return impl_->at == impl_->end;
}

void PackReader::fail(std::string why) {
  impl_->fail(std::move(why));
}

fleet::Result<void> PackReader::result() const {
  if (impl_->failed) return fleet::Error{impl_->why};
  return {};
}

fleet::Result<void> PackReader::finish() {
  if (!impl_->failed && impl_->at != impl_->end) fail("it holds more than its parts");
  return result();
}

}  // namespace net
