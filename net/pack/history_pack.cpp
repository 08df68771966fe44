#include "net/pack/history_pack.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <utility>

#include "fleet/field.hpp"
#include "net/pack/pack_parts.hpp"

namespace net {
namespace {

using fleet::MachineHistory;
using Report = MachineHistory::Report;
using StatusSpan = MachineHistory::StatusSpan;
using wire::wrapping_add;
using wire::wrapping_sub;

constexpr std::int64_t kVersion = 1;
/// Columns with an entry for every report, beside its values: received, lag, period, shape.
constexpr std::size_t kNumbersOfReport = 4;

std::int64_t ms(fleet::Time t) {
  return fleet::ms_from_time(t);
}

/// What one history holds at most: a report may end one status and a silence.
constexpr std::size_t kMaxStatuses = 2 * kMaxHistoryReports;

bool is_position(const MachineHistory& h, std::size_t field) {
  return field == fleet::kPosition && h.fields[field].name == "position";
}

/// Differences of numbers told one after another, and back.
class Steps {
 public:
  explicit Steps(std::int64_t from = 0) : last_(from) {}
  std::int64_t to(std::int64_t number) {
    return wrapping_sub(number, std::exchange(last_, number));
  }
  std::int64_t by(std::int64_t step) { return last_ = wrapping_add(last_, step); }

