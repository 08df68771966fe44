#include "net/store/parity_file.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>

namespace net {
namespace {

constexpr std::string_view kMagic = "fleetwall parity 1\n";
static_assert(kParityHeadBytes == kMagic.size() + 12);
constexpr std::size_t kCheckBytes = 8;
/// Pages for each of which there is one of parity, at least.
constexpr std::uint32_t kPagesPerGroup = 64;

void put_number(std::string& out, std::uint64_t number, std::size_t bytes = 4) {
  for (std::size_t i = 0; i < bytes; ++i) out.push_back(static_cast<char>(number >> (8 * i)));
}

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t count = 4) {
  std::uint64_t number = 0;
  for (std::size_t i = count; i-- > 0;)
    number = number << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return number;
}

}  // namespace

std::uint32_t parity_groups(std::uint32_t pages) {
  return std::clamp(pages / kPagesPerGroup, std::uint32_t{1}, kMaxParityGroups);
}

std::uint32_t check_of(const ParityPage& page) {
  return static_cast<std::uint32_t>(XXH64(page.data(), page.size(), 0));
}

void add_page(ParityPage& sum, const ParityPage& page) {
  for (std::size_t i = 0; i < page.size(); ++i) sum[i] = static_cast<char>(sum[i] ^ page[i]);
}

std::optional<ParityHead> decode_parity_head(std::string_view bytes) {
  if (bytes.size() < kParityHeadBytes || !bytes.starts_with(kMagic)) return {};
  std::uint32_t numbers[3];
  for (std::size_t i = 0; i < 3; ++i)
    numbers[i] = static_cast<std::uint32_t>(number_at(bytes, kMagic.size() + 4 * i));
  const ParityHead head{numbers[0], numbers[1], numbers[2]};
  if (head.groups < 1 || head.groups > kMaxParityGroups) return {};
  return head;
}

std::string encode(const Parity& parity) {
  std::string out(kMagic);
  put_number(out, parity.changes);
  put_number(out, parity.pages());
  put_number(out, parity.sums.size());
  for (const std::uint32_t check : parity.checks) put_number(out, check);
  for (const ParityPage& sum : parity.sums) out.append(sum.data(), sum.size());
  put_number(out, XXH64(out.data(), out.size(), 0), kCheckBytes);
  return out;
}

std::optional<Parity> decode_parity(std::string_view bytes) {
  const auto head = decode_parity_head(bytes);
  if (!head) return {};
  const std::size_t sums = kParityHeadBytes + 4 * std::size_t{head->pages};
  const std::size_t end = sums + head->groups * kParityPageBytes;
  if (bytes.size() != end + kCheckBytes ||
      number_at(bytes, end, kCheckBytes) != XXH64(bytes.data(), end, 0))
    return {};
  Parity parity;
  parity.changes = head->changes;
  for (std::size_t at = kParityHeadBytes; at < sums; at += 4)
    parity.checks.push_back(static_cast<std::uint32_t>(number_at(bytes, at)));
  parity.sums.resize(head->groups);
  for (std::size_t i = 0; i < parity.sums.size(); ++i)
    std::memcpy(parity.sums[i].data(), bytes.data() + sums + i * kParityPageBytes,
                kParityPageBytes);
  return parity;
}

}  // namespace net
