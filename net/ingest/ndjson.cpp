#include "net/ingest/ndjson.hpp"

// Bad input is an error code, not an exception; without them a forgotten check does not compile.
#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "net/ingest/json_text.hpp"
#include "net/ingest/ndjson_keys.hpp"

namespace net {

namespace {

namespace od = simdjson::ondemand;

constexpr std::pair<std::string_view, fleet::Lamp> kLamps[] = {
    {"red_stop", fleet::Lamp::red_stop}, {"protect", fleet::Lamp::protect},
    {"amber", fleet::Lamp::amber},       {"malfunction", fleet::Lamp::malfunction},
    {"off", fleet::Lamp::off},
};

/// What went wrong with a field. Only `broken` costs the line: it is no JSON from there on.
enum class Fate { good, malformed, range, broken };

/// A JSON number that no double can hold is out of range; anything else is not JSON.
Fate fate_of_number(od::value& value) {
  const std::string_view token = value.raw_json_token();
  double ignored = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), ignored);
  const bool whole =
      end != token.data() &&
      token.find_first_not_of(" \t\r\n", static_cast<std::size_t>(end - token.data())) ==
          std::string_view::npos;
  return whole && error == std::errc::result_out_of_range ? Fate::range : Fate::broken;
}

Fate read_number(od::value& value, double& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::number) return Fate::malformed;
  return value.get_double().get(out) ? fate_of_number(value) : Fate::good;
}

/// true/false/1/0.
Fate read_flag(od::value& value, double& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::boolean) return read_number(value, out);
  bool flag = false;
  if (value.get_bool().get(flag)) return Fate::broken;
  out = flag ? 1 : 0;
  return Fate::good;
}

Fate read_text(od::value& value, std::string_view& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::string) return Fate::malformed;
  return value.get_string().get(out) ? Fate::broken : Fate::good;
}

/// A whole number in 0..max.
bool read_whole(od::value& value, std::uint64_t max, std::uint64_t& out) {
  return !value.get_uint64().get(out) && out <= max;
}

/// Epoch seconds (fractions allowed) below 1e11 in size, epoch milliseconds above.
std::optional<fleet::Time> time_from_number(double value) {
  if (!std::isfinite(value) || std::abs(value) > 1e15) return std::nullopt;
  return fleet::time_from_ms(std::llround(std::abs(value) < 1e11 ? value * 1000 : value));
}

Fate read_time(od::value& value, fleet::Time& out) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  std::optional<fleet::Time> time;
  if (type == od::json_type::string) {
    std::string_view text;
    if (value.get_string().get(text)) return Fate::broken;
    time = fleet::parse_time(text);
  } else {
    double number = 0;
    if (const Fate fate = read_number(value, number); fate != Fate::good) return fate;
    time = time_from_number(number);
  }
  if (!time) return Fate::malformed;
  out = *time;
  return Fate::good;
}

bool roster_text_ok(std::string_view text) {
  if (text.size() > fleet::kMaxRosterTextBytes) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

std::string* roster_text(fleet::Machine& machine, Key key) {
  switch (key) {
    case Key::serial:
      return &machine.serial;
    case Key::maker:
      return &machine.maker;
    case Key::model:
      return &machine.model;
    case Key::machine_class:
      return &machine.machine_class;
    case Key::customer:
      return &machine.customer;
    case Key::branch:
      return &machine.branch;
    case Key::delivered:
      return &machine.delivered;
    case Key::last_service_time:
      return &machine.last_service_time;
    default:
      return nullptr;
  }
}

double* roster_number(fleet::Machine& machine, Key key) {
  switch (key) {
    case Key::hours_offset_h:
      return &machine.hours_offset_h;
    case Key::loan_monthly:
      return &machine.loan_monthly;
    case Key::wage_monthly:
      return &machine.wage_monthly;
    case Key::income_per_h:
      return &machine.income_per_h;
    case Key::fuel_per_h:
      return &machine.fuel_per_h;
    case Key::last_service_h:
      return &machine.last_service_h;
    default:
      return nullptr;
  }
}

}  // namespace

const char* lamp_name(fleet::Lamp lamp) {
  return kLamps[static_cast<std::size_t>(lamp)].first.data();
}

struct NdjsonParser::Impl {
  /// One line while it is read. Values and faults already stand in the batch.
  struct Line {
    fleet::Report report;
    std::string_view id;
    bool has_id = false, has_time = false, bad_time = false;
    bool has_lon = false, has_lat = false;
    fleet::Reason time_reason = fleet::Reason::malformed;
    std::uint64_t seen_fields = 0;
    std::uint64_t seen_keys = 0;
    std::size_t rejected_begin = 0;
    bool rejected = false;
    std::array<std::uint32_t, fleet::kReasonCount> rejected_count{};
  };
  struct RosterText {
    Key key;
    std::string_view text;
  };
  struct RosterNumber {
    Key key;
    double value;
  };
  /// A value of a field that the fleet does not have yet.
  struct NewField {
    std::string_view name;
    double value;
  };

