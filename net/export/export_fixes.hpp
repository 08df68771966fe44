// export --what fixes: every stored report as a row of a table.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "net/export/row_writer.hpp"
#include "net/export/stored_rows.hpp"

namespace net {

struct ExportSpan {
  fleet::Time from = fleet::kMinTime;  ///< device time of the first report
  fleet::Time to = fleet::kMaxTime;    ///< the first instant that is out
};

struct ExportResult {
  std::uint64_t rows = 0;
  bool written = true;               ///< false: the sink refused
  std::vector<std::string> damages;  ///< what could not be read, a sentence each
};

/// Columns: machine, time, receive_time, lon, lat, then every field in schema order, those beside
/// the core ones by when the store first knew them, then faults (the complete list that came
/// with the report, as JSON). Rows as StoredRows::each.
/// chosen: rows to write; may be null.
ExportResult export_fixes(StoredRows& rows, const ExportSpan& span, ExportFormat format,
                          RowWriter::Sink sink,
                          const std::function<bool(const StoredRow&)>& chosen = nullptr);

/// Degrees with 7 decimals: a centimetre.
std::string degrees_text(double degrees);

}  // namespace net
