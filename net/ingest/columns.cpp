#include "net/ingest/columns.hpp"

#include <algorithm>
#include <optional>

#include "fleet/number.hpp"
#include "net/codec/utf8.hpp"

namespace net {

namespace {

struct Synonym {
  std::string_view column;
  std::string_view field;
  double factor = 1;
};

/// Beside the contract's own names. Compared without regard to case; other characters than letters
/// and digits count as '_'. Better names stand first: the first that a file has is taken.
constexpr Synonym kSynonyms[] = {
    {"machine_id", "machine"},
    {"machineid", "machine"},
    {"vehicle_id", "machine"},
    {"vehicleid", "machine"},
    {"device_id", "machine"},
    {"deviceid", "machine"},
    {"equipment_id", "machine"},
    {"asset_id", "machine"},
    {"unit_id", "machine"},
    {"terminal_id", "machine"},
    {"vehicle", "machine"},
    {"device", "machine"},
    {"vehiclenum", "machine"},
    {"vehicle_num", "machine"},
    {"vehicle_number", "machine"},
    {"plate", "machine"},
    {"license_plate", "machine"},
    {"imei", "machine"},
    {"mmsi", "machine"},
    {"icao24", "machine"},
    {"timestamp", "time"},
    {"datetime", "time"},
    {"date_time", "time"},
    {"device_time", "time"},
    {"gps_time", "time"},
    {"gpstime", "time"},
    {"fix_time", "time"},
    {"time_local", "time"},
    {"local_time", "time"},
    {"event_time", "time"},
    {"recorded_at", "time"},
    {"longitude", "lon"},
    {"lng", "lon"},
    {"long", "lon"},
    {"lon_deg", "lon"},
    {"longitude_deg", "lon"},
    {"latitude", "lat"},
    {"lat_deg", "lat"},
    {"latitude_deg", "lat"},
    {"course_deg", "heading_deg"},
    {"bearing_deg", "heading_deg"},
    {"speed_kph", "speed_kmh"},
    {"speed_km_h", "speed_kmh"},
    {"speed_mps", "speed_kmh", 3.6},
    {"speed_m_s", "speed_kmh", 3.6},
    {"speed_mph", "speed_kmh", 1.609344},
    {"speed_kn", "speed_kmh", 1.852},
    {"speed_knots", "speed_kmh", 1.852},
    {"sog_kn", "speed_kmh", 1.852},
    {"sog_knots", "speed_kmh", 1.852},
    {"engine_rpm", "rpm"},
    {"engine_load_pct", "load_pct"},
    {"coolant_temp_c", "coolant_c"},
    {"hydraulic_temp_c", "hydraulic_c"},
    {"engine_hours_h", "engine_hours"},
    {"idle_hours_h", "idle_hours"},
    {"fuel_pct", "fuel_level_pct"},
    {"manufacturer", "maker"},
    {"serial_number", "serial"},
    {"customer_name", "customer"},
    {"machine_class", "class"},
};

struct Hint {
  std::string_view column;
  std::string_view how;
};

/// Columns that plainly are a field but do not say in which unit, or might be one.
constexpr Hint kHints[] = {
    {"speed",
     "--map speed_kmh=@ (km/h), speed_kmh=@*3.6 (m/s), speed_kmh=@*1.852 (knots) or "
     "speed_kmh=@*1.609344 (mph)"},
    {"velocity", "--map speed_kmh=@ (km/h) or speed_kmh=@*3.6 (m/s)"},
    {"sog", "--map speed_kmh=@*1.852 (knots)"},
    {"heading", "--map heading_deg=@ (degrees clockwise from north)"},
    {"course", "--map heading_deg=@ (degrees clockwise from north)"},
    {"bearing", "--map heading_deg=@ (degrees clockwise from north)"},
    {"cog", "--map heading_deg=@ (degrees clockwise from north)"},
    {"direction", "--map heading_deg=@ (degrees clockwise from north)"},
    {"fuel", "--map fuel_level_pct=@ (per cent), fuel_level_pct=@*100 (0 to 1) or fuel_used_l=@"},
    {"fuel_level", "--map fuel_level_pct=@ (per cent) or fuel_level_pct=@*100 (0 to 1)"},
    {"battery", "--map battery_v=@ (volts)"},
    {"voltage", "--map battery_v=@ (volts)"},
    {"load", "--map load_pct=@ (per cent)"},
    {"engine_load", "--map load_pct=@ (per cent)"},
    {"coolant_temp", "--map coolant_c=@ (degrees Celsius)"},
    {"oil_pressure", "--map oil_pressure_kpa=@ (kPa), oil_pressure_kpa=@*100 (bar)"},
    {"hours", "--map engine_hours=@ (hours) or engine_hours=@*0.000277778 (seconds)"},
    {"ignition", "--map engine_on=@ (true/false/1/0)"},
    {"engine", "--map engine_on=@ (true/false/1/0)"},
    {"id", "--map machine=@"},
    {"name", "--map machine=@"},
    {"driver_id", "--map machine=@"},
    {"trip", "--map machine=@"},
    {"date", "--map time=@ (if date and time of day are both in it)"},
    {"t", "--map time=@ (ISO 8601, or seconds or milliseconds since 1970)"},
};

/// Units that an extra field's name may end in: then it is kept without being asked for.
constexpr std::string_view kUnits[] = {
    "kmh", "mps", "deg", "m",  "km", "mm",  "cm",  "s",  "min", "h",   "pct", "rpm", "kpa",  "mpa",
    "bar", "psi", "c",   "k",  "l",  "lph", "kg",  "t",  "v",   "mv",  "a",   "ma",  "w",    "kw",
    "kn",  "nm",  "n",   "hz", "g",  "j",   "kwh", "m3", "m2",  "ppm", "dbm", "db",  "count"};

/// Lower case, runs of other characters than letters and digits as one '_'.
std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool word = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (word)
      out += static_cast<char>(upper ? c - 'A' + 'a' : c);
    else if (!out.empty() && out.back() != '_')
      out += '_';
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

bool has_unit(std::string_view name) {
  const auto at = name.rfind('_');
  return at != name.npos && std::ranges::find(kUnits, name.substr(at + 1)) != std::end(kUnits);
}

bool takes_factor(Key key) {
  return key == Key::lon || key == Key::lat || key == Key::value || key == Key::hours_offset_h ||
         key == Key::loan_monthly || key == Key::wage_monthly || key == Key::income_per_h ||
         key == Key::fuel_per_h || key == Key::last_service_h;
}

/// What a field of the contract, or an extra one, is filled with. Nothing if it can be none.
std::optional<ColumnUse> use_for(std::string_view field, double factor, fleet::FleetState& state) {
  if (const KeyInfo* info = find_key(field)) return ColumnUse{info->key, info->field, factor};
  const auto added = state.add_field(field);
  if (!added) return std::nullopt;
  return ColumnUse{Key::value, added.value(), factor};
}

class Planner {
 public:
  Planner(std::span<const std::string> header, fleet::FleetState& state)
      : header_(header), state_(state) {
    for (const std::string& name : header) names_.push_back(normalised(name));
    plan_.columns.resize(header.size());
  }

