// TrackBook: where every machine of a fleet was lately, in bounded memory.
//
// How it works: one log of stays in the order they came, 24 bytes each; every stay knows how far
// before it in the log the same machine's last one stands. A stay that goes on is extended in
// place. So a fix costs one look at one place of memory, a machine is read by walking back its own
// chain, and letting the oldest go is letting a block go. Stays that were late when they came are
// marked: whatever came before one that was not is older than it, which ends a walk early. One
// thread at a time.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "fleet/track.hpp"

namespace fleet {

/// What is older than this before the newest fix is let go: a local day of 25 hours.
inline constexpr Millis kBookSpan{25 * 3'600'000};

class TrackBook {
  static constexpr std::uint64_t kNone = UINT64_MAX;

 public:
  /// limit_bytes: of the stays held, not counting 16 bytes a machine. At least one block
  /// (kBlockBytes) is held however small it is; 0 = nothing is ever kept.
  explicit TrackBook(std::size_t limit_bytes);

  /// Takes in the position of an accepted row, if it has one. state: after it was accepted.
  void observe(const FleetState& state, const AcceptedRow& row);
  /// A fix of a machine, in any order of time; one older than kBookSpan before the newest fix is
  /// not taken.
  void add(Slot machine, const TrackStay& fix);
  /// Fixes before t may be missing: nobody told this book.
  void begins(Time t) { let_go_ = std::max(let_go_, t); }
  /// Takes up what another book has of other machines; its machine i is machine first + i here.
  void adopt(const TrackBook& part, Slot first);

  struct Answer {
    std::vector<TrackStay> stays;  ///< ascending; the last one that began before `from` as well
    /// Fixes that came before may be missing here; kNever = none that this book was ever given.
    Time known_from = kNever;
  };
  /// Stays of a machine that lie, at least in part, in [from, to]. At most kMaxTrackStays steps of
  /// its chain are walked, the newest: known_from tells when that was not all.
  Answer find(Slot machine, Time from, Time to) const;

  /// The same bit by bit: a day of a machine that reports every second takes milliseconds. The book
  /// may take in fixes between two steps.
  class Search {
   public:
    /// Memory held.
    std::size_t bytes() const { return answer_.stays.capacity() * sizeof(TrackStay); }

   private:
    friend class TrackBook;
    Time from_ = kNever, to_ = kNever, oldest_ = kNever;
    std::uint64_t next_ = kNone;  ///< entry to be looked at
    std::size_t steps_ = 0;
    Answer answer_;
    std::optional<TrackStay> before_;  ///< the last one that ended before `from`
    bool in_order_ = true;             ///< none of those looked at was late
  };
  Search search(Slot machine, Time from, Time to) const;
  /// Goes back so many stays. True once there are no more to look at.
  bool walk(Search& search, std::size_t stays) const;
  /// What it found.
  Answer finish(Search search) const;

  /// Of the stays held, as they are limited.
  std::size_t bytes() const { return blocks_.size() * kBlockBytes; }
  std::size_t limit_bytes() const { return limit_blocks_ * kBlockBytes; }
  /// Stays held.
  std::uint64_t size() const { return end_ - begin_; }
  Time newest() const { return newest_; }
  /// Fixes that came before may be missing; kNever = none.
  Time known_from() const { return let_go_; }

 private:
  /// A TrackStay packed. 24 bytes.
  struct Entry {
    std::int32_t time_ms = 0;    ///< after the block's base
    std::uint32_t lasts_ms = 0;  ///< until - time
    std::uint64_t place = 0;  ///< packed position; engine from bit 56 on; then whether it was late
    std::uint32_t back = 0;   ///< entries to the same machine's last one; 0 = none
    std::uint16_t speed = 0, period_s = 0;
  };
  static_assert(sizeof(Entry) == 24);
  static constexpr std::size_t kBlockEntries = 4096;
  struct Block {
    Time base;             ///< time of the stay that opened it
    Time newest = kNever;  ///< of the fixes in it
    Entry entries[kBlockEntries];
  };

 public:
  static constexpr std::size_t kBlockBytes = sizeof(Block);

 private:
  /// Numbers of entries; kNone = none yet.
  struct Last {
    std::uint64_t came = kNone;    ///< that came last
    std::uint64_t newest = kNone;  ///< that is newest
  };

  Block& block_of(std::uint64_t number) {
    return *blocks_[static_cast<std::size_t>((number - begin_) / kBlockEntries)];
  }
  const Block& block_of(std::uint64_t number) const {
    return *blocks_[static_cast<std::size_t>((number - begin_) / kBlockEntries)];
  }
  bool held(std::uint64_t number) const { return number != kNone && number >= begin_; }
  const Entry& entry_at(std::uint64_t number) const {
    return block_of(number).entries[number % kBlockEntries];
  }
  static bool was_late(const Entry& entry);
  TrackStay stay_at(std::uint64_t number) const;
  void store(Entry& entry, const Block& block, const TrackStay& stay, bool late) const;
  bool takes_up(std::uint64_t number, const TrackStay& fix, bool late);
  bool nothing_between(std::uint64_t number, Time from, Time to) const;
  void append(Slot machine, const TrackStay& stay, bool late);
  void make_room();

  const std::size_t limit_blocks_;
  std::deque<std::unique_ptr<Block>> blocks_;
  std::uint64_t begin_ = 0, end_ = 0;  ///< numbers of the entries held; begin_ at a block's start
  std::vector<Last> last_;             ///< by machine
  Time newest_ = kNever;
  Time let_go_ = kNever;  ///< newest fix that was let go
};

}  // namespace fleet
