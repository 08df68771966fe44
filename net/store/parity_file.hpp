// The bytes of a parity file, and back. Layout: net/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

/// Bytes that stand for a page, whatever SQLite takes for one.
inline constexpr std::size_t kParityPageBytes = 4096;
inline constexpr std::uint32_t kMaxParityGroups = 64;

using ParityPage = std::array<char, kParityPageBytes>;

struct ParityHead {
  std::uint32_t changes = 0;  ///< of the day, when the parity was written
  std::uint32_t pages = 0, groups = 0;
};

struct Parity {
  std::uint32_t changes = 0;
  std::vector<std::uint32_t> checks;  ///< of each page
  std::vector<ParityPage> sums;       ///< of each group: the XOR of its pages

  std::uint32_t pages() const { return static_cast<std::uint32_t>(checks.size()); }
  /// Of the group that a page, counted from 0, belongs to.
  std::size_t group_of(std::uint32_t page) const { return page % sums.size(); }
};

/// Groups for so many pages: one for 64 of them, from 1 to kMaxParityGroups.
std::uint32_t parity_groups(std::uint32_t pages);
std::uint32_t check_of(const ParityPage& page);
void add_page(ParityPage& sum, const ParityPage& page);

inline constexpr std::size_t kParityHeadBytes = 31;
/// bytes: at least kParityHeadBytes of them. Nothing: it is no such file, or of a version to come.
std::optional<ParityHead> decode_parity_head(std::string_view bytes);
std::string encode(const Parity& parity);
/// Nothing: damaged, too.
std::optional<Parity> decode_parity(std::string_view bytes);

}  // namespace net
