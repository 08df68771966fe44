// From what files say to ImportRows: judges values that no other report is needed for, sets the
// receive time, collects roster records. One thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/ingest/columns.hpp"
#include "net/ingest/import_rows.hpp"

namespace net {

/// Rows of an import by `--receive-time now` are spread over ticks, so many each: a tick frame of a
/// million rows would be no tick that any wall was made for.
inline constexpr std::int64_t kRowsPerTickNow = 50'000;

struct IntakeRules {
  enum class Receive { device, now, column };
  fleet::QualityRules quality;
  Receive receive = Receive::device;
  fleet::Time now = fleet::kNever;           ///< for `now`, and for roster files without any day
  std::optional<fleet::TimeZone> time_zone;  ///< of stamps without an offset
};

class Intake {
 public:
  Intake(const IntakeRules& rules, ImportRows& rows) : rules_(rules), rows_(rows) {}

  /// Later rows are counted for a further file.
  void begin_file() { rows_.files.emplace_back(); }
  ImportCounts& counts() { return rows_.files.back(); }
  ImportRows& rows() { return rows_; }
  const IntakeRules& rules() const { return rules_; }

  /// A report, not judged yet. report.machine: slot in ImportRows::known; report.receive_time is
  /// used for Receive::column only. report.line: line in the file.
  void take(const fleet::Report& report, const fleet::ReportBatch& batch);
  /// A row that is not even a report.
  void reject_row(fleet::Reason reason, std::uint64_t line);
  void reject_value(fleet::Reason reason, std::uint64_t line);

 private:
  void put(fleet::FieldId field, std::int64_t raw);
  void take_position(const fleet::Report& report);

  const IntakeRules& rules_;
  ImportRows& rows_;
  fleet::FieldMask kept_ = 0;
  std::array<std::int64_t, fleet::kMaxFields> raw_{};
};

/// Rows of a table whose columns are planned: cells in, reports out.
class TableRows {
 public:
  TableRows(Intake& intake, const ColumnPlan& plan);
  /// One row. line: in the file. cells: one a column; others are refused as malformed.
  void take(std::span<const std::string_view> cells, std::uint64_t line);

 private:
  std::optional<fleet::Time> time_of(std::string_view cell);
  bool take_cell(const ColumnUse& use, std::string_view cell);
  bool take_number(const ColumnUse& use, std::string_view cell);
  bool take_roster(const ColumnUse& use, std::string_view cell);
  bool take_faults(std::string_view cell);
  std::optional<fleet::Slot> slot_of(std::string_view id);
  void finish(std::uint64_t line);

  Intake& intake_;
  const ColumnPlan& plan_;
  fleet::ReportBatch batch_;
  fleet::Report report_;
  fleet::Machine record_;
  std::string_view id_;
  bool has_time_ = false, has_receive_ = false, has_lon_ = false, has_lat_ = false;
  bool has_record_ = false;
  std::string last_id_;
  fleet::Slot last_slot_ = 0;
};

}  // namespace net
