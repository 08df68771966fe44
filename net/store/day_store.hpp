// Day store: one SQLite file per local day ("2026-10-16.fleetday") with frames as they were sent.
//
// Order of rows is order of sending. A file opens with a complete roster and a keyframe of the
// state before its first tick, so that each file stands alone; a keyframe follows every
// `keyframe_every` of feed time in which ticks were stored. Ticks without rows are not stored.
// Samples accepted but not yet in a tick frame stand in the journal, so that "committed"
// (DayWriter::commit returned) means "survives kill -9 and power loss". A frame belongs to the day
// of the last instant it covers: a tick that ends at midnight belongs to the day that ends there.
// Files are written by one thread, read by any number of processes, also while being written.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/codec/frame_codec.hpp"
#include "net/pack/columns.hpp"

namespace net {

inline constexpr int kDaySchemaVersion = 3;
inline constexpr const char* kDayFileExtension = ".fleetday";

/// How large packs are, and how far apart their check-points. More rows pack tighter; fewer are
/// unpacked sooner, and every instant takes unpacking what lies between it and the check-point.
struct PackSizes {
  std::int64_t least_rows = 16'384;  ///< at least so many in a pack, or an hour
  std::int64_t rows_per_machine = 8;
  std::int64_t state_rows_per_machine = 16;  ///< from check-point to check-point
  std::chrono::minutes longest{60};
  int level = kPackLevel;
  /// Nor longer than this from check-point to check-point.
  std::chrono::minutes states_apart{240};
  /// A tick that would take a pack beyond this begins another one, without a keyframe: readers
  /// refuse packs beyond kMaxPackRows.
  std::int64_t most_rows = std::int64_t{1} << 20;
  int at_once = 1;  ///< packs that are made at a time, each on a thread; their bytes are the same