  void take_rules(std::span<const MapRule> rules) {
    plan_.rules_used.assign(rules.size(), false);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const auto column = std::ranges::find(header_, rules[i].column);
      if (column == header_.end()) continue;
      plan_.rules_used[i] = true;
      use(static_cast<std::size_t>(column - header_.begin()), rules[i].field, rules[i].factor);
    }
  }

  void take_receive_time(std::string_view name) {
    const auto column = std::ranges::find(header_, name);
    if (name.empty() || column == header_.end()) return;
    const auto at = static_cast<std::size_t>(column - header_.begin());
    if (plan_.columns[at].key == Key::unknown) plan_.used.push_back("receive time = " + *column);
    plan_.columns[at].receive_time = true;
    plan_.has_receive_time = true;
  }

  void guess() {
    for (const KeyInfo& info : kKeys) guess_one(info.text, info.text, 1);
    for (const Synonym& s : kSynonyms) guess_one(s.column, s.field, s.factor);
    for (std::size_t i = 0; i < names_.size(); ++i) guess_extra(i);
  }

  void list_the_rest() {
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (plan_.columns[i].key != Key::unknown || plan_.columns[i].receive_time) continue;
      const auto hint = std::ranges::find(kHints, std::string_view(names_[i]), &Hint::column);
      if (hint == std::end(kHints)) {
        plan_.ignored.push_back(header_[i]);
        continue;
      }
      std::string how(hint->how);
      for (auto at = how.find('@'); at != how.npos; at = how.find('@', at + header_[i].size()))
        how.replace(at, 1, header_[i]);
      plan_.hints.push_back(header_[i] + ": " + how);
    }
  }

  bool has(Key key) const {
    return std::ranges::find(plan_.columns, key, &ColumnUse::key) != plan_.columns.end();
  }
  ColumnPlan& plan() { return plan_; }

