#include "net/store/rollup_tables.hpp"
#include "net/store/frame_rows.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <span>

#include "net/codec/bodies.hpp"
#include "net/proto/rollup.pb.h"
#include "net/store/schema.hpp"

namespace net {

namespace {

namespace v1 = ::fleetwall::v1;

/// A packed table larger than this once unpacked is damaged: a million machines take a tenth.
constexpr std::size_t kMaxTableBytes = 1u << 30;
constexpr int kLevel = 9;  // these are written once and kept for years

template <class Message>
std::string packed(const Message& message) {
  const std::string bytes = message.SerializeAsString();
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size()));
  ZSTD_freeCCtx(context);
  return out;
}

template <class Message>
bool unpack(std::string_view bytes, Message& message) {
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxTableBytes)
    return false;
  std::string text(size, '\0');
  const std::size_t got = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
  return !ZSTD_isError(got) && got == size && message.ParseFromString(text);
}

/// Times as they stand in a table: from midnight, plus one.
class Clock {
 public:
  explicit Clock(fleet::Time midnight) : midnight_(midnight) {}
  std::int64_t number(fleet::Time t) const {
    return t == fleet::kNever ? 0 : (t - midnight_).count() + (t >= midnight_ ? 1 : 0);
  }
  fleet::Time time(std::int64_t number) const {
    if (number == 0) return fleet::kNever;
    return midnight_ + fleet::Millis(number - (number > 0 ? 1 : 0));
  }

 private:
  fleet::Time midnight_;
};

bool plausible(std::int64_t ms) {
  return ms >= -2 * kMaxTimeSpanMs && ms <= 2 * kMaxTimeSpanMs;
}

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