  std::int64_t rows_between_states(std::size_t machines) const {
    return std::max(least_rows, state_rows_per_machine * static_cast<std::int64_t>(machines));
  }
};
/// Where somebody waits for it, and nothing else goes on.
inline constexpr int kPacksAtOnceInARush = 2;

struct DayStoreOptions {
  fleet::TimeZone zone = fleet::shanghai();
  /// Longest way from a keyframe to an instant: at 120 rows a tick some 70,000 rows, 10 ms.
  std::chrono::minutes keyframe_every{10};
  /// synchronous=FULL; false (tests, demo, import before its final fsync): OFF.
  bool durable = true;
  /// The frames are simulated: readers mark their picture.
  bool demo = false;
  /// Hours that are over are packed machine by machine, to a third of their size.
  bool pack = true;
  /// So is all the rest when the writer is closed: what it writes is complete (import).
  bool pack_rest = false;
  PackSizes pack_sizes;
  /// Told what a writer found damaged, and did about it: a sentence. On the writer's thread.
  std::function<void(const std::string&)> on_damage;
};

/// Held by the one writer of a directory (a lock on the file "fleetwall.lock" in it; the kernel
/// drops it when the process ends in whatever way).
class DirectoryLock {
 public:
  /// Creates the directory if it is missing. Error: held by another, or not writable.
  static fleet::Result<DirectoryLock> take(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

/// Writes one directory. Takes its lock, so that a second writer is refused.
///
/// What the caller does, once for every tick, before it ingests anything of that tick:
///   if (writer.needs_keyframe(core.tick_end()))
///     writer.append_keyframe(writer.needs_roster(core.tick_end()) ? core.full_roster() : null,
///                            core.keyframe(), core.tick_end());
/// then `journal` per ingested batch and `commit` before the acknowledgement; at the tick's end
/// `append` of its roster frame (if any) and its tick frame (if any).
/// After an error nothing since the last `commit` is stored and the writer is as it was then: the
/// caller appends the same things again once the cause is cured.
class DayWriter {
 public:
  /// Creates the directory if it is missing. Error: held by another process, not writable, newer
  /// schema.
  static fleet::Result<std::unique_ptr<DayWriter>> open(const std::filesystem::path& directory,
                                                        DayStoreOptions options);
  /// Commits and closes the open day (see `close`), as well as that goes.
  virtual ~DayWriter() = default;

  /// True if a tick ending at `next_end` must have a keyframe before it: the first one of this
  /// writer, of a day, or `keyframe_every` after the last one with ticks between.
  virtual bool needs_keyframe(fleet::Time next_end) const = 0;
  /// True if that keyframe must have a complete roster before it (first of this writer, of a day).
  virtual bool needs_roster(fleet::Time next_end) const = 0;
  /// Stores the state after the last finished tick, in the day of the tick that ends at `next_end`.
  /// A new day is committed at once and the one before it is closed. roster: a complete roster
  /// frame; may be null unless needs_roster. Error: as above, or a roster is missing.
  virtual fleet::Result<void> append_keyframe(const EncodedFrame* roster,
                                              const EncodedFrame& keyframe,
                                              fleet::Time next_end) = 0;

  /// These only queue into the open transaction; nothing is durable before `commit`.
  /// Accepted samples of the tick under way, opaque bytes.
  virtual fleet::Result<void> journal(std::string_view bytes) = 0;
  /// A tick or roster frame. A tick frame drops the journal.
  /// Error: a tick of a day that has no keyframe yet.
  virtual fleet::Result<void> append(const EncodedFrame& frame) = 0;
  virtual fleet::Result<void> commit() = 0;
  /// What a restart must take up: journal entries of the unfinished tick, in order. They stay until
  /// the next tick frame is appended.
  virtual fleet::Result<std::vector<std::string>> read_journal() = 0;
  /// Commits, folds the write-ahead log into the day's file and syncs file and folder. The journal
  /// stays. Everything but the destructor is over after it.
  virtual fleet::Result<void> close() = 0;
};

/// Where a seek to t ends when t lies within a tick.
enum class SeekEnd {
  instant,     ///< at t: of that tick, what was received until then
  whole_tick,  ///< at the last frame that ends at or before t: `read_until` goes on right behind it
};

/// Who reads on behind damage gives up after so many errors without a frame between them: a disk
/// that went away says the same for ever.
inline constexpr int kMostInVain = 100;

/// Reads a directory or one day file. Thread-compatible: one reader per thread.
class DayReader {
 public:
  struct Day {
    fleet::LocalDay day;
    std::filesystem::path file;
    fleet::Time begin, end;  ///< first and last instant with data
    std::uint64_t frames = 0;
  };
  /// path: directory or .fleetday file. Error: nothing there, not ours, newer schema (with the
  /// remedy).
  static fleet::Result<std::unique_ptr<DayReader>> open(const std::filesystem::path& path);
  virtual ~DayReader() = default;

  /// As of `open` or the last `refresh`, ascending. Files that hold no keyframe yet are left out.
  virtual const std::vector<Day>& days() const = 0;
  /// Looks again which days there are and how far the newest goes. Costs a look at the folder where
  /// nothing was written. True: something is there that was not; where a seek or `read_until`
  /// stands does not change.
  virtual bool refresh() = 0;
  /// Damaged files of a directory that nothing could be read of; its other days are there.
  virtual const std::vector<fleet::Error>& unreadable() const = 0;
  virtual fleet::TimeZone zone() const = 0;
  virtual bool demo() const = 0;

  /// Brings `state` to instant t exactly: last keyframe at or before t, then ticks; rows received
  /// after t are left out. Before the first data: an empty state. Error: a damaged frame on the
  /// way. `read_until` goes on with the first frame that was not applied whole.
  /// `state` may be that of an earlier seek: a roster that is still the right one is kept.
  virtual fleet::Result<void> seek(fleet::Time t, fleet::FleetState& state,
                                   SeekEnd end = SeekEnd::instant) = 0;
  /// Frames after the position of the last seek / last call that end at or before `until`, in
  /// order, decoded. A day's opening roster and keyframe are left out where they only repeat what
  /// was read before. `sink` returns false to stop early (the next call goes on there).
  /// Error: a damaged frame (file, row, what); the next call goes on at the next keyframe.
  virtual fleet::Result<void> read_until(fleet::Time until,
                                         const std::function<bool(fleet::Update&&)>& sink) = 0;
  /// Position `read_until` at the last keyframe at or before t (the first one, if all are later),
  /// with the roster frames it needs before it, without applying anything.
  virtual fleet::Result<void> rewind_to(fleet::Time t) = 0;
};

/// Journal entries of the newest day of a directory (or of the one file): what was acknowledged in
/// the tick that the writer is in, or was in when it was killed. See
/// net/gateway/unfinished_tick.hpp. Error: nothing there, not ours, newer schema, unreadable.
fleet::Result<std::vector<std::string>> read_journal(const std::filesystem::path& path);

/// What `verify` found. Empty `damages` = every frame decodes, applies, and is in sequence, and
/// every keyframe equals the state that the ticks before it lead to.
struct VerifyReport {
  struct Damage {
    std::filesystem::path file;
    std::uint64_t row = 0;  ///< of the frame; 0 = the file as a whole
    std::string what;       ///< which frame, and what is lost
  };
  std::uint64_t files = 0, frames = 0, rows = 0;
  std::vector<Damage> damages;
};
/// path: directory or .fleetday file. Goes on behind damage at the next keyframe.
/// Error: nothing there at all.
fleet::Result<VerifyReport> verify(const std::filesystem::path& path);

/// Moves every day file of `from` (closed by its writer) into `to`, each replacing the one of the
/// same day, whose parity goes, in one step, and syncs both folders. The caller holds the lock of
/// `to`. from and to must be on one file system: make `from` a folder inside `to`.
fleet::Result<void> install_days(const std::filesystem::path& from,
                                 const std::filesystem::path& to);

}  // namespace net
