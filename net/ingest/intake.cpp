#include "net/ingest/intake.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

#include "net/ingest/faults_json.hpp"

namespace net {

namespace {

std::uint32_t short_line(std::uint64_t line) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(line, kMost));
}

/// The contract's true/false/1/0, and what spreadsheets make of them.
std::optional<double> flag_of(std::string_view cell) {
  if (cell == "1" || cell == "true" || cell == "TRUE" || cell == "True") return 1;
  if (cell == "0" || cell == "false" || cell == "FALSE" || cell == "False") return 0;
  return std::nullopt;
}

/// A decimal number; one that no double holds is infinite, so that it is judged as out of range.
std::optional<double> number_of(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::string* text_of(fleet::Machine& m, Key key) {
  switch (key) {
    case Key::serial:
      return &m.serial;
    case Key::maker:
      return &m.maker;
    case Key::model:
      return &m.model;
    case Key::machine_class:
      return &m.machine_class;
    case Key::customer:
      return &m.customer;
    case Key::branch:
      return &m.branch;
    case Key::delivered:
      return &m.delivered;
    case Key::last_service_time:
      return &m.last_service_time;
    default:
      return nullptr;
  }
}

double* roster_number_of(fleet::Machine& m, Key key) {
  switch (key) {
    case Key::hours_offset_h:
      return &m.hours_offset_h;
    case Key::loan_monthly:
      return &m.loan_monthly;
    case Key::wage_monthly:
      return &m.wage_monthly;
    case Key::income_per_h:
      return &m.income_per_h;
    case Key::fuel_per_h:
      return &m.fuel_per_h;
    case Key::last_service_h:
      return &m.last_service_h;
    default:
      return nullptr;
  }
}

bool has_control(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  return false;
}

}  // namespace

void Intake::reject_value(fleet::Reason reason, std::uint64_t line) {
  counts().reject(reason, short_line(line));
}

void Intake::reject_row(fleet::Reason reason, std::uint64_t line) {
  ++counts().rows;
  reject_value(reason, line);
}

void Intake::put(fleet::FieldId field, std::int64_t raw) {
  kept_ |= fleet::FieldMask{1} << field;
  raw_[field] = raw;
}

void Intake::take_position(const fleet::Report& report) {
  const fleet::LonLat p = report.position;
  // Written so that NaN fails.
  const bool on_earth = std::abs(p.lon_deg) <= 180 && std::abs(p.lat_deg) <= 90;
  const double island = rules_.quality.zero_island_deg;
  if (!on_earth)
    reject_value(fleet::Reason::range, report.line);
  else if (std::abs(p.lon_deg) < island && std::abs(p.lat_deg) < island)
    reject_value(fleet::Reason::zero_island, report.line);
  else
    put(fleet::kPosition, fleet::packed(fleet::grid_from_lonlat(p)));
}

void Intake::take(const fleet::Report& report, const fleet::ReportBatch& batch) {
  ++counts().rows;
  ImportRow row;
  row.device_ms = fleet::ms_from_time(report.device_time);
  switch (rules_.receive) {
    case IntakeRules::Receive::device:
      row.receive_ms = row.device_ms;
      break;
    case IntakeRules::Receive::now:
      row.receive_ms = fleet::ms_from_time(rules_.now);
      break;
    case IntakeRules::Receive::column:
      row.receive_ms = fleet::ms_from_time(report.receive_time);
      break;
  }
  const fleet::Time receive = fleet::time_from_ms(row.receive_ms);
  if (report.device_time < rules_.quality.ancient || receive < rules_.quality.ancient)
    return reject_value(fleet::Reason::ancient, report.line);
  if (report.device_time > receive + rules_.quality.future || receive > fleet::kMaxTime)
    return reject_value(fleet::Reason::future, report.line);
  kept_ = 0;
  if (report.has_position) take_position(report);
  for (const fleet::ReportedValue& value : batch.values_of(report)) {
    const fleet::FieldInfo& field = rows_.known.fields()[value.field];
    if (!(value.value >= field.min && value.value <= field.max))
      reject_value(fleet::Reason::range, report.line);
    else
      put(value.field,
          fleet::canonical_raw(value.field, fleet::raw_from_value(field, value.value)));
  }
  row.fields = kept_;
  row.value_begin = rows_.values.size();
  for (fleet::FieldMask rest = kept_; rest != 0; rest &= rest - 1)
    rows_.values.push_back(raw_[static_cast<std::size_t>(std::countr_zero(rest))]);
  if (report.has_faults) {
    const auto faults = batch.faults_of(report);
    rows_.fault_lists.emplace_back(faults.begin(), faults.end());
    row.faults = static_cast<std::uint32_t>(rows_.fault_lists.size());
  }
  row.machine = report.machine;
  row.line = report.line;
  row.file = static_cast<std::uint32_t>(rows_.files.size() - 1);
  rows_.rows.push_back(row);
}

