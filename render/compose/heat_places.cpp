#include "render/compose/heat_places.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdlib>
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

std::uint64_t z_of(std::uint32_t x, std::uint32_t y) {
  return spread(x) | spread(y) << 1;
}

bool counts(const HeatPlace& place) {
  const float size = std::abs(place.weight);
  return size > 0 && size <= kHeatWeightMax;  // false for NaN
}

// By z, eleven bits at a time from the lowest that differs on: as many passes whatever the order
// was.
void sort_by_z(std::vector<HeatPlaces::Ordered>& items) {
  const auto before = [](const auto& a, const auto& b) { return a.z < b.z; };
  if (std::is_sorted(items.begin(), items.end(), before)) return;
  std::uint64_t differs = 0;
  for (const auto& item : items) differs |= item.z ^ items[0].z;
  constexpr int kBits = 11;
  constexpr std::size_t kValues = std::size_t{1} << kBits;
  std::vector<HeatPlaces::Ordered> other(items.size());
  std::array<std::size_t, kValues> at;
  for (int shift = std::countr_zero(differs); shift < static_cast<int>(std::bit_width(differs));
       shift += kBits) {
    at.fill(0);
    for (const auto& item : items) ++at[item.z >> shift & (kValues - 1)];
    std::size_t sum = 0;
    for (std::size_t& count : at) sum += std::exchange(count, sum);
    for (const auto& item : items) other[at[item.z >> shift & (kValues - 1)]++] = item;
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

// The centre of mass of entries that lie in one square; those below zero weigh as much as those
// above it.
HeatPlaces::Entry merged(std::span<const HeatPlaces::Entry> entries, int square_bits) {
  if (entries.size() == 1) return entries[0];
  const std::uint32_t inside = square_bits >= kWorldBits ? ~0u : (1u << square_bits) - 1;
  double x = 0, y = 0;
  std::int64_t steps = 0, mass = 0;
  for (const auto& entry : entries) {
    const std::int64_t size = std::abs(entry.steps);
    x += static_cast<double>(entry.x & inside) * static_cast<double>(size);
    y += static_cast<double>(entry.y & inside) * static_cast<double>(size);
    steps += entry.steps;
    mass += size;
  }
  if (mass == 0) return {entries[0].x, entries[0].y, 0};
  const auto mean = [&](double sum) {
    return static_cast<std::uint32_t>(sum / static_cast<double>(mass));
  };
  return {(entries[0].x & ~inside) + mean(x), (entries[0].y & ~inside) + mean(y), steps};
}

}  // namespace

void HeatPlaces::set(std::span<const HeatPlace> places) {
  ++version_;
  order(places);
  double sum = 0;
  for (const HeatPlace& place : places)
    sum += counts(place) ? static_cast<double>(std::abs(place.weight)) : 0;
  int exponent = 0;
  std::frexp(sum, &exponent);  // sum < 2^exponent
  steps_of_one_ = std::ldexp(1.0, kTotalBits - std::max(exponent, kExponentMin));
  add_places(places);
  const auto squares = square_counts(entries_);
  for (int bits = 1; bits < kWorldBits; ++bits) {
    if (squares[static_cast<std::size_t>(bits)] * 2 <= levels_.back().count) add_level(bits);
  }
}

// Most places stay where they were or move a little: only those that are out of turn then, and new
// ones, are sorted, and merged in.
void HeatPlaces::order(std::span<const HeatPlace> places) {
  const std::size_t known = std::min(places.size(), where_.size());
  std::vector<char> has_moved(known, 0);
  bool any_moved = false;
  where_.resize(places.size());
  for (std::size_t i = 0; i < known; ++i) {
    has_moved[i] = where_[i].x != places[i].x || where_[i].y != places[i].y;
    any_moved |= has_moved[i] != 0;
    where_[i] = {places[i].x, places[i].y};
  }
  if (!any_moved && order_.size() == places.size()) return;
  const auto z_at = [&](std::size_t i) { return z_of(places[i].x, places[i].y); };
  std::vector<Ordered> out_of_turn;
  std::size_t kept = 0;
  for (Ordered item : order_) {
    if (item.index >= known) continue;
    if (has_moved[item.index]) item.z = z_at(item.index);
    if (kept == 0 || order_[kept - 1].z <= item.z) {
      order_[kept++] = item;
    } else if (kept == 1 || order_[kept - 2].z <= item.z) {
      // It goes well with all but the last one, which is the one that went astray.
      out_of_turn.push_back(std::exchange(order_[kept - 1], item));
    } else {
      out_of_turn.push_back(item);
    }
  }
  for (std::size_t i = known; i < places.size(); ++i) {
    where_[i] = {places[i].x, places[i].y};
    out_of_turn.push_back({z_at(i), static_cast<std::uint32_t>(i)});
  }
  sort_by_z(out_of_turn);
  order_.resize(kept);
  order_.insert(order_.end(), out_of_turn.begin(), out_of_turn.end());
  std::inplace_merge(order_.begin(), order_.begin() + static_cast<std::ptrdiff_t>(kept),
                     order_.end(), [](const Ordered& a, const Ordered& b) { return a.z < b.z; });
}

// The lowest level: an entry for each different place that has a weight.
void HeatPlaces::add_places(std::span<const HeatPlace> places) {
  entries_.clear();
  blocks_.clear();
  levels_.clear();
  entries_.reserve(places.size() * 3 / 2);
  std::uint64_t last_z = 0;
  std::int64_t total = 0;
  for (const Ordered& ordered : order_) {
    const HeatPlace& place = places[ordered.index];
    if (!counts(place)) continue;
    // To the nearest; the steps stay within 2^52 of zero.
    const auto steps = static_cast<std::int64_t>(static_cast<double>(place.weight) * steps_of_one_ +
                                                 (place.weight < 0 ? -0.5 : 0.5));
    if (steps == 0) continue;
    total += steps;
    if (!entries_.empty() && ordered.z == last_z) {
      entries_.back().steps += steps;
    } else {
      entries_.push_back({place.x, place.y, steps});
    }
    last_z = ordered.z;
  }
  total_ = static_cast<double>(total) / steps_of_one_;
  levels_.push_back({0, 0, entries_.size(), 0, 0});
  add_blocks(levels_.back());
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
