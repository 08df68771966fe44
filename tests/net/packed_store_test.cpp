// Packed hours in the day store: the same states, in a fraction of the bytes, and damage that stays
// where it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "net/store/check_points.hpp"
#include "net/store/pack_hours.hpp"
#include "tests/net/day_folder.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;
using samples::Fleet;
using samples::kNoon;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr int kTicks = 240;

/// Small packs, with check-points at every other one, and one in six that others build on.
DayStoreOptions small_packs() {
  DayStoreOptions options = samples::DayFolder::quick();
  options.keyframe_every = minutes(1);
  options.pack_rest = true;
  options.pack_sizes = {50, 0, 0, minutes(60), 3};
  return options;
}

class PackedStore : public testing::Test, public samples::DayFolder {
 protected:
  /// The hash after each tick.
  std::vector<std::uint64_t> record_packed(DayStoreOptions options = small_packs()) {
    return record_into(*this, options, 3);
  }
  std::vector<std::uint64_t> record_into(samples::DayFolder& folder, DayStoreOptions options,
                                         std::size_t rows) {
    auto w = folder.writer(options);
    Fleet fleet(20);
    std::vector<std::uint64_t> hashes;
    for (int k = 0; k < kTicks; ++k) {
      folder.one_tick(*w, fleet, rows);
      expect(w->commit());
      hashes.push_back(fleet.state.hash());
    }
    last_ = fleet.state.keyframe();
    expect(w->close());
    return hashes;
  }
  std::int64_t count(const char* sql) {
    auto db = sqlite::Database::open(day("2026-10-16"), sqlite::Database::Mode::read);
    EXPECT_TRUE(db.ok());
    auto number = db->number(sql);
    EXPECT_TRUE(number.ok());
    return number->value_or(-1);
  }
  void hurt(const char* table, const char* which) {
    run_sql(day("2026-10-16"), std::string("UPDATE ") + table +
                                   std::string(" SET bytes = CAST(substr(bytes, 1, 9) || x'07' || "
                                               "substr(bytes, 11) AS BLOB) WHERE id = (") +
                                   which + ")");
  }

  fleet::StateBatch last_;
};

TEST_F(PackedStore, HoldsNoSingleTicksOfHoursThatAreOver) {
  record_packed();

  EXPECT_EQ(count("SELECT count(*) FROM frames WHERE kind = 0"), 0);
  EXPECT_EQ(count("SELECT sum(ticks) FROM packs"), kTicks);
  EXPECT_EQ(count("SELECT sum(reports) FROM packs"), kTicks * 3);
  EXPECT_GT(count("SELECT count(*) FROM packs WHERE state_ms IS NOT NULL"), 0);
}

TEST_F(PackedStore, ReachesEveryTickExactly) {
  const auto hashes = record_packed();
  auto r = reader();
  fleet::FleetState state;

  for (std::size_t k = 0; k < hashes.size(); ++k) {
    expect(r->seek(kNoon + seconds(k + 1), state));
    ASSERT_EQ(state.hash(), hashes[k]) << k;
  }
  for (std::size_t k = hashes.size(); k-- > 0;) {
    expect(r->seek(kNoon + seconds(k + 1), state));
    ASSERT_EQ(state.hash(), hashes[k]) << k;
  }
}

TEST_F(PackedStore, MakesNoPackLargerThanReadersTake) {
  DayStoreOptions options = small_packs();
  options.pack_sizes.most_rows = 20;
  const auto hashes = record_packed(options);

  EXPECT_EQ(count("SELECT max(reports) FROM packs"), 18);
  EXPECT_EQ(count("SELECT sum(ticks) FROM packs"), kTicks);
  EXPECT_THAT(verify(directory_)->damages, SizeIs(0));
  auto r = reader();
  fleet::FleetState state;
  for (std::size_t k = 0; k < hashes.size(); ++k) {
    expect(r->seek(kNoon + seconds(k + 1), state));
    ASSERT_EQ(state.hash(), hashes[k]) << k;
  }
}

