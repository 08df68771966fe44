// TrackScan: where machines were, out of day files.
//
// How it works: frames hold differences, so whoever wants one machine has to read all of them from
// a keyframe on; then it costs nothing more to keep what the others did, too. A question about
// another machine of the same span is answered at once, one a little later reads only what is new.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "fleet/track_book.hpp"
#include "net/store/day_store.hpp"

namespace net {

/// Memory for where machines were: 5.5 million stays. A day of 32,730 machines takes a third of it
/// (tests/bench/RESULTS.md).
inline constexpr std::size_t kTrackBytes = 128u << 20;

/// Tracks of machines by their ids, which hold across epochs.
class RecordedTracks {
 public:
  explicit RecordedTracks(std::size_t limit_bytes) : book_(limit_bytes) {}

  fleet::TrackBook::Answer find(const std::string& machine, fleet::Time from, fleet::Time to) const;
  /// The same bit by bit: as TrackBook.
  fleet::TrackBook::Search search(const std::string& machine, fleet::Time from,
                                  fleet::Time to) const;
  bool walk(fleet::TrackBook::Search& search, std::size_t stays) const {
    return book_.walk(search, stays);
  }
  fleet::TrackBook::Answer finish(fleet::TrackBook::Search search) const {
    return book_.finish(std::move(search));
  }
  /// How far they were read.
  fleet::Time until() const { return until_; }
  std::size_t bytes() const { return book_.bytes(); }
  std::size_t limit_bytes() const { return book_.limit_bytes(); }

 private:
  friend class TrackScan;
  fleet::TrackBook book_;
  std::unordered_map<std::string, fleet::Slot> slots_;
  fleet::Time until_ = fleet::kNever;
};

/// One thread at a time.
class TrackScan {
 public:
  /// path: as DayReader::open, and its errors.
  static fleet::Result<std::unique_ptr<TrackScan>> open(const std::filesystem::path& path,
                                                        std::size_t limit_bytes = kTrackBytes);

  /// Reads what is recorded in [from, to], as far as it has not done so. go_on: asked every few
  /// milliseconds; false ends it early, with what was read so far. Error: a damaged frame, which is
  /// skipped together with what is behind it up to the next keyframe.
  fleet::Result<void> cover(fleet::Time from, fleet::Time to, const std::function<bool()>& go_on);
  fleet::TrackBook::Answer find(const std::string& machine, fleet::Time from,
                                fleet::Time to) const {
    return tracks_->find(machine, from, to);
  }
  /// What was read, and the end of this scan.
  std::shared_ptr<const RecordedTracks> take() { return std::move(tracks_); }

 private:
  TrackScan(std::unique_ptr<DayReader> reader, std::size_t limit_bytes);
  fleet::Result<void> begin(fleet::Time from);
  bool knows(fleet::Time from, fleet::Time to) const;
  fleet::Result<void> apply(fleet::Update&& update);
  fleet::Slot slot_of(fleet::Slot machine);

  std::unique_ptr<DayReader> reader_;
  const std::size_t limit_bytes_;
  std::shared_ptr<RecordedTracks> tracks_;
  fleet::FleetState state_;
  std::vector<fleet::Slot> slots_;  ///< of the tracks, by the state's; kNoSlot = not looked up yet
  std::vector<std::pair<fleet::Slot, fleet::TrackStay>> fixes_;  ///< of one tick
  fleet::Time from_ = fleet::kNever;
};

}  // namespace net
