// Day store: one SQLite file per local day ("2026-10-16.fleetday") with frames as they were sent.
//
// Order of rows is order of sending. A day opens with a roster frame and a keyframe, so that each
// file stands alone; a keyframe follows every `keyframe_every` of feed time. Ticks without rows are
// not stored. Samples accepted but not yet in a tick frame stand in the journal, so that
// "committed" (Durable::commit returned) means "survives kill -9 and power loss".
// Files are written by one thread, read by any number of processes.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/codec/frame_codec.hpp"

namespace net {

inline constexpr int kDaySchemaVersion = 1;
inline constexpr const char* kDayFileExtension = ".fleetday";

struct DayStoreOptions {
  fleet::TimeZone zone = fleet::shanghai();
  /// Longest way from a keyframe to an instant: at 120 rows a tick some 70,000 rows, 10 ms.
  std::chrono::minutes keyframe_every{10};
  bool durable = true;  ///< synchronous=FULL; false (tests, demo, import before its final fsync): OFF
};

/// Writes one directory. Takes a lock file, so that a second writer is refused.
class DayWriter {
 public:
  /// Creates the directory if it is missing. Error: held by another process, not writable, newer schema.
  static fleet::Result<std::unique_ptr<DayWriter>> open(const std::filesystem::path& directory,
                                                        DayStoreOptions options);
  virtual ~DayWriter() = default;

  /// All of these only queue into the open transaction; nothing is durable before `commit`.
  /// Accepted samples of the tick under way, opaque bytes.
  virtual fleet::Result<void> journal(std::string_view bytes) = 0;
  /// A frame of any kind. A tick frame drops the journal. `end` decides the day file.
  virtual fleet::Result<void> append(const EncodedFrame& frame) = 0;
  virtual fleet::Result<void> commit() = 0;
  /// True if `append` of a tick ending at `end` needs a roster frame and a keyframe after it
  /// (new day, or keyframe_every passed).
  virtual bool needs_keyframe(fleet::Time end) const = 0;
  /// What a restart must take up: journal entries of the unfinished tick.
  virtual fleet::Result<std::vector<std::string>> read_journal() = 0;
};

/// Reads a directory or one day file. Thread-compatible: one reader per thread.
class DayReader {
 public:
  struct Day {
    fleet::LocalDay day;
    std::filesystem::path file;
    fleet::Time begin, end;  ///< first and last instant with data
    std::uint64_t frames = 0;
  };
  /// path: directory or .fleetday file. Error: nothing there, not ours, newer schema (with the remedy).
  static fleet::Result<std::unique_ptr<DayReader>> open(const std::filesystem::path& path);
  virtual ~DayReader() = default;

  virtual const std::vector<Day>& days() const = 0;
  virtual fleet::TimeZone zone() const = 0;
  virtual bool demo() const = 0;

  /// Brings `state` to instant t exactly: last keyframe at or before t, then ticks; rows received after t are left out.
  /// Before the first data: an empty state. Error: a damaged frame on the way.
  virtual fleet::Result<void> seek(fleet::Time t, fleet::FleetState& state) = 0;
  /// Frames after the position of the last seek / last call, up to `until`, in order, decoded.
  /// `sink` returns false to stop early (the next call goes on there).
  virtual fleet::Result<void> read_until(fleet::Time until,
                                         const std::function<bool(fleet::Update&&)>& sink) = 0;
  /// Position `read_until` at the last keyframe at or before t without applying anything.
  virtual fleet::Result<void> rewind_to(fleet::Time t) = 0;
};

/// What `verify` found. Empty `damages` = every frame decodes, applies, and is in sequence.
struct VerifyReport {
  struct Damage {
    std::filesystem::path file;
    std::uint64_t row = 0;
    std::string what;  ///< which frame, and what is lost
  };
  std::uint64_t files = 0, frames = 0, rows = 0;
  std::vector<Damage> damages;
};
fleet::Result<VerifyReport> verify(const std::filesystem::path& path);

}  // namespace net
