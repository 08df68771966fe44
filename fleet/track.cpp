#include "fleet/track.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "fleet/status.hpp"

namespace fleet {
namespace {

constexpr double kEquatorM = 2 * std::numbers::pi * kEarthRadiusM;

/// Metres for one world unit at a place. cosh of the projection's y is 1 / cos(latitude).
double metres_per_world_at(double y) {
  return kEquatorM / std::cosh(std::numbers::pi * (1 - 2 * y));
}

/// Steps from one grid coordinate to another, the shorter way round.
std::int64_t steps_between(std::uint32_t from, std::uint32_t to) {
  const auto raw = static_cast<std::int64_t>((to - from) & kGridMask);
  return raw >= std::int64_t{kGridSize} / 2 ? raw - std::int64_t{kGridSize} : raw;
}

double steps_apart(GridPoint a, GridPoint b) {
  const auto dx = static_cast<double>(steps_between(a.x, b.x));
  const auto dy = static_cast<double>(b.y) - static_cast<double>(a.y);
  return std::sqrt(dx * dx + dy * dy);
}

double metres_apart(const TrackVertex& a, const TrackVertex& b) {
  return std::hypot(b.at.x - a.at.x, b.at.y - a.at.y) * metres_per_world_at((a.at.y + b.at.y) / 2);
}

std::uint16_t speed_of_raw(std::int64_t raw) {
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(raw, 0, kNoSpeed - 1));
}

bool is_hauled(const TrackStay& from, const TrackStay& to) {
  constexpr double kHauledRaw = kHauledKmh * 10;
  if (to.came == EngineKnown::off && to.speed != kNoSpeed && to.speed >= kHauledRaw) return true;
  // It had not started its engine when it left: then it did not get there by itself.
  if (from.left != EngineKnown::off) return false;
  const double hours =
      std::chrono::duration<double, std::ratio<3600>>(to.time - from.until).count();
  const double km = steps_apart(from.at, to.at) * metres_per_step(to.at) / 1000;
  return hours > 0 && km >= kHauledKmh * hours;
}

Stretch::Kind kind_of(const TrackStay& from, const TrackStay& to) {
  // Silent, but where it was before: there is nothing to draw.
  const bool moved = steps_apart(from.at, to.at) * metres_per_step(to.at) > kStayRadiusM;
  if (moved && to.time - from.until > longest_silence(from)) return Stretch::Kind::gap;
  return is_hauled(from, to) ? Stretch::Kind::hauled : Stretch::Kind::driven;
}

/// Adds up ways by steps of at least kLeastWayM.
class Odometer {
 public:
  explicit Odometer(TrackPicture& picture) : picture_(picture) {}
  void begin(const TrackVertex& v) { from_ = v; }
  void go(const TrackVertex& v, bool last) {
    const double way = metres_apart(from_, v);
    if (way < kLeastWayM && !(last && way >= kStayRadiusM)) return;
    pending_ += way;
    from_ = v;
  }
  void end(Stretch::Kind kind) {
    if (kind == Stretch::Kind::driven) picture_.driven_m += pending_;
    if (kind == Stretch::Kind::hauled) picture_.hauled_m += pending_;
    pending_ = 0;
  }

 private:
  TrackPicture& picture_;
  TrackVertex from_;
  double pending_ = 0;
};

void sum_up(TrackPicture& picture) {
  Odometer odometer(picture);
  for (const Stretch& stretch : picture.stretches) {
    odometer.begin(picture.vertices[stretch.first]);
    if (stretch.kind == Stretch::Kind::gap) {
      ++picture.gaps;
      picture.silent += picture.vertices[stretch.last].time - picture.vertices[stretch.first].time;
      continue;
    }
    for (std::size_t i = stretch.first + 1; i <= stretch.last; ++i)
      odometer.go(picture.vertices[i], i == stretch.last);
    odometer.end(stretch.kind);
  }
}

/// Lays vertices one behind the other, and opens a stretch where the kind changes.
class Drafter {
 public:
  explicit Drafter(TrackPicture& picture) : picture_(picture) {}