TEST_F(PackedStore, ReachesEveryInstantOfATickAsSingleFramesDo) {
  samples::DayFolder plain;  // before there is anything: it empties the folder of its name
  plain.directory_ += "_plain";
  // Reports of one machine come in order of receipt; those of the sample do not.
  DayStoreOptions single_frames = small_packs();
  single_frames.pack = false;
  record_into(*this, small_packs(), 1);
  record_into(plain, single_frames, 1);
  auto packed = reader(), single = plain.reader();
  fleet::FleetState a, b;

  for (int k = 0; k < kTicks * 4; k += 7) {
    const fleet::Time t = kNoon + fleet::Millis{k * 250 + k % 13};
    expect(packed->seek(t, a));
    expect(single->seek(t, b));
    ASSERT_EQ(a.hash(), b.hash()) << k;
    ASSERT_EQ(a.time(), b.time()) << k;
  }
}

TEST_F(PackedStore, ReachesTicksBetweenWhichMachinesJoin) {
  auto w = writer(small_packs());
  Fleet fleet(5);
  std::vector<std::uint64_t> hashes;
  for (std::size_t k = 0; k < kTicks; ++k) {
    open_tick(*w, fleet);
    if (k % 7 == 3) {
      const std::size_t machines = fleet.state.roster().size() + 1;
      expect(fleet.state.apply(samples::roster(machines, false)));
      expect(w->append(encoder_.encode(samples::roster(machines, false), fleet.state.position(),
                                       fleet.state.time())));
    }
    fleet.report_at_random(3);
    expect(w->append(encoder_.encode(fleet.end_tick())));
    hashes.push_back(fleet.state.hash());
  }
  expect(w->close());
  ASSERT_GT(count("SELECT count(*) FROM packs"), 2);

  // Later ticks of a pack are of machines that nobody knew before: up to there it must not mind.
  for (std::size_t k = 0; k < hashes.size(); ++k) {
    fleet::FleetState state;
    expect(reader()->seek(kNoon + seconds(k + 1), state));
    ASSERT_EQ(state.hash(), hashes[k]) << k;
    // One joins between tick 7 n + 2 and the next: at that very instant it is known.
    EXPECT_EQ(state.roster().size(), 5 + (k + 5) / 7) << k;
  }
  EXPECT_THAT(verify(directory_)->damages, SizeIs(0));
}

TEST_F(PackedStore, ReadsTheSameTicksOneByOne) {
  const auto hashes = record_packed();
  auto r = reader();
  fleet::FleetState state;
  std::size_t ticks = 0;

  expect(r->read_until(kNoon + std::chrono::hours(1), [&](fleet::Update&& update) {
    if (auto* roster = std::get_if<fleet::RosterBatch>(&update))
      expect(state.apply(std::move(*roster)));
    else if (auto* keyframe = std::get_if<fleet::StateBatch>(&update))
      expect(state.apply(*keyframe));
    else if (auto* tick = std::get_if<fleet::TickBatch>(&update)) {
      expect(state.apply(*tick));
      EXPECT_EQ(state.hash(), hashes[ticks++]);
    }
    return !HasFailure();
  }));

  EXPECT_EQ(ticks, hashes.size());
  const fleet::StateBatch read = state.keyframe();
  EXPECT_EQ(read.heat, last_.heat);
  EXPECT_EQ(read.activity, last_.activity);
  for (std::size_t i = 0; i < read.machines.size(); ++i)
    EXPECT_EQ(read.machines[i].figures, last_.machines[i].figures);
}

TEST_F(PackedStore, HoldsTheSameBytesHoweverManyPacksAreMadeAtOnce) {
  samples::DayFolder other;  // before there is anything: it empties the folder of its name
  other.directory_ += "_other";
  DayStoreOptions at_once = small_packs();
  at_once.pack_sizes.at_once = 3;
  record_packed();
  record_into(other, at_once, 3);
  const auto bytes_of = [](const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };

  EXPECT_EQ(count("SELECT count(*) FROM packs"), 4);
  EXPECT_EQ(bytes_of(day("2026-10-16")), bytes_of(other.day("2026-10-16")));
}

