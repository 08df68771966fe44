#include "net/store/rollup_build.hpp"
#include "net/store/frame_rows.hpp"

#include <algorithm>
#include <bit>
#include <map>

#include "net/store/frame_walk.hpp"
#include "net/store/report_order.hpp"

namespace net {

namespace {

/// How far before midnight reading begins: a clock may be 5 minutes fast, and what such a machine
/// said of the new day was received, and known, before it began.
constexpr std::chrono::minutes kBeforeMidnight{6};

std::int32_t number_of(fleet::LocalDay day) {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

/// What a file holds beside the reports of its own day.
class FileCounts {
 public:
  FileCounts(fleet::LocalDay day, const fleet::TimeZone& zone)
      : own_day_(number_of(day)), days_(zone), overview_(day, zone) {}

  void tick(const fleet::TickBatch& tick) {
    begin_ = tick.begin;
    end_ = tick.end;
    overview_.add(tick);
  }
  void keyframe(const fleet::StateBatch& keyframe) { overview_.add(keyframe); }
  /// A report of the tick told last.
  void report(fleet::Time device_time) {
    const std::int32_t day = days_.of(device_time);
    if (day == own_day_) return;
    LateSpan& late = late_.try_emplace(day, LateSpan{day, 0, begin_, end_}).first->second;
    ++late.reports;
    late.end = end_;
    if (late_.size() > kMostLateDays) late_.erase(late_.begin());
  }
  void fill(Rollup& rollup, bool damaged) {
    if (damaged) overview_.damage();
    rollup.overview = overview_.overview();
    for (const auto& [day, late] : late_) rollup.late.push_back(late);
  }

 private:
  std::int32_t own_day_;
  fleet::DayFinder days_;
  OverviewBuilder overview_;
  fleet::Time begin_ = fleet::kNever, end_ = fleet::kNever;
  std::map<std::int32_t, LateSpan> late_;
};

/// Slots of a walk as slots of a roll-up.
class SlotMap {
 public:
  fleet::Slot of(const FrameWalk& walk, fleet::Slot slot, fleet::DayRollup& rollup) {
    if (rosters_ != walk.rosters()) slots_.clear();
    rosters_ = walk.rosters();
    if (slots_.size() <= slot) slots_.resize(std::size_t{slot} + 1, kUnknown);
    if (slots_[slot] == kUnknown) slots_[slot] = rollup.slot_of(walk.state().roster()[slot].id);
    return slots_[slot];
  }

 private:
  static constexpr fleet::Slot kUnknown = ~fleet::Slot{0};
  std::vector<fleet::Slot> slots_;
  std::uint64_t rosters_ = 0;
};

/// One day's roll-up.
class Build {
 public:
  Build(const RollupSource& source, fleet::LocalDay of, fleet::TimeZone zone,
        std::vector<std::string>& damages)
      : source_(source),
        of_(of),
        zone_(std::move(zone)),
        damages_(damages),
        begin_(zone_.start_of(of_)),
        end_(zone_.start_of(of_ + std::chrono::days{1})) {}

  /// frames: that the day's file has. Asked before they are read: what is added meanwhile makes the
  /// tables old.
  fleet::Result<std::optional<Rollup>> run(std::int64_t frames) {
    rollup_.frames = frames;
    FileCounts counts(of_, zone_);
    ReportStream stream;
    counts_ = &counts;
    if (!pass([&](const StoredRow& row, fleet::Slot slot) { stream.take(row, slot, *day_); }))
      return std::optional<Rollup>();
    counts_ = nullptr;
    if (!day_) return fleet::Error{source_.file.string() + ": no keyframe of it can be read"};
    counts.fill(rollup_, own_damaged_);
    stream.finish(*day_);
    fleet::DayTables tables;
    for (fleet::Slot slot = 0; slot < day_->state().roster().size(); ++slot)
      if (!stream.disordered(slot)) day_->add_to(slot, tables);
    for (const std::vector<std::string>& group : groups(stream)) {
      if (!sort_group(group, tables)) return std::optional<Rollup>();
    }
    fleet::sort(tables);
    rollup_.tables = std::move(tables);
    return std::optional<Rollup>(std::move(rollup_));
  }

 private:
  using Take = std::function<void(const StoredRow&, fleet::Slot)>;

  /// Shows every report of the day, and those from before it that came behind the first keyframe
  /// read. False: go_on ended it.
  bool pass(const Take& take) {
    day_.reset();
    SlotMap slots;
    std::vector<std::string> told;  // the first pass has told them
    bool own_file = false;
    fleet::Time tick_end = fleet::kNever;
    FrameWalk* walking = nullptr;
    FrameWalk walk({.row =
                        [&](const StoredRow& stored) {
                          const fleet::Time time = stored.row.device_time;
                          if (own_file && counts_) counts_->report(time);
                          if (time >= end_ || !day_) return;
                          if (time >= begin_) rollup_.until = std::max(rollup_.until, tick_end);
                          // What lists from before led to is in the alarms it began with.
                          const auto* faults = time >= lists_from_ ? stored.faults : nullptr;
                          take({stored.row, stored.state, faults},
                               slots.of(*walking, stored.row.machine, *day_));
                        },
                    .tick =
                        [&](const fleet::TickBatch& tick) {
                          tick_end = tick.end;
                          if (own_file && counts_) counts_->tick(tick);
                        },
                    .keyframe =
                        [&](const fleet::StateBatch& keyframe) {
                          if (own_file && counts_) counts_->keyframe(keyframe);
                          if (!day_) begin_day(walking->state());
                        },
                    .go_on = source_.go_on});
    walking = &walk;
    std::vector<std::string>& damages = counts_ ? damages_ : told;
    if (source_.before)
      walk.read(*source_.before, std::min(begin_ - kBeforeMidnight, source_.before_from),
                fleet::Time::max(), damages);
    own_file = true;
    const std::size_t damages_before = damages.size();
    if (walk.going_on() && !source_.file.empty())
      walk.read(source_.file, fleet::kMinTime, fleet::Time::max(), damages);
    // Of later files it begins with nothing: what they know is from behind it.
    if (!day_ && source_.file.empty()) begin_day(fleet::FleetState());
    if (counts_) own_damaged_ = damages.size() > damages_before;
    own_file = false;
    for (const RollupSource::Part& part : source_.elsewhere)
      if (walk.going_on()) walk.read(part.file, part.begin, part.end, damages);
    return walk.going_on();
  }

  void begin_day(const fleet::FleetState& known) {
    std::vector<fleet::JournalAlarm> open;
    lists_from_ = known.time();
    if (source_.open) {
      open = *source_.open;
      const auto before = fleet::parse_day(source_.before->stem().string());
      lists_from_ = before ? zone_.start_of(*before + std::chrono::days{1}) : begin_;
    } else {
      for (const auto& [id, alarm] : known.alarms().open())
        open.push_back({known.roster()[alarm.machine].id, alarm, fleet::kNever, std::nullopt});
    }
    day_.emplace(known, std::move(open), of_, zone_);
  }

  /// Machines whose reports came out of order, by so many reports as are sorted at a time. By id,
  /// since slots may be others in another pass.
  std::vector<std::vector<std::string>> groups(const ReportStream& stream) const {
    std::vector<std::vector<std::string>> all;
    std::size_t reports = 0;
    for (fleet::Slot slot = 0; slot < day_->state().roster().size(); ++slot) {
      if (!stream.disordered(slot)) continue;
      if (all.empty() || reports + stream.reports(slot) > source_.most_sorted) {
        all.emplace_back();
        reports = 0;
      }
      reports += stream.reports(slot);
      all.back().push_back(day_->state().roster()[slot].id);
    }
    for (std::vector<std::string>& group : all) std::ranges::sort(group);
    return all;
  }

  /// False: go_on ended it.
  bool sort_group(const std::vector<std::string>& machines, fleet::DayTables& tables) {
    ReportHeap heap;
    std::vector<char> chosen;
    const auto is_chosen = [&](fleet::Slot slot) {
      while (chosen.size() <= slot) {
        const auto next = static_cast<fleet::Slot>(chosen.size());
        chosen.push_back(std::ranges::binary_search(machines, day_->state().roster()[next].id) ? 1
                                                                                               : 0);
      }
      return chosen[slot] != 0;
    };
    const bool whole = pass([&](const StoredRow& row, fleet::Slot slot) {
      if (is_chosen(slot)) heap.take(row, slot);
    });
    if (!whole) return false;
    heap.finish(*day_);
    for (const std::string& id : machines) day_->add_to(day_->slot_of(id), tables);
    return true;
  }

  const RollupSource& source_;
  const fleet::LocalDay of_;
  const fleet::TimeZone zone_;
  std::vector<std::string>& damages_;
  fleet::Time begin_, end_;
  Rollup rollup_;
  FileCounts* counts_ = nullptr;  ///< while the file is read for the first time
  bool own_damaged_ = false;
  std::optional<fleet::DayRollup> day_;
  fleet::Time lists_from_ = fleet::kNever;
};

}  // namespace

fleet::Result<std::optional<Rollup>> build_rollup(const RollupSource& source,
                                                  std::vector<std::string>& damages) {
  if (source.file.empty()) return Build(source, source.day, source.zone, damages).run(0);
  auto file = DayFile::open(source.file, sqlite::Database::Mode::read);
  if (!file) return file.error();
  const auto last = last_row_of(*file);
  if (!last) return last.error();
  return Build(source, file->day, file->zone, damages).run(*last);
}

fleet::Result<std::optional<Rollup>> scan_day_file(const std::filesystem::path& path,
                                                   const std::function<bool()>& go_on,
                                                   std::vector<std::string>& damages) {
  auto file = DayFile::open(path, sqlite::Database::Mode::read);
  if (!file) return file.error();
  FileCounts counts(file->day, file->zone);
  FrameWalk walk({.row = [&](const StoredRow& stored) { counts.report(stored.row.device_time); },
                  .tick = [&](const fleet::TickBatch& tick) { counts.tick(tick); },
                  .keyframe = [&](const fleet::StateBatch& batch) { counts.keyframe(batch); },
                  .go_on = go_on});
  walk.read(path, fleet::kMinTime, fleet::Time::max(), damages);
  if (!walk.going_on()) return std::optional<Rollup>();
  Rollup rollup;
  counts.fill(rollup, !damages.empty());
  return std::optional<Rollup>(std::move(rollup));
}

}  // namespace net
