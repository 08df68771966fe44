// A message of lines: which are taken, which are told to be none, and what is answered.
#include "tests/net/ndjson_support.hpp"

namespace net::test {
namespace {

TEST_F(Ndjson, RejectsALineThatIsNoJsonObjectAndTakesTheOthers) {
  const char* bad[] = {"nonsense",
                       "[1]",
                       "7",
                       "{\"machine\":\"A\",\"time\":17",
                       "{\"machine\":\"A\"} x",
                       "{\"machine\":\"A\",}",
                       "{\"machine\":\"A\" \"time\":1}",
                       "{\"machine\":nul}",
                       "{\"rpm\":1.2.3,\"machine\":\"A\",\"time\":1792132327}",
                       "{\"machine\":\"\xff\",\"time\":1792132327}",
                       "\"A\"",
                       "{\"machine\":\"A\",\"time\":1792132327,\"rpm\":NaN}"};
  for (const char* line : bad) {
    parse(std::string(line) + "\n{\"machine\":\"B\",\"time\":1792132327}\n");

    EXPECT_EQ(rejections(), "1 malformed;") << line;
    ASSERT_EQ(batch_.reports.size(), 1u) << line;
    EXPECT_EQ(batch_.reports[0].line, 2u);
    EXPECT_TRUE(batch_.values.empty()) << line;
    EXPECT_TRUE(batch_.faults.empty()) << line;
  }
}

TEST_F(Ndjson, CountsBlankLinesAndTakesCarriageReturns) {
  parse(
      "\r\n{\"machine\":\"A\",\"time\":1792132327}\r\n\n  "
      "\n{\"machine\":\"A\",\"time\":1792132328}");

  EXPECT_EQ(outcome_.lines, 2u);
  ASSERT_EQ(batch_.reports.size(), 2u) << rejections();
  EXPECT_EQ(batch_.reports[0].line, 2u);
  EXPECT_EQ(batch_.reports[1].line, 5u);
}

TEST_F(Ndjson, RefusesAMessageWithoutASingleObject) {
  EXPECT_TRUE(refused("hello"));
  EXPECT_TRUE(refused("<html>\n</html>\n"));
  EXPECT_TRUE(refused(std::string("\0\1\2\3", 4)));
}

TEST_F(Ndjson, TakesAnEmptyMessageAsNoLines) {
  parse("");
  EXPECT_EQ(outcome_.lines, 0u);
  parse("\n\n");
  EXPECT_EQ(outcome_.lines, 0u);
}

TEST_F(Ndjson, TakesLinesUpToTheirLimit) {
  const std::string head = R"({"machine":"A","time":1792132327,"note":")", tail = "\"}";
  const auto line_of = [&](std::size_t bytes) {
    return head + std::string(bytes - head.size() - tail.size(), 'x') + tail;
  };

