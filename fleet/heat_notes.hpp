// HeatNotes: where machines gained working time since their figures were last published. The
// gateway's side of HeatHours. One thread.
#pragma once

#include <span>
#include <vector>

#include "fleet/fleet_state.hpp"

namespace fleet {

class HeatNotes {
 public:
  /// Shares that are kept of one machine and day; what it works in further cells before its figures
  /// are published is counted to the last one.
  static constexpr std::size_t kMaxShares = 64;

  explicit HeatNotes(TimeZone zone) : zone_(std::move(zone)) {}

  /// Working time that the row brings to the machine's figures, `before` to `after`, and the place
  /// and hour it counts at: those of the report before. Called before `state.accept(row)`.
  HeatValue gain(const FleetState& state, const AcceptedRow& row, const DayFigures& before,
                 const DayFigures& after);
  /// Called before `state.accept(row)`, when the row brings the machine's figures from `before` to
  /// `after`: notes the time gained at the place and hour of the report before. ahead: of a day
  /// that has not begun here, which is kept apart until begin_ahead.
  void note(const FleetState& state, const AcceptedRow& row, const DayFigures& before,
            const DayFigures& after, bool ahead = false);
  /// The day begins that was noted ahead of a machine, and the one before is over.
  void begin_ahead(Slot machine);
  /// Takes up what another one noted ahead; its machine i is machine first + i here.
  void adopt_ahead(const HeatNotes& part, Slot first);
  /// The shares noted of a machine since the last call, seen from where it stands now: for
  /// FleetState::set_figures. Valid until the next call.
  std::span<const HeatShare> take(const FleetState& state, Slot machine);

 private:
  struct Noted {
    HeatKey key;
    std::int32_t seconds = 0;
    bool ahead = false;
  };
  std::uint8_t hour_of(Time t);
  static void add(std::vector<Noted>& noted, HeatKey key, std::int64_t gain, bool ahead);

  TimeZone zone_;
  std::vector<std::vector<Noted>> noted_;  ///< by machine
  std::vector<HeatShare> taken_;
  std::int64_t quarter_ = INT64_MIN;  ///< the quarter of an hour last asked for
  Millis offset_{0};
};

}  // namespace fleet
