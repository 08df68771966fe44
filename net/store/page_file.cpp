#include "net/store/page_file.hpp"

#include <algorithm>
#include <bit>

#include "net/codec/frame_codec.hpp"

namespace net {
namespace {

constexpr std::uint8_t kTableLeaf = 0x0D, kIndexLeaf = 0x0A;
constexpr std::size_t kFileHeader = 100, kLeafHeader = 8;
constexpr std::size_t kLogHeader = 32, kLogFrameHeader = 24;
/// No row of ours is longer: a frame and its numbers.
constexpr std::uint64_t kMaxPayload = kMaxFrameBytes + 256;
/// Columns of a row; our tables have up to eight.
constexpr std::size_t kMaxColumns = 32;

std::uint32_t big(std::string_view bytes, std::size_t at, std::size_t n) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < n; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

/// SQLite's: seven bits a byte, big end first, all eight of the ninth. Nothing: it is cut off.
std::optional<std::uint64_t> varint(std::string_view bytes, std::size_t& at) {
  std::uint64_t value = 0;
  for (int i = 0; i < 9; ++i, ++at) {
    if (at >= bytes.size()) return {};
    const auto byte = static_cast<std::uint8_t>(bytes[at]);
    if (i == 8) return ++at, value << 8 | byte;
    value = value << 7 | (byte & 0x7F);
    if (byte < 0x80) return ++at, value;
  }
  return {};
}

/// Bytes of a value by its serial type; nothing: there is no such type.
std::optional<std::uint64_t> bytes_of_type(std::uint64_t type) {
  constexpr std::uint64_t kFixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
  if (type < 10) return kFixed[type];
  if (type < 12) return {};
  return (type - 12) / 2;
}

PageRecord::Value value_of(std::uint64_t type, std::string_view bytes) {
  using Kind = PageRecord::Value::Kind;
  if (type == 0) return {};
  if (type == 7) return {Kind::real, 0, bytes};
  if (type >= 12) return {type % 2 == 0 ? Kind::blob : Kind::text, 0, bytes};
  if (type >= 8) return {Kind::integer, static_cast<std::int64_t>(type - 8), {}};
  std::uint64_t value = static_cast<std::int8_t>(bytes[0]) < 0 ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return {Kind::integer, static_cast<std::int64_t>(value), {}};
}

/// Cuts a payload into its values. The last one may be shorter than its type says: its pages are
/// damaged. False: it is no record.
bool split(PageRecord& record) {
  const std::string_view payload = record.payload;
  std::size_t at = 0;
  const auto head_bytes = varint(payload, at);
  if (!head_bytes || *head_bytes > payload.size() || *head_bytes < at) return false;
  std::size_t body = static_cast<std::size_t>(*head_bytes);
  while (at < *head_bytes) {
    const auto type = varint(payload.substr(0, static_cast<std::size_t>(*head_bytes)), at);
    const auto bytes = type ? bytes_of_type(*type) : std::nullopt;
    if (!bytes || record.values.size() == kMaxColumns) return false;
    const std::size_t left = payload.size() - body;
    if (*bytes > left && (*type < 12 || at < *head_bytes)) return false;
    const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(*bytes, left));
    record.values.push_back(value_of(*type, payload.substr(body, there)));
    body += there;
  }
  return true;
}

/// Of a payload, how much lies in the leaf itself.
std::uint64_t local_bytes(std::uint64_t payload, std::uint64_t usable, bool rows) {
  const std::uint64_t most = rows ? usable - 35 : (usable - 12) * 64 / 255 - 23;
  if (payload <= most) return payload;
  const std::uint64_t least = (usable - 12) * 32 / 255 - 23;
  const std::uint64_t fitting = least + (payload - least) % (usable - 4);
  return fitting <= most ? fitting : least;
}

/// The log's checksum, over pairs of 32-bit words.
struct LogSum {
  bool big_end = false;
  std::uint32_t a = 0, b = 0;

  void add(std::string_view bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      a += word(bytes, at) + b;
      b += word(bytes, at + 4) + a;
    }
  }
  std::uint32_t word(std::string_view bytes, std::size_t at) const {
    const std::uint32_t value = big(bytes, at, 4);
    return big_end ? value : __builtin_bswap32(value);
  }
  bool is(std::string_view bytes, std::size_t at) const {
    return big(bytes, at, 4) == a && big(bytes, at + 4, 4) == b;
  }
};

}  // namespace

PageFile::PageFile() = default;
PageFile::PageFile(PageFile&&) noexcept = default;
PageFile& PageFile::operator=(PageFile&&) noexcept = default;
PageFile::~PageFile() = default;

