// HeatPlaces: weighted places prepared for quick binning at any zoom. No GL.
//
// Weights become whole steps of a unit chosen from their total, so that sums are exact and do not
// depend on order: 2^52 steps for all of them, times the 1024ths that binning splits a place into,
// is 2^62 and cannot overflow. Rounding loses half a step a place at most: of 10 million places
// together less than a billionth of the total.
//
// Places are sorted along a Z curve. Coarser levels hold one entry for all places of a square of
// the world, at their centre of mass: where heat cells are larger than that, fewer entries give the
// same picture. A level is kept only when it has at most half the entries of the one below.
//
// The order is kept from one set() to the next, in which most places stay where they were and only
// weights change: those whose turn along the curve is another one now, and those that are new at
// the end, are sorted and merged in.
//
// Memory: 16 bytes an entry, 32 bytes a place at most with all levels, and 24 a place for the
// order; set() needs as much again while it works. Used by one thread at a time; reading is free
// for any.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "render/map_frame.hpp"

namespace render {

/// Weights of a size beyond are left out: no unit that is shown comes near, and sums stay far
/// inside a float.
inline constexpr float kHeatWeightMax = 1e12f;

class HeatPlaces {
 public:
  /// As the shaders read it: place in units of the 32-bit world, weight in whole steps, below zero
  /// where a difference is.
  struct Entry {
    std::uint32_t x, y;
    std::int64_t steps;
    bool operator==(const Entry&) const = default;
  };
  static_assert(sizeof(Entry) == 16);
  /// A run of entries near each other, so that what is far from the view is skipped at once.
  struct Block {
    std::uint32_t x_min, x_max, y_min, y_max;
  };
  static constexpr std::size_t kBlockEntries = 256;
  struct Level {
    int square_bits = 0;  ///< entries stand for squares of 2^this units; 0 = the places themselves
    std::size_t first = 0, count = 0;         ///< of entries()
    std::size_t first_block = 0, blocks = 0;  ///< of blocks()
  };

  /// A place's turn along the curve.
  struct Ordered {
    std::uint64_t z;
    std::uint32_t index;  ///< of the place in the last set()
  };

  /// All places; cheap where the same ones come in the same order. Those whose weight is zero, or
  /// not within kHeatWeightMax of it, are left out.
  void set(std::span<const HeatPlace> places);

  /// Sum of the weights, as rounded to steps.
  double total() const { return total_; }
  /// Steps of a weight of 1: a power of two.
  double steps_of_one() const { return steps_of_one_; }
  /// The coarsest level whose squares are at most half a heat cell wide: that adds a 48th of a
  /// cell2 at most to the kernel's variance, 2 % of the narrowest kernel's width. cell_units > 0.
  const Level& level_for(double cell_units) const;
  const std::vector<Level>& levels() const { return levels_; }
  std::span<const Entry> entries() const { return entries_; }
  std::span<const Entry> entries_of(const Level& level) const {
    return entries().subspan(level.first, level.count);
  }
  std::span<const Block> blocks_of(const Level& level) const {
    return std::span<const Block>(blocks_).subspan(level.first_block, level.blocks);
  }
  /// Grows with each set().
  std::uint64_t version() const { return version_; }

 private:
  void order(std::span<const HeatPlace> places);
  void add_places(std::span<const HeatPlace> places);
  void add_level(int square_bits);
  void add_blocks(Level& level);

  struct Where {
    std::uint32_t x, y;
  };
  std::vector<Where> where_;    ///< by place, of the last set()
  std::vector<Ordered> order_;  ///< all places, by z
  std::vector<Entry> entries_;
  std::vector<Block> blocks_;
  std::vector<Level> levels_{Level{}};
  double total_ = 0;
  double steps_of_one_ = 1;
  std::uint64_t version_ = 0;
};

}  // namespace render