  od::parser parser;
  Line line;
  std::vector<RosterText> texts;
  std::vector<RosterNumber> numbers;
  std::vector<NewField> new_fields;
  fleet::FleetState* state = nullptr;
  fleet::ReportBatch* batch = nullptr;
  NdjsonOutcome outcome;
  std::size_t most_listed = 0;
  std::uint32_t no_json = 0;  ///< lines that are no JSON object

  void reject(fleet::Reason reason, std::string_view field) {
    line.rejected = true;
    ++line.rejected_count[static_cast<std::size_t>(reason)];
    if (outcome.rejected.size() < most_listed)
      outcome.rejected.push_back({line.report.line, reason, std::string(field)});
  }
  void reject_line(fleet::Reason reason, std::string_view field = {}) {
    outcome.rejected.resize(line.rejected_begin);
    line.rejected_count.fill(0);
    reject(reason, field);
  }
  void count_rejected() {
    for (std::size_t r = 0; line.rejected && r < line.rejected_count.size(); ++r)
      outcome.rejected_count[r] += line.rejected_count[r];
  }

  bool read_line(std::string_view text, std::size_t readable);
  bool read_object(std::string_view text, std::size_t readable);
  Fate read_field(std::string_view name, od::value& value);
  Fate read_known(const KeyInfo& info, od::value& value);
  Fate read_value(fleet::FieldId field, od::value& value, bool flag);
  Fate read_extra(std::string_view name, od::value& value);
  void add_new_fields();
  Fate read_faults(od::value& value);
  Fate read_roster(Key key, od::value& value);
  Fate read_coordinate(od::value& value, bool& has, double& out);
  void finish_line();
  void update_roster(fleet::Slot slot);
};

NdjsonParser::NdjsonParser(std::size_t most_listed) : impl_(std::make_unique<Impl>()) {
  impl_->most_listed = most_listed;
}
NdjsonParser::~NdjsonParser() = default;

Fate NdjsonParser::Impl::read_value(fleet::FieldId field, od::value& value, bool flag) {
  double number = 0;
  const Fate fate = flag ? read_flag(value, number) : read_number(value, number);
  if (fate != Fate::good) return fate;
  if ((line.seen_fields >> field) & 1) return Fate::malformed;
  line.seen_fields |= std::uint64_t{1} << field;
  batch->values.push_back({field, number});
  return Fate::good;
}

Fate NdjsonParser::Impl::read_extra(std::string_view name, od::value& value) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::number) return Fate::malformed;
  std::optional<fleet::FieldId> field = state->fields().find(name);
  if (field == fleet::kPosition) return Fate::malformed;
  if (field) return read_value(*field, value, false);
  const bool room = state->fields().size() + new_fields.size() < fleet::kMaxFields;
  if (!room || !state->fields().check_new(name) ||
      std::ranges::find(new_fields, name, &NewField::name) != new_fields.end())
    return Fate::malformed;
  double number = 0;
  if (const Fate fate = read_number(value, number); fate != Fate::good) return fate;
  new_fields.push_back({name, number});
  return Fate::good;
}

/// A fleet's fields are few and stay for good: only a line that is taken adds some.
void NdjsonParser::Impl::add_new_fields() {
  for (const auto& [name, value] : new_fields)
    batch->values.push_back({state->add_field(name).value(), value});
}

