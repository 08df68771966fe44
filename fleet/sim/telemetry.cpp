#include "fleet/sim/telemetry.hpp"

#include <algorithm>
#include <limits>

#include "fleet/sim/calendar.hpp"
#include "fleet/sim/catalogue.hpp"
#include "fleet/sim/faults.hpp"
#include "fleet/sim/planner.hpp"

namespace fleet::sim {
namespace {

/// Engine time between two small moves of a digging machine, and the part of it spent moving.
constexpr std::uint32_t kStandS = 2700;
constexpr std::uint32_t kWalkS = 130;
/// Oil pressure and the like change over this time before and after a fault is reported.
constexpr double kRampS = 1800;
/// Microdegrees of latitude a metre.
constexpr double kMicroPerMetre = 1e6 / 111'195;

/// Nearest step; value within +-1e9 steps. By way of an integer, which is cheaper than floor.
double rounded(double value, double steps_per_unit) {
  const double steps = value * steps_per_unit;
  return static_cast<double>(static_cast<std::int64_t>(steps + (steps < 0 ? -0.5 : 0.5))) /
         steps_per_unit;
}

/// 0 far from the span, 1 when an exponential-like approach with time scale s is complete.
double approach(double elapsed_s, double scale_s) {
  return elapsed_s / (elapsed_s + scale_s);
}

struct Moment {
  bool on = false, working = false, hauled = false;
  const Span* span = nullptr;  ///< the running one, or the last before
  Counters lived;              ///< since delivery
  double since_s = 0;          ///< since the engine started or stopped
};

Moment moment_at(const MachineDay& at, std::uint32_t t_s) {
  Moment m;
  m.lived = counters_until(at.life, at.plan, at.day, t_s);
  m.lived.engine_s += at.midnight.engine_s;
  m.lived.idle_s += at.midnight.idle_s;
  for (int i = 0; i < at.plan.span_count && at.plan.spans[i].begin_s <= t_s; ++i) {
    const Span& span = at.plan.spans[i];
    m.span = &span;
    m.on = t_s < span.end_s;
    m.since_s = t_s - (m.on ? span.begin_s : span.end_s);
    const bool adjacent = i > 0 && at.plan.spans[i - 1].end_s == span.begin_s;
    if (m.on && adjacent) m.since_s = t_s - at.plan.spans[i - 1].begin_s;
    if (m.on) {
      const auto number = static_cast<std::uint64_t>(at.day * kMaxSpans + i);
      m.working = works_at(at.life, span, number, t_s - span.begin_s);
    }
  }
  if (!m.span) m.since_s = t_s + 8 * 3600;
  m.hauled = t_s >= at.plan.haul_begin_s && t_s < at.plan.haul_end_s;
  return m;
}

struct Motionstate {
  MicroPoint point;
  double heading_deg = 0, speed_kmh = 0;
};

/// Offset of the k-th standing place of a machine within its spot, metres.
void stand_offset(const Life& life, std::uint64_t k, double& east, double& north) {
  const std::uint64_t near = hash_of(life.key, kForSpot, k + 1000);
  const std::uint64_t far = hash_of(life.key, kForSpot, k / 12 + 7'000'000);
  east = between(-22, 22, unit(near)) + between(-60, 60, unit(far));
  north = between(-22, 22, unit(near, 32)) + between(-60, 60, unit(far, 32));
}

/// Heading of a displacement by octants and a linear part: within 4 degrees of the arc tangent.
double rough_heading(double east, double north) {
  const double a = std::fabs(east), b = std::fabs(north);
  if (a + b == 0) return 0;
  double angle = a <= b ? 45 * a / b : 90 - 45 * b / a;
  if (north < 0) angle = 180 - angle;
  return east < 0 ? 360 - angle : angle;
}

Motionstate on_lorry(const DayPlan& plan, std::uint32_t t_s, std::uint64_t h) {
  const double part =
      static_cast<double>(t_s - plan.haul_begin_s) / (plan.haul_end_s - plan.haul_begin_s);
  const double d_lon = plan.to.lon - plan.from.lon, d_lat = plan.to.lat - plan.from.lat;
  Motionstate m;
  m.point = {plan.from.lon + static_cast<std::int32_t>(d_lon * part),
             plan.from.lat + static_cast<std::int32_t>(d_lat * part)};
  const double mean_kmh =
      3.6 * flat_distance_m(plan.from, plan.to) / (plan.haul_end_s - plan.haul_begin_s);
  m.speed_kmh = mean_kmh * between(0.9, 1.1, unit(h));
  m.heading_deg = rough_heading(d_lon * 0.85, d_lat);
  return m;
}

/// Places follow the hours lived, so a machine stands where it stood when its engine stopped.
Motionstate on_site(const MachineDay& at, const Moment& m, std::uint32_t t_s, std::uint64_t h) {
  const Life& life = at.life;
  const std::uint32_t lived = m.lived.engine_s;
  const std::uint64_t k = lived / kStandS;
  const std::uint32_t into = lived % kStandS;
  double east, north, next_east, next_north;
  stand_offset(life, k, east, north);
  Motionstate result;
  result.heading_deg = 360 * unit(hash_of(life.key, kForSpot, k), 8);
  if (into >= kStandS - kWalkS) {
    stand_offset(life, k + 1, next_east, next_north);
    const double part = static_cast<double>(into - (kStandS - kWalkS)) / kWalkS;
    const double de = next_east - east, dn = next_north - north;
    east += de * part, north += dn * part;
    if (m.on) result.speed_kmh = 3.6 * std::sqrt(de * de + dn * dn) / kWalkS;
    result.heading_deg = rough_heading(de, dn);
  }
  const Motion motion = models()[life.model].motion;
  if (m.working && motion == Motion::drives) {  // to and fro between heap and lorry
    const std::uint32_t phase = t_s % 64;
    const double part = phase < 32 ? phase / 32.0 : (64 - phase) / 32.0;
    east += 45 * part;
    result.speed_kmh = 45 / 32.0 * 3.6 * between(0.6, 1.4, unit(h, 16));
    result.heading_deg = phase < 32 ? 90 : 270;
  } else if (m.working && motion == Motion::digs) {
    east += between(-2, 2, unit(h)), north += between(-2, 2, unit(h, 20));
    if (result.speed_kmh == 0 && (h >> 60) == 0) result.speed_kmh = between(0.3, 1.8, unit(h, 7));
  }
  // Satellite noise of a metre while running; parked devices freeze their fix.
  if (m.on) east += between(-0.8, 0.8, unit(h, 3)), north += between(-0.8, 0.8, unit(h, 29));
  const bool arrived = t_s >= at.plan.haul_end_s;
  result.point = arrived ? at.plan.to : at.plan.from;
  result.point.lon += static_cast<std::int32_t>(east * life.lon_per_m);
  result.point.lat += static_cast<std::int32_t>(north * kMicroPerMetre);
  return result;
}

/// 0 without a fault near, rising to 1 within kRampS before the report, falling after its end.
double symptom_now(const MachineDay& at, std::uint32_t t_s, Symptom symptom) {
  const Episode& e = at.plan.episode;
  if (e.begin_s == e.end_s || fault_kinds()[e.kind].symptom != symptom) return 0;
  if (t_s < e.begin_s) return std::max(0.0, 1 - static_cast<double>(e.begin_s - t_s) / kRampS);
  return t_s < e.end_s ? 1 : std::max(0.0, 1 - static_cast<double>(t_s - e.end_s) / 300);
}

class Writer {
 public:
  Writer(const MachineDay& at, const Event& event)
      : at_(at),
        event_(event),
        t_s_(event.device_ms / 1000),
        h_(hash_of(at.life.key, kForBody + 100 * static_cast<std::uint64_t>(at.day),
                   event.device_ms)),
        model_(models()[at.life.model]),
        now_(moment_at(at, t_s_)) {}