  parse(line_of(kMaxLineBytes) + "\n{\"machine\":\"B\",\"time\":1792132327}");
  EXPECT_EQ(rejections(), "1 malformed note;");
  parse(line_of(kMaxLineBytes + 1) + "\n{\"machine\":\"B\",\"time\":1792132327}");
  EXPECT_EQ(rejections(), "1 too_long;");
}

TEST_F(Ndjson, SaysOfALineThatIsTooLongNotThatItIsNoJson) {
  const std::string name(2'000'000, 'x');

  parse("{\"machine\":\"" + name + "\",\"time\":1792132327}");

  EXPECT_EQ(rejections(), "1 too_long;");
  EXPECT_EQ(ingest_answer(0, outcome_.rejected),
            R"({"accepted":0,"rejected":[{"line":1,"reason":"too_long","limit_bytes":65536}]})");
}

TEST(LineCount, CountsBlankLinesAndALastOneWithoutItsNewline) {
  EXPECT_EQ(line_count(""), 0u);
  EXPECT_EQ(line_count("\n"), 1u);
  EXPECT_EQ(line_count("a"), 1u);
  EXPECT_EQ(line_count("a\n"), 1u);
  EXPECT_EQ(line_count("a\nb"), 2u);
  EXPECT_EQ(line_count("a\n\n"), 2u);
}

TEST_F(Ndjson, TakesAsManyLinesAsTheLimitAndNotOneMore) {
  const std::string line = "{\"machine\":\"A\",\"maker\":\"m\"}";
  std::string below;
  for (std::uint32_t i = 1; i < kMaxLinesPerMessage; ++i) below += line + "\n";
  const std::string told = "The message has 100001 lines, at most 100000 are taken at once.";

  for (const std::string& last : {line, line + "\n", std::string("\n")}) {
    parse(below + last);
    EXPECT_EQ(outcome_.roster_only, kMaxLinesPerMessage - (last == "\n" ? 1 : 0));
  }
  for (const std::string& more : {line, line + "\n", std::string("\n")})
    EXPECT_EQ(refusal(below + line + "\n" + more), told);
}

TEST_F(Ndjson, TakesAByteOrderMarkForNoJsonAlsoBeforeItsFirstLine) {
  const std::string mark(kByteOrderMark), line = "{\"machine\":\"A\",\"time\":1792132327}";

  parse(line + "\n" + mark + line);
  EXPECT_EQ(rejections(), "2 malformed;");
  parse(mark + line + "\n" + line);
  EXPECT_EQ(rejections(), "1 malformed;");
  EXPECT_TRUE(refused(mark + line));
}

TEST_F(Ndjson, ListsAsManyRejectionsAsItIsToldAndCountsAll) {
  const auto body = [](int bad) {
    std::string text = "{\"machine\":\"A\",\"maker\":\"m\"}\n";
    for (int i = 0; i < bad; ++i) text += "{\"machine\":\"\",\"rpm\":1e999,\"gear\":[]}\n";
    return text;
  };
  NdjsonParser brief(10);
  for (const int bad : {9, 10, 11, 1000}) {
    std::string text = body(bad);
    batch_.clear();

    const auto parsed = brief.parse(text, kNow, state_, batch_);

    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->rejected.size(), std::size_t(std::min(bad, 10)));
    EXPECT_EQ(parsed->rejected_count[std::size_t(fleet::Reason::bad_machine)], std::uint64_t(bad))
        << "the faults of a line that is refused as a whole count as one";
    EXPECT_EQ(parsed->rejected_count[std::size_t(fleet::Reason::range)], 0u);
  }
}

TEST_F(Ndjson, SurvivesEveryLineCutShort) {
  const std::string line =
      R"({"machine":"A","time":"2026-10-16T06:32:07Z","lon":1.5,"faults":[{"spn":1,"fmi":2}],"x_c":1})";
  for (std::size_t length = 1; length < line.size(); ++length) {
    parse(line.substr(0, length) + "\n{\"machine\":\"B\",\"time\":1792132327}\n");
    EXPECT_EQ(rejections(), "1 malformed;") << line.substr(0, length);
    EXPECT_EQ(batch_.reports.size(), 1u);
  }
}

TEST(IngestAnswer, IsBoundedAndTellsHowManyItDoesNotList) {
  const auto answer = [](std::size_t count, std::uint64_t unlisted) {
    const std::vector<IngestRejection> rejected(
        count, IngestRejection{1, fleet::Reason::malformed, std::string(64, '\x01')});
    return ingest_answer(5, rejected, unlisted);
  };

  EXPECT_EQ(answer(kMaxListedRejections - 1, 0).find("unlisted"), std::string::npos);
  EXPECT_EQ(answer(kMaxListedRejections, 0).find("unlisted"), std::string::npos);
  EXPECT_TRUE(answer(kMaxListedRejections + 1, 0).ends_with("],\"unlisted\":1}"));
  EXPECT_TRUE(answer(kMaxListedRejections + 1, 7).ends_with("],\"unlisted\":8}"));
  EXPECT_LT(answer(100'000, 0).size(), 512u << 10) << "with the longest names there are";
}

TEST(IngestAnswer, NamesLineReasonAndFieldAsJson) {
  const IngestRejection rejected[] = {{3, fleet::Reason::malformed, ""},
                                      {7, fleet::Reason::jump, "position"},
                                      {8, fleet::Reason::malformed, "a\"b\n"}};

  EXPECT_EQ(ingest_answer(5, {}), R"({"accepted":5,"rejected":[]})");
  EXPECT_EQ(ingest_answer(0, rejected),
            R"({"accepted":0,"rejected":[{"line":3,"reason":"malformed"},)"
            R"({"line":7,"reason":"jump","field":"position"},)"
            R"({"line":8,"reason":"malformed","field":"a\"b\u000a"}]})");
}

}  // namespace
}  // namespace net::test