Fate NdjsonParser::Impl::read_faults(od::value& value) {
  od::array array;
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::array || line.report.has_faults) return Fate::malformed;
  if (value.get_array().get(array)) return Fate::broken;
  const std::size_t begin = batch->faults.size();
  bool good = true;
  for (auto element : array) {
    od::object object;
    if (element.error()) return Fate::broken;
    if (!good || element.get_object().get(object)) {
      good = false;
      continue;
    }
    fleet::Fault fault;
    bool has_spn = false, has_fmi = false;
    for (auto field : object) {
      std::string_view name;
      od::value item;
      if (field.unescaped_key().get(name) || field.value().get(item)) return Fate::broken;
      std::uint64_t number = 0;
      if (name == "spn") {
        good = good && (has_spn = read_whole(item, 524'287, number));
        fault.spn = static_cast<std::uint32_t>(number);
      } else if (name == "fmi") {
        good = good && (has_fmi = read_whole(item, 31, number));
        fault.fmi = static_cast<std::uint8_t>(number);
      } else if (name == "sa") {
        good = good && read_whole(item, 255, number);
        fault.source = static_cast<std::uint8_t>(number);
      } else if (name == "count") {
        good = good && read_whole(item, 126, number);
        fault.count = static_cast<std::uint8_t>(number);
      } else if (name == "lamp") {
        std::string_view text;
        bool found = false;
        if (!item.get_string().get(text)) {
          for (const auto& [lamp_text, lamp] : kLamps) {
            if (lamp_text != text) continue;
            fault.lamp = lamp;
            found = true;
          }
        }
        good = good && found;
      }
    }
    good = good && has_spn && has_fmi && batch->faults.size() - begin < kMaxFaultsPerReport;
    if (good) batch->faults.push_back(fault);
  }
  // Half a list would say that the missing faults are over.
  if (!good) batch->faults.resize(begin);
  line.report.has_faults = good;
  return good ? Fate::good : Fate::malformed;
}

Fate NdjsonParser::Impl::read_roster(Key key, od::value& value) {
  static fleet::Machine shape;  // only asked which kind of field a key is
  if (roster_text(shape, key)) {
    std::string_view text;
    if (const Fate fate = read_text(value, text); fate != Fate::good) return fate;
    if (!roster_text_ok(text)) return Fate::malformed;
    texts.push_back({key, text});
    return Fate::good;
  }
  double number = 0;
  if (const Fate fate = read_number(value, number); fate != Fate::good) return fate;
  numbers.push_back({key, number});
  return Fate::good;
}

Fate NdjsonParser::Impl::read_coordinate(od::value& value, bool& has, double& out) {
  const Fate fate = read_number(value, out);
  // Beyond what a double holds is beyond every map: the fix is judged, and refused, as a whole.
  if (fate == Fate::range) out = std::numeric_limits<double>::infinity();
  has = fate == Fate::good || fate == Fate::range;
  return fate == Fate::range ? Fate::good : fate;
}

Fate NdjsonParser::Impl::read_known(const KeyInfo& info, od::value& value) {
  switch (info.key) {
    case Key::machine: {
      const Fate fate = read_text(value, line.id);
      line.has_id = fate == Fate::good;
      return fate;
    }
    case Key::time: {
      line.has_time = true;
      const Fate fate = read_time(value, line.report.device_time);
      line.bad_time = fate != Fate::good;
      return fate == Fate::broken ? fate : Fate::good;
    }
    case Key::lon:
      return read_coordinate(value, line.has_lon, line.report.position.lon_deg);
    case Key::lat:
      return read_coordinate(value, line.has_lat, line.report.position.lat_deg);
    case Key::value:
      return read_value(info.field, value, false);
    case Key::flag:
      return read_value(info.field, value, true);
    case Key::faults:
      return read_faults(value);
    default:
      return read_roster(info.key, value);
  }
}

/// A key that stands twice in one object keeps its first value; null is the same as no key.
Fate NdjsonParser::Impl::read_field(std::string_view name, od::value& value) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type == od::json_type::null) {
    bool null = false;
    return !value.is_null().get(null) && null ? Fate::good : Fate::broken;
  }
  const KeyInfo* info = find_key(name);
  if (!info) return read_extra(name, value);
  const std::uint64_t bit = std::uint64_t{1} << (info - kKeys);
  if (line.seen_keys & bit) return Fate::malformed;
  line.seen_keys |= bit;
  return read_known(*info, value);
}