  void write(Slot slot, Time receive_time, ReportBatch& out) {
    Report report;
    report.machine = slot;
    report.device_time = time_from_ms(day_begin_ms(at_.day) + event_.device_ms);
    report.receive_time = receive_time;
    move(report);
    quick_values();
    if (event_.full) slow_values();
    lie(report);
    report.value_begin = static_cast<std::uint32_t>(out.values.size());
    out.values.insert(out.values.end(), values_, values_ + count_);
    report.value_end = static_cast<std::uint32_t>(out.values.size());
    report.fault_begin = static_cast<std::uint32_t>(out.faults.size());
    if (event_.with_faults) list_faults(report, out);
    report.fault_end = static_cast<std::uint32_t>(out.faults.size());
    out.reports.push_back(report);
  }

 private:
  void add(FieldId field, double value) { values_[count_++] = {field, value}; }

  void move(Report& report) {
    const Motionstate m = now_.hauled ? on_lorry(at_.plan, t_s_, h_) : on_site(at_, now_, t_s_, h_);
    report.has_position = true;
    report.position = {m.point.lon / kMicro, m.point.lat / kMicro};
    add(kHeadingDeg, rounded(m.heading_deg < 359.9 ? m.heading_deg : 0, 10));
    add(kSpeedKmh, rounded(m.speed_kmh, 10));
  }

