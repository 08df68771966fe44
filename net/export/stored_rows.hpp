// StoredRows: the reports that day files hold, one by one, as they were accepted.
//
// Day files are read one after the other, and only what is needed to understand the next frame is
// kept: memory does not grow with the span. A gateway may write on meanwhile: all that was
// acknowledged before `open` is in, the samples of the tick under way included. One thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/gateway/unfinished_tick.hpp"
#include "net/store/frame_walk.hpp"

namespace net {

class StoredRows {
 public:
  /// path: directory or .fleetday file. Error: as DayReader::open, or an unreadable roster.
  static fleet::Result<std::unique_ptr<StoredRows>> open(const std::filesystem::path& path);

  const fleet::TimeZone& zone() const { return zone_; }
  /// Fields beside the core ones that any of the days knows, in the order in which they came.
  const std::vector<std::string>& extra_fields() const { return extra_fields_; }

  /// Calls sink for every row whose device time lies in [from, to), in the order of receipt: ticks
  /// in order, within a tick by machine. A row that came late stands where it was received, so days
  /// after `to` are read as well, but those that say that they hold nothing of the span
  /// (net/store/rollup_tables.hpp). sink: false ends it. Returns what could not be read, a sentence
  /// each; behind damage it goes on at the next keyframe.
  std::vector<std::string> each(fleet::Time from, fleet::Time to,
                                const std::function<bool(const StoredRow&)>& sink);

  /// Day files of which `each` read frames when it was called last.
  std::size_t files_read() const { return files_read_; }

 private:
  struct Ticks {
    fleet::Time begin, end;
  };
  StoredRows() = default;
  std::optional<Ticks> ticks_of(const DayReader::Day& day, fleet::Time from, fleet::Time to,
                                fleet::Time first) const;
  fleet::Result<void> read_fields();
  void note_fields(const fleet::RosterBatch& roster);

  std::vector<DayReader::Day> days_;
  fleet::TimeZone zone_ = fleet::shanghai();
  UnfinishedTick unfinished_;
  std::vector<std::string> extra_fields_;
  std::size_t files_read_ = 0;
};

}  // namespace net