/// False: not a JSON object from end to end.
bool NdjsonParser::Impl::read_object(std::string_view text, std::size_t readable) {
  od::document document;
  od::object object;
  if (parser.iterate(text.data(), text.size(), readable).get(document)) return false;
  if (document.get_object().get(object)) return false;
  for (auto field : object) {
    std::string_view name;
    od::value value;
    if (field.error() || field.unescaped_key().get(name) || field.value().get(value)) return false;
    switch (read_field(name, value)) {
      case Fate::good:
        break;
      case Fate::malformed:
        reject(fleet::Reason::malformed, name.substr(0, 64));
        break;
      case Fate::range:
        reject(fleet::Reason::range, name.substr(0, 64));
        break;
      case Fate::broken:
        return false;
    }
  }
  // Past the last brace there must be nothing more.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

void NdjsonParser::Impl::update_roster(fleet::Slot slot) {
  fleet::Machine record = state->roster()[slot];
  for (const RosterText& t : texts) *roster_text(record, t.key) = t.text;
  for (const RosterNumber& n : numbers) *roster_number(record, n.key) = n.value;
  state->roster().update(slot, std::move(record));
}

void NdjsonParser::Impl::finish_line() {
  const bool roster = !texts.empty() || !numbers.empty();
  if (!line.has_id) return reject_line(fleet::Reason::malformed, "machine");
  if (fleet::machine_id_problem(line.id)) return reject_line(fleet::Reason::bad_machine, "machine");
  if (line.has_time ? line.bad_time : !roster) return reject_line(fleet::Reason::malformed, "time");
  const auto slot = state->roster().find_or_add(line.id);
  if (!slot) return reject_line(fleet::Reason::roster_full);
  if (roster) update_roster(slot.value());
  if (!line.has_time) {
    ++outcome.roster_only;
    batch->values.resize(line.report.value_begin);
    batch->faults.resize(line.report.fault_begin);
    return;
  }
  add_new_fields();
  if (line.has_lon != line.has_lat) reject(fleet::Reason::malformed, line.has_lon ? "lat" : "lon");
  line.report.machine = slot.value();
  line.report.has_position = line.has_lon && line.has_lat;
  line.report.value_end = static_cast<std::uint32_t>(batch->values.size());
  line.report.fault_end = static_cast<std::uint32_t>(batch->faults.size());
  batch->reports.push_back(line.report);
}

/// readable: bytes that may be read from text.data() on, at least SIMDJSON_PADDING more than text.
bool NdjsonParser::Impl::read_line(std::string_view text, std::size_t readable) {
  texts.clear();
  numbers.clear();
  new_fields.clear();
  const std::size_t reports = batch->reports.size();
  if (text.size() > kMaxLineBytes) {
    reject_line(fleet::Reason::too_long);
  } else if (read_object(text, readable)) {
    finish_line();
  } else {
    ++no_json;
    reject_line(fleet::Reason::malformed);
  }
  if (batch->reports.size() > reports) return true;
  batch->values.resize(line.report.value_begin);
  batch->faults.resize(line.report.fault_begin);
  return false;
}

fleet::Result<NdjsonOutcome> NdjsonParser::parse(std::string& body, fleet::Time receive_time,
                                                 fleet::FleetState& state,
                                                 fleet::ReportBatch& out) {
  const auto line_count = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n')) + 1;
  if (line_count > kMaxLinesPerMessage + 1)
    return fleet::Error{"The message has " + std::to_string(line_count) + " lines, at most " +
                        std::to_string(kMaxLinesPerMessage) + " are taken at once."};
  // One simdjson read goes this far beyond the end of a line.
  body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  std::memset(body.data() + body.size(), 0, 1);
  Impl& impl = *impl_;
  impl.state = &state;
  impl.batch = &out;
  impl.outcome = {};
  impl.no_json = 0;
  const char* const end = body.data() + body.size();
  std::uint32_t number = 0;
  for (const char* at = body.data(); at < end;) {
    const void* newline = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    const char* stop = newline ? static_cast<const char*>(newline) : end;
    std::string_view text(at, static_cast<std::size_t>(stop - at));
    ++number;
    at = stop + 1;
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    ++impl.outcome.lines;
    impl.line = {};
    impl.line.report.line = number;
    impl.line.report.receive_time = receive_time;
    impl.line.report.value_begin = static_cast<std::uint32_t>(out.values.size());
    impl.line.report.fault_begin = static_cast<std::uint32_t>(out.faults.size());
    impl.line.rejected_begin = impl.outcome.rejected.size();
    const auto readable = static_cast<std::size_t>(body.data() + body.capacity() - text.data());
    impl.read_line(text, readable);
    impl.count_rejected();
  }
  if (impl.outcome.lines > 0 && impl.no_json == impl.outcome.lines)
    return fleet::Error{"Not newline-delimited JSON: none of the " +
                        std::to_string(impl.outcome.lines) + " lines is a JSON object."};
  return std::move(impl.outcome);
}

std::string ingest_answer(std::uint64_t accepted, std::span<const IngestRejection> rejected,
                          std::uint64_t unlisted) {
  if (rejected.size() > kMaxListedRejections) {
    unlisted += rejected.size() - kMaxListedRejections;
    rejected = rejected.first(kMaxListedRejections);
  }
  std::string out = "{\"accepted\":" + std::to_string(accepted) + ",\"rejected\":[";
  for (std::size_t i = 0; i < rejected.size(); ++i) {
    if (i > 0) out += ',';
    out += "{\"line\":" + std::to_string(rejected[i].line) + ",\"reason\":\"";
    out += fleet::reason_name(rejected[i].reason);
    out += '"';
    if (rejected[i].reason == fleet::Reason::too_long)
      out += ",\"limit_bytes\":" + std::to_string(kMaxLineBytes);
    if (!rejected[i].field.empty()) {
      out += ",\"field\":";
      append_json_text(out, rejected[i].field);
    }
    out += '}';
  }
  out += ']';
  if (unlisted > 0) out += ",\"unlisted\":" + std::to_string(unlisted);
  return out + '}';
}

}  // namespace net