  double fuel_used_l() const {
    const double thrift = between(0.88, 1.12, unit(at_.life.key));
    const double work_s = now_.lived.engine_s - now_.lived.idle_s;
    return thrift * (work_s * model_.work_l_per_h + now_.lived.idle_s * model_.idle_l_per_h) / 3600;
  }

  /// Saw tooth of what was used: filled up at a low mark of its own, up to 96 %.
  double fuel_level_pct() const {
    const double low = between(12, 38, unit(at_.life.key, 30));
    const double litres = model_.tank_l * (96 - low) / 100, used = fuel_used_l() / litres;
    const double level = 96 - (96 - low) * (used - std::floor(used));
    const double empty = symptom_now(at_, t_s_, Symptom::fuel_low);
    return level + (std::min(level, 6.0) - level) * empty;
  }

  void quick_values() {
    const bool on = now_.on, working = now_.working;
    rpm_ = !on ? 0 : (working ? model_.rpm_work : model_.rpm_idle) + between(-45, 45, unit(h_, 10));
    add(kEngineOn, on);
    add(kWorking, working);
    add(kRpm, rounded(rpm_, 1));
    const double load = working ? between(48, 96, unit(h_, 24)) : between(6, 14, unit(h_, 24));
    add(kLoadPct, on ? rounded(load, 10) : 0);
    add(kFuelLevelPct, rounded(fuel_level_pct(), 10));
  }

  /// Temperature that runs towards `warm` while the engine is on, and back to the air's after.
  double temperature(double air, double warm, double heat_s, double cool_s) const {
    const double excess = warm - air;
    return now_.on ? air + excess * (0.15 + 0.85 * approach(now_.since_s, heat_s))
                   : air + excess * (1 - approach(now_.since_s, cool_s));
  }

