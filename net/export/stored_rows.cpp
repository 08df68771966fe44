#include "net/export/stored_rows.hpp"

#include <algorithm>

#include "net/store/rollup_tables.hpp"

namespace net {

namespace {

/// The most that a device's clock may be ahead of the gateway's: the setting `future_min` goes so
/// far. What a device said of a day may have been received so long before that day.
constexpr std::chrono::hours kMostAhead{24};

}  // namespace

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

/// Ticks of a file in which reports of the span may be: all, unless it is of another day and says
/// in its table `late` what it holds of other days. Nothing: none.
std::optional<StoredRows::Ticks> StoredRows::ticks_of(const DayReader::Day& day, fleet::Time from,
                                                      fleet::Time to, fleet::Time first) const {
  const Ticks all{first, fleet::Time::max()};
  // The state at its end is needed for the tick under way.
  if (unfinished_.tick && &day == &days_.back()) return all;
  auto file = DayFile::open(day.file, sqlite::Database::Mode::read);
  if (!file) return all;
  const fleet::LocalDay first_day = file->zone.day_of(from);
  const fleet::LocalDay last_day =
      file->zone.day_of(std::min(to, fleet::kMaxTime) - fleet::Millis(1));
  if (first_day <= day.day && day.day <= last_day) return all;
  const auto late = read_late(*file);
  if (!late || !*late || (**late).size() >= kMostLateDays) return all;
  std::optional<Ticks> ticks;
  for (const LateSpan& span : **late) {
    const fleet::LocalDay of{std::chrono::days{span.day}};
    if (of < first_day || last_day < of) continue;
    if (!ticks) ticks = Ticks{span.begin, span.end};
    ticks->begin = std::min(ticks->begin, span.begin);
    ticks->end = std::max(ticks->end, span.end);
  }
  return ticks;
}

std::vector<std::string> StoredRows::each(fleet::Time from, fleet::Time to,
                                          const std::function<bool(const StoredRow&)>& sink) {
  std::vector<std::string> damages;
  from = std::clamp(from, fleet::kMinTime, fleet::kMaxTime);
  const fleet::Time first = from == fleet::kMinTime ? from : from - kMostAhead;
  bool more = true;
  FrameWalk walk({.row =
                      [&](const StoredRow& stored) {
                        const fleet::Time time = stored.row.device_time;
                        if (more && time >= from && time < to) more = sink(stored);
                      },
                  .go_on = [&] { return more; }});
  files_read_ = 0;
  for (const DayReader::Day& day : days_) {
    if (day.end < first) continue;
    const auto ticks = ticks_of(day, from, to, first);
    if (!ticks) continue;
    ++files_read_;
    walk.read(day.file, ticks->begin, ticks->end, damages);
    if (!walk.going_on()) return damages;
  }
  // The tick under way, unless its frame was in the last day already.
  const fleet::FramePosition at = walk.state().position();
  const UnfinishedTick& last = unfinished_;
  if (last.tick && last.tick->position == fleet::FramePosition{at.epoch, at.number + 1}) {
    fleet::Result<void> taken;
    for (const fleet::RosterBatch& roster : last.rosters)
      if (taken) taken = walk.take(roster);
    if (taken) taken = walk.take(*last.tick);
    if (!taken) damages.push_back("the tick under way: " + taken.error().what);
  }
  return damages;
}

}  // namespace net
