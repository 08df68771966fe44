// RowWriter: tables as CSV, GeoJSON or NDJSON, a row at a time. The same rows make the same bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace net {

enum class ExportFormat : std::uint8_t { csv, geojson, ndjson };
enum class CellKind : std::uint8_t { text, number, flag, json };

/// A cell as it is quoted in a table (RFC 4180): only where it must be.
void append_csv_cell(std::string& out, std::string_view text);
/// A cell as a JSON value; an empty one is null, a flag "0" or "1" false or true.
void append_json_cell(std::string& out, std::string_view text, CellKind kind);

class RowWriter {
 public:
  struct Column {
    std::string name;
    CellKind kind = CellKind::text;
  };
  /// Takes bytes; false: they could not be written, and nothing more is sent.
  using Sink = std::function<bool(std::string_view)>;

  /// In GeoJSON the columns "lon" and "lat", if there are such, are the place of a Point; where
  /// they are empty or missing the geometry is null.
  RowWriter(ExportFormat format, std::vector<Column> columns, Sink sink);

  /// cells: one a column; an empty one is not known: empty in CSV, left out elsewhere. False: the
  /// sink refused.
  bool write(std::span<const std::string> cells);
  /// Ends the table and sends what waits. False: the sink refused.
  bool finish();

 private:
  void write_csv(std::span<const std::string> cells);
  void write_object(std::span<const std::string> cells);
  void write_feature(std::span<const std::string> cells);
  bool is_place(std::size_t column) const {
    return format_ == ExportFormat::geojson && (column == lon_ || column == lat_);
  }
  bool send(std::size_t when);

  ExportFormat format_;
  std::vector<Column> columns_;
  std::vector<std::string> keys_;  ///< names as JSON, with the colon
  Sink sink_;
  std::size_t lon_, lat_;  ///< columns; one past the last: there is none
  std::string out_;
  bool first_ = true, good_ = true;
};

}  // namespace net