 private:
  std::int64_t last_;
};

// ---------------------------------------------------------------- writing

void write_head(const MachineHistory& h, PackWriter& out) {
  out.number(kVersion);
  out.bytes(h.machine);
  for (const fleet::Time t : {h.from, h.to, h.until}) out.number(ms(t));
  out.number(std::ssize(h.fields));
  for (const fleet::FieldInfo& field : h.fields) out.bytes(field.name);
}

void write_reports(const MachineHistory& h, PackWriter& out) {
  std::vector<std::int64_t> received, lags, periods, masks, shapes;
  std::map<fleet::FieldMask, std::int64_t> places;
  Steps receive(ms(h.from)), period;
  for (const Report& report : h.reports) {
    received.push_back(receive.to(ms(report.receive_time)));
    lags.push_back(wrapping_sub(ms(report.receive_time), ms(report.device_time)));
    periods.push_back(period.to(report.period_ms));
    const auto [place, is_new] = places.try_emplace(report.fields, std::ssize(masks));
    if (is_new) masks.push_back(std::bit_cast<std::int64_t>(report.fields));
    shapes.push_back(place->second);
  }
  for (const auto* column : {&received, &lags, &periods, &masks, &shapes}) out.column(*column);
}

/// Of a position its x, then its y; of anything else all of it in the first.
void write_values(const MachineHistory& h, std::size_t field, PackWriter& out) {
  const fleet::FieldMask bit = fleet::FieldMask{1} << field;
  const bool position = is_position(h, field);
  std::vector<std::int64_t> numbers, south;
  Steps step, step_south;
  for (const Report& report : h.reports) {
    if ((report.fields & bit) == 0) continue;
    const auto rank = static_cast<std::uint32_t>(std::popcount(report.fields & (bit - 1)));
    const std::int64_t raw = h.values[report.value_begin + rank];
    if (position) {
      const fleet::GridPoint at = fleet::unpacked(raw);
      numbers.push_back(step.to(at.x));
      south.push_back(step_south.to(at.y));
    } else {
      numbers.push_back(step.to(raw));
    }
  }
  out.column(numbers);
  if (position) out.column(south);
}

void write_statuses(const MachineHistory& h, PackWriter& out) {
  std::vector<std::int64_t> status, gaps, lengths;
  Steps at(ms(h.from));
  for (const StatusSpan& span : h.statuses) {
    status.push_back(static_cast<std::int64_t>(span.status));
    gaps.push_back(at.to(ms(span.begin)));
    lengths.push_back(at.to(ms(span.end)));
  }
  for (const auto* column : {&status, &gaps, &lengths}) out.column(*column);
}

void write_faults(const MachineHistory& h, PackWriter& out) {
  std::vector<fleet::Alarm> alarms;
  std::vector<std::int64_t> ends;
  for (const MachineHistory::FaultSpan& fault : h.faults) {
    alarms.push_back(fault.alarm);
    alarms.back().machine = 0;
    ends.push_back(ms(fault.end));
  }
  write_alarms(alarms, out);
  out.column(ends);
}

// ---------------------------------------------------------------- reading

fleet::Time time_of(PackReader& in, std::int64_t at, const char* what) {
  if (!time_in_range(at)) in.fail(std::string(what) + " is out of range");
  return fleet::time_from_ms(at);
}

void read_fields(PackReader& in, MachineHistory& h) {
  fleet::FieldCatalog catalog;
  const std::int64_t count = in.number(0, fleet::kMaxFields, "its number of fields");
  for (std::int64_t i = 0; i < count && in.ok(); ++i) {
    const std::string name = in.bytes();
    const auto known = catalog.find(name);
    const auto field = known ? fleet::Result<fleet::FieldId>(*known) : catalog.add(name);
    if (!field) return in.fail(field.error().what);
    if (std::ranges::find(h.fields, name, &fleet::FieldInfo::name) != h.fields.end())
      return in.fail("field " + name + " stands in it twice");
    h.fields.push_back(catalog[*field]);
  }
}

void read_head(PackReader& in, MachineHistory& h) {
  in.number(kVersion, kVersion, "its version");
  h.machine = in.bytes();
  if (h.machine.size() > fleet::kMaxMachineIdBytes) in.fail("its machine's id is too long");
  for (fleet::Time* t : {&h.from, &h.to, &h.until}) *t = time_of(in, in.number(), "a time of it");
  read_fields(in, h);
}

/// All of each report but its values.
void read_reports(PackReader& in, MachineHistory& h) {
  const std::vector<std::int64_t> received = in.column();
  const std::size_t n = received.size();
  if (n > kMaxHistoryReports) return in.fail("it holds " + std::to_string(n) + " reports");
  const std::vector<std::int64_t> lags = in.column(n, "lags"), periods = in.column(n, "periods"),
                                  masks = in.column(), shapes = in.column(n, "shapes");
  if (!in.ok()) return;
  const fleet::FieldMask allowed = h.fields.size() == fleet::kMaxFields
                                       ? ~fleet::FieldMask{0}
                                       : (fleet::FieldMask{1} << h.fields.size()) - 1;
  Steps receive(ms(h.from)), period;
  std::size_t values = 0;
  h.reports.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    Report& report = h.reports[i];
    const std::int64_t at = receive.by(received[i]), every = period.by(periods[i]);
    if (shapes[i] < 0 || shapes[i] >= std::ssize(masks) || every < 0 || every > INT32_MAX)
      return in.fail("report " + std::to_string(i) + " is out of range");
    report.receive_time = time_of(in, at, "a time of receipt");
    report.device_time = time_of(in, wrapping_sub(at, lags[i]), "a device time");
    report.period_ms = static_cast<std::int32_t>(every);
    report.fields = std::bit_cast<fleet::FieldMask>(masks[static_cast<std::size_t>(shapes[i])]);
    if ((report.fields & ~allowed) != 0) return in.fail("a report has a field that is not there");
    report.value_begin = static_cast<std::uint32_t>(values);
    values += static_cast<std::size_t>(std::popcount(report.fields));
  }
  if (values > kMaxHistoryNumbers) return in.fail("it holds too many values");
  if (in.ok()) h.values.resize(values);
}

void read_values(PackReader& in, MachineHistory& h, std::size_t field) {
  const fleet::FieldMask bit = fleet::FieldMask{1} << field;
  const auto count = static_cast<std::size_t>(std::ranges::count_if(
      h.reports, [&](const Report& report) { return (report.fields & bit) != 0; }));
  const bool position = is_position(h, field);
  NumberRun numbers = in.run(count, "values");
  NumberRun south = position ? in.run(count, "values") : NumberRun();
  Steps step, step_south;
  for (const Report& report : h.reports) {
    if ((report.fields & bit) == 0) continue;
    const auto rank = static_cast<std::uint32_t>(std::popcount(report.fields & (bit - 1)));
    std::int64_t& raw = h.values[report.value_begin + rank];
    raw = step.by(numbers.next());
    if (position)
      raw = fleet::packed(
          {static_cast<std::uint32_t>(raw) & fleet::kGridMask,
           static_cast<std::uint32_t>(step_south.by(south.next())) & fleet::kGridMask});
  }
  if (!numbers.done() || (position && !south.done())) in.fail("values are damaged");
}

void read_statuses(PackReader& in, MachineHistory& h) {
  const std::vector<std::int64_t> status = in.column();
  const std::vector<std::int64_t> gaps = in.column(status.size(), "statuses"),
                                  lengths = in.column(status.size(), "statuses");
  if (status.size() > kMaxStatuses) in.fail("it holds too many statuses");
  if (!in.ok()) return;
  Steps at(ms(h.from));
  for (std::size_t i = 0; i < status.size(); ++i) {
    StatusSpan span;
    span.begin = time_of(in, at.by(gaps[i]), "a status's time");
    span.end = time_of(in, at.by(lengths[i]), "a status's time");
    if (gaps[i] < 0 || lengths[i] <= 0 || status[i] < 0 || status[i] >= fleet::kStatusCount)
      return in.fail("status " + std::to_string(i) + " is out of range");
    span.status = static_cast<fleet::Status>(status[i]);
    h.statuses.push_back(span);
  }
}

void read_faults(PackReader& in, MachineHistory& h) {
  std::vector<fleet::Alarm> alarms = read_alarms(in);
  const std::vector<std::int64_t> ends = in.column(alarms.size(), "faults");
  if (!in.ok()) return;
  for (std::size_t i = 0; i < alarms.size(); ++i)
    h.faults.push_back({std::move(alarms[i]), time_of(in, ends[i], "a fault's end")});
}

}  // namespace

fleet::Result<std::string> pack_history(const MachineHistory& history) {
  const std::size_t n = history.reports.size();
  if (n > kMaxHistoryReports ||
      kNumbersOfReport * n + history.values.size() > kMaxHistoryNumbers / 2)
    return fleet::Error{"The machine reported more than one answer may hold (" + std::to_string(n) +
                        " reports): ask for a shorter span."};
  PackWriter out(kHistoryLevel);
  write_head(history, out);
  write_reports(history, out);
  for (std::size_t field = 0; field < history.fields.size(); ++field)
    write_values(history, field, out);
  write_statuses(history, out);
  write_faults(history, out);
  return out.take();
}

fleet::Result<MachineHistory> unpack_history(std::string_view pack, std::size_t most_numbers) {
  PackReader in(pack, most_numbers);
  MachineHistory history;
  read_head(in, history);
  if (in.ok()) read_reports(in, history);
  for (std::size_t field = 0; field < history.fields.size() && in.ok(); ++field)
    read_values(in, history, field);
  if (in.ok()) read_statuses(in, history);
  if (in.ok()) read_faults(in, history);
  if (auto whole = in.finish(); !whole) return whole.error();
  return history;
}

}  // namespace net
