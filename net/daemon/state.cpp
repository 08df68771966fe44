// fleetwalld state: what was known of every machine at an instant.
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>

#include "fleet/status.hpp"
#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/export/export_fixes.hpp"
#include "net/gateway/unfinished_tick.hpp"
#include "net/ingest/faults_json.hpp"
#include "net/ingest/import_rows.hpp"
#include "net/ingest/json_text.hpp"
#include "net/store/day_store.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string data, at, format = "csv";
  bool hash = false;
};

using Kind = CellKind;

struct Cell {
  std::string text;  ///< empty = not known
  Kind kind = Kind::text;
};

class Table {
 public:
  Table(const fleet::FleetState& state, fleet::Time at) : state_(state), at_(at) {
    names_ = {"machine", "time", "receive_time", "lon", "lat", "status"};
    for (std::size_t f = 1; f < state.fields().size(); ++f)
      names_.push_back(state.fields()[static_cast<fleet::FieldId>(f)].name);
    names_.push_back("faults");
    for (const auto& [id, alarm] : state.alarms().open())
      faults_[alarm.machine].push_back(alarm.fault);
  }

  const std::vector<std::string>& names() const { return names_; }

  /// Calls write(cells) for every machine of which anything but its id is known, by id.
  template <class Write>
  void each(Write write) {
    for (const fleet::Slot slot : state_.roster().by_id()) {
      const bool reported = state_.head(slot).receive_time != fleet::kNever;
      if (reported || has_record(state_.roster()[slot])) write(cells_of(slot));
    }
  }

 private:
  std::vector<Cell> cells_of(fleet::Slot slot) const {
    std::vector<Cell> cells = {{state_.roster()[slot].id}};
    if (state_.has(slot, fleet::kPosition)) {
      const fleet::FieldSlot& fix = state_.field(slot, fleet::kPosition);
      const fleet::LonLat p = fleet::lonlat_from_grid(fleet::unpacked(fix.raw));
      cells.push_back({fleet::iso8601(fix.device_time)});
      cells.push_back({fleet::iso8601(fix.receive_time)});
      cells.push_back({degrees_text(p.lon_deg), Kind::number});
      cells.push_back({degrees_text(p.lat_deg), Kind::number});
    } else {
      cells.resize(5);
    }
    cells.push_back({fleet::status_name(fleet::status_of(state_, slot, at_))});
    for (std::size_t f = 1; f < state_.fields().size(); ++f) {
      const auto field = static_cast<fleet::FieldId>(f);
      const bool flag = field == fleet::kEngineOn || field == fleet::kWorking;
      cells.push_back({state_.has(slot, field) ? fleet::text_from_raw(state_.fields()[field],
                                                                      state_.field(slot, field).raw)
                                               : std::string(),
                       flag ? Kind::flag : Kind::number});
    }
    const auto faults = faults_.find(slot);
    cells.push_back(
        {faults == faults_.end() ? std::string() : faults_text(faults->second), Kind::json});
    return cells;
  }

  const fleet::FleetState& state_;
  fleet::Time at_;
  std::vector<std::string> names_;
  std::map<fleet::Slot, std::vector<fleet::Fault>> faults_;
};

void write_csv(Table& table) {
  std::string out;
  for (const std::string& name : table.names()) out += (out.empty() ? "" : ",") + name;
  out += '\n';
  table.each([&](const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      append_csv_cell(out, cells[i].text);
    }
    out += '\n';
  });
  std::cout << out;
}

void write_json(Table& table) {
  std::string out = "[";
  table.each([&](const std::vector<Cell>& cells) {
    out += out.size() > 1 ? ",\n{" : "\n{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      append_json_text(out, table.names()[i]);
      out += ':';
      append_json_cell(out, cells[i].text, cells[i].kind);
    }
    out += '}';
  });
  std::cout << out << "\n]\n";
}

/// What was known at `at`, the tick that a gateway is in, or was killed in, included.
fleet::Result<fleet::FleetState> known_at(const std::string& data, fleet::Time at) {
  auto reader = DayReader::open(data);
  if (!reader) return reader.error();
  // Before the frames: a tick that ends meanwhile is then in them, and its journal not taken.
  auto journal = read_journal(data);
  if (!journal) return journal.error();
  fleet::FleetState known;
  if (auto sought = reader.value()->seek(at, known); !sought) return sought.error();
  known.fit_roster();
  if (at < reader.value()->days().back().end) return known;
  const auto failed = [&](const fleet::Error& why) { return fleet::Error{data + ": " + why.what}; };
  auto unfinished = read_unfinished_tick(*journal);
  if (!unfinished) return failed(unfinished.error());
  if (auto applied = unfinished->apply_to(known, at); !applied) return failed(applied.error());
  return known;
}

int state(const Options& options) {
  const auto at = fleet::parse_time(options.at);
  if (!at)
    return complain("--at '" + options.at +
                        "' is no time; expected ISO 8601 with offset, such as "
                        "2026-10-16T14:00:00+08:00.",
                    kExitUsage);
  for (const std::string& note : salvage_notes(options.data)) complain(note, kExitDone);
  auto known = known_at(options.data, *at);
  if (!known) return complain(known.error().what, kExitFailed);
  if (options.hash) {
    std::printf("%016" PRIx64 "\n", known->hash());
    return std::fflush(stdout) == 0 ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
  }
  Table table(*known, *at);
  options.format == "json" ? write_json(table) : write_csv(table);
  return std::cout.flush() ? kExitDone : complain("Cannot write to stdout.", kExitFailed);
}

}  // namespace

void add_state(CLI::App& app, Run& run) {
  auto o = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("state", "Every machine's last known state at an instant.");
  command->add_option("--data", o->data, "Folder of day files, or one day file.")
      ->required()
      ->check(not_empty());
  command->add_option("--at", o->at, "The instant, ISO 8601 with offset.")->required();
  command->add_option("--format", o->format, "csv or json.")->check(CLI::IsMember({"csv", "json"}));
  command->add_flag("--hash", o->hash, "Prints only the state hash.");
  command->callback([o, &run] { run = [o] { return state(*o); }; });
}

}  // namespace net::daemon