  void put(Time time, WorldPoint at) { picture_.vertices.push_back({time, at}); }
  /// The vertices from `first` on, up to the last, are joined by ways of this kind.
  void join(std::size_t first, Stretch::Kind kind) {
    auto& all = picture_.stretches;
    const std::size_t last = picture_.vertices.size() - 1;
    // Each gap stands for itself: they are counted.
    if (!all.empty() && all.back().kind == kind && all.back().last == first &&
        kind != Stretch::Kind::gap)
      all.back().last = last;
    else
      all.push_back({kind, first, last});
  }
  /// A stay goes on with what it ends.
  void stay(Time until, WorldPoint at) {
    const std::size_t first = last();
    const auto& all = picture_.stretches;
    put(until, at);
    join(first, all.empty() || all.back().kind == Stretch::Kind::gap ? Stretch::Kind::driven
                                                                     : all.back().kind);
  }
  std::size_t last() const { return picture_.vertices.size() - 1; }

 private:
  TrackPicture& picture_;
};

WorldPoint between(WorldPoint a, WorldPoint b, double part) {
  return {a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part};
}

}  // namespace

double metres_per_step(GridPoint p) {
  return metres_per_world_at(static_cast<double>(p.y) / kGridSize) / kGridSize;
}

std::optional<TrackStay> newest_fix(const FleetState& state, Slot machine) {
  if (machine >= state.machine_count() || !state.has(machine, kPosition)) return std::nullopt;
  const FieldSlot position = state.field(machine, kPosition);
  TrackStay fix;
  fix.time = fix.until = position.device_time;
  fix.at = unpacked(position.raw);
  fix.period_s = seconds_of_period(state.head(machine).period_ms);
  if (state.has(machine, kSpeedKmh)) {
    const FieldSlot speed = state.field(machine, kSpeedKmh);
    if (speed.device_time == position.device_time) fix.speed = speed_of_raw(speed.raw);
  }
  if (state.has(machine, kEngineOn))
    fix.came = state.raw(machine, kEngineOn) != 0 ? EngineKnown::on : EngineKnown::off;
  fix.left = fix.came;
  return fix;
}

TrackStay fix_of(const FleetState& state, const AcceptedRow& row) {
  TrackStay fix;
  fix.time = fix.until = row.device_time;
  fix.period_s = seconds_of_period(state.head(row.machine).period_ms);
  bool has_engine = false;
  std::size_t i = 0;
  for (FieldMask left = row.fields; left != 0; left &= left - 1, ++i) {
    const int field = std::countr_zero(left);
    if (field > kEngineOn) break;
    if (field == kPosition) fix.at = unpacked(row.values[i]);
    if (field == kSpeedKmh) fix.speed = speed_of_raw(row.values[i]);
    if (field == kEngineOn) {
      fix.came = row.values[i] != 0 ? EngineKnown::on : EngineKnown::off;
      has_engine = true;
    }
  }
  const bool late = state.head(row.machine).device_time > row.device_time;
  if (!has_engine && !late && state.has(row.machine, kEngineOn))
    fix.came = state.raw(row.machine, kEngineOn) != 0 ? EngineKnown::on : EngineKnown::off;
  fix.left = fix.came;
  return fix;
}

std::uint16_t seconds_of_period(std::int32_t period_ms) {
  return static_cast<std::uint16_t>(std::clamp((std::int64_t{period_ms} + 999) / 1000,
                                               std::int64_t{0}, std::int64_t{UINT16_MAX}));
}

Millis longest_silence(const TrackStay& stay) {
  const Millis period =
      stay.period_s > 0 ? Millis{std::chrono::seconds{stay.period_s}} : Millis{kDefaultPeriod};
  return std::max(kLeastGap, kMissedReports * period);
}

