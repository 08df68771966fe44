// HeatHours: where the hours of a local day were worked, as seconds in cells on the ground.
//
// The working time that a machine's day figures gain between two reports belongs to the cell where
// it stood at the earlier one, and to that report's hour of the day. The gateway notes such shares
// (heat_notes.hpp) and sends them with the figures they explain; every reader adds them here. Of a
// machine's shares the last one's seconds are not sent: they are what is left of the gain, so that
// the sum over all cells always equals the sum of working_s over all machines of that day.
// Part of FleetState. One thread; no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fleet/figures.hpp"
#include "fleet/mercator.hpp"
#include "fleet/result.hpp"

namespace fleet {

/// Cells across the Web Mercator square: 2^19, a cell is 76 m wide at the equator.
inline constexpr int kHeatCellBits = 19;
inline constexpr std::uint32_t kHeatCells = 1u << kHeatCellBits;
/// In place of an hour 0 .. 23: a sender that does not say.
inline constexpr std::uint8_t kUnknownHour = 24;
/// Cells that are held of a day, each hour for itself; what is worked in further ones is counted as
/// unplaced. Some 600 MB; a million machines that dig need a tenth of it. Sender and readers have
/// the same limit, and hold the same cells: what one could not place, nobody did.
inline constexpr std::size_t kMaxHeatEntries = 1u << 24;

/// A cell, the hour of the day and whether there is a cell at all, as one number.
struct HeatKey {
  static constexpr std::uint64_t kUnplaced = std::uint64_t{1} << 43;  ///< x, y are 0 then

  std::uint64_t bits = 0;

  static constexpr HeatKey of(GridPoint at, std::uint8_t hour) {
    constexpr int kShift = kGridBits - kHeatCellBits;
    return of_cell(at.x >> kShift, at.y >> kShift, hour);
  }
  static constexpr HeatKey of_cell(std::uint32_t x, std::uint32_t y, std::uint8_t hour) {
    return {std::uint64_t{hour} << (2 * kHeatCellBits) | std::uint64_t{y} << kHeatCellBits | x};
  }
  static constexpr HeatKey unplaced(std::uint8_t hour) {
    return {of_cell(0, 0, hour).bits | kUnplaced};
  }
  constexpr std::uint32_t x() const { return static_cast<std::uint32_t>(bits) & (kHeatCells - 1); }
  constexpr std::uint32_t y() const {
    return static_cast<std::uint32_t>(bits >> kHeatCellBits) & (kHeatCells - 1);
  }
  constexpr std::uint8_t hour() const { return bits >> (2 * kHeatCellBits) & 31; }
  constexpr bool placed() const { return (bits & kUnplaced) == 0; }
  /// As `of`, `of_cell` or `unplaced` make them, of a known or unknown hour.
  constexpr bool valid() const {
    return bits < kUnplaced * 2 && hour() <= kUnknownHour && (placed() || (x() == 0 && y() == 0));
  }
  auto operator<=>(const HeatKey&) const = default;
};

/// A part of what a machine's figures gained: worked this many cells from where it stands by now.
struct HeatShare {
  std::int32_t dx = 0, dy = 0;       ///< cells east and south, modulo the world
  std::uint8_t hour = kUnknownHour;  ///< of the local day, 0 .. 23, or kUnknownHour
  std::int32_t seconds = 0;          ///< of the last share: not looked at
  bool operator==(const HeatShare&) const = default;
};

struct HeatValue {
  HeatKey key;
  std::int32_t seconds = 0;  ///< below 0 for a while where a counter of idle hours came late
  bool operator==(const HeatValue&) const = default;
};

/// What a machine worked in a cell from one report to the next.
struct HeatGain {
  HeatKey key;
  std::int64_t seconds = 0;
  std::uint64_t tick = 0;  ///< number of the tick that told
  std::int32_t day = 0;    ///< local day
};

/// The cells of a day, absolute: all of them, or those that changed.
struct HeatImage {
  std::int32_t day = 0;           ///< local day, days since 1970-01-01; 0 = nothing yet
  std::vector<HeatValue> values;  ///< ascending keys
  bool operator==(const HeatImage&) const = default;
};

/// Error: an hour there is not, or more than a world away.
Result<void> check_share(const HeatShare& share);
/// Appends what a machine gained whose figures went from `before` to `after`. place: where it
/// stands by now.
void note_gains(const DayFigures& before, const DayFigures& after, std::optional<GridPoint> place,
                std::span<const HeatShare> shares, std::uint64_t tick,
                std::vector<HeatGain>& gains);
/// Error: a key that means nothing, keys not ascending, or more than `most` cells.
Result<void> check_image(const HeatImage& image, std::size_t most = kMaxHeatEntries);

class HeatHours {
 public:
  /// max_entries: as kMaxHeatEntries, above 0; tests lower it.
  explicit HeatHours(std::size_t max_entries = kMaxHeatEntries) : max_entries_(max_entries) {}

