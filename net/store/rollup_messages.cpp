#include "net/store/rollup_messages.hpp"

#include "net/codec/bodies.hpp"

namespace net::rollup {
namespace {

bool plausible(std::int64_t ms) {
  return ms >= -2 * kMaxTimeSpanMs && ms <= 2 * kMaxTimeSpanMs;
}

bool good_alarm(const v1::DayAlarms& in, int i) {
  return !in.machine(i).empty() && in.machine(i).size() <= fleet::kMaxMachineIdBytes &&
         in.rule(i) <= 255 && in.spn(i) < (1u << 19) && in.fmi(i) < 32 && in.source(i) < 256 &&
         in.count(i) < 256 && in.lamp(i) <= static_cast<std::uint32_t>(fleet::Lamp::off) &&
         in.severity(i) < static_cast<std::uint32_t>(fleet::kSeverityCount) &&
         plausible(in.occurred(i)) && plausible(in.learned(i)) && plausible(in.cleared(i)) &&
         in.place(i) <= std::uint64_t{1} << (2 * fleet::kGridBits);
}

}  // namespace

v1::DayHours hours_message(const std::vector<fleet::MachineDay>& hours, const Clock& clock) {
  v1::DayHours out;
  for (const fleet::MachineDay& machine : hours) {
    out.add_machine(machine.machine);
    out.add_engine_s(machine.figures.engine_s);
    out.add_idle_s(machine.figures.idle_s);
    out.add_fuel_dl(machine.figures.fuel_dl);
    out.add_first_start(clock.number(machine.figures.first_start));
    out.add_first_report(clock.number(machine.first_report));
    out.add_last_report(clock.number(machine.last_report));
    out.add_reports(machine.reports);
  }
  return out;
}

bool take_hours(const v1::DayHours& in, std::int32_t day, const Clock& clock,
                std::vector<fleet::MachineDay>& hours) {
  const int n = in.machine_size();
  for (const int size :
       {in.engine_s_size(), in.idle_s_size(), in.fuel_dl_size(), in.first_start_size(),
        in.first_report_size(), in.last_report_size(), in.reports_size()})
    if (size != n) return false;
  for (int i = 0; i < n; ++i) {
    if (in.machine(i).empty() || in.machine(i).size() > fleet::kMaxMachineIdBytes) return false;
    for (const std::int64_t ms : {in.first_start(i), in.first_report(i), in.last_report(i)})
      if (!plausible(ms)) return false;
    hours.push_back(
        {in.machine(i),
         {day, in.engine_s(i), in.idle_s(i), in.fuel_dl(i), clock.time(in.first_start(i))},
         clock.time(in.first_report(i)),
         clock.time(in.last_report(i)),
         in.reports(i)});
  }
  return true;
}

v1::HeatHour heat_message(std::span<const fleet::HeatValue> heat) {
  v1::HeatHour out;
  std::uint64_t before = 0;
  for (const fleet::HeatValue& value : heat) {
    out.add_key_gap(value.key.bits - before);
    out.add_seconds(value.seconds);
    before = value.key.bits;
  }
  return out;
}

bool take_heat(const v1::HeatHour& in, std::vector<fleet::HeatValue>& heat) {
  if (in.key_gap_size() != in.seconds_size()) return false;
  std::uint64_t key = 0;
  for (int i = 0; i < in.key_gap_size(); ++i) {
    key += in.key_gap(i);
    if (!fleet::HeatKey{key}.valid()) return false;
    heat.push_back({{key}, in.seconds(i)});
  }
  return true;
}

v1::DayAlarms alarms_message(const std::vector<fleet::JournalAlarm>& alarms, const Clock& clock) {
  v1::DayAlarms out;
  for (const fleet::JournalAlarm& entry : alarms) {
    const fleet::Alarm& alarm = entry.alarm;
    out.add_id(alarm.id);
    out.add_machine(entry.machine);
    out.add_rule(static_cast<std::uint32_t>(alarm.rule));
    out.add_spn(alarm.fault.spn);
    out.add_fmi(alarm.fault.fmi);
    out.add_source(alarm.fault.source);
    out.add_count(alarm.fault.count);
    out.add_lamp(static_cast<std::uint32_t>(alarm.fault.lamp));
    out.add_severity(static_cast<std::uint32_t>(alarm.severity));
    out.add_occurred(clock.number(alarm.occurred));
    out.add_learned(clock.number(alarm.learned));
    out.add_cleared(clock.number(entry.cleared));
    out.add_place(entry.place ? static_cast<std::uint64_t>(fleet::packed(*entry.place)) + 1 : 0);
  }
  return out;
}

bool take_alarms(const v1::DayAlarms& in, const Clock& clock,
                 std::vector<fleet::JournalAlarm>& alarms) {
  const int n = in.id_size();
  for (const int size : {in.machine_size(), in.rule_size(), in.spn_size(), in.fmi_size(),
                         in.source_size(), in.count_size(), in.lamp_size(), in.severity_size(),
                         in.occurred_size(), in.learned_size(), in.cleared_size(), in.place_size()})
    if (size != n) return false;
  for (int i = 0; i < n; ++i) {
    if (!good_alarm(in, i)) return false;
    fleet::JournalAlarm& entry = alarms.emplace_back();
    entry.machine = in.machine(i);
    entry.alarm = {
        in.id(i),
        0,
        static_cast<fleet::AlarmRule>(in.rule(i)),
        {in.spn(i), static_cast<std::uint8_t>(in.fmi(i)), static_cast<std::uint8_t>(in.source(i)),
         static_cast<std::uint8_t>(in.count(i)), static_cast<fleet::Lamp>(in.lamp(i))},
        static_cast<fleet::Severity>(in.severity(i)),
        clock.time(in.occurred(i)),
        clock.time(in.learned(i))};
    entry.cleared = clock.time(in.cleared(i));
    if (in.place(i) != 0) entry.place = fleet::unpacked(static_cast<std::int64_t>(in.place(i) - 1));
  }
  return true;
}

v1::DayCounts counts_message(const DayOverview& overview) {
  v1::DayCounts out;
  for (std::size_t step = 0; step < overview.working.size(); ++step) {
    out.add_working(overview.working[step]);
    out.add_reports(overview.reports[step]);
    for (const std::uint32_t raised : overview.raised[step]) out.add_raised(raised);
  }
  out.set_begin_ms(fleet::ms_from_time(overview.begin));
  out.set_end_ms(fleet::ms_from_time(overview.end));
  out.set_first_epoch(overview.first_epoch);
  out.set_last_epoch(overview.last_epoch);
  out.set_damaged(overview.damaged);
  return out;
}

bool take_counts(const v1::DayCounts& in, DayOverview& overview) {
  constexpr int kSteps = fleet::kActivitySteps;
  if (in.working_size() != kSteps || in.reports_size() != kSteps ||
      in.raised_size() != kSteps * fleet::kSeverityCount || !time_in_range(in.begin_ms()) ||
      !time_in_range(in.end_ms()))
    return false;
  for (int step = 0; step < kSteps; ++step) {
    const auto i = static_cast<std::size_t>(step);
    overview.working[i] = in.working(step);
    overview.reports[i] = in.reports(step);
    for (int s = 0; s < fleet::kSeverityCount; ++s)
      overview.raised[i][static_cast<std::size_t>(s)] = in.raised(step * fleet::kSeverityCount + s);
  }
  overview.begin = fleet::time_from_ms(in.begin_ms());
  overview.end = fleet::time_from_ms(in.end_ms());
  overview.first_epoch = in.first_epoch();
  overview.last_epoch = in.last_epoch();
  overview.damaged = in.damaged();
  return true;
}

}  // namespace net::rollup
