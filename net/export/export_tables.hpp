// export --what hours, --what alarms, --what heat: roll-ups of days as tables.
#pragma once

#include <filesystem>

#include "net/export/region_rows.hpp"

namespace net {

/// A row a machine and local day that the span touches, by day, then machine. Columns: machine,
/// date, engine_h, working_h, idle_h, fuel_l, first_start, then first_report, last_report, reports.
/// region: only machines whose day counts there (DayPlaces); null = all. Error: nothing there, or
/// not ours.
fleet::Result<ExportResult> export_hours(const std::filesystem::path& data, const ExportSpan& span,
                                         ExportFormat format, RowWriter::Sink sink,
                                         const RegionChoice* region = nullptr);

/// A row an alarm that was open at some time in the span, by when it occurred, as far as is known
/// by now. Columns: alarm, machine, rule, spn, fmi, severity, occurred, learned, cleared, state
/// (active or cleared), then sa, count, lamp, lon, lat. region: only those that
/// occurred there; null = all. Error: as export_hours.
fleet::Result<ExportResult> export_alarms(const std::filesystem::path& data, const ExportSpan& span,
                                          ExportFormat format, RowWriter::Sink sink,
                                          const RegionChoice* region = nullptr);

/// A row a cell of the heat and hour of the day, of local days that the span touches, by day, then
/// hour, then cell. Columns: date, hour (0 to 23; empty: counters told of it when it had passed),
/// working_h, lon, lat (of the cell's centre; empty: hours worked nobody knows where). The rows of
/// a day add up to the working hours of its machines. region: only cells whose centre lies there;
/// null = all. Error: as export_hours.
fleet::Result<ExportResult> export_heat(const std::filesystem::path& data, const ExportSpan& span,
                                        ExportFormat format, RowWriter::Sink sink,
                                        const RegionChoice* region = nullptr);

}  // namespace net