bool continues(const TrackStay& held, const TrackStay& next) {
  return next.time > held.until && next.time - held.until <= longest_silence(held) &&
         next.until - held.time <= kLongestStay &&
         steps_apart(held.at, next.at) * metres_per_step(held.at) <= kStayRadiusM;
}

void extend(TrackStay& held, const TrackStay& next) {
  held.until = next.until;
  held.period_s = next.period_s;
  if (next.left != EngineKnown::no) held.left = next.left;
}

bool Track::add(const TrackStay& stay) {
  // Nearly always it is the newest.
  if (!stays_.empty() && stay.time > stays_.back().until) {
    if (continues(stays_.back(), stay)) return extend(stays_.back(), stay), true;
    stays_.push_back(stay);
  } else {
    const auto after =
        std::upper_bound(stays_.begin(), stays_.end(), stay.time,
                         [](Time t, const TrackStay& held) { return t < held.time; });
    if (after != stays_.begin() && std::prev(after)->until >= stay.time) return false;
    if (after != stays_.end() && after->time <= stay.until) return false;
    stays_.insert(after, stay);
  }
  if (stays_.size() > kMaxTrackStays) stays_.erase(stays_.begin());
  return true;
}

void Track::drop_before(Time t) {
  const auto kept = std::find_if(stays_.begin(), stays_.end(),
                                 [t](const TrackStay& stay) { return stay.until >= t; });
  stays_.erase(stays_.begin(), kept);
}

void put_in_order(std::vector<TrackStay>& stays) {
  const auto earlier = [](const TrackStay& a, const TrackStay& b) { return a.time < b.time; };
  if (!std::is_sorted(stays.begin(), stays.end(), earlier))
    std::stable_sort(stays.begin(), stays.end(), earlier);
  std::size_t kept = 0;
  for (const TrackStay& stay : stays) {
    if (kept > 0 && stay.time <= stays[kept - 1].until) continue;
    if (kept > 0 && continues(stays[kept - 1], stay))
      extend(stays[kept - 1], stay);
    else
      stays[kept++] = stay;
  }
  stays.resize(kept);
}

void picture_of(std::span<const TrackStay> stays, Time from, Time to, TrackPicture& picture) {
  picture.vertices.clear();
  picture.stretches.clear();
  picture.driven_m = picture.hauled_m = 0;
  picture.gaps = 0;
  picture.silent = Millis{0};
  // The last stay that began before `from` leads into the span.
  auto begin = std::upper_bound(stays.begin(), stays.end(), from,
                                [](Time t, const TrackStay& stay) { return t < stay.time; });
  if (begin != stays.begin()) --begin;
  Drafter drafter(picture);
  WorldPoint at;  // of the stay before, unwrapped
  for (auto stay = begin; stay != stays.end() && stay->time <= to; ++stay) {
    WorldPoint here = world_from_grid(stay->at);
    if (stay != begin) {
      const TrackStay& before = *std::prev(stay);
      here.x = at.x + static_cast<double>(steps_between(before.at.x, stay->at.x)) / kGridSize;
      if (stay->time > from && picture.vertices.empty()) {
        const double part = std::chrono::duration<double>(from - before.until) /
                            std::chrono::duration<double>(stay->time - before.until);
        drafter.put(from, between(at, here, part));
      }
      if (!picture.vertices.empty()) {
        const std::size_t first = drafter.last();
        drafter.put(stay->time, here);
        drafter.join(first, kind_of(before, *stay));
      }
    }
    const Time until = std::min(stay->until, to);
    if (picture.vertices.empty() && until >= from) drafter.put(std::max(stay->time, from), here);
    if (!picture.vertices.empty() && until > picture.vertices.back().time)
      drafter.stay(until, here);
    at = here;
  }
  sum_up(picture);
}

}  // namespace fleet
