// A table read as an import reads it, and what must hold then.
#pragma once

#include <vector>

#include "net/ingest/import_files.hpp"
#include "tests/fuzz/memory_file.hpp"

namespace fuzz {

/// How a table is read, out of the first byte of an input.
struct ReadAs {
  explicit ReadAs(std::uint8_t how) {
    rules.now = fleet::time_from_ms(1'792'130'400'000);
    if (how & 1) rules.receive = net::IntakeRules::Receive::now;
    if (how & 2) {
      rules.receive = net::IntakeRules::Receive::column;
      receive_column = "received";
    }
    if (how & 4) rules.time_zone = fleet::shanghai();
    if (how & 8) map = {{"speed_kmh", "speed", 3.6}, {"rpm", "engine", 1}};
  }
  net::IntakeRules rules;
  std::string receive_column;
  std::vector<net::MapRule> map;
};

/// rows read = rows kept + roster rows + rows refused as a whole; nothing kept is out of range.
inline void check_rows(const net::ImportRows& rows, std::size_t values) {
  const net::ImportCounts& counts = rows.files.back();
  std::uint64_t rejected = 0;
  for (const auto& reason : counts.rejected) rejected += reason.values;
  FUZZ_CHECK(rows.rows.size() + counts.roster_rows <= counts.rows);
  FUZZ_CHECK(rows.rows.size() + counts.roster_rows + rejected >= counts.rows);
  for (const net::ImportRow& row : rows.rows) {
    FUZZ_CHECK(row.machine < rows.known.roster().size());
    FUZZ_CHECK(row.faults <= rows.fault_lists.size());
    FUZZ_CHECK(row.value_begin + rows.values_of(row).size() <= rows.values.size());
    const fleet::Time at = fleet::time_from_ms(row.device_ms);
    FUZZ_CHECK(at >= fleet::kMinTime && at <= fleet::kMaxTime);
  }
  FUZZ_CHECK(rows.values.size() <= values);
}

/// read: net::read_csv or net::read_geojson.
template <class Read>
void import_table(const std::filesystem::path& path, std::uint8_t how, std::size_t most_values,
                  Read read) {
  const ReadAs as(how);
  net::ImportRows rows;
  net::Intake intake(as.rules, rows);
  intake.begin_file();
  auto file = net::InputFile::open(path);
  FUZZ_CHECK(file.ok());
  net::FileNotes notes;
  const net::FileOptions options{net::ImportFormat::guess, as.map, as.receive_column, {}};
  const fleet::Result<void> done = read(file.value(), options, intake, notes);
  if (!done) FUZZ_CHECK(!done.error().what.empty());
  check_rows(rows, most_values);
  if (done) rows.merge(fleet::Millis(1000));
}

}  // namespace fuzz