bool good_alarm(const v1::DayAlarms& in, int i) {
  return !in.machine(i).empty() && in.machine(i).size() <= fleet::kMaxMachineIdBytes &&
         in.rule(i) <= 255 && in.spn(i) < (1u << 19) && in.fmi(i) < 32 && in.source(i) < 256 &&
         in.count(i) < 256 && in.lamp(i) <= static_cast<std::uint32_t>(fleet::Lamp::off) &&
         in.severity(i) < static_cast<std::uint32_t>(fleet::kSeverityCount) &&
         plausible(in.occurred(i)) && plausible(in.learned(i)) && plausible(in.cleared(i)) &&
         in.place(i) <= std::uint64_t{1} << (2 * fleet::kGridBits);
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

class Writer {
 public:
  explicit Writer(DayFile& file) : db_(file.db), clock_(file.zone.start_of(file.day)) {}

  fleet::Result<void> write(const Rollup& rollup) {
    if (auto cleared = db_.run("DELETE FROM rollups; DELETE FROM gaps; DELETE FROM late; "
                               "DELETE FROM meta WHERE key IN ('rollup_frames', 'rollup_until')");
        !cleared)
      return cleared;
    if (auto put = put_blob("overview", 0, packed(counts_message(rollup.overview))); !put)
      return put;
    if (rollup.tables)
      if (auto put = put_tables(*rollup.tables); !put) return put;
    for (const DayGap& gap : rollup.overview.gaps)
      if (auto put = put_numbers("INSERT INTO gaps VALUES(?, ?, ?)",
                                 {fleet::ms_from_time(gap.from), fleet::ms_from_time(gap.to),
                                  static_cast<std::int64_t>(gap.why)});
          !put)
        return put;
    for (const LateSpan& late : rollup.late)
      if (auto put = put_numbers("INSERT INTO late VALUES(?, ?, ?, ?)",
                                 {late.day, static_cast<std::int64_t>(late.reports),
                                  fleet::ms_from_time(late.begin), fleet::ms_from_time(late.end)});
          !put)
        return put;
    if (auto put = put_meta("rollup_frames", rollup.frames); !put) return put;
    return put_meta("rollup_until", fleet::ms_from_time(rollup.until));
  }

 private:
  fleet::Result<void> put_tables(const fleet::DayTables& tables) {
    if (auto put = put_blob("hours", 0, packed(hours_message(tables.hours, clock_))); !put)
      return put;
    if (auto put = put_blob("alarms", 0, packed(alarms_message(tables.alarms, clock_))); !put)
      return put;
    std::array<std::vector<fleet::HeatValue>, fleet::kUnknownHour + 1> by_hour;
    for (const fleet::HeatValue& value : tables.heat) by_hour[value.key.hour()].push_back(value);
    for (std::size_t hour = 0; hour < by_hour.size(); ++hour) {
      if (by_hour[hour].empty()) continue;
      if (auto put = put_blob("heat", static_cast<int>(hour), packed(heat_message(by_hour[hour])));
          !put)
        return put;
    }
    return {};
  }

  fleet::Result<void> put_blob(const char* kind, int part, const std::string& bytes) {
    auto insert = db_.prepare("INSERT INTO rollups VALUES(?, ?, ?)");
    if (!insert) return insert.error();
    return insert->bind_text(1, kind).bind(2, part).bind_blob(3, bytes).run();
  }
  fleet::Result<void> put_numbers(const char* sql, std::initializer_list<std::int64_t> numbers) {
    auto insert = db_.prepare(sql);
    if (!insert) return insert.error();
    int i = 0;
    for (const std::int64_t number : numbers) insert->bind(++i, number);
    return insert->run();
  }
  fleet::Result<void> put_meta(const char* key, std::int64_t value) {
    auto insert = db_.prepare("INSERT INTO meta VALUES(?, ?)");
    if (!insert) return insert.error();
    return insert->bind_text(1, key).bind_text(2, std::to_string(value)).run();
  }

  sqlite::Database& db_;
  Clock clock_;
};

fleet::Error damaged(const DayFile& file, const std::string& what) {
  return fleet::Error{file.path.string() + ": its " + what +
                      " cannot be read; fleetwalld rebuild makes it anew"};
}

/// Calls take(part, bytes) for each part of a kind, ascending.
fleet::Result<void> each_part(DayFile& file, const char* kind,
                              const std::function<bool(std::int64_t, std::string_view)>& take) {
  auto select = file.db.prepare("SELECT part, bytes FROM rollups WHERE kind = ? ORDER BY part");
  if (!select) return select.error();
  select->bind_text(1, kind);
  for (;;) {
    const auto found = select->step();
    if (!found) return found.error();
    if (!*found) return {};
    if (!take(select->integer(0), select->blob(1)))
      return damaged(file, std::string("table of ") + kind);
  }
}

fleet::Result<std::optional<std::int64_t>> meta_number(DayFile& file, const char* key) {
  return file.db.number(
      (std::string("SELECT CAST(value AS INTEGER) FROM meta WHERE key = '") + key + "'").c_str());
}

fleet::Result<void> read_gaps(DayFile& file, std::vector<DayGap>& gaps) {
  auto select = file.db.prepare("SELECT from_ms, to_ms, why FROM gaps ORDER BY from_ms");
  if (!select) return select.error();
  for (;;) {
    const auto found = select->step();
    if (!found) return found.error();
    if (!*found) return {};
    if (!time_in_range(select->integer(0)) || !time_in_range(select->integer(1)))
      return damaged(file, "table of gaps");
    gaps.push_back({fleet::time_from_ms(select->integer(0)),
                    fleet::time_from_ms(select->integer(1)),
                    select->integer(2) == 0 ? DayGap::Why::off : DayGap::Why::no_reports});
  }
}

/// Whether there are tables that hold all frames of the file.
fleet::Result<bool> has_all(DayFile& file) {
  if (file.schema < 2) return false;
  const auto frames = meta_number(file, "rollup_frames");
  if (!frames) return frames.error();
  if (!*frames) return false;
  const auto last = last_row_of(file);
  if (!last) return last.error();
  return **frames == *last;
}

}  // namespace

