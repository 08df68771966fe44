#include "net/ingest/ndjson_line.hpp"

#include <algorithm>
#include <limits>

#include "net/codec/utf8.hpp"
#include "net/ingest/ndjson_faults.hpp"

namespace net {

namespace {

/// Of a key that a stranger chose, named in a rejection: bytes.
constexpr std::size_t kMaxNamedKeyBytes = 64;
static_assert(std::size(kKeys) <= 64, "seen_keys has a bit for each");
static_assert(fleet::kMaxFields <= 64, "seen_fields has a bit for each");

}  // namespace

void NdjsonLineReader::begin(fleet::Time receive_time, fleet::FleetState& state,
                             fleet::ReportBatch& batch) {
  receive_time_ = receive_time;
  state_ = &state;
  batch_ = &batch;
  outcome_ = {};
  no_json_ = 0;
}

void NdjsonLineReader::open_line(std::uint32_t number) {
  ++outcome_.lines;
  line_ = {};
  line_.report.line = number;
  line_.report.receive_time = receive_time_;
  line_.report.value_begin = static_cast<std::uint32_t>(batch_->values.size());
  line_.report.fault_begin = static_cast<std::uint32_t>(batch_->faults.size());
  line_.rejected_begin = outcome_.rejected.size();
  roster_change_.clear();
  new_fields_.clear();
}

void NdjsonLineReader::reject(fleet::Reason reason, std::string_view field) {
  line_.rejected = true;
  ++line_.rejected_count[static_cast<std::size_t>(reason)];
  if (outcome_.rejected.size() < most_listed_)
    outcome_.rejected.push_back({line_.report.line, reason, std::string(field)});
}

/// What was rejected in it before is part of that.
void NdjsonLineReader::reject_line(fleet::Reason reason, std::string_view field) {
  outcome_.rejected.resize(line_.rejected_begin);
  line_.rejected_count.fill(0);
  reject(reason, field);
}

void NdjsonLineReader::count_rejected() {
  for (std::size_t r = 0; line_.rejected && r < line_.rejected_count.size(); ++r)
    outcome_.rejected_count[r] += line_.rejected_count[r];
}

void NdjsonLineReader::forget_values() {
  batch_->values.resize(line_.report.value_begin);
  batch_->faults.resize(line_.report.fault_begin);
}

void NdjsonLineReader::read(std::string_view text, std::size_t readable, std::uint32_t number) {
  open_line(number);
  const std::size_t reports = batch_->reports.size();
  if (text.size() > kMaxLineBytes) {
    reject_line(fleet::Reason::too_long);
  } else if (read_object(text, readable)) {
    finish();
  } else {
    ++no_json_;
    reject_line(fleet::Reason::malformed);
  }
  if (batch_->reports.size() == reports) forget_values();
  count_rejected();
}

Fate NdjsonLineReader::read_coordinate(od::value& value, bool& has, double& out) {
  const Fate fate = read_number(value, out);
  // Beyond what a double holds is beyond every map: the fix is judged, and refused, as a whole.
  if (fate == Fate::range) out = std::numeric_limits<double>::infinity();
  has = fate == Fate::good || fate == Fate::range;
  return fate == Fate::range ? Fate::good : fate;
}

Fate NdjsonLineReader::read_value(fleet::FieldId field, od::value& value, bool flag) {
  double number = 0;
  const Fate fate = flag ? read_flag(value, number) : read_number(value, number);
  if (fate != Fate::good) return fate;
  if ((line_.seen_fields >> field) & 1) return Fate::malformed;
  line_.seen_fields |= std::uint64_t{1} << field;
  batch_->values.push_back({field, number});
  return Fate::good;
}

Fate NdjsonLineReader::read_extra(std::string_view name, od::value& value) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type != od::json_type::number) return Fate::malformed;
  const std::optional<fleet::FieldId> field = state_->fields().find(name);
  if (field == fleet::kPosition) return Fate::malformed;
  if (field) return read_value(*field, value, false);
  const bool room = state_->fields().size() + new_fields_.size() < fleet::kMaxFields;
  if (!room || !state_->fields().check_new(name) ||
      std::ranges::find(new_fields_, name, &NewField::name) != new_fields_.end())
    return Fate::malformed;
  double number = 0;
  if (const Fate fate = read_number(value, number); fate != Fate::good) return fate;
  new_fields_.push_back({name, number});
  return Fate::good;
}

