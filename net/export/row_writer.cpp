#include "net/export/row_writer.hpp"

#include <algorithm>

#include "net/ingest/json_text.hpp"

namespace net {

namespace {

/// Bytes that are gathered before they are sent: few calls, and little memory.
constexpr std::size_t kBlockBytes = 256u << 10;

}  // namespace

void append_csv_cell(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_json_cell(std::string& out, std::string_view text, CellKind kind) {
  if (text.empty())
    out += "null";
  else if (kind == CellKind::text)
    append_json_text(out, text);
  else if (kind == CellKind::flag)
    out += text == "0" ? "false" : "true";
  else
    out += text;
}

RowWriter::RowWriter(ExportFormat format, std::vector<Column> columns, Sink sink)
    : format_(format), columns_(std::move(columns)), sink_(std::move(sink)) {
  const auto place = [this](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(columns_, name, &Column::name) -
                                    columns_.begin());
  };
  lon_ = place("lon");
  lat_ = place("lat");
  for (const Column& column : columns_) {
    append_json_text(keys_.emplace_back(), column.name);
    keys_.back() += ':';
  }
  if (format_ == ExportFormat::geojson) {
    out_ = R"({"type":"FeatureCollection","features":[)";
  } else if (format_ == ExportFormat::csv) {
    for (const Column& column : columns_) {
      if (!out_.empty()) out_ += ',';
      append_csv_cell(out_, column.name);
    }
    out_ += '\n';
  }
}

bool RowWriter::write(std::span<const std::string> cells) {
  if (format_ == ExportFormat::csv)
    write_csv(cells);
  else if (format_ == ExportFormat::geojson)
    write_feature(cells);
  else
    write_object(cells);
  if (format_ != ExportFormat::geojson) out_ += '\n';
  first_ = false;
  return send(kBlockBytes);
}

void RowWriter::write_csv(std::span<const std::string> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out_ += ',';
    append_csv_cell(out_, cells[i]);
  }
}

void RowWriter::write_object(std::span<const std::string> cells) {
  out_ += '{';
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty() || is_place(i)) continue;
    if (out_.back() != '{') out_ += ',';
    out_ += keys_[i];
    append_json_cell(out_, cells[i], columns_[i].kind);
  }
  out_ += '}';
}

void RowWriter::write_feature(std::span<const std::string> cells) {
  const bool placed =
      lon_ < cells.size() && lat_ < cells.size() && !cells[lon_].empty() && !cells[lat_].empty();
  out_ += first_ ? "\n" : ",\n";
  out_ += R"({"type":"Feature","geometry":)";
  if (placed)
    out_ += R"({"type":"Point","coordinates":[)" + cells[lon_] + ',' + cells[lat_] + "]}";
  else
    out_ += "null";
  out_ += R"(,"properties":)";
  write_object(cells);
  out_ += '}';
}

bool RowWriter::finish() {
  if (format_ == ExportFormat::geojson) out_ += "\n]}\n";
  return send(0);
}

bool RowWriter::send(std::size_t when) {
  if (good_ && out_.size() >= when) {
    good_ = sink_(out_);
    out_.clear();
  }
  return good_;
}

}  // namespace net