fleet::Result<void> write_rollup(DayFile& file, const Rollup& rollup) {
  if (auto migrated = migrate(file.db); !migrated) return migrated;
  file.schema = kDaySchemaVersion;
  if (auto begun = file.db.run("PRAGMA synchronous=FULL; BEGIN IMMEDIATE"); !begun) return begun;
  auto written = Writer(file).write(rollup);
  if (written) written = file.db.run("COMMIT");
  if (!written && file.db.in_transaction()) (void)file.db.run("ROLLBACK").ok();
  return written;
}

fleet::Result<std::optional<DayOverview>> read_counts(DayFile& file) {
  const auto all = has_all(file);
  if (!all) return all.error();
  if (!*all) return std::optional<DayOverview>();
  DayOverview overview;
  overview.day = file.day;
  overview.midnight = file.zone.start_of(file.day);
  bool found = false;
  auto read = each_part(file, "overview", [&](std::int64_t, std::string_view bytes) {
    v1::DayCounts message;
    return found = unpack(bytes, message) && take_counts(message, overview);
  });
  if (read && !found) read = damaged(file, "overview");
  if (read) read = read_gaps(file, overview.gaps);
  if (!read) return read.error();
  return std::optional<DayOverview>(std::move(overview));
}

fleet::Result<std::optional<std::vector<LateSpan>>> read_late(DayFile& file) {
  const auto all = has_all(file);
  if (!all) return all.error();
  if (!*all) return std::optional<std::vector<LateSpan>>();
  auto select = file.db.prepare("SELECT day, reports, begin_ms, end_ms FROM late ORDER BY day");
  if (!select) return select.error();
  std::vector<LateSpan> late;
  for (;;) {
    const auto found = select->step();
    if (!found) return found.error();
    if (!*found) return std::optional<std::vector<LateSpan>>(std::move(late));
    if (!time_in_range(select->integer(2)) || !time_in_range(select->integer(3)) ||
        select->integer(0) < INT32_MIN || select->integer(0) > INT32_MAX)
      return damaged(file, "table of late reports");
    late.push_back({static_cast<std::int32_t>(select->integer(0)),
                    static_cast<std::uint64_t>(select->integer(1)),
                    fleet::time_from_ms(select->integer(2)),
                    fleet::time_from_ms(select->integer(3))});
  }
}

fleet::Result<std::optional<Rollup>> read_rollup(DayFile& file) {
  auto overview = read_counts(file);
  if (!overview) return overview.error();
  if (!*overview) return std::optional<Rollup>();
  auto late = read_late(file);
  if (!late) return late.error();
  Rollup rollup;
  rollup.overview = std::move(**overview);
  if (*late) rollup.late = std::move(**late);
  const Clock clock(rollup.overview.midnight);
  fleet::DayTables tables;
  const auto day = static_cast<std::int32_t>(file.day.time_since_epoch().count());
  bool has_tables = false;
  auto read = each_part(file, "hours", [&](std::int64_t, std::string_view bytes) {
    v1::DayHours message;
    has_tables = true;
    return unpack(bytes, message) && take_hours(message, day, clock, tables.hours);
  });
  if (read)
    read = each_part(file, "heat", [&](std::int64_t, std::string_view bytes) {
      v1::HeatHour message;
      return unpack(bytes, message) && take_heat(message, tables.heat);
    });
  if (read)
    read = each_part(file, "alarms", [&](std::int64_t, std::string_view bytes) {
      v1::DayAlarms message;
      return unpack(bytes, message) && take_alarms(message, clock, tables.alarms);
    });
  if (!read) return read.error();
  if (has_tables) {
    fleet::sort(tables);
    rollup.tables = std::move(tables);
  }
  const auto frames = meta_number(file, "rollup_frames");
  const auto until = meta_number(file, "rollup_until");
  if (frames && *frames) rollup.frames = **frames;
  if (until && *until) rollup.until = fleet::time_from_ms(**until);
  return std::optional<Rollup>(std::move(rollup));
}

}  // namespace net
