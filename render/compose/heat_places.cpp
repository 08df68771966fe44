#include "render/compose/heat_places.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace render {
namespace {

constexpr int kTotalBits = 52;  // steps of the whole set
constexpr int kWorldBits = 32;
// A total below 2^-30 of a unit gets fewer steps: their number of one stays inside a float.
constexpr int kExponentMin = -30;

// A place on the Z curve: bits of x and y in turn.
std::uint64_t spread(std::uint32_t v) {
  std::uint64_t s = v;
  s = (s | s << 16) & 0x0000ffff0000ffffu;
  s = (s | s << 8) & 0x00ff00ff00ff00ffu;
  s = (s | s << 4) & 0x0f0f0f0f0f0f0f0fu;
  s = (s | s << 2) & 0x3333333333333333u;
  return (s | s << 1) & 0x5555555555555555u;
}

std::uint32_t gathered(std::uint64_t s) {
  s &= 0x5555555555555555u;
  s = (s | s >> 1) & 0x3333333333333333u;
  s = (s | s >> 2) & 0x0f0f0f0f0f0f0f0fu;
  s = (s | s >> 4) & 0x00ff00ff00ff00ffu;
  s = (s | s >> 8) & 0x0000ffff0000ffffu;
  return static_cast<std::uint32_t>(s | s >> 16);
}

std::uint64_t z_of(std::uint32_t x, std::uint32_t y) {
  return spread(x) | spread(y) << 1;
}

struct Keyed {
  std::uint64_t z, steps;
};

bool counts(const HeatPlace& place) {
  return place.weight > 0 && place.weight <= kHeatWeightMax;  // false for NaN
}

// By z, a byte at a time: as many passes whatever the order was, and none for a byte that is the
// same in all.
void sort_by_z(std::vector<Keyed>& items) {
  const auto before = [](const Keyed& a, const Keyed& b) { return a.z < b.z; };
  if (std::is_sorted(items.begin(), items.end(), before)) return;
  constexpr std::size_t kBytes = 8, kValues = 256;
  std::vector<std::array<std::size_t, kValues>> counts(kBytes);
  for (const Keyed& item : items) {
    for (std::size_t byte = 0; byte < kBytes; ++byte) ++counts[byte][item.z >> (8 * byte) & 255];
  }
  std::vector<Keyed> other(items.size());
  for (std::size_t byte = 0; byte < kBytes; ++byte) {
    auto& at = counts[byte];
    if (at[items[0].z >> (8 * byte) & 255] == items.size()) continue;
    std::size_t sum = 0;
    for (std::size_t& count : at) sum += std::exchange(count, sum);
    for (const Keyed& item : items) other[at[item.z >> (8 * byte) & 255]++] = item;
    items.swap(other);
  }
}

// Entries there would be for squares of 2^bits units, for all bits.
std::array<std::size_t, kWorldBits + 1> square_counts(std::span<const HeatPlaces::Entry> entries) {
  std::array<std::size_t, kWorldBits + 1> counts{};
  if (entries.empty()) return counts;
  // Neighbours on the curve share a square from the bit on above which they agree.
  std::array<std::size_t, kWorldBits + 1> joined{};
  for (std::size_t i = 1; i < entries.size(); ++i) {
    const auto& a = entries[i - 1];
    const auto& b = entries[i];
    ++joined[static_cast<std::size_t>(std::bit_width((a.x ^ b.x) | (a.y ^ b.y)))];
  }
  std::size_t left = entries.size();
  for (std::size_t bits = 0; bits < counts.size(); ++bits) counts[bits] = left -= joined[bits];
  return counts;
}

// The centre of mass of entries that lie in one square.
HeatPlaces::Entry merged(std::span<const HeatPlaces::Entry> entries, int square_bits) {
  if (entries.size() == 1) return entries[0];
  const std::uint32_t inside = square_bits >= kWorldBits ? ~0u : (1u << square_bits) - 1;
  double x = 0, y = 0;
  std::uint64_t steps = 0;
  for (const auto& entry : entries) {
    x += static_cast<double>(entry.x & inside) * static_cast<double>(entry.steps);
    y += static_cast<double>(entry.y & inside) * static_cast<double>(entry.steps);
    steps += entry.steps;
  }
  const auto mean = [&](double sum) {
    return static_cast<std::uint32_t>(sum / static_cast<double>(steps));
  };
  return {(entries[0].x & ~inside) + mean(x), (entries[0].y & ~inside) + mean(y), steps};
}

}  // namespace

