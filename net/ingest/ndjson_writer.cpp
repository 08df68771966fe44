#include "net/ingest/ndjson_writer.hpp"

#include <charconv>
#include <cmath>

#include "net/ingest/json_text.hpp"
#include "net/ingest/ndjson.hpp"

namespace net {

namespace {

void append_key(std::string& out, std::string_view key) {
  if (out.back() != '{') out += ',';
  out += '"';
  out += key;
  out += "\":";
}

/// digits: after the point, trailing zeros cut; negative = shortest.
void append_number(std::string& out, double value, int digits) {
  if (!std::isfinite(value)) {
    out += std::signbit(value) ? "-1e999" : "1e999";
    return;
  }
  char text[400];
  const auto end =
      digits < 0
          ? std::to_chars(text, text + sizeof text, value).ptr
          : std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr;
  std::string_view number(text, static_cast<std::size_t>(end - text));
  if (digits > 0) {
    number = number.substr(0, number.find_last_not_of('0') + 1);
    if (number.ends_with('.')) number.remove_suffix(1);
  }
  out += number == "-0" ? std::string_view("0") : number;
}

int digits_of(const fleet::FieldInfo& field) {
  return field.step < 1 ? static_cast<int>(std::lround(-std::log10(field.step))) : 0;
}

void append_value(std::string& out, const fleet::FieldInfo& field, fleet::FieldId id,
                  double value) {
  append_key(out, field.name);
  if ((id == fleet::kEngineOn || id == fleet::kWorking) && (value == 0 || value == 1)) {
    out += value == 1 ? "true" : "false";
  } else {
    append_number(out, value, digits_of(field));
  }
}

void append_faults(std::string& out, std::span<const fleet::Fault> faults) {
  append_key(out, "faults");
  out += '[';
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const fleet::Fault& f = faults[i];
    out += i > 0 ? ",{\"spn\":" : "{\"spn\":";
    out += std::to_string(f.spn) + ",\"fmi\":" + std::to_string(f.fmi) +
           ",\"sa\":" + std::to_string(f.source) + ",\"count\":" + std::to_string(f.count) +
           ",\"lamp\":\"" + lamp_name(f.lamp) + "\"}";
  }
  out += ']';
}

}  // namespace

void append_roster_line(const fleet::Machine& machine, std::string& out) {
  out += '{';
  const auto text = [&out](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    append_key(out, key);
    append_json_text(out, value);
  };
  const auto number = [&out](std::string_view key, double value) {
    if (std::isnan(value)) return;
    append_key(out, key);
    append_number(out, value, -1);
  };
  text("machine", machine.id);
  text("serial", machine.serial);
  text("maker", machine.maker);
  text("model", machine.model);
  text("class", machine.machine_class);
  text("customer", machine.customer);
  text("branch", machine.branch);
  text("delivered", machine.delivered);
  number("hours_offset_h", machine.hours_offset_h);
  number("loan_monthly", machine.loan_monthly);
  number("wage_monthly", machine.wage_monthly);
  number("income_per_h", machine.income_per_h);
  number("fuel_per_h", machine.fuel_per_h);
  text("last_service_time", machine.last_service_time);
  number("last_service_h", machine.last_service_h);
  out += "}\n";
}

void append_report_line(const fleet::Report& report, const fleet::ReportBatch& batch,
                        const fleet::FieldCatalog& fields, std::string_view machine_id,
                        std::string& out) {
  out += '{';
  append_key(out, "machine");
  append_json_text(out, machine_id);
  append_key(out, "time");
  append_json_text(out, fleet::iso8601(report.device_time));
  if (report.has_position) {
    append_key(out, "lon");
    append_number(out, report.position.lon_deg, 7);
    append_key(out, "lat");
    append_number(out, report.position.lat_deg, 7);
  }
  for (const fleet::ReportedValue& v : batch.values_of(report))
    append_value(out, fields[v.field], v.field, v.value);
  if (report.has_faults) append_faults(out, batch.faults_of(report));
  out += "}\n";
}

}  // namespace net
