#include "net/ingest/import_files.hpp"

#include <algorithm>

#include "net/codec/utf8.hpp"
#include "net/ingest/csv.hpp"
#include "net/ingest/ndjson.hpp"

namespace net {

namespace fs = std::filesystem;

namespace {

/// Rows between two calls of `progress`: some 20 a second.
constexpr std::uint64_t kProgressRows = 50'000;
/// Lines are handed to the parser in blocks of this size.
constexpr std::size_t kBlockBytes = 4u << 20;
static_assert(kBlockBytes > 2 * kMaxLineBytes);

void tell(const InputFile& file, const FileOptions& options) {
  if (!options.progress || file.size_bytes() == 0) return;
  options.progress(
      std::min(1.0, static_cast<double>(file.at_bytes()) / static_cast<double>(file.size_bytes())));
}

/// By the name, without .gz.
ImportFormat format_of_name(fs::path path) {
  if (path.extension() == ".gz") path = path.stem();
  const std::string ending = path.extension().string();
  if (ending == ".csv" || ending == ".tsv" || ending == ".txt") return ImportFormat::csv;
  if (ending == ".geojson") return ImportFormat::geojson;
  if (ending == ".ndjson" || ending == ".jsonl") return ImportFormat::ndjson;
  return ImportFormat::guess;
}

/// By its first bytes: GeoJSON and NDJSON both begin with a brace.
fleet::Result<ImportFormat> format_of_content(const fs::path& path) {
  auto file = InputFile::open(path);
  if (!file) return file.error();
  std::string head(4096, '\0');
  const auto got = file.value().read(head.data(), head.size());
  if (!got) return got.error();
  head.resize(got.value());
  if (head.starts_with(kByteOrderMark)) head.erase(0, kByteOrderMark.size());
  const auto first = head.find_first_not_of(" \t\r\n");
  if (first == head.npos || head[first] != '{') return ImportFormat::csv;
  const bool geojson =
      head.find("\"FeatureCollection\"") != head.npos || head.find("\"features\"") != head.npos;
  return geojson ? ImportFormat::geojson : ImportFormat::ndjson;
}

constexpr std::string_view kRosterKeys[] = {"\"serial\"",
                                            "\"maker\"",
                                            "\"model\"",
                                            "\"class\"",
                                            "\"customer\"",
                                            "\"branch\"",
                                            "\"delivered\"",
                                            "\"hours_offset_h\"",
                                            "\"loan_monthly\"",
                                            "\"wage_monthly\"",
                                            "\"income_per_h\"",
                                            "\"fuel_per_h\"",
                                            "\"last_service_time\"",
                                            "\"last_service_h\""};

/// Feeds blocks of whole lines to the parser of ingest lines.
class NdjsonRows {
 public:
  explicit NdjsonRows(Intake& intake) : intake_(intake), known_(intake.rows().known) {}

  void take_block(std::string_view block) {
    if (line_ == 1 && block.starts_with(kByteOrderMark)) block.remove_prefix(kByteOrderMark.size());
    const bool roster = std::ranges::any_of(
        kRosterKeys, [&](std::string_view key) { return block.find(key) != block.npos; });
    while (!block.empty()) {
      // The parser changes the roster line by line, the last one wins; an import joins records so
      // that order does not matter, so lines with roster keys are seen one by one.
      std::size_t lines = roster ? 1 : kMaxLinesPerMessage;
      std::size_t at = 0;
      while (lines-- > 0 && at < block.size())
        at = std::min(block.find('\n', at), block.size() - 1) + 1;
      take_lines(block.substr(0, at), roster);
      block.remove_prefix(at);
    }
  }
  std::uint64_t lines() const { return lines_; }
  std::uint64_t good_lines() const { return good_lines_; }

 private:
  void take_lines(std::string_view text, bool roster) {
    body_.assign(text);
    batch_.clear();
    const std::uint64_t version = known_.roster().version();
    const auto parsed = parser_.parse(body_, intake_.rules().now, known_, batch_);
    const std::uint64_t first = line_;
    line_ += line_count(text);
    if (!parsed) {
      for (std::uint64_t n = first; n < line_; ++n) intake_.reject_row(fleet::Reason::malformed, n);
      lines_ += line_ - first;
      return;
    }
    const NdjsonOutcome& outcome = parsed.value();
    lines_ += outcome.lines;
    good_lines_ += batch_.reports.size() + outcome.roster_only;
    intake_.counts().rows += outcome.lines - batch_.reports.size();
    intake_.counts().roster_rows += outcome.roster_only;
    for (const IngestRejection& r : outcome.rejected)
      intake_.reject_value(r.reason, first + r.line - 1);
    if (roster && known_.roster().version() != version) take_record(version);
    for (fleet::Report& report : batch_.reports) {
      report.line += static_cast<std::uint32_t>(first - 1);
      intake_.take(report, batch_);
    }
  }