void HeatPlaces::set(std::span<const HeatPlace> places) {
  ++version_;
  entries_.clear();
  blocks_.clear();
  levels_.clear();
  double sum = 0;
  for (const HeatPlace& place : places)
    sum += counts(place) ? static_cast<double>(place.weight) : 0;
  int exponent = 0;
  std::frexp(sum, &exponent);  // sum < 2^exponent
  steps_of_one_ = std::ldexp(1.0, kTotalBits - std::max(exponent, kExponentMin));
  std::vector<Keyed> items;
  items.reserve(places.size());
  for (const HeatPlace& place : places) {
    if (!counts(place)) continue;
    const auto steps = std::llround(static_cast<double>(place.weight) * steps_of_one_);
    if (steps > 0) items.push_back({z_of(place.x, place.y), static_cast<std::uint64_t>(steps)});
  }
  sort_by_z(items);
  std::uint64_t total = 0;
  entries_.reserve(items.size() * 3 / 2);
  for (std::size_t i = 0; i < items.size(); ++i) {
    total += items[i].steps;
    if (i > 0 && items[i].z == items[i - 1].z) {
      entries_.back().steps += items[i].steps;
    } else {
      entries_.push_back({gathered(items[i].z), gathered(items[i].z >> 1), items[i].steps});
    }
  }
  total_ = static_cast<double>(total) / steps_of_one_;
  levels_.push_back({0, 0, entries_.size(), 0, 0});
  add_blocks(levels_.back());
  const auto squares = square_counts(entries_);
  for (int bits = 1; bits < kWorldBits; ++bits) {
    if (squares[static_cast<std::size_t>(bits)] * 2 <= levels_.back().count) add_level(bits);
  }
}

void HeatPlaces::add_level(int square_bits) {
  const Level below = levels_.back();
  Level level{square_bits, entries_.size(), 0, 0, 0};
  const auto square_of = [&](std::size_t i) {
    return std::pair(entries_[i].x >> square_bits, entries_[i].y >> square_bits);
  };
  const std::size_t last = below.first + below.count;
  for (std::size_t begin = below.first; begin < last;) {
    std::size_t end = begin + 1;
    while (end < last && square_of(end) == square_of(begin)) ++end;
    entries_.push_back(merged(std::span(entries_).subspan(begin, end - begin), square_bits));
    begin = end;
  }
  level.count = entries_.size() - level.first;
  add_blocks(level);
  levels_.push_back(level);
}

void HeatPlaces::add_blocks(Level& level) {
  level.first_block = blocks_.size();
  const auto entries = entries_of(level);
  for (std::size_t i = 0; i < entries.size(); i += kBlockEntries) {
    Block block{entries[i].x, entries[i].x, entries[i].y, entries[i].y};
    for (const Entry& e : entries.subspan(i, std::min(kBlockEntries, entries.size() - i))) {
      block = {std::min(block.x_min, e.x), std::max(block.x_max, e.x), std::min(block.y_min, e.y),
               std::max(block.y_max, e.y)};
    }
    blocks_.push_back(block);
  }
  level.blocks = blocks_.size() - level.first_block;
}

const HeatPlaces::Level& HeatPlaces::level_for(double cell_units) const {
  std::size_t best = 0;
  for (std::size_t i = 1; i < levels_.size(); ++i) {
    if (std::ldexp(1.0, levels_[i].square_bits) <= cell_units / 2) best = i;
  }
  return levels_[best];
}

}  // namespace render
