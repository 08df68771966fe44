// Day store: writing, reading back, seeking, days, damage, crashes.
#include "net/store/day_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/net/day_folder.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;
using samples::Fleet;
using samples::kNoon;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

/// 2026-10-17T00:00:00+08:00.
const fleet::Time kMidnight = kNoon + hours(10);

class Store : public testing::Test, public samples::DayFolder {};

TEST_F(Store, ReachesEveryInstantExactly) {
  const auto hashes = record(150, minutes(1));
  auto r = reader();
  fleet::FleetState state;

  EXPECT_EQ(keyframes_, 3);
  for (std::size_t k = 0; k < hashes.size(); k += 7) {
    expect(r->seek(kNoon + seconds(k + 1), state));
    EXPECT_EQ(state.hash(), hashes[k]) << k;
  }
  expect(r->seek(kNoon + hours(1), state));
  EXPECT_EQ(state.hash(), hashes.back());
}

TEST_F(Store, LeavesOutWhatWasReceivedAfterTheInstant) {
  auto w = writer();
  Fleet fleet(2);
  open_tick(*w, fleet);
  fleet.report(0, 100, 300, {{fleet::kRpm, 800}});
  fleet.report(1, 200, 700, {{fleet::kRpm, 900}});
  expect(w->append(encoder_.encode(fleet.end_tick())));
  expect(w->close());
  fleet::FleetState state;

  expect(reader()->seek(kNoon + fleet::Millis{500}, state));

  EXPECT_TRUE(state.has(0, fleet::kRpm));
  EXPECT_FALSE(state.has(1, fleet::kRpm));
}

TEST_F(Store, IsEmptyBeforeTheFirstData) {
  record(5);
  fleet::FleetState state;

  expect(reader()->seek(kNoon - seconds(1), state));

  EXPECT_EQ(state.hash(), fleet::FleetState().hash());
}

TEST_F(Store, SeeksAlikeWhateverTheStateHeldBefore) {
  const auto hashes = record(90, minutes(1));
  auto r = reader();
  fleet::FleetState state;
  const auto hash_at = [&](int second) {
    expect(r->seek(kNoon + seconds(second), state));
    return state.hash();
  };
  EXPECT_EQ(hash_at(80), hashes[79]);
  EXPECT_EQ(hash_at(70), hashes[69]);  // the same roster is still there

  expect(state.apply(samples::roster(3)));
  EXPECT_EQ(hash_at(70), hashes[69]);
  EXPECT_EQ(hash_at(-5), fleet::FleetState().hash());
  EXPECT_EQ(hash_at(10), hashes[9]);
  Fleet other(20, kNoon, 9);
  other.report_at_random(50);
  (void)other.end_tick();
  state = other.state;
  EXPECT_EQ(hash_at(10), hashes[9]);
}