  /// The record of the one line read since `version`; the roster of `known` keeps ids alone.
  void take_record(std::uint64_t version) {
    for (const fleet::Slot slot : known_.roster().changed_since(version)) {
      const fleet::Machine record = known_.roster()[slot];
      intake_.rows().add_record(slot, record);
      fleet::Machine blank;
      blank.id = record.id;
      known_.roster().update(slot, std::move(blank));
    }
  }

  Intake& intake_;
  fleet::FleetState& known_;
  NdjsonParser parser_;
  fleet::ReportBatch batch_;
  std::string body_;
  std::uint64_t line_ = 1, lines_ = 0, good_lines_ = 0;
};

}  // namespace

const char* format_name(ImportFormat format) {
  constexpr const char* kNames[] = {"?", "CSV", "GeoJSON", "NDJSON"};
  return kNames[static_cast<std::size_t>(format)];
}

void note_plan(const ColumnPlan& plan, FileNotes& notes) {
  notes.used = plan.used;
  notes.ignored = plan.ignored;
  notes.hints = plan.hints;
  notes.rules_used = plan.rules_used;
  notes.roster = !plan.has_time;
}

fleet::Result<void> read_csv(InputFile& file, const FileOptions& options, Intake& intake,
                             FileNotes& notes) {
  const auto wrong = [&](const std::string& what) {
    return fleet::Error{file.path().string() + ", line 1: " + what};
  };
  CsvReader csv(file);
  const auto first = csv.next();
  if (!first) return first.error();
  if (!first.value()) return wrong("the file is empty; expected a first line with column names.");
  if (csv.problem()) return wrong(std::string(csv.problem()) + "; expected column names.");
  const std::vector<std::string> header(csv.cells().begin(), csv.cells().end());
  const auto plan =
      plan_columns(header, options.rules, options.receive_column, intake.rows().known);
  if (!plan) return wrong(plan.error().what);
  if (!options.receive_column.empty() && plan.value().has_time && !plan.value().has_receive_time)
    return wrong("there is no column '" + std::string(options.receive_column) +
                 "' for the receive time.");
  note_plan(plan.value(), notes);
  TableRows rows(intake, plan.value());
  for (std::uint64_t n = 0;; ++n) {
    const auto more = csv.next();
    if (!more) return more.error();
    if (!more.value()) return {};
    if (csv.problem())
      intake.reject_row(fleet::Reason::malformed, csv.line());
    else
      rows.take(csv.cells(), csv.line());
    if (n % kProgressRows == 0) tell(file, options);
  }
}

fleet::Result<void> read_ndjson(InputFile& file, const FileOptions& options, Intake& intake,
                                FileNotes&) {
  if (!options.receive_column.empty())
    return fleet::Error{
        file.path().string() +
        ": --receive-time with a column is for tables; NDJSON takes device or now."};
  NdjsonRows rows(intake);
  std::string block;
  for (bool more = true; more;) {
    const std::size_t left = block.size();
    block.resize(left + kBlockBytes);
    const auto got = file.read(block.data() + left, kBlockBytes);
    if (!got) return got.error();
    block.resize(left + got.value());
    more = got.value() > 0;
    const auto newline = block.rfind('\n');
    std::size_t whole = more ? (newline == block.npos ? 0 : newline + 1) : block.size();
    // A line without end is refused by the parser; here it must not be collected without end.
    if (whole == 0 && block.size() > 2 * kBlockBytes) whole = block.size();
    rows.take_block(std::string_view(block).substr(0, whole));
    block.erase(0, whole);
    tell(file, options);
  }
  if (rows.lines() > 0 && rows.good_lines() == 0)
    return fleet::Error{file.path().string() + ": not one of its " + std::to_string(rows.lines()) +
                        " lines is a report or a roster record in JSON, such as "
                        "{\"machine\":\"A1\",\"time\":\"2026-10-16T06:00:00Z\"}."};
  return {};
}

fleet::Result<FileNotes> read_import_file(const fs::path& path, const FileOptions& options,
                                          Intake& intake) {
  FileNotes notes;
  notes.path = path;
  notes.format = options.format;
  if (notes.format == ImportFormat::guess) notes.format = format_of_name(path);
  if (notes.format == ImportFormat::guess) {
    const auto format = format_of_content(path);
    if (!format) return format.error();
    notes.format = format.value();
  }
  auto file = InputFile::open(path);
  if (!file) return file.error();
  fleet::Result<void> read;
  if (notes.format == ImportFormat::csv) read = read_csv(file.value(), options, intake, notes);
  if (notes.format == ImportFormat::geojson)
    read = read_geojson(file.value(), options, intake, notes);
  if (notes.format == ImportFormat::ndjson)
    read = read_ndjson(file.value(), options, intake, notes);
  if (!read) return read.error();
  return notes;
}

}  // namespace net