TEST_F(PackedStore, KeepsTheFaultListsThatChangedNothing) {
  using Lists = decltype(samples::lists_of({}));
  const auto lists_in = [](DayReader& reader) {
    std::vector<Lists> lists;
    expect(reader.read_until(kNoon + std::chrono::hours(1), [&](fleet::Update&& update) {
      if (const auto* tick = std::get_if<fleet::TickBatch>(&update))
        lists.push_back(samples::lists_of(*tick));
      return true;
    }));
    return lists;
  };
  samples::DayFolder plain;  // before there is anything: it empties the folder of its name
  plain.directory_ += "_plain";
  DayStoreOptions single_frames = small_packs();
  single_frames.pack = false;
  record_packed();
  record_into(plain, single_frames, 3);

  const auto got = lists_in(*reader());

  EXPECT_EQ(got.size(), std::size_t{kTicks});
  EXPECT_EQ(got.front().size(), 2u);
  EXPECT_EQ(got, lists_in(*plain.reader()));
}

TEST_F(PackedStore, KnowsHeatAndFiguresAfterASeek) {
  record_packed();
  fleet::FleetState state;

  expect(reader()->seek(kNoon + std::chrono::hours(1), state));

  const fleet::StateBatch read = state.keyframe();
  EXPECT_EQ(read.heat, last_.heat);
  EXPECT_EQ(read.alarms, last_.alarms);
  for (std::size_t i = 0; i < read.machines.size(); ++i)
    EXPECT_EQ(read.machines[i].figures, last_.machines[i].figures);
}

TEST_F(PackedStore, GoesOnReadingWhereFramesBecamePacksMeanwhile) {
  DayStoreOptions options = small_packs();
  options.pack = false;
  options.pack_rest = false;
  const auto hashes = record_packed(options);
  auto r = reader();
  fleet::FleetState state;
  std::size_t ticks = 0;
  const auto read_to = [&](seconds end) {
    expect(r->read_until(kNoon + end, [&](fleet::Update&& update) {
      if (auto* roster = std::get_if<fleet::RosterBatch>(&update))
        expect(state.apply(std::move(*roster)));
      else if (auto* keyframe = std::get_if<fleet::StateBatch>(&update))
        expect(state.apply(*keyframe));
      else if (auto* tick = std::get_if<fleet::TickBatch>(&update)) {
        expect(state.apply(*tick));
        ++ticks;
      }
      return true;
    }));
  };
  read_to(seconds(100));
  EXPECT_EQ(state.hash(), hashes[99]);

  { expect(writer(small_packs())->close()); }  // packs what is there
  read_to(seconds(kTicks));

  EXPECT_EQ(count("SELECT count(*) FROM frames WHERE kind = 0"), 0);
  EXPECT_EQ(ticks, hashes.size());
  EXPECT_EQ(state.hash(), hashes.back());
}

TEST_F(PackedStore, GoesOnWritingBehindPacks) {
  record_packed();
  auto w = writer(small_packs());
  Fleet fleet(20, kNoon + minutes(30), 8);
  std::vector<std::uint64_t> hashes;
  for (int k = 0; k < 130; ++k) {
    one_tick(*w, fleet, 3);
    hashes.push_back(fleet.state.hash());
  }
  expect(w->close());

  fleet::FleetState state;
  auto r = reader();
  for (std::size_t k = 0; k < hashes.size(); k += 11) {
    expect(r->seek(kNoon + minutes(30) + seconds(k + 1), state));
    EXPECT_EQ(state.hash(), hashes[k]) << k;
  }
  EXPECT_THAT(verify(directory_)->damages, SizeIs(0));
}

TEST_F(PackedStore, PacksHoursWhileItWritesOn) {
  DayStoreOptions options = small_packs();
  options.pack_rest = false;
  auto w = writer(options);
  Fleet fleet(20);
  // Three hours, a tick each minute; packs come in when they are made.
  for (int k = 0; k < 180; ++k) {
    one_tick(*w, fleet, 3);
    expect(w->commit());
    fleet.skip_to(fleet.tick.begin + seconds(59));
  }
  const auto deadline = std::chrono::steady_clock::now() + seconds(30);
  while (count("SELECT count(*) FROM packs") == 0 && std::chrono::steady_clock::now() < deadline)
    expect(w->commit());
  EXPECT_GT(count("SELECT count(*) FROM packs"), 1);
  EXPECT_GT(count("SELECT count(*) FROM frames WHERE kind = 0"), 0);
  // What a damaged page costs ends at the next pack; before the first one stands a keyframe.
  EXPECT_EQ(count("SELECT count(*) FROM packs WHERE state_ms IS NULL"), 1);

  fleet::FleetState state;
  expect(reader()->seek(fleet.state.time(), state));
  EXPECT_EQ(state.hash(), fleet.state.hash());
  EXPECT_THAT(verify(directory_)->damages, SizeIs(0));
}