Fate NdjsonLineReader::read_roster(Key key, od::value& value) {
  if (is_roster_text(key)) {
    std::string_view text;
    if (const Fate fate = read_text(value, text); fate != Fate::good) return fate;
    return roster_change_.set(key, text) ? Fate::good : Fate::malformed;
  }
  double number = 0;
  if (const Fate fate = read_number(value, number); fate != Fate::good) return fate;
  roster_change_.set(key, number);
  return Fate::good;
}

/// Inline, as read_field: both are called in one place, and for every key.
inline Fate NdjsonLineReader::read_known(const KeyInfo& info, od::value& value) {
  switch (info.key) {
    case Key::machine: {
      const Fate fate = read_text(value, line_.id);
      line_.has_id = fate == Fate::good;
      return fate;
    }
    case Key::time: {
      line_.has_time = true;
      const Fate fate = read_time(value, line_.report.device_time);
      line_.bad_time = fate != Fate::good;
      return fate == Fate::broken ? fate : Fate::good;
    }
    case Key::lon:
      return read_coordinate(value, line_.has_lon, line_.report.position.lon_deg);
    case Key::lat:
      return read_coordinate(value, line_.has_lat, line_.report.position.lat_deg);
    case Key::value:
      return read_value(info.field, value, false);
    case Key::flag:
      return read_value(info.field, value, true);
    case Key::faults: {
      const Fate fate = read_faults(value, batch_->faults);
      line_.report.has_faults = fate == Fate::good;
      return fate;
    }
    default:
      return read_roster(info.key, value);
  }
}

/// A key that stands twice in one object keeps its first value; null is the same as no key.
inline Fate NdjsonLineReader::read_field(std::string_view name, od::value& value) {
  od::json_type type;
  if (value.type().get(type)) return Fate::broken;
  if (type == od::json_type::null) {
    bool null = false;
    return !value.is_null().get(null) && null ? Fate::good : Fate::broken;
  }
  const KeyInfo* info = find_key(name);
  if (!info) return read_extra(name, value);
  const std::uint64_t bit = std::uint64_t{1} << (info - kKeys);
  if (line_.seen_keys & bit) return Fate::malformed;
  line_.seen_keys |= bit;
  return read_known(*info, value);
}

/// False: not a JSON object from end to end.
bool NdjsonLineReader::read_object(std::string_view text, std::size_t readable) {
  od::document document;
  od::object object;
  if (parser_.iterate(text.data(), text.size(), readable).get(document)) return false;
  if (document.get_object().get(object)) return false;
  for (auto field : object) {
    std::string_view name;
    od::value value;
    if (field.error() || field.unescaped_key().get(name) || field.value().get(value)) return false;
    switch (read_field(name, value)) {
      case Fate::good:
        break;
      case Fate::malformed:
        reject(fleet::Reason::malformed, clean_text(name, kMaxNamedKeyBytes));
        break;
      case Fate::range:
        reject(fleet::Reason::range, clean_text(name, kMaxNamedKeyBytes));
        break;
      case Fate::broken:
        return false;
    }
  }
  // Past the last brace there must be nothing more.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

void NdjsonLineReader::finish() {
  using fleet::Reason;
  const bool roster = !roster_change_.empty();
  if (!line_.has_id) return reject_line(Reason::malformed, "machine");
  if (fleet::machine_id_problem(line_.id)) return reject_line(Reason::bad_machine, "machine");
  if (line_.has_time ? line_.bad_time : !roster) return reject_line(Reason::malformed, "time");
  const auto slot = state_->roster().find_or_add(line_.id);
  if (!slot) return reject_line(Reason::roster_full);
  if (roster) update_roster(slot.value());
  if (!line_.has_time) {
    ++outcome_.roster_only;
    return;
  }
  add_new_fields();
  if (line_.has_lon != line_.has_lat) reject(Reason::malformed, line_.has_lon ? "lat" : "lon");
  line_.report.machine = slot.value();
  line_.report.has_position = line_.has_lon && line_.has_lat;
  line_.report.value_end = static_cast<std::uint32_t>(batch_->values.size());
  line_.report.fault_end = static_cast<std::uint32_t>(batch_->faults.size());
  batch_->reports.push_back(line_.report);
}

void NdjsonLineReader::update_roster(fleet::Slot slot) {
  fleet::Machine record = state_->roster()[slot];
  roster_change_.apply_to(record);
  state_->roster().update(slot, std::move(record));
}

/// A fleet's fields are few and stay for good: only a line that is taken adds some.
void NdjsonLineReader::add_new_fields() {
  for (const auto& [name, value] : new_fields_)
    batch_->values.push_back({state_->add_field(name).value(), value});
}

}  // namespace net
