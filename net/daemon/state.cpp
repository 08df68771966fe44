// fleetwalld state: what was known of every machine at an instant.
#include <cinttypes>
#include <cstdio>
#include <iostream>
#include <memory>

#include "net/command_line.hpp"
#include "net/daemon/commands.hpp"
#include "net/export/state_table.hpp"
#include "net/gateway/unfinished_tick.hpp"
#include "net/ingest/json_text.hpp"
#include "net/store/day_store.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net::daemon {
namespace {

struct Options {
  std::string data, at, format = "csv";
  bool hash = false;
};

/// Calls write(cells) for every machine of which anything but its id is known, by id.
template <class Write>
void each_machine(const fleet::FleetState& state, const StateTable& table, Write write) {
  for (const fleet::Slot slot : state.roster().by_id())
    if (table.known(slot)) write(table.cells(slot));
}

void write_csv(const fleet::FleetState& state, const StateTable& table) {
  RowWriter writer(ExportFormat::csv, table.columns(),
                   [](std::string_view bytes) { return static_cast<bool>(std::cout << bytes); });
  each_machine(state, table, [&](const std::vector<std::string>& cells) { writer.write(cells); });
  writer.finish();
}

/// An array of objects, with null for what is not known.
void write_json(const fleet::FleetState& state, const StateTable& table) {
  std::string out = "[";
  each_machine(state, table, [&](const std::vector<std::string>& cells) {
    out += out.size() > 1 ? ",\n{" : "\n{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      append_json_text(out, table.columns()[i].name);
      out += ':';
      append_json_cell(out, cells[i], table.columns()[i].kind);
    }
    out += '}';
  });
  std::cout << out << "\n]\n";
}

/// Says what a table does not show: days that cannot be read, an instant that is not recorded.
void complain_of(const DayReader& reader, fleet::Time at) {
  for (const fleet::Error& error : reader.unreadable()) complain(error.what, kExitDone);
  if (reader.days().empty()) return;
  const fleet::Time begin = reader.days().front().begin, end = reader.days().back().end;
  if (at < begin)
    complain("The recording begins at " + fleet::iso8601(begin) + ": nothing is known of then.",
             kExitDone);
  if (at > end)
    complain("The recording ends at " + fleet::iso8601(end) + ": the last known state is given.",
             kExitDone);
}

/// What was known at `at`, the tick that a gateway is in, or was killed in, included.
fleet::Result<fleet::FleetState> known_at(const std::string& data, fleet::Time at) {
  auto reader = DayReader::open(data);
  if (!reader) return reader.error();
  complain_of(*reader.value(), at);
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
  const StateTable table(*known, *at);
  options.format == "json" ? write_json(*known, table) : write_csv(*known, table);
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