TEST_F(PackedStore, DoesWithoutCheckPointsThatStandNear) {
  DayStoreOptions options = small_packs();
  options.pack_sizes = open_day_sizes({9, 0, 0, minutes(60), 3});
  auto w = writer(options);
  Fleet fleet(20);
  std::vector<std::pair<fleet::Time, std::uint64_t>> hashes;
  for (int k = 0; k < 180; ++k) {  // three hours, a tick each minute
    one_tick(*w, fleet, 3);
    hashes.emplace_back(fleet.state.time(), fleet.state.hash());
    fleet.skip_to(fleet.tick.begin + seconds(59));
  }
  expect(w->close());
  const std::int64_t packs = count("SELECT count(*) FROM packs");
  ASSERT_EQ(count("SELECT count(*) FROM packs WHERE state_ms IS NULL"), 1);
  PackSizes closed = options.pack_sizes;
  closed.state_rows_per_machine = 1'000'000;
  closed.states_apart = minutes(50);

  auto file = DayFile::open(day("2026-10-16"), sqlite::Database::Mode::write);
  ASSERT_TRUE(file.ok());
  expect(thin_check_points(*file, closed));

  // One each 50 minutes, and those that these are differences to.
  EXPECT_EQ(count("SELECT count(*) FROM packs"), packs);
  EXPECT_EQ(count("SELECT count(*) FROM packs WHERE state_ms IS NOT NULL"),
            count("SELECT count(*) FROM pack_states"));
  EXPECT_GE(count("SELECT count(*) FROM pack_states"), 3);
  EXPECT_LE(count("SELECT count(*) FROM pack_states"), 6);
  EXPECT_THAT(verify(directory_)->damages, SizeIs(0));
  auto r = reader();
  fleet::FleetState state;
  for (std::size_t k = hashes.size(); k-- > 0;) {
    expect(r->seek(hashes[k].first, state));
    ASSERT_EQ(state.hash(), hashes[k].second) << k;
  }

  // It goes on from there as from any other.
  expect(thin_check_points(*file, closed));
  EXPECT_GE(count("SELECT count(*) FROM pack_states"), 3);
}

TEST_F(PackedStore, PacksADayThatIsOverAndGivesItsRoomBack) {
  DayStoreOptions options = small_packs();
  options.pack_rest = false;
  auto w = writer(options);
  Fleet fleet(20, kNoon + std::chrono::hours(10) - minutes(4));  // until midnight
  for (int k = 0; k < kTicks; ++k) {
    one_tick(*w, fleet, 3);
    expect(w->commit());
  }
  const std::uint64_t midnight = fleet.state.hash();
  for (int k = 0; k < 5; ++k) one_tick(*w, fleet, 3);
  expect(w->close());

  EXPECT_EQ(count("SELECT count(*) FROM frames WHERE kind = 0"), 0);
  EXPECT_EQ(count("PRAGMA freelist_count"), 0);
  EXPECT_FALSE(fs::exists(day("2026-10-16").string() + "-wal"));
  fleet::FleetState state;
  expect(reader()->seek(kNoon + std::chrono::hours(10), state));
  EXPECT_EQ(state.hash(), midnight);
}

TEST_F(PackedStore, IsWholeToVerify) {
  record_packed();

  const auto report = verify(directory_);

  EXPECT_THAT(report->damages, SizeIs(0));
  EXPECT_EQ(report->rows, kTicks * 3u);
}

