// Track: where one machine was, and what is drawn of it: driven, hauled, not heard of.
//
// A track is a list of stays: a fix, or several in a row from the same place, which are one stay
// with a first and a last time. So a parked or digging machine costs nothing while it stays, and
// yet is told from one that fell silent. Pure values; no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/mercator.hpp"
#include "fleet/time.hpp"

namespace fleet {

/// Fixes this near to where a stay began are of the same stay: satellite receivers under an open
/// sky are that exact, so what would be seen of it is noise.
inline constexpr double kStayRadiusM = 5;
/// A longer stay is cut into several, so that what is old can be let go by age.
inline constexpr Millis kLongestStay{2 * 3'600'000};
/// Silence below this is no gap, however often a machine reports.
inline constexpr Millis kLeastGap{30'000};
/// This fast with the engine off: on a low-loader. Nobody rolls that fast by himself.
inline constexpr double kHauledKmh = 15;
/// Distances add up by steps of at least this: a machine that works within its worksite drives
/// nowhere, and the noise of its receiver is no way.
inline constexpr double kLeastWayM = 25;
/// Stays of one machine that are kept or answered: a day of one that moves and reports every
/// second, and room.
inline constexpr std::size_t kMaxTrackStays = 100'000;

enum class EngineKnown : std::uint8_t { no, off, on };

/// Of TrackStay::speed.
inline constexpr std::uint16_t kNoSpeed = 0xffff;

/// A machine at one place.
struct TrackStay {
  Time time = kNever;              ///< device time of the first fix from there
  Time until = kNever;             ///< of the last one; the same for a single fix
  GridPoint at;                    ///< of the first fix
  std::uint16_t speed = kNoSpeed;  ///< 0.1 km/h, of the first fix: as it came
  std::uint16_t period_s = 0;  ///< reports were expected so often after the last one; 0 = not known
  EngineKnown came = EngineKnown::no;  ///< at the first fix
  EngineKnown left = EngineKnown::no;  ///< at the last one
  bool operator==(const TrackStay&) const = default;
};

/// Metres on the ground for a step of the grid there.
double metres_per_step(GridPoint p);

/// The newest fix of a machine as a stay. Nothing if it never had one.
std::optional<TrackStay> newest_fix(const FleetState& state, Slot machine);
/// The fix of an accepted row that has a position; `state`: after the row was accepted. Of a late
/// one only what the row itself says is known.
TrackStay fix_of(const FleetState& state, const AcceptedRow& row);

/// Whole seconds of a report period, rounded up, as a stay has it.
std::uint16_t seconds_of_period(std::int32_t period_ms);

/// How long after a stay's last fix the next one may come before that counts as a gap: as long as a
/// machine may be quiet before it counts as silent, at least kLeastGap.
Millis longest_silence(const TrackStay& stay);
/// True if `next` goes on with the same stay.
bool continues(const TrackStay& held, const TrackStay& next);
/// Takes up a fix that `continues` a stay.
void extend(TrackStay& held, const TrackStay& next);

/// Stays of one machine: ascending, apart from each other. At most kMaxTrackStays, the newest.
class Track {
 public:
  /// A fix or stay, in any order. False if it says nothing new: its time lies within a stay held.
  bool add(const TrackStay& stay);
  void clear() { stays_.clear(); }
  /// Forgets what ended before t.
  void drop_before(Time t);
  std::span<const TrackStay> stays() const { return stays_; }

 private:
  std::vector<TrackStay> stays_;
};

/// Sorts stays that came in any order, and joins and drops what a Track would.
void put_in_order(std::vector<TrackStay>& stays);

struct TrackVertex {
  Time time = kNever;
  WorldPoint at;  ///< x goes on beyond [0, 1) where the track crosses the date line
};

/// A part of a track that is drawn in one way: vertices first .. last, at least two. The next one
/// begins where it ends.
struct Stretch {
  enum class Kind : std::uint8_t {
    driven,
    hauled,  ///< carried: kHauledKmh or faster with the engine off
    gap,     ///< nothing was heard for longer than the machine's rhythm, and it is elsewhere
  };
  Kind kind = Kind::driven;
  std::size_t first = 0, last = 0;
};

/// A track as it is drawn and summed up.
struct TrackPicture {
  std::vector<TrackVertex> vertices;  ///< ascending times; a stay has two, if it lasted
  std::vector<Stretch> stretches;
  double driven_m = 0, hauled_m = 0;
  std::size_t gaps = 0;
  Millis silent{0};  ///< of the gaps together
};

/// What of `stays` (in order) lies within [from, to]. The way under way at `from` begins between
/// its two fixes; nothing behind the last fix at or before `to` is told, for then nobody knew.
/// picture: overwritten, its memory used again.
void picture_of(std::span<const TrackStay> stays, Time from, Time to, TrackPicture& picture);

}  // namespace fleet