fleet::Result<PageFile> PageFile::open(const std::filesystem::path& path) {
  PageFile file;
  file.file_ = std::make_unique<RawFile>(path, RawFile::Mode::read);
  if (!file.file_->is_open()) return file.file_->error("cannot be read");
  file.read_header();
  const std::uint64_t pages = (file.file_->bytes() + file.page_bytes_ - 1) / file.page_bytes_;
  file.pages_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(pages, 0xFFFF'FFFE));
  file.read_log(path.string() + "-wal");
  return file;
}

void PageFile::read_header() {
  std::string head(kFileHeader, '\0');
  if (!file_->read(0, head) || !head.starts_with("SQLite format 3")) return;
  const std::uint32_t size = big(head, 16, 2) == 1 ? 65'536 : big(head, 16, 2);
  const std::uint32_t unused = big(head, 20, 1);
  if (size < 512 || !std::has_single_bit(size) || size - unused < 480) return;
  page_bytes_ = size;
  usable_bytes_ = size - unused;
}

/// Notes the newest copy of every page up to the last commit that is whole.
void PageFile::read_log(const std::filesystem::path& path) {
  log_ = std::make_unique<RawFile>(path, RawFile::Mode::read);
  std::string head(kLogHeader, '\0');
  if (!log_->is_open() || !log_->read(0, head)) return;
  const std::uint32_t magic = big(head, 0, 4);
  if ((magic & ~1u) != 0x377F0682 || big(head, 8, 4) != page_bytes_) return;
  LogSum sum{(magic & 1) != 0};
  sum.add(std::string_view(head).substr(0, 24));
  if (!sum.is(head, 24)) return;
  std::unordered_map<std::uint32_t, std::uint64_t> open;
  std::string frame(kLogFrameHeader + page_bytes_, '\0');
  for (std::uint64_t at = kLogHeader; log_->read(at, frame); at += frame.size()) {
    if (frame.compare(8, 8, head, 16, 8) != 0) return;  // of an older round
    sum.add(std::string_view(frame).substr(0, 8));
    sum.add(std::string_view(frame).substr(kLogFrameHeader));
    if (!sum.is(frame, 16)) return;
    open[big(frame, 0, 4)] = at + kLogFrameHeader;
    const std::uint32_t pages = big(frame, 4, 4);
    if (pages == 0) continue;
    for (const auto& [number, place] : open) in_log_[number] = place;
    open.clear();
    pages_ = std::max(
        pages_, std::min(pages, static_cast<std::uint32_t>(pages_ + log_->bytes() / page_bytes_)));
  }
}

/// Counted from 1.
std::optional<std::string> PageFile::page(std::uint32_t number) const {
  if (number == 0 || number > pages_) return {};
  std::string bytes(page_bytes_, '\0');
  const auto logged = in_log_.find(number);
  const bool read = logged != in_log_.end()
                        ? log_->read(logged->second, bytes)
                        : file_->read(std::uint64_t{number - 1} * page_bytes_, bytes);
  return read ? std::optional(std::move(bytes)) : std::nullopt;
}

void PageFile::each_record(const std::function<void(const PageRecord&)>& found) {
  for (std::uint32_t number = 1; number <= pages_; ++number)
    if (const auto bytes = page(number)) records_of(*bytes, number == 1 ? kFileHeader : 0, found);
}

void PageFile::records_of(const std::string& page, std::size_t head,
                          const std::function<void(const PageRecord&)>& found) const {
  const auto type = static_cast<std::uint8_t>(page[head]);
  if (type != kTableLeaf && type != kIndexLeaf) return;
  const std::size_t cells = big(page, head + 3, 2);
  const std::size_t first = head + kLeafHeader;
  if (first + 2 * cells > usable_bytes_) return;
  for (std::size_t k = 0; k < cells; ++k) {
    const std::size_t at = big(page, first + 2 * k, 2);
    if (at < first + 2 * cells || at >= usable_bytes_) continue;
    PageRecord record;
    if (read_record(page, at, type == kTableLeaf, record)) found(record);
  }
}

bool PageFile::read_record(const std::string& page, std::size_t at, bool rows,
                           PageRecord& record) const {
  const std::string_view usable = std::string_view(page).substr(0, usable_bytes_);
  const auto payload = varint(usable, at);
  const auto row = rows ? varint(usable, at) : 0;
  if (!payload || !row || *payload > kMaxPayload) return false;
  record.row = static_cast<std::int64_t>(*row);
  const std::uint64_t local = local_bytes(*payload, usable_bytes_, rows);
  const bool overflows = local < *payload;
  if (at + local + (overflows ? 4 : 0) > usable.size()) return false;
  record.payload = usable.substr(at, static_cast<std::size_t>(local));
  if (overflows)
    follow_overflow(big(usable, at + static_cast<std::size_t>(local), 4), *payload, record.payload);
  return split(record);
}

/// As far as there are pages; a ring of them ends with the payload's size.
void PageFile::follow_overflow(std::uint32_t next, std::uint64_t size, std::string& payload) const {
  while (payload.size() < size) {
    const auto bytes = page(next);
    if (!bytes) return;
    const std::uint64_t part = std::min<std::uint64_t>(size - payload.size(), usable_bytes_ - 4);
    payload.append(*bytes, 4, static_cast<std::size_t>(part));
    next = big(*bytes, 0, 4);
  }
}

}  // namespace net