TEST_F(PackedStore, ADamagedPackCostsItsOwnTicks) {
  const auto hashes = record_packed();
  hurt("pack_parts", "SELECT first_row * 4 FROM packs ORDER BY first_row LIMIT 1 OFFSET 1");

  const auto report = verify(directory_);
  ASSERT_THAT(report->damages, SizeIs(1));
  EXPECT_THAT(report->damages[0].what, HasSubstr("its check does not fit"));
  EXPECT_THAT(report->damages[0].what, HasSubstr("lost with it"));

  fleet::FleetState state;
  auto r = reader();
  const auto lost = static_cast<std::size_t>(
      count("SELECT ticks FROM packs ORDER BY first_row LIMIT 1 OFFSET 1"));
  std::size_t reached = 0;
  for (std::size_t k = 0; k < hashes.size(); ++k) {
    if (!r->seek(kNoon + seconds(k + 1), state)) continue;
    EXPECT_EQ(state.hash(), hashes[k]) << k;
    ++reached;
  }
  // The next check-point may be a pack further on.
  EXPECT_GE(reached + 2 * lost, hashes.size());
  EXPECT_LT(reached, hashes.size());
}

TEST_F(PackedStore, HasCheckPointsOfASlowFleetToo) {
  DayStoreOptions options = small_packs();
  options.pack_sizes.state_rows_per_machine = 1'000'000;
  options.pack_sizes.states_apart = minutes(2);

  record_packed(options);  // four minutes, a pack each

  EXPECT_EQ(count("SELECT count(*) FROM packs"), 4);
  EXPECT_EQ(count("SELECT count(*) FROM packs WHERE state_ms IS NOT NULL"), 1);
  EXPECT_EQ(count("SELECT max(state_ms) - min(begin_ms) FROM packs"), 122'000);
  EXPECT_THAT(verify(directory_)->damages, SizeIs(0));
}

TEST_F(PackedStore, TakesTheRosterFramesAmongDamagedRows) {
  auto w = writer(small_packs());
  Fleet fleet(5);
  for (std::size_t k = 0; k < kTicks; ++k) {
    open_tick(*w, fleet);
    if (k == 20) {
      expect(fleet.state.apply(samples::roster(6, false)));
      expect(w->append(
          encoder_.encode(samples::roster(6, false), fleet.state.position(), fleet.state.time())));
    }
    fleet.report_at_random(3);
    expect(w->append(encoder_.encode(fleet.end_tick())));
  }
  expect(w->close());
  hurt("pack_parts", "SELECT first_row * 4 FROM packs ORDER BY first_row LIMIT 1");
  ASSERT_GT(count("SELECT last_row FROM packs ORDER BY first_row LIMIT 1"), 25);

  const auto report = verify(directory_);

  EXPECT_THAT(report->damages, SizeIs(1)) << report->damages.back().what;
}

TEST_F(PackedStore, ADamagedCheckPointCostsNothing) {
  const auto hashes = record_packed();
  hurt("pack_states",
       "SELECT first_row * 4 + 3 FROM packs WHERE state_ms IS NOT NULL ORDER BY first_row LIMIT 1");

  // It, and those that are differences to it; no tick is lost with them.
  const auto report = verify(directory_);
  EXPECT_THAT(report->damages, Not(testing::IsEmpty()));
  for (const auto& damage : report->damages)
    EXPECT_THAT(damage.what, Not(HasSubstr("lost with it")));
  fleet::FleetState state;
  auto r = reader();
  for (std::size_t k = 0; k < hashes.size(); k += 3) {
    expect(r->seek(kNoon + seconds(k + 1), state));
    EXPECT_EQ(state.hash(), hashes[k]) << k;
  }
}

TEST_F(PackedStore, LeavesWhatIsDamagedAsItIs) {
  DayStoreOptions options = small_packs();
  options.pack = false;
  options.pack_rest = false;
  const auto hashes = record_packed(options);
  // A tick in the third minute.
  run_sql(day("2026-10-16"), "UPDATE frames SET bytes = zeroblob(20) WHERE row = 140");

  { expect(writer(small_packs())->close()); }

  EXPECT_GT(count("SELECT count(*) FROM frames WHERE kind = 0"), 0);
  EXPECT_GT(count("SELECT count(*) FROM packs"), 0);
  fleet::FleetState state;
  auto r = reader();
  expect(r->seek(kNoon + seconds(kTicks), state));
  EXPECT_EQ(state.hash(), hashes.back());
  expect(r->seek(kNoon + seconds(60), state));
  EXPECT_EQ(state.hash(), hashes[59]);
}

}  // namespace
}  // namespace net
