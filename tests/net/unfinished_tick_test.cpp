// What a crash within a tick leaves behind: read, taken up, and imported into.
#include "net/gateway/unfinished_tick.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/gateway/store_feeder.hpp"
#include "tests/net/day_folder.hpp"
#include "tests/net/gateway_support.hpp"
#include "tests/net/import_support.hpp"

namespace net::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A gateway's store that ends within a tick: machine A reported in ticks before, machine B is new
/// in the one that was cut short.
class UnfinishedTickTest : public testing::Test, public samples::DayFolder {
 protected:
  UnfinishedTickTest() : core_({}, kStart) {
    auto w = writer();
    DirectSink sink(*w);
    StoreFeeder feeder(core_, quick(), sink);
    const fleet::Slot a = core_.state().roster().find_or_add("A").value();
    for (int tick = 0; tick < 3; ++tick) {
      expect(feeder.prepare_tick());
      core_.ingest(one_report(a, core_.tick_end(), 104 + tick * 1e-4));
      expect(feeder.append(core_.end_tick()));
    }
    written_hash_ = core_.state().hash();
    expect(feeder.prepare_tick());
    const fleet::Slot b = core_.state().roster().find_or_add("B").value();
    for (const fleet::Slot slot : {b, a}) {
      core_.ingest(one_report(slot, core_.tick_end(), 105));
      const auto entry = core_.take_journal();
      if (entry.roster) expect(w->journal(entry.roster->bytes));
      if (entry.tick) expect(w->journal(entry.tick->bytes));
    }
    expect(w->commit());
    cut_end_ = core_.tick_end();
    core_.end_tick();  // what should have been
  }

  UnfinishedTick unfinished() {
    auto entries = read_journal(directory_);
    EXPECT_TRUE(entries.ok());
    auto read = read_unfinished_tick(*entries);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().what);
    return std::move(*read);
  }

  GatewayCore core_;
  std::uint64_t written_hash_ = 0;
  fleet::Time cut_end_;
};

TEST_F(UnfinishedTickTest, BringsAStateToWhatWasAcknowledged) {
  const UnfinishedTick tick = unfinished();
  fleet::FleetState state;
  expect(reader()->seek(fleet::Time::max(), state));
  ASSERT_EQ(state.hash(), written_hash_);

  EXPECT_TRUE(*tick.apply_to(state, cut_end_));

  EXPECT_EQ(state.hash(), core_.state().hash());
  EXPECT_FALSE(*tick.apply_to(state, cut_end_)) << "it is in there already";
  EXPECT_EQ(state.hash(), core_.state().hash());
}

TEST_F(UnfinishedTickTest, DoesNotBelongToAnEarlierInstant) {
  const UnfinishedTick tick = unfinished();
  fleet::FleetState last, early;
  const fleet::Time begin = tick.tick->begin;
  expect(reader()->seek(begin, last));
  expect(reader()->seek(begin - std::chrono::seconds(1), early));

  EXPECT_FALSE(*tick.apply_to(last, begin));
  EXPECT_FALSE(*tick.apply_to(early, cut_end_));
  EXPECT_EQ(last.hash(), written_hash_);
}

TEST_F(UnfinishedTickTest, LeavesOutWhatWasReceivedAfterTheInstant) {
  const UnfinishedTick tick = unfinished();
  fleet::FleetState state;
  expect(reader()->seek(fleet::Time::max(), state));

  EXPECT_TRUE(*tick.apply_to(state, cut_end_ - std::chrono::milliseconds(1)));

  EXPECT_FALSE(state.has(1, fleet::kPosition)) << "received at the tick's end";
}

TEST_F(UnfinishedTickTest, BringsMachinesOfWhichOnlyTheRecordCame) {
  auto entries = *read_journal(directory_);
  entries.resize(1);
  const auto names = read_unfinished_tick(entries);
  ASSERT_TRUE(names.ok());
  ASSERT_FALSE(names->tick);
  fleet::FleetState state;
  expect(reader()->seek(fleet::Time::max(), state));

  EXPECT_TRUE(*names->apply_to(state, cut_end_));

  EXPECT_TRUE(state.roster().find("B"));
}

TEST_F(UnfinishedTickTest, IsEmptyWithoutEntries) {
  const auto none = read_unfinished_tick({});

  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
  fleet::FleetState state;
  EXPECT_FALSE(*none->apply_to(state, cut_end_));
}

TEST_F(UnfinishedTickTest, NamesTheEntryThatDoesNotDecode) {
  auto entries = *read_journal(directory_);
  entries.back().resize(entries.back().size() / 2);
  const auto broken = read_unfinished_tick(entries);
  FrameEncoder encoder;
  entries.back() = encoder.encode(core_.state().keyframe()).bytes;
  const auto odd = read_unfinished_tick(entries);

  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(broken.error().what, HasSubstr("journal entry 3 of 3: "));
  ASSERT_FALSE(odd.ok());
  EXPECT_THAT(odd.error().what, HasSubstr("neither of machines nor of samples"));
}

TEST_F(UnfinishedTickTest, IsEndedUnderItsOwnNumberByTheNextStart) {
  auto opened = open_store(directory_, quick());
  ASSERT_TRUE(opened.ok()) << opened.error().what;
  EXPECT_EQ(opened->journal_entries, 3u);
  EXPECT_EQ(opened->state.hash(), core_.state().hash());
  expect(opened->writer->close());

  std::string kinds;
  fleet::FleetState state;
  expect(reader()->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
    kinds += "rst"[update.index()];
    Reader one;
    std::swap(one.state(), state);
    one.apply(update);
    std::swap(one.state(), state);
    return true;
  }));
  EXPECT_EQ(kinds, "rstttrt") << "machine B comes before its tick, and no roster comes twice";
  EXPECT_EQ(state.hash(), core_.state().hash());
  EXPECT_TRUE(verify(directory_)->damages.empty());
  EXPECT_THAT(*read_journal(directory_), testing::IsEmpty());
}

TEST_F(UnfinishedTickTest, IsKeptByAnImportIntoItsDay) {
  const ImportFolder folder;
  auto options = folder.options({folder.write(
      "more.csv", "machine,time,lon,lat,speed_kmh\nA,2026-10-16T09:00:00+08:00,104.01,30,5\n")});
  options.data = directory_;

  const ImportReport report = imported(options);

  EXPECT_EQ(report.files.at(0).counts.used, 1u);
  fleet::FleetState before, after;
  expect(reader()->seek(cut_end_, before));
  expect(reader()->seek(fleet::Time::max(), after));
  ASSERT_TRUE(before.roster().find("B"));
  EXPECT_TRUE(before.has(*before.roster().find("B"), fleet::kPosition));
  EXPECT_EQ(after.field(*after.roster().find("A"), fleet::kSpeedKmh).raw, 50);
  EXPECT_TRUE(verify(directory_)->damages.empty());
  EXPECT_EQ(imported(options).files.at(0).counts.used, 0u) << "the second time it is known";
}

}  // namespace
}  // namespace net::test
