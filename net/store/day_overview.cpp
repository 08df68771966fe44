#include "net/store/day_overview.hpp"

#include <algorithm>
#include <optional>

#include "net/store/rollup_tables.hpp"

namespace net {

OverviewBuilder::OverviewBuilder(fleet::LocalDay day, const fleet::TimeZone& zone)
    : zone_(zone), day_number_(static_cast<std::int32_t>(day.time_since_epoch().count())) {
  overview_.day = day;
  overview_.midnight = zone.start_of(day);
  overview_.working.fill(DayOverview::kNotKnown);
}

/// Of a tick that ends at `end`: it belongs to the last millisecond it covers.
std::size_t OverviewBuilder::step_of(fleet::Time end) {
  if (end <= step_end_ && end > step_end_ - fleet::kActivityStep) return step_;
  const fleet::Time last = end - fleet::Millis(1);
  const fleet::Millis of_day = zone_.time_of_day(last);
  step_ = static_cast<std::size_t>(of_day / fleet::kActivityStep);
  step_end_ = last - of_day % fleet::kActivityStep + fleet::kActivityStep;
  return step_;
}

void OverviewBuilder::add(const fleet::TickBatch& tick) {
  // Where the first ticks cannot be read, what is known begins with the opening keyframe.
  const bool opened = begun_ || (overview_.damaged && overview_.end != fleet::kNever);
  if (opened && tick.begin > overview_.end) {
    const bool same_run = tick.position.epoch == overview_.last_epoch;
    const fleet::Millis gap = tick.begin - overview_.end;
    if (same_run ? gap >= kLeastGapQuiet : gap >= kLeastGapOff)
      overview_.gaps.push_back(
          {overview_.end, tick.begin, same_run ? DayGap::Why::no_reports : DayGap::Why::off});
  }
  if (!opened) {
    overview_.begin = tick.begin;
    overview_.first_epoch = tick.position.epoch;
  }
  begun_ = true;
  overview_.end = std::max(overview_.end, tick.end);
  overview_.last_epoch = tick.position.epoch;
  const std::size_t step = step_of(tick.end);
  overview_.reports[step] += static_cast<std::uint32_t>(tick.rows.size());
  for (const fleet::AlarmEvent& event : tick.alarms)
    if (event.kind == fleet::AlarmEvent::Kind::raised)
      ++overview_.raised[step][static_cast<std::size_t>(event.alarm.severity)];
  if (tick.activity && tick.activity->day == day_number_)
    overview_.working[static_cast<std::size_t>(tick.activity->step)] = tick.activity->working;
}

void OverviewBuilder::add(const fleet::StateBatch& keyframe) {
  if (!begun_ && overview_.end == fleet::kNever) {  // a day of which only the opening is there
    overview_.begin = overview_.end = keyframe.time;
    overview_.first_epoch = overview_.last_epoch = keyframe.position.epoch;
  }
  if (keyframe.activity.day != day_number_) return;
  for (std::size_t step = 0; step < overview_.working.size(); ++step)
    if (keyframe.activity.working[step] != fleet::DayActivity::kNotKnown)
      overview_.working[step] = keyframe.activity.working[step];
}

void add_edge_gaps(std::vector<DayOverview>& days, const fleet::TimeZone& zone) {
  const auto gap = [](fleet::Time from, fleet::Time to, bool same_run) -> std::optional<DayGap> {
    const fleet::Millis least = same_run ? fleet::Millis(kLeastGapQuiet) : kLeastGapOff;
    if (to - from < least) return std::nullopt;
    return DayGap{from, to, same_run ? DayGap::Why::no_reports : DayGap::Why::off};
  };
  for (std::size_t i = 0; i < days.size(); ++i) {
    DayOverview& day = days[i];
    const bool goes_on = i > 0 && days[i - 1].last_epoch == day.first_epoch;
    if (const auto before = gap(day.midnight, day.begin, goes_on))
      day.gaps.insert(day.gaps.begin(), *before);
    if (i + 1 == days.size()) continue;
    const bool went_on = days[i + 1].first_epoch == day.last_epoch;
    const fleet::Time next_midnight = zone.start_of(day.day + std::chrono::days{1});
    if (const auto behind = gap(day.end, next_midnight, went_on)) day.gaps.push_back(*behind);
  }
}

namespace {

/// Nothing: go_on said to end.
fleet::Result<std::optional<DayOverview>> scan_day(const DayReader::Day& day,
                                                   const fleet::TimeZone& zone,
                                                   const std::function<bool()>& go_on) {
  if (auto file = DayFile::open(day.file, sqlite::Database::Mode::read))
    if (auto held = read_counts(*file); held && *held)
      return held;  // damaged ones are counted anew
  auto reader = DayReader::open(day.file);
  if (!reader) return reader.error();
  OverviewBuilder builder(day.day, zone);
  bool more = true;
  int in_vain = 0;
  for (bool whole = false; !whole && more && in_vain < kMostInVain;) {
    ++in_vain;
    const auto read = reader.value()->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
      if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) builder.add(*tick);
      if (const auto* keyframe = std::get_if<fleet::StateBatch>(&update)) builder.add(*keyframe);
      in_vain = 0;
      more = !go_on || go_on();
      return more;
    });
    whole = read.ok();
    if (!whole) builder.damage();
  }
  if (!more) return std::optional<DayOverview>();
  return std::optional<DayOverview>(builder.overview());
}

}  // namespace

fleet::Result<std::vector<DayOverview>> read_overviews(const std::filesystem::path& path,
                                                       const std::function<bool()>& go_on) {
  auto reader = DayReader::open(path);
  if (!reader) return reader.error();
  std::vector<DayOverview> days;
  for (const DayReader::Day& day : reader.value()->days()) {
    auto overview = scan_day(day, reader.value()->zone(), go_on);
    if (!overview) return overview.error();
    if (!*overview) break;
    days.push_back(std::move(**overview));
  }
  add_edge_gaps(days, reader.value()->zone());
  return days;
}

}  // namespace net