 private:
  bool taken(std::string_view field) const {
    return std::ranges::find(fields_, field) != fields_.end();
  }
  void use(std::size_t column, std::string_view field, double factor) {
    const auto made = use_for(field, factor, state_);
    if (!made || taken(field)) return;
    const bool receive_time = plan_.columns[column].receive_time;
    plan_.columns[column] = *made;
    plan_.columns[column].receive_time = receive_time;
    fields_.emplace_back(field);
    plan_.used.push_back(std::string(field) + " = " + header_[column] +
                         (factor == 1 ? "" : " * " + fleet::number_text(factor)));
  }
  void guess_one(std::string_view column, std::string_view field, double factor) {
    if (taken(field)) return;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] != column || plan_.columns[i].key != Key::unknown) continue;
      return use(i, field, factor);
    }
  }
  void guess_extra(std::size_t i) {
    if (plan_.columns[i].key != Key::unknown || plan_.columns[i].receive_time) return;
    if (has_unit(names_[i]) && names_[i] == header_[i]) use(i, names_[i], 1);
  }

  std::span<const std::string> header_;
  fleet::FleetState& state_;
  std::vector<std::string> names_;   ///< of the columns, normalised
  std::vector<std::string> fields_;  ///< that have a column
  ColumnPlan plan_;
};

std::string listed(std::span<const std::string> names) {
  constexpr std::size_t kMost = 30;
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kMost; ++i)
    out += (i ? ", " : "") + clean_text(names[i], 40);
  return names.size() > kMost ? out + ", ..." : out;
}

}  // namespace

fleet::Result<MapRule> parse_map_rule(std::string_view text) {
  const auto wrong = [&](const std::string& why) {
    return fleet::Error{"--map " + std::string(text) + ": " + why +
                        " Expected FIELD=COLUMN or FIELD=COLUMN*K, such as speed_kmh=speed*3.6."};
  };
  const auto equals = text.find('=');
  if (equals == text.npos || equals == 0 || equals + 1 == text.size())
    return wrong("a field or a column is missing.");
  MapRule rule{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)), 1};
  if (const auto star = rule.column.rfind('*'); star != std::string::npos && star > 0) {
    const std::string text_of_factor = rule.column.substr(star + 1);
    const auto factor = fleet::parse_number(text_of_factor);
    if (!factor || *factor == 0) return wrong("'" + text_of_factor + "' is no factor.");
    rule.factor = *factor;
    rule.column.resize(star);
  }
  const KeyInfo* const known = find_key(rule.field);
  if (!known) {
    fleet::FieldCatalog catalog;
    const auto added = catalog.add(rule.field);
    if (!added) return wrong(added.error().what + ".");
  }
  if (rule.factor != 1 && known && !takes_factor(known->key))
    return wrong("'" + rule.field + "' is no number to be scaled.");
  return rule;
}

fleet::Result<std::vector<MapRule>> parse_map_rules(std::span<const std::string> texts) {
  std::vector<MapRule> rules;
  for (const std::string& text : texts) {
    auto rule = parse_map_rule(text);
    if (!rule) return rule.error();
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const bool one_field = rules[i].field == rule->field;
      if (!one_field && rules[i].column != rule->column) continue;
      return fleet::Error{"--map " + texts[i] + " and --map " + text + " both use the " +
                          (one_field ? "field '" + rule->field : "column '" + rule->column) +
                          "'; leave one of them out."};
    }
    rules.push_back(std::move(rule.value()));
  }
  return rules;
}

fleet::Result<ColumnPlan> plan_columns(std::span<const std::string> header,
                                       std::span<const MapRule> rules,
                                       std::string_view receive_column, fleet::FleetState& state) {
  Planner planner(header, state);
  planner.take_rules(rules);
  planner.take_receive_time(receive_column);
  planner.guess();
  planner.list_the_rest();
  ColumnPlan& plan = planner.plan();
  if (!planner.has(Key::machine))
    return fleet::Error{"no column names the machine; the columns are " + listed(header) +
                        ". Name it with --map machine=COLUMN."};
  if (planner.has(Key::lon) != planner.has(Key::lat))
    return fleet::Error{std::string("there is a column for ") +
                        (planner.has(Key::lon) ? "lon but none for lat" : "lat but none for lon") +
                        "; the columns are " + listed(header) + ". Name both with --map."};
  plan.has_time = planner.has(Key::time);
  const auto reports = [](const ColumnUse& use) {
    return use.key > Key::time && use.key < Key::serial;
  };
  const auto records = [](const ColumnUse& use) { return use.key >= Key::serial; };
  if (!plan.has_time && std::ranges::any_of(plan.columns, reports) &&
      std::ranges::none_of(plan.columns, records))
    return fleet::Error{"no column names the time, and none is of a roster; the columns are " +
                        listed(header) + ". Name the time with --map time=COLUMN."};
  return std::move(plan);
}

}  // namespace net
