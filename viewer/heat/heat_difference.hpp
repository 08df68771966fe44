// HeatDifference: the hours worked on the day shown less those of another day, both until the same
// time of the local clock.
//
// Both halves are taken at one instant: when the other day's is asked for, the shown one's is kept
// until the answer is there. So the difference is exact, and a little behind a playhead that moves.
// Main thread; reads no clock.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include "net/recording/heat_shelf.hpp"
#include "render/map_frame.hpp"
#include "viewer/heat/heat_choice.hpp"

namespace viewer {

/// Asked for again so much further of the playhead's way, while it moves: a 24th of an hour's work
/// is what the eye just makes out.
inline constexpr std::chrono::minutes kDifferenceEvery{5};

/// And at most so often: where days pass in minutes, seeking all the time would take the processor
/// from the picture.
inline constexpr std::chrono::seconds kDifferencePause{1};

/// What could not be read, or was still being recorded, is asked for again so much later.
inline constexpr std::chrono::seconds kDifferenceRetry{10};

/// The instant of `other` at which its clock shows what that of `shown` does at `at`; both days'
/// end at their ends. A time that `other` skips is the instant behind the gap, one that comes twice
/// the first.
fleet::Time same_clock_time(const fleet::TimeZone& zone, fleet::Time at, fleet::LocalDay shown,
                            fleet::LocalDay other);
/// For fleet::heat_cells; a span that is not the whole day has no time of unknown hours.
fleet::HourBits bits_of(const HourSpan& hours);

class HeatDifference {
 public:
  /// What the wall shows, with everything due applied.
  struct Shown {
    fleet::Time at = fleet::kNever;
    fleet::LocalDay day{}, other{};
    HourSpan hours;
    bool rests = false;                           ///< the playhead stands still
    std::chrono::steady_clock::time_point now{};  ///< frame time
    fleet::Time other_end = fleet::kNever;        ///< the other day is recorded so far
  };

  /// Asks the shelf for the other day where that is due, and takes in what it has. heat: of the
  /// state shown. True: the difference is another.
  bool update(net::HeatShelf& shelf, const fleet::TimeZone& zone, const Shown& shown,
              const fleet::HeatHours& heat);
  /// Takes in an answer alone: the state shown is not that of the playhead yet. True: as above.
  bool take_answer(net::HeatShelf& shelf);
  /// Nothing is compared any more.
  void rest(net::HeatShelf& shelf);

  /// The difference is there, if an older one than what was asked for last.
  bool ready() const { return pair_.has_value(); }
  /// Nothing is under way.
  bool settled() const { return !asked_ || answered_; }
  /// The other day could not be read.
  bool damaged() const { return damaged_; }

  /// Of what is ready; else nothing and 0.
  struct Sums {
    double shown_h = 0, other_h = 0;   ///< with a place
    double net_h = 0, unplaced_h = 0;  ///< shown less other: with a place, and without one
    bool operator==(const Sums&) const = default;
  };
  Sums sums() const { return pair_ ? pair_->sums : Sums{}; }
  std::span<const render::HeatPlace> places() const { return places_; }
  /// What it is the difference of.
  const Shown& of() const { return pair_->of; }

 private:
  struct Asked {
    Shown shown;
    net::HeatShelf::Wish wish;
    std::uint64_t heat_version = 0;
    fleet::HeatCells cells;  ///< of the day shown
  };
  struct Pair {
    Shown of;
    Sums sums;
  };
  bool due(const net::HeatShelf& shelf, const Shown& shown, const fleet::HeatHours& heat) const;
  bool due_again(const Shown& shown) const;
  void show(const fleet::HeatCells& other);

  std::optional<Asked> asked_;
  bool answered_ = false, damaged_ = false;
  std::optional<Pair> pair_;
  std::vector<render::HeatPlace> places_;
};

}  // namespace viewer
