#include "net/ingest/csv.hpp"

#include "tests/net/import_support.hpp"

namespace net {
namespace {

using test::ImportFolder;
using Record = std::vector<std::string>;

struct Read {
  std::vector<Record> records;
  std::vector<std::uint64_t> lines;
  std::vector<std::string> problems;  ///< empty = none; one a record
  std::string error;
};

Read read_path(const std::filesystem::path& path) {
  Read read;
  auto file = InputFile::open(path);
  if (!file) return {{}, {}, {}, file.error().what};
  CsvReader csv(file.value());
  for (;;) {
    const auto more = csv.next();
    if (!more) read.error = more.error().what;
    if (!more || !more.value()) return read;
    read.records.emplace_back(csv.cells().begin(), csv.cells().end());
    read.lines.push_back(csv.line());
    read.problems.emplace_back(csv.problem() ? csv.problem() : "");
  }
}

Read read_text(std::string_view text) {
  const ImportFolder folder;
  return read_path(folder.write("a.csv", text));
}

TEST(Csv, ReadsCellsWithAndWithoutQuotes) {
  const Read read = read_text("a,b,c\n1,\"x, y\",\"say \"\"hi\"\"\"\n,,\n");

  EXPECT_EQ(read.records,
            (std::vector<Record>{{"a", "b", "c"}, {"1", "x, y", "say \"hi\""}, {"", "", ""}}));
}

TEST(Csv, KeepsLineBreaksInsideQuotesAndCountsThem) {
  const Read read = read_text("a,b\n\"one\r\ntwo\",2\n3,4");

  EXPECT_EQ(read.records[1], (Record{"one\r\ntwo", "2"}));
  EXPECT_EQ(read.records[2], (Record{"3", "4"}));
  EXPECT_EQ(read.lines, (std::vector<std::uint64_t>{1, 2, 4}));
}

TEST(Csv, TakesCrLfAByteOrderMarkAndBlankLines) {
  const Read read = read_text(
      "\xEF\xBB\xBF"
      "a,b\r\n\r\n1,2\r\n\n");

  EXPECT_EQ(read.records, (std::vector<Record>{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read.lines[1], 3u);
}

TEST(Csv, TakesSemicolonsAndTabsWhereTheFirstLineHasThem) {
  EXPECT_EQ(read_text("a;b\n1,5;2\n").records[1], (Record{"1,5", "2"}));
  EXPECT_EQ(read_text("a\tb\n1\t2\n").records[1], (Record{"1", "2"}));
  EXPECT_EQ(read_text("a\tb\n\t2\n").records[1], (Record{"", "2"}));
  EXPECT_EQ(read_text("a\tb\n\"1\"\t\"\"\n").records[1], (Record{"1", ""}));
}

TEST(Csv, LeavesSpacesAroundCellsOffButNotInsideQuotes) {
  EXPECT_EQ(read_text("a,b\n 1 ,\" 2 \" \n").records[1], (Record{"1", " 2 "}));
}

TEST(Csv, TakesAQuoteInsideAPlainCellAsItIs) {
  EXPECT_EQ(read_text("a,b\n5\" pipe,2\n").records[1], (Record{"5\" pipe", "2"}));
}

TEST(Csv, SaysThatTextStandsBehindAClosingQuote) {
  const Read read = read_text("a,b\n\"1\"x,2\n3,4\n");

  EXPECT_EQ(read.problems[1], "text behind a closing quote");
  EXPECT_EQ(read.records[2], (Record{"3", "4"}));
}

TEST(Csv, LosesOneLineToAQuoteThatIsNeverClosed) {
  const Read read = read_text("a,b\n\"1,2\n3,4\n5,6\n");

  EXPECT_EQ(read.problems[1], "a quote that is never closed");
  EXPECT_EQ(read.records[2], (Record{"3", "4"}));
  EXPECT_EQ(read.lines[3], 4u);
}

TEST(Csv, RefusesARecordBeyondTheLimitAndGoesOn) {
  const std::string fits(kMaxCsvRecordBytes - 2, 'x');
  for (const char* quote : {"", "\""}) {
    const std::string q = quote;
    const std::string cell = fits.substr(2 * q.size());
    const std::string good = "a,b\n" + q + cell + q + ",1\n3,4\n";
    const std::string bad = "a,b\n" + q + cell + q + ",12\n3,4\n";

    EXPECT_EQ(read_text(good).records[1], (Record{cell, "1"}));
    EXPECT_NE(read_text(bad).problems[1], "");
    EXPECT_EQ(read_text(bad).records[2], (Record{"3", "4"}));
  }
  const std::string huge = "a,b\n" + std::string(5 * kMaxCsvRecordBytes, 'x') + ",1\n3,4\n";
  EXPECT_EQ(read_text(huge).records[2], (Record{"3", "4"}));
}

TEST(Csv, RefusesMoreCellsThanTheLimit) {
  const std::string most = std::string(kMaxCsvCells - 1, ',') + "\n";

  EXPECT_EQ(read_text(most).records[0].size(), kMaxCsvCells);
  EXPECT_EQ(read_text("," + most).problems[0], "more than 1024 cells");
}

TEST(Csv, ReadsRecordsAcrossItsBuffersEdges) {
  std::string text = "a,b\n";
  std::vector<Record> expected = {{"a", "b"}};
  for (int i = 0; i < 60'000; ++i) {
    const std::string n = std::to_string(i);
    text +=
        n + ",\"line\n" + n + ", " + std::string(static_cast<std::size_t>(i % 37), 'x') + "\"\n";
    expected.push_back(
        {n, "line\n" + n + ", " + std::string(static_cast<std::size_t>(i % 37), 'x')});
  }

  EXPECT_EQ(read_text(text).records, expected);
}

TEST(Csv, EndsAtOnceInAnEmptyFile) {
  EXPECT_TRUE(read_text("").records.empty());
  EXPECT_TRUE(read_text("\n\r\n").records.empty());
}

TEST(Csv, RefusesWhatIsNoText) {
  EXPECT_NE(read_text("\xFF\xFE"
                      "a")
                .error.find("UTF-16"),
            std::string::npos);
  EXPECT_NE(read_text(std::string("PK\0\3", 4)).error.find("zero byte at offset 2"),
            std::string::npos);
}

TEST(Csv, ReadsGzipAndPlainFilesAlike) {
  const ImportFolder folder;

  EXPECT_EQ(read_path(folder.write_gz("a.csv.gz", "a,b\n1,2\n")).records[1], (Record{"1", "2"}));
  EXPECT_EQ(read_path(folder.write_gz("a.csv", "a,b\n1,2\n")).records[1], (Record{"1", "2"}));
}

TEST(Csv, SaysWhereGzipDataEndsTooEarly) {
  const ImportFolder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 5'000; ++i) text += std::to_string(i * 7919 % 10007) + ",x\n";
  const auto path = folder.write_gz("a.csv.gz", text);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);

  const Read read = read_path(path);

  EXPECT_NE(read.error.find("a.csv.gz: the gzip data ends too early, at offset "),
            std::string::npos)
      << read.error;
}

TEST(Csv, RefusesAFileNamedGzThatIsNone) {
  const ImportFolder folder;

  EXPECT_NE(read_path(folder.write("a.csv.gz", "a,b\n")).error.find("named .gz but"),
            std::string::npos);
}

TEST(Csv, SaysThatAFileIsMissingOrAFolder) {
  const ImportFolder folder;

  EXPECT_NE(read_path(folder.path() / "no.csv").error.find("no such file"), std::string::npos);
  EXPECT_NE(read_path(folder.path()).error.find("is a folder"), std::string::npos);
}

}  // namespace
}  // namespace net
