#include "fleet/sim/planner.hpp"

#include <algorithm>

#include "fleet/sim/calendar.hpp"
#include "fleet/sim/faults.hpp"

namespace fleet::sim {
namespace {

constexpr double kMetresPerDegree = 111'195;

/// A machine with a contract works on this share of the fair weekdays of it.
constexpr double kContractAttendance = 0.90;
/// Dead modems count as connected and never as working: the rest makes up for them.
constexpr double kSeenWorking = 1 - kDeadShare;
/// A machine has a contract, or none, for about three weeks.
constexpr std::int64_t kContractDays = 21;
/// Brings the mean day of machines that work to 7.4 engine hours.
constexpr double kShiftScale = 0.91;
constexpr double kNightShare = 0.08;
constexpr double kModemGapShare = 0.04;

std::uint32_t seconds_of(double hours) {
  return static_cast<std::uint32_t>(std::clamp(hours, 0.0, 24.0) * 3600);
}

/// Sum of two uniforms: a hill between low and high.
double hill(Draws& draws, double low, double high) {
  return between(low, high, (draws.uniform() + draws.uniform()) / 2);
}

struct SpanMaker {
  DayPlan& plan;
  Draws& draws;

  void add(double begin_h, double end_h, double idle_low, double idle_high) {
    std::uint32_t begin = seconds_of(begin_h), end = seconds_of(end_h);
    if (plan.span_count > 0) begin = std::max(begin, plan.spans[plan.span_count - 1].end_s);
    if (end < begin + 300 || plan.span_count == kMaxSpans) return;
    Span& span = plan.spans[plan.span_count++];
    span.begin_s = begin;
    span.end_s = end;
    span.cycle_s = static_cast<std::uint16_t>(draws.in(15, 50) * 60);
    span.idle_permille = static_cast<std::uint16_t>(draws.in(idle_low, idle_high) * 1000);
  }
};

/// Sites of the west begin later by Beijing time, but not by as much as the sun.
double sun_shift_h(MicroPoint spot) {
  return std::clamp((108 - spot.lon / kMicro) / 15, 0.0, 2.0);
}

void plan_night(SpanMaker& make) {
  make.add(0.25, hill(make.draws, 4.0, 5.5), 0.12, 0.24);
  make.add(hill(make.draws, 18.8, 20.2), hill(make.draws, 23.0, 23.7), 0.12, 0.24);
}

void plan_shift(SpanMaker& make, double shift_h, double province_scale) {
  const double scale = kShiftScale * province_scale;
  Draws& draws = make.draws;
  const double noon = draws.in(11.1, 12.1) + shift_h;
  const double length = (noon - shift_h - hill(draws, 6.6, 8.5)) * scale;
  double morning = noon - length;
  if (draws.chance(0.28)) morning += draws.in(0.5, 3);  // waits for lorries or orders
  const bool no_break = draws.chance(0.15);
  const double after = no_break ? noon : hill(draws, 12.75, 13.5) + shift_h;
  if (!draws.chance(0.09)) make.add(morning, noon, 0.08, 0.26);
  if (draws.chance(0.035)) return;  // done by noon
  double evening = std::max(after, 13 + shift_h) + (hill(draws, 16.9, 19.1) - 13.1) * scale;
  if (draws.chance(0.22)) evening -= draws.in(0.5, 2.5);
  // Lorries and orders come late after the break: much idling until about half past two.
  const double settled = std::min(std::max(after, 13 + shift_h) + draws.in(1.2, 1.8), evening);
  make.add(after, settled, 0.24, 0.48);
  make.add(settled, evening, 0.08, 0.26);
  if (draws.chance(0.09))
    make.add(evening + draws.in(0.6, 1.4), hill(draws, 20.5, 22.5), 0.1, 0.25);
}

constexpr Span story_span(std::uint32_t begin_min, std::uint32_t end_min, std::uint16_t idle) {
  return {begin_min * 60, end_min * 60, 1700, idle};
}

/// A day of a machine that has a story to tell: it works as people do.
void plan_story_work(DayPlan& plan) {
  plan.spans[0] = story_span(7 * 60 + 6, 11 * 60 + 34, 150);
  plan.spans[1] = story_span(12 * 60 + 52, 17 * 60 + 48, 160);
  plan.span_count = 2;
}

}  // namespace

double cos_deg(double lat_deg) {
  const double x = lat_deg * 0.017453292519943295, x2 = x * x;
  return 1 - x2 / 2 * (1 - x2 / 12 * (1 - x2 / 30 * (1 - x2 / 56)));
}

double flat_distance_m(MicroPoint a, MicroPoint b) {
  const double dy = (b.lat - a.lat) / kMicro * kMetresPerDegree;
  const double dx = (b.lon - a.lon) / kMicro * kMetresPerDegree * cos_deg(a.lat / kMicro);
  return std::sqrt(dx * dx + dy * dy);
}

MicroPoint moved(MicroPoint p, double east_m, double north_m) {
  const double lon = east_m / (kMetresPerDegree * cos_deg(p.lat / kMicro)) * kMicro;
  const double lat = north_m / kMetresPerDegree * kMicro;
  return {p.lon + static_cast<std::int32_t>(lon), p.lat + static_cast<std::int32_t>(lat)};
}

Planner::Planner(std::uint64_t seed, const SiteMap& sites) : seed_(seed), sites_(sites) {}

double Planner::work_factor_of(int province, std::int64_t day) {
  if (day != factors_day_) {
    const auto count = static_cast<int>(provinces().size());
    for (int p = 0; p < count; ++p) factors_[p] = work_factor(seed_, p, day);
    factors_day_ = day;
  }
  return factors_[province];
}

DayPlan Planner::plan(const Life& life, std::int64_t day) {
  DayPlan plan;
  plan_place(life, day, plan);
  plan_work(life, day, plan);
  if (plan.haul_end_s > plan.haul_begin_s) {  // lorries come before or after work
    const std::uint32_t length = plan.haul_end_s;
    const std::uint32_t first = plan.span_count ? plan.spans[0].begin_s : 13 * 3600;
    const std::uint32_t last = plan.span_count ? plan.spans[plan.span_count - 1].end_s : first;
    if (first > length + 5 * 3600)
      plan.haul_begin_s = first - length - 600;
    else
      plan.haul_begin_s = std::min(last + 900, kDaySeconds - length - 1);
    plan.haul_end_s = plan.haul_begin_s + length;
  }
  plan_troubles(life, day, plan);
  return plan;
}

/// A stay at one site lasts 40 to 103 days; the change is by lorry.
void Planner::plan_place(const Life& life, std::int64_t day, DayPlan& plan) const {
  const std::uint64_t h = hash_of(life.key, kForSpot);
  const std::int64_t length = 40 + static_cast<std::int64_t>(below(h, 64));
  const std::int64_t moved_day = day + static_cast<std::int64_t>(below(h >> 32, 100));
  const std::int64_t stay = (moved_day + length * 10'000) / length;
  plan.to = plan.from = spot(life, stay);
  if ((moved_day + length * 10'000) % length != 0 || life.story != 0) return;
  plan.from = spot(life, stay - 1);
  // 41 to 68 km/h; below some kilometres the lorry is slower than that.
  const auto key = static_cast<std::uint64_t>(stay);
  const double speed_mps = between(11.5, 19, unit(hash_of(life.key, kForSpot, key)));
  const double seconds = flat_distance_m(plan.from, plan.to) / speed_mps;
  plan.haul_end_s = std::max(300u, static_cast<std::uint32_t>(seconds));
}

MicroPoint Planner::spot(const Life& life, std::int64_t stay) const {
  Draws draws(hash_of(life.key, kForSite, static_cast<std::uint64_t>(stay)));
  const std::uint32_t first = sites_.first[life.place], end = sites_.first[life.place + 1u];
  const bool home = life.story != 0 || draws.chance(0.6);
  const Site& site = sites_.sites[home ? life.site : first + draws.index(end - first)];
  double x, y;
  do {
    x = draws.in(-1, 1), y = draws.in(-1, 1);
  } while (x * x + y * y > 1);
  if (site.along_x || site.along_y) {  // along the road, within a strip of a twelfth of its length
    const double along = x, across = y / 12;
    x = (along * site.along_x - across * site.along_y) / 100;
    y = (along * site.along_y + across * site.along_x) / 100;
  }
  return moved(site.centre, x * site.radius_m, y * site.radius_m);
}

void Planner::plan_work(const Life& life, std::int64_t day, DayPlan& plan) {
  const bool story_day = life.story != 0 && (day == kStoryDay || day == kStoryDay + 1);
  if (story_day) return plan_story_work(plan);
  const Province& province = provinces()[life.province];
  const std::int64_t phase = static_cast<std::int64_t>(hash_of(life.key, kForSpell) % 997);
  const auto spell = static_cast<std::uint64_t>((day + phase + 21'000'000) / kContractDays);
  const bool contract = unit(hash_of(life.key, kForSpell, spell)) <
                        province.operating_rate / kSeenWorking / kContractAttendance;
  Draws draws(hash_of(life.key, kForPlan, static_cast<std::uint64_t>(day)));
  SpanMaker make{plan, draws};
  const double shift = sun_shift_h(plan.from);
  const double turns_out = kContractAttendance * work_factor_of(life.province, day);
  if (!contract || !draws.chance(turns_out)) {
    if (draws.chance(0.012)) {  // moved about the yard
      const double at = draws.in(8, 16);
      make.add(at, at + draws.in(0.1, 0.4), 0.2, 0.5);
    }
    return;
  }
  // A contract is a night shift or not as a whole.
  if (unit(hash_of(life.key, kForSpell, spell), 32) < kNightShare)
    plan_night(make);
  else
    plan_shift(make, shift, province.hours_scale);
}

/// Modem gaps, faults, and a new hour counter now and then.
void Planner::plan_troubles(const Life& life, std::int64_t day, DayPlan& plan) const {
  if (life.story != 0) {
    const auto fate = stories();
    if (life.story <= fate.size()) {
      const Story& s = fate[life.story - 1u];
      const std::uint8_t kind = find_fault(s.spn, s.fmi);
      if (day == kStoryDay) plan.episode = {s.begin_s, s.end_s, kind};
      if (day == kStoryDay + 1) plan.episode = {s.next_begin_s, s.next_end_s, kind};
    } else if (day == kStoryDay) {
      const std::uint32_t begin =
          27'600 + below(hash_of(life.key, kForFault), 5 * 3600);  // 07:40 to 12:40
      plan.episode = {begin, 17 * 3600 + 40 * 60, find_fault(3719, 16)};
    }
    return;
  }
  Draws draws(hash_of(life.key, kForFault, static_cast<std::uint64_t>(day)));
  if (draws.chance(kModemGapShare)) {
    const double u = draws.uniform();
    plan.gap_begin_s = seconds_of(draws.in(6.5, 22));
    plan.gap_end_s = plan.gap_begin_s + seconds_of(0.3 + 6 * u * u);
  }
  if (plan.span_count == 0) return;
  plan.counter_reset = draws.chance(0.0003);
  double u = draws.uniform() * 10'000;
  std::uint8_t number = 0;
  for (const FaultKind& kind : fault_kinds()) {
    if (u < kind.per_10000_days) {
      const Span& span = plan.spans[draws.index(plan.span_count)];
      const std::uint32_t begin = span.begin_s + draws.index(span.end_s - span.begin_s - 60);
      const double hours = kind.hours * draws.in(0.3, 1.7);
      plan.episode = {begin, std::min(begin + seconds_of(hours), kDaySeconds - 1), number};
      return;
    }
    u -= kind.per_10000_days;
    ++number;
  }
}

}  // namespace fleet::sim
