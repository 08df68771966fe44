// What packed ticks and packed states have in common.
#pragma once

#include <span>
#include <vector>

#include "fleet/mercator.hpp"
#include "fleet/tick_span.hpp"
#include "net/codec/bodies.hpp"
#include "net/pack/columns.hpp"

namespace net {

/// The inverse, of a step east and one south: modulo the world.
constexpr std::int64_t grid_move(std::int64_t east, std::int64_t south) {
  return (east & std::int64_t{fleet::kGridMask}) | (south & std::int64_t{fleet::kGridMask})
                                                       << fleet::kGridBits;
}

/// Numbers that only grow, below 2^32.
void write_ascending(std::span<const std::uint32_t> numbers, PackWriter& out);
/// Error: one that is not below `limit`, or more than `most` of them.
void read_ascending(PackReader& in, std::size_t limit, std::vector<std::uint32_t>& numbers,
                    std::size_t most = kMaxPackRows);

/// Entries sorted by machine, then by tick.
void write_runs(std::span<const fleet::Slot> machines, std::span<const std::uint32_t> ticks,
                PackWriter& out);
/// Reads what write_runs wrote, machine by machine.
class EntryRuns {
 public:
  /// A machine's slot where there is none.
  static constexpr fleet::Slot kNoMachine = fleet::kMaxMachines;
  EntryRuns() = default;
  /// Fails the reader at a machine that cannot be, or that has no entry.
  explicit EntryRuns(PackReader& in);
  /// Entries of all machines.
  std::size_t size() const { return size_; }
  std::size_t machines() const { return machines_.size(); }
  /// Whose entries come next.
  fleet::Slot machine() const { return next_ < machines_.size() ? machines_[next_] : kNoMachine; }
  /// Appends the ticks of that machine's entries. False: one of them is not below tick_count.
  /// Precondition: machine() != kNoMachine.
  bool read(std::size_t tick_count, std::vector<std::uint32_t>& ticks);
  /// All were read, and that was all.
  bool done() const;

 private:
  std::vector<std::uint32_t> machines_;
  NumberRun counts_, firsts_, gaps_;
  std::size_t next_ = 0, size_ = 0, gaps_left_ = 0;
};

void write_alarms(std::span<const fleet::Alarm> alarms, PackWriter& out);
std::vector<fleet::Alarm> read_alarms(PackReader& in);

/// Fault lists of a span, the last of its parts: nothing is written where there are none, as in
/// packs from before 1.4.
void write_fault_lists(const fleet::TickSpan& span, PackWriter& out);
void read_fault_lists(PackReader& in, fleet::TickSpan& span);

/// Figures as differences to the ones before of the same entry.
void write_figure_steps(std::span<const fleet::DayFigures> before,
                        std::span<const fleet::DayFigures> after, PackWriter& out);
/// before: told entry by entry, in order, since it may depend on the entries read so far.
class FigureSteps {
 public:
  FigureSteps() = default;
  FigureSteps(PackReader& in, std::size_t count);
  /// The next entry. False: it is out of range.
  bool read(const fleet::DayFigures& before, fleet::DayFigures& after);
  bool done() const;

 private:
  NumberRun day_, engine_, idle_, fuel_, start_kind_, start_;
};

/// Figures changes of a span, with their shares of heat. figures: of every machine, by slot, before
/// the span.
void write_figures(const fleet::TickSpan& span, std::span<const fleet::DayFigures> figures,
                   PackWriter& out);

}  // namespace net
