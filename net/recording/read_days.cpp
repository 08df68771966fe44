#include "net/recording/read_days.hpp"

namespace net {

RecordedDays list_days(const DayReader& reader) {
  RecordedDays listed;
  const fleet::TimeZone zone = reader.zone();
  for (const DayReader::Day& day : reader.days()) {
    const OverviewBuilder builder(day.day, zone);
    RecordedDay& listing = listed.days.emplace_back();
    listing.overview = builder.overview();
    listing.overview.begin = day.begin;
    listing.overview.end = day.end;
  }
  return listed;
}

std::optional<RecordedDay> read_day(const DayReader::Day& day, const fleet::TimeZone& zone,
                                    const std::function<bool()>& go_on) {
  RecordedDay read;
  OverviewBuilder builder(day.day, zone);
  bool given_up = false;
  auto frames = DayReader::open(day.file);
  if (!frames) builder.damage();
  int in_vain = 0;
  for (bool whole = !frames; !whole && !given_up && in_vain < kMostInVain;) {
    ++in_vain;
    given_up = !go_on();
    const auto done = frames.value()->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
      in_vain = 0;
      given_up = !go_on();
      if (const auto* keyframe = std::get_if<fleet::StateBatch>(&update)) builder.add(*keyframe);
      const auto* tick = std::get_if<fleet::TickBatch>(&update);
      if (tick == nullptr) return !given_up;
      builder.add(*tick);
      for (const fleet::AlarmEvent& event : tick->alarms) {
        if (event.kind == fleet::AlarmEvent::Kind::raised)
          read.raised.push_back({tick->end, event.alarm.severity});
      }
      return !given_up;
    });
    whole = done.ok();
    if (!whole) builder.damage();
  }
  if (given_up) return std::nullopt;
  read.overview = builder.overview();
  read.overview.begin = day.begin;
  read.overview.end = day.end;
  read.read = true;
  return read;
}

}  // namespace net
