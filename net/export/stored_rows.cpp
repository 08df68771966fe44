#include "net/export/stored_rows.hpp"

#include <algorithm>

#include "net/store/day_file.hpp"

namespace net {

namespace {

/// The most that a device's clock may be ahead of the gateway's: the setting `future_min` goes so
/// far. What a device said of a day may have been received so long before that day.
constexpr std::chrono::hours kMostAhead{24};

}  // namespace

/// One pass over days.
class StoredRows::Walk {
 public:
  Walk(fleet::Time from, fleet::Time to, const std::function<bool(const StoredRow&)>& sink)
      : from_(from), to_(to), sink_(sink) {}

  bool ended() const { return ended_; }
  const fleet::FleetState& state() const { return state_; }

  void read(const DayReader::Day& day, std::vector<std::string>& damages) {
    auto reader = DayReader::open(day.file);
    if (!reader) return damages.push_back(reader.error().what);
    const fleet::Time first = from_ == fleet::kMinTime ? from_ : from_ - kMostAhead;
    if (auto found = reader.value()->rewind_to(first); !found)
      return damages.push_back(found.error().what);
    for (bool whole = false; !whole && !ended_;) {
      fleet::Result<void> taken;
      const auto read = reader.value()->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
        taken = std::visit([this](auto& batch) { return take(batch); }, update);
        return taken.ok() && !ended_;
      });
      if (!taken) return damages.push_back(day.file.string() + ": " + taken.error().what);
      if (!read) damages.push_back(read.error().what);
      whole = read.ok();
    }
  }

  fleet::Result<void> take(fleet::TickBatch& tick) {
    lists_ = fault_lists_.take(tick);
    const fleet::FleetState::RowObserver observer = [this](const fleet::AcceptedRow& row) {
      if (!ended_ && row.device_time >= from_ && row.device_time < to_)
        ended_ = !sink_({row, state_, faults_of(row)});
    };
    return state_.apply(tick, nullptr, &observer);
  }

  fleet::Result<void> take(fleet::RosterBatch& roster) { return state_.apply(roster); }

 private:
  fleet::Result<void> take(fleet::StateBatch& keyframe) {
    auto applied = state_.apply(keyframe);
    if (applied) fault_lists_.restore(state_.alarms());
    return applied;
  }
  static fleet::Result<void> take(fleet::Heartbeat&) { return {}; }

  /// Lists are sorted by machine, as rows are; few ticks have any.
  const std::vector<fleet::Fault>* faults_of(const fleet::AcceptedRow& row) const {
    const auto first =
        std::ranges::lower_bound(lists_, row.machine, {}, &FaultLists::List::machine);
    for (auto list = first; list != lists_.end() && list->machine == row.machine; ++list)
      if (list->at == row.device_time) return &list->faults;
    return nullptr;
  }

  fleet::Time from_, to_;
  const std::function<bool(const StoredRow&)>& sink_;
  fleet::FleetState state_;
  FaultLists fault_lists_;
  std::span<const FaultLists::List> lists_;
  bool ended_ = false;
};

fleet::Result<std::unique_ptr<StoredRows>> StoredRows::open(const std::filesystem::path& path) {
  // Before the frames: a tick that ends meanwhile is then in them, and its journal not taken.
  auto journal = read_journal(path);
  if (!journal) return journal.error();
  auto unfinished = read_unfinished_tick(*journal);
  if (!unfinished) return fleet::Error{path.string() + ": " + unfinished.error().what};
  auto reader = DayReader::open(path);
  if (!reader) return reader.error();
  std::unique_ptr<StoredRows> rows(new StoredRows());
  rows->days_ = reader.value()->days();
  rows->zone_ = reader.value()->zone();
  rows->unfinished_ = std::move(unfinished.value());
  if (auto read = rows->read_fields(); !read) return read.error();
  return rows;
}

void StoredRows::note_fields(const fleet::RosterBatch& roster) {
  for (const std::string& name : roster.extra_fields)
    if (std::ranges::find(extra_fields_, name) == extra_fields_.end())
      extra_fields_.push_back(name);
}

fleet::Result<void> StoredRows::read_fields() {
  FrameDecoder decoder;
  for (const DayReader::Day& day : days_) {
    auto file = DayFile::open(day.file, sqlite::Database::Mode::read);
    if (!file) return file.error();
    auto rosters = file->db.prepare("SELECT bytes FROM frames WHERE kind = 3 ORDER BY row");
    if (!rosters) return rosters.error();
    for (;;) {
      auto found = rosters->step();
      if (!found) return found.error();
      if (!*found) break;
      // One that is damaged is told when its day is read.
      const auto update = decoder.decode(std::as_bytes(std::span(rosters->blob(0))));
      if (!update) continue;
      if (const auto* roster = std::get_if<fleet::RosterBatch>(&*update)) note_fields(*roster);
    }
  }
  for (const fleet::RosterBatch& roster : unfinished_.rosters) note_fields(roster);
  return {};
}

std::vector<std::string> StoredRows::each(fleet::Time from, fleet::Time to,
                                          const std::function<bool(const StoredRow&)>& sink) {
  std::vector<std::string> damages;
  from = std::clamp(from, fleet::kMinTime, fleet::kMaxTime);
  Walk walk(from, to, sink);
  for (const DayReader::Day& day : days_) {
    if (day.end < from - kMostAhead) continue;
    walk.read(day, damages);
    if (walk.ended()) return damages;
  }
  // The tick under way, unless its frame was in the last day already.
  const fleet::FramePosition at = walk.state().position();
  UnfinishedTick& last = unfinished_;
  if (last.tick && last.tick->position == fleet::FramePosition{at.epoch, at.number + 1}) {
    fleet::Result<void> taken;
    for (fleet::RosterBatch& roster : last.rosters)
      if (taken) taken = walk.take(roster);
    if (taken) taken = walk.take(*last.tick);
    if (!taken) damages.push_back("the tick under way: " + taken.error().what);
  }
  return damages;
}

}  // namespace net