  void slow_values() {
    const double air = ambient_c(at_.plan.to.lat / kMicro, at_.day, t_s_);
    const Life& life = at_.life;
    // Mode dial of an excavator, 1..10; other machines report the gear they are in.
    add(kGear, now_.on ? (now_.working ? 7 + static_cast<double>(life.key % 4) : 1) : 0);
    add(kFuelUsedL, rounded(fuel_used_l(), 10));
    const bool anew = at_.plan.counter_reset && t_s_ >= at_.plan.spans[0].begin_s;
    add(kEngineHours, hours(now_.lived.engine_s, anew ? at_.midnight.engine_s : life.zero_s));
    add(kIdleHours, hours(now_.lived.idle_s, anew ? at_.midnight.idle_s : life.idle_zero_s));
    double oil = now_.on ? 110 + 0.19 * rpm_ + between(-9, 9, unit(h_, 5)) : 0;
    if (now_.on)
      oil += (62 + 0.01 * rpm_ - oil) * symptom_now(at_, t_s_, Symptom::oil_pressure_falls);
    add(kOilPressureKpa, rounded(oil, 1));
    double coolant = temperature(air, 84 + between(-1.5, 1.5, unit(h_, 15)), 420, 5400);
    coolant += (109 - coolant) * symptom_now(at_, t_s_, Symptom::coolant_rises);
    add(kCoolantC, rounded(coolant, 10));
    double oil_c = temperature(air, 63 + between(-1.5, 1.5, unit(h_, 18)), 1500, 7200);
    oil_c += (98 - oil_c) * symptom_now(at_, t_s_, Symptom::hydraulic_rises);
    add(kHydraulicC, rounded(oil_c, 10));
    double volts =
        now_.on ? 27.6 + between(-0.4, 0.5, unit(h_, 21)) : 25.1 + unit(life.key, 9) * 0.6;
    volts += (22.6 - volts) * symptom_now(at_, t_s_, Symptom::battery_low);
    add(kBatteryV, rounded(volts, 100));
    const double def = fuel_used_l() * 0.045 / (model_.tank_l * 0.09);
    double level = 95 - 75 * (def - std::floor(def));
    level += (std::min(level, 5.0) - level) * symptom_now(at_, t_s_, Symptom::def_low);
    add(kDefLevelPct, rounded(level, 10));
  }

  static double hours(std::uint32_t lived_s, std::uint32_t zero_s) {
    return std::floor((lived_s > zero_s ? lived_s - zero_s : 0) / 36.0) / 100;
  }

  void list_faults(Report& report, ReportBatch& out) const {
    report.has_faults = true;
    const Episode& e = at_.plan.episode;
    if (t_s_ < e.begin_s || t_s_ >= e.end_s) return;
    const FaultKind& kind = fault_kinds()[e.kind];
    const std::uint32_t past = (at_.life.key >> 40) % 9 + 1;
    out.faults.push_back({kind.spn, kind.fmi, 0, static_cast<std::uint8_t>(past), kind.lamp});
  }

  double* value_of(FieldId field) {
    for (int i = 0; i < count_; ++i)
      if (values_[i].field == field) return &values_[i].value;
    return nullptr;
  }

  void lie(Report& report) {
    const double u = unit(h_, 13);
    const bool even = (h_ >> 50) & 1;
    switch (event_.defect) {
      case Defect::none:
      case Defect::duplicate:
      case Defect::late:
        break;
      case Defect::conflict:
        *value_of(kFuelLevelPct) = rounded(between(40, 60, u), 10);
        break;
      case Defect::zero_island:
        report.position = {};
        break;
      case Defect::out_of_range:
        if (even)
          report.position.lon_deg = 655.35;
        else
          *value_of(kFuelLevelPct) = 6553.5;
        break;
      case Defect::not_a_number:
        *value_of(even ? kRpm : kLoadPct) = std::numeric_limits<double>::quiet_NaN();
        break;
      case Defect::future:
        report.device_time += std::chrono::hours(even ? 8 : 24 * 365 * 12);
        break;
      case Defect::year_one:
        report.device_time = time_from_ms(-62'135'596'800'000);
        break;
      case Defect::year_1999:
        report.device_time = time_from_ms(935'280'000'000);
        break;
      case Defect::jump:
        report.position.lat_deg += rounded(between(0.3, 2.0, u), 1e6);
        report.position.lon_deg -= rounded(between(0.1, 3.0, unit(h_, 31)), 1e6);
        break;
      case Defect::counter_glitch:
        if (double* h = value_of(kEngineHours)) *h = rounded(*h * between(0.1, 0.9, u), 100);
        break;
    }
  }

  const MachineDay& at_;
  const Event& event_;
  std::uint32_t t_s_;
  std::uint64_t h_;
  const Model& model_;
  Moment now_;
  double rpm_ = 0;
  ReportedValue values_[kCoreFieldCount];
  int count_ = 0;
};

}  // namespace

void write_report(const MachineDay& on, const Event& event, Slot slot, Time receive_time,
                  ReportBatch& out) {
  Writer(on, event).write(slot, receive_time, out);
}

}  // namespace fleet::sim
