// CSV: cells as they are cut, and the table as an import takes it in; and files of ingest lines.
// Input: how u8 (see ReadAs; bit 7: cells only, bit 6: lines), then the file, plain or gzip.
#include "net/ingest/csv.hpp"
#include "tests/fuzz/fuzz_import.hpp"

namespace fuzz {
namespace {

using Record = std::vector<std::string>;

struct Table {
  std::vector<Record> good;
  bool whole = false;  ///< read to its end
};

Table read_cells(const std::filesystem::path& path) {
  Table table;
  auto file = net::InputFile::open(path);
  FUZZ_CHECK(file.ok());
  net::CsvReader csv(file.value());
  for (std::uint64_t line = 0;;) {
    const auto more = csv.next();
    table.whole = more.ok();
    if (!more || !more.value()) return table;
    FUZZ_CHECK(csv.line() > line);
    line = csv.line();
    FUZZ_CHECK(csv.cells().size() <= net::kMaxCsvCells);
    if (csv.problem()) continue;
    FUZZ_CHECK(!csv.cells().empty());
    table.good.emplace_back(csv.cells().begin(), csv.cells().end());
  }
}

/// Every cell in quotes, behind a first line that leaves no doubt about the separator.
std::string written(const std::vector<Record>& records) {
  std::string out = "a,b,c\n";
  for (const Record& record : records) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      out += i == 0 ? "\"" : ",\"";
      for (const char c : record[i]) out += c == '"' ? std::string("\"\"") : std::string(1, c);
      out += '"';
    }
    out += '\n';
  }
  return out;
}

void run(std::uint8_t how, std::string_view text) {
  static MemoryFile file, copy;
  const auto& path = file.hold(text);
  if (how & 64) return import_table(path, how & 61, text.size(), net::read_ndjson);
  const Table table = read_cells(path);
  const std::string out = written(table.good);
  if (table.whole && out.find('\0') == out.npos) {
    const Table again = read_cells(copy.hold(out));
    FUZZ_CHECK(again.good.size() == table.good.size() + 1);
    FUZZ_CHECK(std::equal(table.good.begin(), table.good.end(), again.good.begin() + 1));
  }
  if (how & 128) return;
  std::size_t cells = 0;
  for (const Record& record : table.good) cells += record.size();
  import_table(path, how, cells, net::read_csv);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) fuzz::run(data[0], {reinterpret_cast<const char*>(data + 1), size - 1});
  return 0;
}
