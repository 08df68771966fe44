// A folder of files to import, and what `import` made of it.
#pragma once

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "net/ingest/import.hpp"
#include "net/store/day_store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace net::test {

class ImportFolder {
 public:
  const std::filesystem::path& path() const { return folder_.path; }
  std::filesystem::path data(const std::string& name = "data") const { return path() / name; }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::ofstream(path() / name, std::ios::binary) << text;
    return path() / name;
  }
  std::filesystem::path write_gz(const std::string& name, std::string_view text) const {
    gzFile file = gzopen((path() / name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path() / name;
  }

  /// An import of files into data(); its options may be changed before `run`.
  ImportOptions options(std::vector<std::filesystem::path> files) const {
    ImportOptions o;
    o.data = data();
    o.files = std::move(files);
    o.intake.now = *fleet::parse_time("2026-11-20T12:00:00Z");
    return o;
  }

 private:
  testing_support::TemporaryFolder folder_;
};

inline ImportReport imported(const ImportOptions& options) {
  auto report = run_import(options);
  EXPECT_TRUE(report.ok()) << (report.ok() ? "" : report.error().what);
  return report.ok() ? std::move(report.value()) : ImportReport{};
}

inline std::string import_error(const ImportOptions& options) {
  auto report = run_import(options);
  EXPECT_FALSE(report.ok());
  return report.ok() ? "" : report.error().what;
}

inline std::uint64_t rejected(const ImportReport& report, fleet::Reason reason,
                              std::size_t file = 0) {
  return report.files.at(file).counts.rejected[static_cast<std::size_t>(reason)].values;
}

/// State at an instant as `state --at` has it.
inline fleet::FleetState state_at(const std::filesystem::path& data, std::string_view time) {
  fleet::FleetState state;
  auto reader = DayReader::open(data);
  EXPECT_TRUE(reader.ok()) << (reader.ok() ? "" : reader.error().what);
  if (!reader.ok()) return state;
  auto sought = reader.value()->seek(*fleet::parse_time(time), state);
  EXPECT_TRUE(sought.ok()) << (sought.ok() ? "" : sought.error().what);
  return state;
}

/// Names of the day files in a folder, each with a number that stands for its bytes.
inline std::map<std::string, std::size_t> day_bytes(const std::filesystem::path& data) {
  std::map<std::string, std::size_t> bytes;
  if (!std::filesystem::exists(data)) return bytes;
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    if (entry.path().extension() != kDayFileExtension) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    bytes[entry.path().filename()] = std::hash<std::string>()(text);
  }
  return bytes;
}

}  // namespace net::test
