#include "net/export/export_fixes.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>

#include "net/ingest/faults_json.hpp"

namespace net {

namespace {

constexpr std::size_t kFirstValue = 5;  // behind machine, time, receive_time, lon, lat

/// One report after another into cells that are used again and again.
class FixCells {
 public:
  explicit FixCells(const std::vector<std::string>& extra_fields) : extra_fields_(extra_fields) {
    columns_ = {{"machine"},
                {"time"},
                {"receive_time"},
                {"lon", CellKind::number},
                {"lat", CellKind::number}};
    const fleet::FieldCatalog core;
    for (std::size_t f = 1; f < core.size(); ++f) {
      const bool flag = f == fleet::kEngineOn || f == fleet::kWorking;
      columns_.push_back(
          {core[static_cast<fleet::FieldId>(f)].name, flag ? CellKind::flag : CellKind::number});
    }
    for (const std::string& name : extra_fields) columns_.push_back({name, CellKind::number});
    columns_.push_back({"faults", CellKind::json});
    cells_.resize(columns_.size());
  }

  const std::vector<RowWriter::Column>& columns() const { return columns_; }

  std::span<const std::string> of(const StoredRow& stored) {
    for (std::string& cell : cells_) cell.clear();
    const fleet::AcceptedRow& row = stored.row;
    cells_[0] = stored.state.roster()[row.machine].id;
    cells_[1] = fleet::iso8601(row.device_time);
    cells_[2] = fleet::iso8601(row.receive_time);
    const std::int64_t* raw = row.values.data();
    for (fleet::FieldMask rest = row.fields; rest != 0; rest &= rest - 1, ++raw)
      put(stored.state.fields(), static_cast<fleet::FieldId>(std::countr_zero(rest)), *raw);
    if (stored.faults) cells_.back() = faults_text(*stored.faults);
    return cells_;
  }

 private:
  void put(const fleet::FieldCatalog& fields, fleet::FieldId field, std::int64_t raw) {
    if (field == fleet::kPosition) {
      const fleet::LonLat place = fleet::lonlat_from_grid(fleet::unpacked(raw));
      cells_[3] = degrees_text(place.lon_deg);
      cells_[4] = degrees_text(place.lat_deg);
    } else if (const std::size_t column = column_of(fields, field); column < cells_.size()) {
      cells_[column] = fleet::text_from_raw(fields[field], raw);
    }
  }

  /// Another epoch may have its extra fields in another order.
  std::size_t column_of(const fleet::FieldCatalog& fields, fleet::FieldId field) const {
    if (field < fleet::kCoreFieldCount) return kFirstValue + field - 1;
    const auto found = std::ranges::find(extra_fields_, fields[field].name);
    if (found == extra_fields_.end()) return cells_.size();
    return kFirstValue + fleet::kCoreFieldCount - 1 +
           static_cast<std::size_t>(found - extra_fields_.begin());
  }

  const std::vector<std::string>& extra_fields_;
  std::vector<RowWriter::Column> columns_;
  std::vector<std::string> cells_;
};

}  // namespace

std::string degrees_text(double degrees) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "%.7f", degrees);
  return {text, static_cast<std::size_t>(size)};
}

ExportResult export_fixes(StoredRows& rows, const ExportSpan& span, ExportFormat format,
                          RowWriter::Sink sink,
                          const std::function<bool(const StoredRow&)>& chosen) {
  ExportResult result;
  FixCells cells(rows.extra_fields());
  RowWriter writer(format, cells.columns(), std::move(sink));
  result.damages = rows.each(span.from, span.to, [&](const StoredRow& row) {
    if (chosen && !chosen(row)) return true;
    ++result.rows;
    return writer.write(cells.of(row));
  });
  result.written = writer.finish();
  return result;
}

}  // namespace net