TEST_F(Store, ReadsOnFromWhereASeekEndedEvenWithinATick) {
  const auto hashes = record(30);
  auto r = reader();
  fleet::FleetState state;
  expect(r->seek(kNoon + seconds(10), state));

  std::size_t ticks = 0;
  expect(r->read_until(kNoon + seconds(20), [&](fleet::Update&& update) {
    ++ticks;
    expect(state.apply(std::get<fleet::TickBatch>(update)));
    return true;
  }));

  EXPECT_EQ(ticks, 10u);
  EXPECT_EQ(state.hash(), hashes[19]);
  expect(r->seek(kNoon + fleet::Millis{10'500}, state));
  ticks = 0;
  expect(r->read_until(kNoon + seconds(11), [&](fleet::Update&& update) {
    EXPECT_EQ(std::get<fleet::TickBatch>(update).position.number, 11u);
    return ++ticks < 5;
  }));
  EXPECT_EQ(ticks, 1u);
}

TEST_F(Store, StopsWhenTheSinkSaysSoAndGoesOnThere) {
  record(10);
  auto r = reader();
  std::vector<std::uint64_t> numbers;
  const auto sink = [&](fleet::Update&& update) {
    if (auto* tick = std::get_if<fleet::TickBatch>(&update)) {
      numbers.push_back(tick->position.number);
      return numbers.size() % 4 != 0;
    }
    return true;
  };

  expect(r->rewind_to(kNoon));
  for (int k = 0; k < 4; ++k) expect(r->read_until(fleet::Time::max(), sink));

  EXPECT_THAT(numbers, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST_F(Store, GivesEachDayItsOwnFileThatStandsAlone) {
  auto w = writer();
  Fleet fleet(5, kMidnight - seconds(3));
  std::vector<std::uint64_t> hashes;
  for (int k = 0; k < 6; ++k) {
    one_tick(*w, fleet, 4);
    hashes.push_back(fleet.state.hash());
  }
  expect(w->close());

  // The tick that ends at midnight belongs to the old day.
  auto both = reader();
  ASSERT_EQ(both->days().size(), 2u);
  EXPECT_EQ(both->days()[0].end, kMidnight);
  EXPECT_EQ(both->days()[1].begin, kMidnight);
  fs::rename(day("2026-10-16"), directory_ / "away");
  fleet::FleetState state;
  auto r = reader();
  for (int k = 0; k < 4; ++k) {
    expect(r->seek(kMidnight + seconds(k), state));
    EXPECT_EQ(state.hash(), hashes[static_cast<std::size_t>(k + 2)]) << k;
  }
}

TEST_F(Store, ReachesTheVeryLastStateAndTheVeryFirst) {
  auto w = writer();
  Fleet fleet(5, kMidnight - seconds(2));
  for (int k = 0; k < 4; ++k) one_tick(*w, fleet, 4);
  expect(w->close());
  auto r = reader();
  fleet::FleetState state;

  expect(r->seek(fleet::Time::max(), state));
  EXPECT_EQ(state.hash(), fleet.state.hash());
  expect(r->seek(fleet::Time::min(), state));
  EXPECT_EQ(state.hash(), fleet::FleetState().hash());
}

TEST_F(Store, ReadsOverMidnightWithoutRepeatingTheState) {
  auto w = writer();
  Fleet fleet(5, kMidnight - seconds(2));
  for (int k = 0; k < 4; ++k) one_tick(*w, fleet, 4);
  expect(w->close());
  auto r = reader();
  std::string kinds;

  expect(r->read_until(fleet::Time::max(), [&](fleet::Update&& update) {
    kinds += "rst"[update.index()];
    return true;
  }));

  EXPECT_EQ(kinds, "rstttt");
}

TEST_F(Store, BeginsAnewEpochAfterARestartOnTheSameDay) {
  record(5);
  auto w = writer();
  Fleet fleet(20, kNoon + minutes(1), 8);

  EXPECT_TRUE(w->needs_roster(kNoon + minutes(1)));
  for (int k = 0; k < 5; ++k) one_tick(*w, fleet, 4);
  expect(w->close());

  fleet::FleetState state;
  auto r = reader();
  expect(r->seek(kNoon + minutes(2), state));
  EXPECT_EQ(state.hash(), fleet.state.hash());
  EXPECT_EQ(state.position().epoch, 8u);
  expect(r->seek(kNoon + seconds(30), state));
  EXPECT_EQ(state.position(), (fleet::FramePosition{7, 5}));
  EXPECT_TRUE(verify(directory_)->damages.empty());
}

TEST_F(Store, WantsNoKeyframeWhileNothingHappens) {
  auto w = writer();
  Fleet fleet(5);
  open_tick(*w, fleet);
  EXPECT_FALSE(w->needs_keyframe(kNoon + minutes(30)));

  one_tick(*w, fleet, 1);

  EXPECT_FALSE(w->needs_keyframe(kNoon + seconds(1) + minutes(10)));
  EXPECT_TRUE(w->needs_keyframe(kNoon + seconds(1) + minutes(10) + fleet::Millis{1}));
  EXPECT_FALSE(w->needs_roster(kNoon + minutes(30)));
  EXPECT_TRUE(w->needs_roster(kMidnight + fleet::Millis{1}));
}

TEST_F(Store, RefusesATickOfADayWithoutKeyframe) {
  auto w = writer();
  Fleet fleet(5);
  fleet.report_at_random(1);

  const auto early = w->append(encoder_.encode(fleet.end_tick()));

  ASSERT_FALSE(early.ok());
  EXPECT_THAT(early.error().what, HasSubstr("needs a keyframe before it"));
  EXPECT_FALSE(w->journal("x").ok());
}

TEST_F(Store, ReadsWhileTheDayIsBeingWritten) {
  auto w = writer();
  Fleet fleet(5);
  one_tick(*w, fleet, 4);
  expect(w->commit());
  auto r = reader();
  fleet::FleetState state;
  expect(r->seek(kNoon + seconds(9), state));
  EXPECT_EQ(state.hash(), fleet.state.hash());

  one_tick(*w, fleet, 4);
  const std::uint64_t uncommitted = fleet.state.hash();
  expect(r->seek(kNoon + seconds(9), state));
  EXPECT_NE(state.hash(), uncommitted);
  expect(w->commit());

  expect(r->seek(kNoon + seconds(9), state));
  EXPECT_EQ(state.hash(), uncommitted);
}

TEST_F(Store, IsWrittenByOneAtATime) {
  auto w = writer();

  const auto second = DayWriter::open(directory_, quick());

  ASSERT_FALSE(second.ok());
  EXPECT_THAT(second.error().what, HasSubstr("another fleetwall process is writing here"));
  w.reset();
  EXPECT_TRUE(DayWriter::open(directory_, quick()).ok());
}

TEST_F(Store, LeavesClosedDaysAsSingleFiles) {
  record(5);

  EXPECT_TRUE(fs::exists(day("2026-10-16")));
  EXPECT_FALSE(fs::exists(day("2026-10-16").string() + "-wal"));
}

TEST_F(Store, SettlesADayThatWasReadWhenItEnded) {
  for (const bool pack : {false, true}) {
    samples::DayFolder folder;
    DayStoreOptions options = quick();
    options.pack = pack;
    auto w = folder.writer(options);
    Fleet fleet(20, kNoon + std::chrono::hours(10) - seconds(3));  // until midnight
    for (int k = 0; k < 3; ++k) folder.one_tick(*w, fleet, 3);
    expect(w->commit());
    auto reader = folder.reader();
    fleet::FleetState state;
    expect(reader->seek(fleet.state.time(), state));
    const std::string log = folder.day("2026-10-16").string() + "-wal";
    const auto go_on = [&] {
      folder.one_tick(*w, fleet, 3);
      expect(w->commit());
    };
    for (int k = 0; k < 200; ++k) go_on();
    EXPECT_TRUE(fs::exists(folder.day("2026-10-17")));
    EXPECT_TRUE(fs::exists(log)) << "it is being read";

    reader.reset();
    const auto deadline = std::chrono::steady_clock::now() + seconds(30);
    while (fs::exists(log) && std::chrono::steady_clock::now() < deadline) go_on();
    EXPECT_FALSE(fs::exists(log));
  }
}

// ---------------------------------------------------------------- crashes and full disks

TEST_F(Store, KeepsWhatWasCommittedWhenTheWriterIsKilled) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto w = writer(DayStoreOptions{});  // durable
    Fleet fleet(5);
    one_tick(*w, fleet, 4);
    open_tick(*w, fleet);
    (void)w->journal("first");
    (void)w->journal("second");
    (void)w->commit();
    (void)w->journal("never committed");
    (void)!write(ready[1], "x", 1);
    for (;;) pause();
  }
  char byte;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);

  auto w = writer();

  EXPECT_THAT(*w->read_journal(), testing::ElementsAre("first", "second"));
  EXPECT_TRUE(verify(directory_)->damages.empty());
  Fleet again(5, kNoon + seconds(5), 8);
  one_tick(*w, again, 2);
  EXPECT_TRUE(w->read_journal()->empty());
}

TEST_F(Store, CarriesTheJournalOverMidnight) {
  {
    auto w = writer();
    Fleet fleet(5, kMidnight - seconds(5));
    one_tick(*w, fleet, 2);
    expect(w->journal("kept"));
    expect(w->close());
  }
  auto w = writer();
  Fleet fleet(5, kMidnight + hours(1), 8);

  open_tick(*w, fleet);

  EXPECT_THAT(*w->read_journal(), testing::ElementsAre("kept"));
}

TEST_F(Store, GoesOnAfterAFullDisk) {
  auto w = writer();
  Fleet fleet(20);
  one_tick(*w, fleet, 4);
  expect(w->commit());
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{256 << 10, before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);

  fleet::Result<void> failed;
  for (int k = 0; k < 100 && failed; ++k) {
    failed = w->journal(std::string(16 << 10, 'x'));
    if (failed) failed = w->commit();
  }
  setrlimit(RLIMIT_FSIZE, &before);

  ASSERT_FALSE(failed.ok());
  EXPECT_THAT(failed.error().what, HasSubstr("2026-10-16.fleetday: "));
  one_tick(*w, fleet, 4);
  expect(w->commit());
  expect(w->close());
  fleet::FleetState state;
  expect(reader()->seek(kNoon + seconds(9), state));
  EXPECT_EQ(state.hash(), fleet.state.hash());
}

TEST_F(Store, SaysWhyAFolderCannotBeWritten) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::create_directories(directory_);
  fs::permissions(directory_, fs::perms::owner_read | fs::perms::owner_exec);

  const auto opened = DayWriter::open(directory_, quick());

  fs::permissions(directory_, fs::perms::owner_all);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().what, HasSubstr("cannot be written"));
}