  struct Entry {
    HeatKey key;
    std::int32_t seconds = 0;
    std::uint32_t changed = 0;  ///< number of the tick that changed it last
  };

  std::size_t max_entries() const { return max_entries_; }
  /// Local day these hours are of: the newest that any machine worked on. 0 = nothing yet.
  std::int32_t day() const { return day_; }
  /// In no order. A cell that was worked in keeps its place until the next day begins.
  std::span<const Entry> entries() const { return entries_; }
  /// Sum over all cells and what lies in none.
  std::int64_t total_s() const { return total_s_; }
  /// Of these: worked by machines without a position.
  std::int64_t unplaced_s() const;
  /// Grows with every change.
  std::uint64_t version() const { return version_; }
  /// Grows when the entries begin anew; until then each keeps its place among them.
  std::uint64_t generation() const { return generation_; }

  /// A machine's figures went from `before` to `after`. place: where it stands by now. Figures of a
  /// day before day() change nothing; those of a later day begin it. tick: number of the tick.
  void take(const DayFigures& before, const DayFigures& after, std::optional<GridPoint> place,
            std::span<const HeatShare> shares, std::uint64_t tick);
  /// The same of many figures, in their order: as note_gains told it.
  void add(std::span<const HeatGain> gains);
  /// Adds what other machines worked, cell by cell; the later day counts.
  void add(const HeatHours& part);

  /// All cells held, or those that changed behind tick `since`; those of 0 s too, for they hold
  /// their places.
  HeatImage image(std::optional<std::uint64_t> since = {}) const;
  /// Error: `update` would have to place more cells than are held here. Never so if the image is of
  /// one that these hours followed.
  Result<void> check_room_for(const HeatImage& image) const;
  /// Takes over the whole (keyframe). Precondition: check_image with this limit.
  void replace(const HeatImage& image, std::uint64_t tick);
  /// Takes over what changed (catch-up); an image of another day is the whole. Precondition:
  /// check_room_for, or what is unplaced here would be written over.
  void update(const HeatImage& image, std::uint64_t tick);

 private:
  void begin(std::int32_t day);
  void prefetch_place(HeatKey key) const;
  void prefetch_entry(HeatKey key) const;
  void add(HeatKey key, std::int64_t seconds, std::uint64_t tick);
  void set(const HeatValue& value, std::uint64_t tick);
  std::optional<std::size_t> find(HeatKey key) const;
  std::size_t place_of(HeatKey key);
  void grow();

  std::size_t max_entries_;
  std::int32_t day_ = 0;
  std::int64_t total_s_ = 0;
  std::uint64_t version_ = 0, generation_ = 0;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> table_;  ///< open addressing: index into entries_ + 1, 0 = free
  std::vector<HeatGain> taken_;       ///< of one call of `take`; kept for its memory
};

}  // namespace fleet
