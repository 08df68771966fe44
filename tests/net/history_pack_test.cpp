// What one machine did, as bytes: what comes out is what went in, and nothing odd gets in.
#include "net/pack/history_pack.hpp"

#include <gtest/gtest.h>

#include "net/pack/columns.hpp"
#include "tests/net/histories.hpp"

namespace net {
namespace {

using samples::expect_same;
using samples::kNoon;
using samples::some_history;

/// The parts of a pack, in order; each test spoils one.
struct Parts {
  std::int64_t version = 1;
  std::string machine = "A";
  std::int64_t from = 0, to = 1000, until = 1000;
  std::vector<std::string> fields{"position", "heading_deg"};
  std::vector<std::int64_t> received{5, 5}, lags{1, 1}, periods{100, 0}, masks{3}, shapes{0, 0};
  std::vector<std::int64_t> x{7, 0}, y{8, 0}, heading{90, 1};
  std::vector<std::int64_t> status{0}, gaps{5}, lengths{6};
  std::int64_t alarms = 0;
  std::vector<std::int64_t> ends{};

  std::string pack() const {
    PackWriter out(1);
    out.number(version);
    out.bytes(machine);
    for (const std::int64_t t : {from, to, until}) out.number(t);
    out.number(std::ssize(fields));
    for (const std::string& field : fields) out.bytes(field);
    for (const auto* column :
         {&received, &lags, &periods, &masks, &shapes, &x, &y, &heading, &status, &gaps, &lengths})
      out.column(*column);
    out.number(alarms);
    out.column(ends);
    return out.take();
  }
};

bool refused(const Parts& parts) {
  return !unpack_history(parts.pack()).ok();
}

TEST(HistoryPack, SaysWhatItWasTold) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const fleet::MachineHistory history = some_history(seed * 37, seed);
    const auto packed = pack_history(history);
    ASSERT_TRUE(packed.ok());
    const auto read = unpack_history(*packed);
    ASSERT_TRUE(read.ok()) << read.error().what;
    expect_same(*read, history);
  }
}

TEST(HistoryPack, OfAMachineThatNobodyKnowsIsEmpty) {
  fleet::MachineHistory nothing;
  nothing.machine = "X";
  const auto read = unpack_history(pack_history(nothing).value());
  ASSERT_TRUE(read.ok());
  expect_same(*read, nothing);
}

TEST(HistoryPack, IsRefusedWithAnyOfItsBytesChangedOrCutOff) {
  const std::string packed = pack_history(some_history(50)).value();
  for (std::size_t i = 0; i < packed.size(); i += 3) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
    EXPECT_FALSE(unpack_history(damaged).ok()) << i;
    EXPECT_FALSE(unpack_history(std::string_view(packed).substr(0, i)).ok()) << i;
  }
}

TEST(HistoryPack, HoldsNoMoreThanAWallTakes) {
  fleet::MachineHistory much;
  much.reports.resize(kMaxHistoryReports + 1);
  const auto packed = pack_history(much);
  ASSERT_FALSE(packed.ok());
  EXPECT_NE(packed.error().what.find("shorter span"), std::string::npos);
  much.reports.resize(10);
  much.values.resize(kMaxHistoryNumbers / 2);
  EXPECT_FALSE(pack_history(much).ok());
}

TEST(HistoryPack, AllOfItsPartsAreLookedAt) {
  const auto good = unpack_history(Parts{}.pack());
  ASSERT_TRUE(good.ok()) << good.error().what;
  EXPECT_EQ(good->reports[1].receive_time, fleet::time_from_ms(10));
  EXPECT_EQ(good->reports[1].device_time, fleet::time_from_ms(9));
  EXPECT_EQ(good->values,
            (std::vector<std::int64_t>{fleet::packed({7, 8}), 90, fleet::packed({7, 8}), 91}));
  const auto with = [](auto change) {
    Parts parts;
    change(parts);
    return refused(parts);
  };
  EXPECT_TRUE(with([](Parts& p) { p.version = 2; }));
  EXPECT_TRUE(with([](Parts& p) { p.machine = std::string(65, 'x'); }));
  EXPECT_TRUE(with([](Parts& p) { p.to = INT64_MAX; }));
  EXPECT_TRUE(with([](Parts& p) { p.fields[1] = "position"; })) << "twice";
  EXPECT_TRUE(with([](Parts& p) { p.fields[1] = "No Name"; }));
  EXPECT_TRUE(with([](Parts& p) { p.fields.assign(65, "a"); }));
  EXPECT_TRUE(with([](Parts& p) { p.received[1] = INT64_MAX; }));
  EXPECT_TRUE(with([](Parts& p) { p.lags[0] = INT64_MIN; }));
  EXPECT_TRUE(with([](Parts& p) { p.lags.pop_back(); }));
  EXPECT_TRUE(with([](Parts& p) { p.periods[1] = -101; }));
  EXPECT_TRUE(with([](Parts& p) { p.periods[1] = INT64_MAX; }));
  EXPECT_TRUE(with([](Parts& p) { p.masks[0] = 7; })) << "a third field";
  EXPECT_TRUE(with([](Parts& p) { p.shapes[1] = 1; }));
  EXPECT_TRUE(with([](Parts& p) { p.shapes[1] = -1; }));
  EXPECT_TRUE(with([](Parts& p) { p.heading.push_back(1); }));
  EXPECT_TRUE(with([](Parts& p) { p.y.pop_back(); }));
  EXPECT_TRUE(with([](Parts& p) { p.status[0] = 5; }));
  EXPECT_TRUE(with([](Parts& p) { p.gaps[0] = -1; }));
  EXPECT_TRUE(with([](Parts& p) { p.lengths[0] = 0; }));
  EXPECT_TRUE(with([](Parts& p) { p.alarms = 1; })) << "an alarm that is not there";
  EXPECT_TRUE(with([](Parts& p) { p.ends = {0}; }));
}

TEST(HistoryPack, OfManyReportsTellsNoMoreThanItMayHold) {
  Parts parts;
  const std::size_t n = kMaxHistoryReports + 1;
  for (auto* column : {&parts.received, &parts.lags, &parts.periods, &parts.shapes, &parts.x,
                       &parts.y, &parts.heading})
    column->assign(n, 0);
  EXPECT_TRUE(refused(parts)) << "a few bytes that would make a million reports";
}

}  // namespace
}  // namespace net