TableRows::TableRows(Intake& intake, const ColumnPlan& plan) : intake_(intake), plan_(plan) {}

bool TableRows::take_number(const ColumnUse& use, std::string_view cell) {
  const auto number = number_of(cell);
  if (!number) return false;
  const double value = *number * use.factor;
  if (use.key == Key::lon) {
    report_.position.lon_deg = value;
    has_lon_ = true;
  } else if (use.key == Key::lat) {
    report_.position.lat_deg = value;
    has_lat_ = true;
  } else {
    batch_.values.push_back({use.field, value});
  }
  return true;
}

bool TableRows::take_roster(const ColumnUse& use, std::string_view cell) {
  if (std::string* text = text_of(record_, use.key)) {
    if (cell.size() > fleet::kMaxRosterTextBytes || has_control(cell)) return false;
    *text = cell;
  } else if (double* number = roster_number_of(record_, use.key)) {
    const auto value = number_of(cell);
    if (!value || !std::isfinite(*value)) return false;
    *number = *value * use.factor;
  }
  has_record_ = true;
  return true;
}

bool TableRows::take_faults(std::string_view cell) {
  report_.has_faults = append_faults(cell, batch_.faults);
  return report_.has_faults;
}

std::optional<fleet::Time> TableRows::time_of(std::string_view cell) {
  const auto& zone = intake_.rules().time_zone;
  const auto time = fleet::parse_time(cell, zone ? &*zone : nullptr);
  static const fleet::TimeZone kAny = fleet::shanghai();
  if (!time && !zone && fleet::parse_time(cell, &kAny)) ++intake_.counts().zoneless;
  return time;
}

/// False: the cell is not what its column holds.
bool TableRows::take_cell(const ColumnUse& use, std::string_view cell) {
  if (use.receive_time) {
    const auto time = time_of(cell);
    has_receive_ = time.has_value();
    if (time) report_.receive_time = *time;
    if (use.key == Key::unknown || !time) return has_receive_;
  }
  switch (use.key) {
    case Key::unknown:
      return true;
    case Key::machine:
      id_ = cell;
      return true;
    case Key::time: {
      const auto time = time_of(cell);
      has_time_ = time.has_value();
      if (time) report_.device_time = *time;
      return true;  // without a time the whole row goes: counted once, by finish
    }
    case Key::lon:
    case Key::lat:
    case Key::value:
      return take_number(use, cell);
    case Key::flag: {
      const auto flag = flag_of(cell);
      if (flag) batch_.values.push_back({use.field, *flag});
      return flag.has_value();
    }
    case Key::faults:
      return take_faults(cell);
    default:
      return take_roster(use, cell);
  }
}

std::optional<fleet::Slot> TableRows::slot_of(std::string_view id) {
  if (!last_id_.empty() && id == last_id_) return last_slot_;
  const auto slot = intake_.rows().known.roster().find_or_add(id);
  if (!slot) return std::nullopt;
  last_id_ = id;
  last_slot_ = slot.value();
  return last_slot_;
}

void TableRows::finish(std::uint64_t line) {
  if (id_.empty()) return intake_.reject_row(fleet::Reason::malformed, line);
  if (fleet::machine_id_problem(id_)) return intake_.reject_row(fleet::Reason::bad_machine, line);
  const bool bad_time = plan_.has_time && !has_time_;
  if (bad_time || (plan_.has_receive_time && plan_.has_time && !has_receive_))
    return intake_.reject_row(fleet::Reason::malformed, line);
  const auto slot = slot_of(id_);
  if (!slot) return intake_.reject_row(fleet::Reason::roster_full, line);
  if (has_record_) intake_.rows().add_record(*slot, record_);
  if (!plan_.has_time) {
    ++intake_.counts().rows;
    ++intake_.counts().roster_rows;
    if (!has_record_) intake_.rows().add_record(*slot, record_);
    return;
  }
  if (has_lon_ != has_lat_) intake_.reject_value(fleet::Reason::malformed, line);
  report_.has_position = has_lon_ && has_lat_;
  report_.machine = *slot;
  report_.line = short_line(line);
  report_.value_end = static_cast<std::uint32_t>(batch_.values.size());
  report_.fault_end = static_cast<std::uint32_t>(batch_.faults.size());
  intake_.take(report_, batch_);
}

void TableRows::take(std::span<const std::string_view> cells, std::uint64_t line) {
  if (cells.size() != plan_.columns.size())
    return intake_.reject_row(fleet::Reason::malformed, line);
  batch_.clear();
  report_ = {};
  id_ = {};
  has_time_ = has_receive_ = has_lon_ = has_lat_ = false;
  if (has_record_) record_ = {};
  has_record_ = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const ColumnUse& use = plan_.columns[i];
    if ((use.key == Key::unknown && !use.receive_time) || cells[i].empty()) continue;
    if (!take_cell(use, cells[i])) intake_.reject_value(fleet::Reason::malformed, line);
  }
  finish(line);
}

}  // namespace net