// ---------------------------------------------------------------- damage

TEST_F(Store, RefusesWhatIsNoDayFile) {
  fs::create_directories(directory_);
  std::ofstream(day("2026-10-16")) << std::string(5000, 'x');
  const auto junk = DayReader::open(directory_);
  ASSERT_FALSE(junk.ok());
  EXPECT_THAT(junk.error().what, HasSubstr("no fleetwall day file"));

  fs::remove(day("2026-10-16"));
  EXPECT_THAT(DayReader::open(directory_).error().what, HasSubstr("no day files"));
  EXPECT_THAT(DayReader::open(directory_ / "none").error().what, HasSubstr("no such file"));
}

TEST_F(Store, RefusesANewerSchemaWithTheRemedy) {
  record(2);
  run_sql(day("2026-10-16"), "PRAGMA user_version=" + std::to_string(kDaySchemaVersion + 1));

  const auto opened = DayReader::open(directory_);

  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().what, HasSubstr("written by a newer fleetwall (schema " +
                                             std::to_string(kDaySchemaVersion + 1)));
  EXPECT_FALSE(DayWriter::open(directory_, quick()).ok());
}

TEST_F(Store, VerifiesAWholeDay) {
  record(150, minutes(1));

  const auto report = verify(directory_);

  EXPECT_TRUE(report->damages.empty());
  EXPECT_EQ(report->files, 1u);
  EXPECT_EQ(report->frames, 150u + 3 + 1);
  EXPECT_EQ(report->rows, 450u);
}

