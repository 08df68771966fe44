#include "viewer/heat/heat_difference.hpp"

#include <algorithm>

#include "viewer/heat/heat_places.hpp"

namespace viewer {
namespace {

double hours_of(std::int64_t seconds) {
  return static_cast<double>(seconds) / 3600;
}

}  // namespace

fleet::Time same_clock_time(const fleet::TimeZone& zone, fleet::Time at, fleet::LocalDay shown,
                            fleet::LocalDay other) {
  const fleet::Time begin = zone.start_of(other), end = zone.start_of(other + std::chrono::days{1});
  if (at <= zone.start_of(shown)) return begin;
  if (at >= zone.start_of(shown + std::chrono::days{1})) return end;
  const auto there = std::chrono::local_time<fleet::Millis>{other} + zone.time_of_day(at);
  return std::clamp(zone.from_local(there), begin, end);
}

fleet::HourBits bits_of(const HourSpan& hours) {
  if (hours.whole()) return fleet::kEveryHour;
  fleet::HourBits bits = 0;
  for (int hour = 0; hour < 24; ++hour) {
    if (hours.has(hour)) bits |= fleet::HourBits{1} << hour;
  }
  return bits;
}

bool HeatDifference::due(const net::HeatShelf& shelf, const Shown& shown,
                         const fleet::HeatHours& heat) const {
  if (!asked_) return true;
  const Shown& last = asked_->shown;
  if (last.day != shown.day || last.other != shown.other || !(last.hours == shown.hours))
    return true;
  if (shown.rests) return last.at != shown.at || asked_->heat_version != heat.version();
  return std::chrono::abs(shown.at - last.at) >= kDifferenceEvery && !shelf.reading() &&
         shown.now - last.now >= kDifferencePause;
}

/// For an answer that may be another by now: the day was damaged, or went on until the instant
/// asked for.
bool HeatDifference::due_again(const Shown& shown) const {
  if (!asked_ || !answered_ || shown.now - asked_->shown.now < kDifferenceRetry) return false;
  const fleet::Time had = asked_->shown.other_end;
  return damaged_ || (had < asked_->wish.at && shown.other_end > had);
}

bool HeatDifference::update(net::HeatShelf& shelf, const fleet::TimeZone& zone, const Shown& shown,
                            const fleet::HeatHours& heat) {
  const bool news = take_answer(shelf);
  const bool again = due_again(shown);
  if (!again && !due(shelf, shown, heat)) return news;
  if (again) shelf.rest();  // or what it has is the answer
  const fleet::HourBits hours = bits_of(shown.hours);
  const fleet::Time there = same_clock_time(zone, shown.at, shown.day, shown.other);
  asked_ = Asked{shown,
                 {there, shown.other, hours},
                 heat.version(),
                 fleet::heat_cells(heat, shown.day, hours)};
  answered_ = false;
  shelf.want(asked_->wish);
  return take_answer(shelf) || news;  // it may have been asked for before
}

bool HeatDifference::take_answer(net::HeatShelf& shelf) {
  shelf.update();
  const net::HeatShelf::Heat* const other = shelf.heat();
  if (!asked_ || answered_ || !other || !(other->wish == asked_->wish)) return false;
  answered_ = true;
  damaged_ = other->damaged;
  if (damaged_) {
    pair_.reset();
    places_.clear();
  } else {
    show(other->cells);
  }
  asked_->cells = {};
  return true;
}

void HeatDifference::show(const fleet::HeatCells& other) {
  const fleet::HeatCells& own = asked_->cells;
  const fleet::HeatCells d = fleet::difference(own, other);
  pair_ = Pair{asked_->shown,
               {hours_of(own.placed_s), hours_of(other.placed_s), hours_of(d.placed_s),
                hours_of(d.unplaced_s)}};
  places_.clear();
  for (const fleet::HeatCells::Cell& cell : d.cells)
    places_.push_back({middle_of_cell(cell.x()), middle_of_cell(cell.y()),
                       static_cast<float>(hours_of(cell.seconds))});
}

void HeatDifference::rest(net::HeatShelf& shelf) {
  shelf.rest();
  asked_.reset();
  pair_.reset();
  places_.clear();
  answered_ = damaged_ = false;
}

}  // namespace viewer
