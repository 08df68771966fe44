#include "net/store/rollup_tables.hpp"
#include "net/store/frame_rows.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "net/codec/bodies.hpp"
#include "net/store/rollup_messages.hpp"
#include "net/store/schema.hpp"

namespace net {

namespace {

using namespace rollup;

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