TEST_F(Store, NamesADamagedFrameAndGoesOnAtTheNextKeyframe) {
  const auto hashes = record(150, minutes(1));
  // Row 1 roster, row 2 keyframe, row 12 tick 10.
  run_sql(day("2026-10-16"),
          "UPDATE frames SET bytes = CAST(substr(bytes, 1, 60) || x'00' || substr(bytes, 62) "
          "AS BLOB) WHERE row = 12");

  const auto report = verify(directory_);

  ASSERT_EQ(report->damages.size(), 1u);
  EXPECT_EQ(report->damages[0].row, 12u);
  EXPECT_THAT(report->damages[0].what, HasSubstr("tick frame 10 of epoch 7"));
  EXPECT_THAT(report->damages[0].what,
              HasSubstr("lost with it: all after 2026-10-16T06:00:09.000Z, until "
                        "2026-10-16T06:01:01.000Z, with 51 readable tick frames"));
  auto r = reader();
  fleet::FleetState state;
  EXPECT_FALSE(r->seek(kNoon + seconds(20), state).ok());
  expect(r->seek(kNoon + seconds(100), state));
  EXPECT_EQ(state.hash(), hashes[99]);
}

TEST_F(Store, ReadsOnBehindDamageAtTheNextKeyframe) {
  record(150, minutes(1));
  run_sql(day("2026-10-16"), "UPDATE frames SET bytes = x'00' WHERE row = 12");
  auto r = reader();
  std::string kinds;
  const auto sink = [&](fleet::Update&& update) {
    kinds += "rst"[update.index()];
    return true;
  };

  const auto stopped = r->read_until(fleet::Time::max(), sink);

  ASSERT_FALSE(stopped.ok());
  EXPECT_THAT(stopped.error().what, HasSubstr("row 12 (tick frame 10 of epoch 7"));
  EXPECT_EQ(kinds, "rs" + std::string(9, 't'));
  kinds.clear();
  expect(r->read_until(fleet::Time::max(), sink));
  EXPECT_EQ(kinds.substr(0, 3), "rst");
}

TEST_F(Store, NoticesMissingFramesAndWrongKeyframes) {
  record(150, minutes(1));
  run_sql(day("2026-10-16"), "DELETE FROM frames WHERE row = 12");

  auto report = verify(directory_);

  ASSERT_GE(report->damages.size(), 1u);
  EXPECT_THAT(report->damages[0].what, HasSubstr("row 12 missing"));
}

TEST_F(Store, NoticesACorruptPage) {
  record(150, minutes(1));
  {
    std::fstream file(day("2026-10-16"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096 * 12);
    file << std::string(4096, '\x5A');
  }

  const auto report = verify(directory_);

  ASSERT_TRUE(report.ok());
  EXPECT_FALSE(report->damages.empty());
}

TEST_F(Store, InstallsDaysInPlaceOfOldOnes) {
  record(5);
  const fs::path fresh = directory_ / "import";
  std::uint64_t hash = 0;
  {
    auto w = DayWriter::open(fresh, quick());
    Fleet fleet(9);
    for (int k = 0; k < 3; ++k) one_tick(**w, fleet, 5);
    expect((*w)->close());
    hash = fleet.state.hash();
  }

  expect(install_days(fresh, directory_));

  fleet::FleetState state;
  expect(reader()->seek(kNoon + seconds(9), state));
  EXPECT_EQ(state.hash(), hash);
  EXPECT_FALSE(fs::exists(fresh / "2026-10-16.fleetday"));
}

}  // namespace
}  // namespace net
