#include "net/export/export_tables.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <tuple>

#include "fleet/number.hpp"
#include "net/ingest/ndjson.hpp"
#include "net/store/rollups.hpp"

namespace net {

namespace {

constexpr const char* kSeverities[fleet::kSeverityCount] = {"critical", "high", "medium", "low"};

std::string hours_text(std::int64_t seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", static_cast<double>(seconds) / 3600);
  return text;
}

std::string hex_text(std::uint64_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%016" PRIx64, number);
  return text;
}

/// Local days of a directory that a span touches.
fleet::Result<RollupRequest> request_of(const std::filesystem::path& data, const ExportSpan& span) {
  auto reader = DayReader::open(data);
  if (!reader) return reader.error();
  const fleet::TimeZone zone = reader.value()->zone();
  RollupRequest request;
  request.path = data;
  request.first = zone.day_of(std::max(span.from, fleet::kMinTime));
  request.last = zone.day_of(std::min(span.to, fleet::kMaxTime) - fleet::Millis(1));
  return request;
}

std::vector<std::string> cells_of(const fleet::MachineDay& machine, const std::string& date) {
  return {machine.machine,
          date,
          hours_text(machine.figures.engine_s),
          hours_text(machine.figures.working_s()),
          hours_text(machine.figures.idle_s),
          fleet::number_text(machine.figures.fuel_dl / 10.0),
          fleet::iso8601(machine.figures.first_start),
          fleet::iso8601(machine.first_report),
          fleet::iso8601(machine.last_report),
          std::to_string(machine.reports)};
}

std::vector<std::string> cells_of(const fleet::JournalAlarm& entry) {
  const fleet::Alarm& alarm = entry.alarm;
  std::vector<std::string> cells = {hex_text(alarm.id),
                                    entry.machine,
                                    "fault",
                                    std::to_string(alarm.fault.spn),
                                    std::to_string(alarm.fault.fmi),
                                    kSeverities[static_cast<std::size_t>(alarm.severity)],
                                    fleet::iso8601(alarm.occurred),
                                    fleet::iso8601(alarm.learned),
                                    fleet::iso8601(entry.cleared),
                                    entry.cleared == fleet::kNever ? "active" : "cleared",
                                    std::to_string(alarm.fault.source),
                                    std::to_string(alarm.fault.count),
                                    lamp_name(alarm.fault.lamp),
                                    "",
                                    ""};
  if (entry.place) {
    const fleet::LonLat place = fleet::lonlat_from_grid(*entry.place);
    cells[cells.size() - 2] = degrees_text(place.lon_deg);
    cells[cells.size() - 1] = degrees_text(place.lat_deg);
  }
  return cells;
}

/// Nothing: it is no place.
std::optional<fleet::GridPoint> centre_of(const fleet::HeatKey& key) {
  if (!key.placed()) return {};
  constexpr int kShift = fleet::kGridBits - fleet::kHeatCellBits;
  constexpr std::uint32_t kHalf = 1u << (kShift - 1);
  return fleet::GridPoint{(key.x() << kShift) + kHalf, (key.y() << kShift) + kHalf};
}

std::vector<std::string> cells_of(const fleet::HeatValue& value, const std::string& date) {
  const bool known = value.key.hour() != fleet::kUnknownHour;
  std::vector<std::string> cells = {date, known ? std::to_string(value.key.hour()) : std::string(),
                                    hours_text(value.seconds), "", ""};
  if (const auto centre = centre_of(value.key)) {
    const fleet::LonLat place = fleet::lonlat_from_grid(*centre);
    cells[3] = degrees_text(place.lon_deg);
    cells[4] = degrees_text(place.lat_deg);
  }
  return cells;
}

std::vector<RowWriter::Column> columns(std::initializer_list<const char*> texts_and_numbers) {
  std::vector<RowWriter::Column> all;
  for (const char* name : texts_and_numbers) {
    const bool number = *name == '#';
    all.push_back({number ? name + 1 : name, number ? CellKind::number : CellKind::text});
  }
  return all;
}

}  // namespace

fleet::Result<ExportResult> export_hours(const std::filesystem::path& data, const ExportSpan& span,
                                         ExportFormat format, RowWriter::Sink sink,
                                         const RegionChoice* region) {
  auto request = request_of(data, span);
  if (!request) return request.error();
  ExportResult result;
  DayPlaces places;
  if (region) {
    auto read = DayPlaces::read(data, span, result.damages);
    if (!read) return read.error();
    places = std::move(*read);
  }
  RowWriter writer(format,
                   columns({"machine", "date", "#engine_h", "#working_h", "#idle_h", "#fuel_l",
                            "first_start", "first_report", "last_report", "#reports"}),
                   std::move(sink));
  request->show = [&](fleet::LocalDay day, const Rollup& rollup) {
    const std::string date = fleet::day_name(day);
    for (const fleet::MachineDay& machine : rollup.tables->hours) {
      if (region) {
        const auto place = places.of(machine.machine, day);
        if (!place || !region->holds(*place)) continue;
      }
      ++result.rows;
      writer.write(cells_of(machine, date));
    }
  };
  auto news = bring_up_to_date(*request);
  if (!news) return news.error();
  for (std::string& damage : news->damages)
    if (std::ranges::find(result.damages, damage) == result.damages.end())
      result.damages.push_back(std::move(damage));
  result.written = writer.finish();
  return result;
}

fleet::Result<ExportResult> export_alarms(const std::filesystem::path& data, const ExportSpan& span,
                                          ExportFormat format, RowWriter::Sink sink,
                                          const RegionChoice* region) {
  auto request = request_of(data, span);
  if (!request) return request.error();
  const auto last = *request->last;
  request->last.reset();  // what became of an alarm may stand in a later day
  std::map<fleet::AlarmId, fleet::JournalAlarm> alarms;
  request->show = [&](fleet::LocalDay day, const Rollup& rollup) {
    for (const fleet::JournalAlarm& entry : rollup.tables->alarms) {
      const auto known = alarms.find(entry.alarm.id);
      if (known != alarms.end()) {
        const auto place = known->second.place;  // of the first day: where it occurred
        known->second = entry;
        known->second.place = place;
      } else if (day <= last) {
        alarms.emplace(entry.alarm.id, entry);
      }
    }
  };
  auto news = bring_up_to_date(*request);
  if (!news) return news.error();
  std::vector<const fleet::JournalAlarm*> chosen;
  for (const auto& [id, entry] : alarms) {
    const bool over = entry.cleared != fleet::kNever && entry.cleared < span.from;
    if (region && !(entry.place && region->holds(*entry.place))) continue;
    if (entry.alarm.occurred < span.to && !over) chosen.push_back(&entry);
  }
  std::ranges::sort(chosen, {}, [](const fleet::JournalAlarm* entry) {
    return std::tuple(entry->alarm.occurred, entry->alarm.id);
  });
  RowWriter writer(
      format,
      columns({"alarm", "machine", "rule", "#spn", "#fmi", "severity", "occurred", "learned",
               "cleared", "state", "#sa", "#count", "lamp", "#lon", "#lat"}),
      std::move(sink));
  ExportResult result;
  for (const fleet::JournalAlarm* entry : chosen) {
    ++result.rows;
    if (!writer.write(cells_of(*entry))) break;
  }
  result.damages = std::move(news->damages);
  result.written = writer.finish();
  return result;
}

fleet::Result<ExportResult> export_heat(const std::filesystem::path& data, const ExportSpan& span,
                                        ExportFormat format, RowWriter::Sink sink,
                                        const RegionChoice* region) {
  auto request = request_of(data, span);
  if (!request) return request.error();
  ExportResult result;
  RowWriter writer(format, columns({"date", "#hour", "#working_h", "#lon", "#lat"}),
                   std::move(sink));
  request->show = [&](fleet::LocalDay day, const Rollup& rollup) {
    const std::string date = fleet::day_name(day);
    for (const fleet::HeatValue& value : rollup.tables->heat) {
      const auto centre = centre_of(value.key);
      if (region && !(centre && region->holds(*centre))) continue;
      ++result.rows;
      writer.write(cells_of(value, date));
    }
  };
  auto news = bring_up_to_date(*request);
  if (!news) return news.error();
  result.damages = std::move(news->damages);
  result.written = writer.finish();
  return result;
}

}  // namespace net
