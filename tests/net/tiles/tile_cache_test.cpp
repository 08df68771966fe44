// The tiles of a server on disk, and the small parts beside it.
#include "net/tiles/tile_cache.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

#include "net/tiles/cache_rules.hpp"
#include "net/tiles/held_tiles.hpp"
#include "net/tiles/host_health.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tile_sets.hpp"

namespace net {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::text_of;

constexpr fleet::Time kNoon = fleet::time_from_ms(1'792'130'400'000);
constexpr std::string_view kSet = "https://h/{z}/{x}/{y}";

class Cache : public ::testing::Test {
 protected:
  std::unique_ptr<TileCache> open(std::uint64_t bytes_max = 1 << 20, std::string_view set = kSet) {
    auto opened = TileCache::open(folder.path, set, bytes_max);
    if (!opened) throw std::runtime_error(opened.error().what);
    return std::move(*opened);
  }
  static CachedTile tile(const std::string& text, std::string etag = "\"1\"") {
    CachedTile made;
    const auto bytes = std::as_bytes(std::span(text));
    made.picture.assign(bytes.begin(), bytes.end());
    made.etag = std::move(etag);
    made.fresh_until = kNoon + 1h;
    return made;
  }
  std::vector<fs::path> files(const std::string& ending = ".tile") const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path))
      if (entry.is_regular_file() && entry.path().string().ends_with(ending))
        found.push_back(entry.path());
    return found;
  }
  static std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  testing_support::TemporaryFolder folder;
};

TEST_F(Cache, HandsBackWhatWasPut) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({5, 26, 12}, tile("picture"), kNoon));
  ASSERT_TRUE(cache->put({0, 0, 0}, tile("", ""), kNoon));

  const auto found = open()->find({5, 26, 12}, kNoon);
  ASSERT_TRUE(found);
  EXPECT_EQ(text_of(found->picture), "picture");
  EXPECT_EQ(found->etag, "\"1\"");
  EXPECT_EQ(found->fresh_until, kNoon + 1h);
  const auto none = cache->find({0, 0, 0}, kNoon);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->picture.empty() && none->etag.empty());
  EXPECT_FALSE(cache->find({5, 26, 13}, kNoon));
}

TEST_F(Cache, ReplacesATile) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("old"), kNoon));
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("new"), kNoon));

  EXPECT_EQ(text_of(cache->find({1, 0, 0}, kNoon)->picture), "new");
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(Cache, KeepsServersApart) {
  ASSERT_TRUE(open(1 << 20, "https://a/{z}/{x}/{y}")->put({1, 0, 0}, tile("a"), kNoon));

  EXPECT_FALSE(open(1 << 20, "https://b/{z}/{x}/{y}")->find({1, 0, 0}, kNoon));
}

TEST_F(Cache, ThrowsAwayAFileWithAnyByteChanged) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("picture"), kNoon));
  const fs::path file = files().at(0);
  const std::string sound = contents(file);

  for (std::size_t at = 0; at < sound.size(); ++at) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    testing_support::write_file(file, damaged);

    EXPECT_FALSE(cache->find({1, 0, 0}, kNoon)) << at;
    EXPECT_FALSE(fs::exists(file)) << at;
  }
}

TEST_F(Cache, ThrowsAwayAFileOfAnyOtherLength) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("picture"), kNoon));
  const fs::path file = files().at(0);
  const std::string sound = contents(file);

  for (std::size_t size = 0; size < sound.size(); ++size) {
    testing_support::write_file(file, sound.substr(0, size));
    EXPECT_FALSE(cache->find({1, 0, 0}, kNoon)) << size;
  }
  testing_support::write_file(file, sound + "x");
  EXPECT_FALSE(cache->find({1, 0, 0}, kNoon));
  testing_support::write_file(file, sound);
  EXPECT_TRUE(cache->find({1, 0, 0}, kNoon));
}

TEST_F(Cache, DoesNotTakeOneTileForAnother) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("a"), kNoon));
  ASSERT_TRUE(cache->put({1, 1, 1}, tile("b"), kNoon));
  const auto both = files();
  ASSERT_EQ(both.size(), 2u);
  fs::copy_file(both[0], both[1], fs::copy_options::overwrite_existing);

  EXPECT_NE(cache->find({1, 0, 0}, kNoon).has_value(), cache->find({1, 1, 1}, kNoon).has_value());
}

TEST_F(Cache, RemovesWhatWasUsedLongestAgo) {
  const auto cache = open(20 * kCacheBlockBytes);
  for (std::uint32_t x = 0; x < 17; ++x)
    ASSERT_TRUE(cache->put({8, x, 0}, tile("x"), kNoon + x * 1s));
  EXPECT_EQ(files().size(), 17u);
  EXPECT_TRUE(cache->find({8, 0, 0}, kNoon + 2h));  // the oldest, but used since

  for (std::uint32_t x = 17; x < 19; ++x)
    ASSERT_TRUE(cache->put({8, x, 0}, tile("x"), kNoon + 2h + x * 1s));

  EXPECT_EQ(files().size(), 16u) << "80 % of 20";
  EXPECT_TRUE(cache->find({8, 0, 0}, kNoon + 2h));
  for (const std::uint32_t gone : {1u, 2u, 3u}) EXPECT_FALSE(cache->find({8, gone, 0}, kNoon + 2h));
  EXPECT_TRUE(cache->find({8, 4, 0}, kNoon + 2h));
}

TEST_F(Cache, StaysWithinItsLimitWhateverIsWritten) {
  constexpr std::uint64_t kMax = 40 * kCacheBlockBytes;
  const auto cache = open(kMax);
  for (std::uint32_t x = 0; x < 500; ++x) {
    ASSERT_TRUE(cache->put({9, x, 0}, tile(std::string(x * 37 % 9000, 'x')), kNoon + x * 1s));
    ASSERT_LE(cache_bytes(folder.path), kMax) << x;
  }
  EXPECT_GT(cache_bytes(folder.path), kMax / 2);
}

TEST_F(Cache, CutsAFullFolderOfAnEarlierRunWithItsFirstTile) {
  {
    const auto large = open(1 << 20);
    for (std::uint32_t x = 0; x < 30; ++x)
      ASSERT_TRUE(large->put({8, x, 0}, tile("x"), kNoon + x * 1s));
  }
  ASSERT_TRUE(open(10 * kCacheBlockBytes)->put({8, 99, 0}, tile("x"), kNoon + 1min));

  EXPECT_EQ(files().size(), 8u);
}

TEST_F(Cache, LeavesFilesAloneThatAreNotItsOwn) {
  const char* const others[] = {"notes.tile", "tiles-x/00/1-2-3.tile", "00/1-0-0.tile",
                                "tiles-0123456789abcdef/zz/1-0-0.tile",
                                "tiles-0123456789abcdef/00/holiday.png"};
  for (const char* const name : others)
    testing_support::write_file(folder.path / name, std::string(100'000, 'x'));

  trim_cache(folder.path, 0, 0, kNoon + 1000h);
  ASSERT_TRUE(open(0)->put({1, 0, 0}, tile("x"), kNoon));

  for (const char* const name : others) EXPECT_TRUE(fs::exists(folder.path / name)) << name;
}

TEST_F(Cache, RemovesWhatADeadProcessLeftUnfinished) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("x"), kNoon));
  const fs::path left = files().at(0).parent_path() / ".part-abcdef";
  testing_support::write_file(left, "half");
  const auto written =
      std::chrono::floor<fleet::Millis>(std::chrono::file_clock::to_sys(fs::last_write_time(left)));

  trim_cache(folder.path, 1 << 20, 0, written + kUnfinishedKept - 1s);
  EXPECT_TRUE(fs::exists(left));
  trim_cache(folder.path, 1 << 20, 0, written + kUnfinishedKept + 1s);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_EQ(files().size(), 1u);
}

TEST_F(Cache, LeavesNothingUnfinishedBehind) {
  const auto cache = open();
  for (std::uint32_t x = 0; x < 8; ++x) ASSERT_TRUE(cache->put({3, x, 0}, tile("x"), kNoon));

  EXPECT_EQ(files("").size(), 8u + 1u) << "tiles and the lock";
}

TEST_F(Cache, SaysWhyATileCannotBeWrittenAndGoesOnWhenItCan) {
  const auto cache = open();
  ASSERT_TRUE(cache->put({1, 0, 0}, tile("x"), kNoon));
  const fs::path set = files().at(0).parent_path().parent_path();
  fs::rename(set, set.string() + "-away");
  testing_support::write_file(set, "a file in the place of the folder");

  EXPECT_FALSE(cache->put({1, 0, 0}, tile("y"), kNoon));
  EXPECT_FALSE(cache->find({1, 0, 0}, kNoon));
  fs::remove(set);
  EXPECT_TRUE(cache->put({1, 0, 0}, tile("y"), kNoon));
  EXPECT_EQ(text_of(cache->find({1, 0, 0}, kNoon)->picture), "y");
}

TEST_F(Cache, IsSharedBySeveralWritersAndReaders) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      // One object each, as processes would; small enough that they remove under each other.
      const auto cache = open(60 * kCacheBlockBytes);
      for (std::uint32_t x = 0; x < 200; ++x) {
        const std::string text = "tile " + std::to_string(x % 50);
        if (!cache->put({8, x % 50, 0}, tile(text), kNoon + x * 1s)) ++wrong;
        const auto found = cache->find({8, (x * 7 + static_cast<std::uint32_t>(i)) % 50, 0}, kNoon);
        if (found && !text_of(found->picture).starts_with("tile ")) ++wrong;
      }
    });
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(wrong, 0);
}

TEST(CacheRules, AreThoseOfTheServer) {
  EXPECT_EQ(cache_rules("", "").fresh, kFreshUnsaid);
  EXPECT_EQ(cache_rules("max-age=60", "").fresh, 60s);
  EXPECT_EQ(cache_rules("public, Max-Age=60 , immutable", "20").fresh, 40s);
  EXPECT_EQ(cache_rules("max-age=60", "90").fresh, 0s);
  EXPECT_EQ(cache_rules("max-age=\"60\"", "x").fresh, 60s);
  EXPECT_EQ(cache_rules("max-age=99999999999999999999", "").fresh, kFreshMax);
  EXPECT_EQ(cache_rules("max-age=-5", "").fresh, kFreshUnsaid);
  EXPECT_EQ(cache_rules("no-cache, max-age=60", "").fresh, 0s);
  EXPECT_TRUE(cache_rules("private", "").keep);
  EXPECT_FALSE(cache_rules("no-store", "").keep);
}

constexpr fleet::TileId kSome{5, 1, 1}, kOther{5, 1, 2};

TEST(HostHealth, RestsLongerEachTimeUpToAMinute) {
  HostHealth host;
  fleet::Time now = kNoon;
  EXPECT_TRUE(host.may_ask(now));
  EXPECT_TRUE(host.failed(now));

  for (const auto rest : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    EXPECT_FALSE(host.may_ask(now + rest - 1ms)) << rest.count();
    now += rest;
    EXPECT_TRUE(host.may_ask(now)) << rest.count();
    EXPECT_FALSE(host.may_ask(now)) << "one at a time";
    EXPECT_FALSE(host.failed(now));
  }
  now += 60s;
  EXPECT_TRUE(host.may_ask(now));
  EXPECT_TRUE(host.succeeded(kSome));
  EXPECT_TRUE(host.may_ask(now) && host.may_ask(now));
  EXPECT_FALSE(host.succeeded(kSome));
}

TEST(HostHealth, CountsFailuresOfOneMomentOnce) {
  HostHealth host;
  for (int i = 0; i < 8; ++i) (void)host.failed(kNoon);

  EXPECT_FALSE(host.may_ask(kNoon + 999ms));
  EXPECT_TRUE(host.may_ask(kNoon + 1s));
}

TEST(HostHealth, RestsAsLongAsTheServerAsksWithinReason) {
  HostHealth host;
  (void)host.refused(kSome, kNoon, 120s);
  EXPECT_FALSE(host.may_ask(kNoon + 119s));
  EXPECT_TRUE(host.may_ask(kNoon + 120s));
  (void)host.refused(kSome, kNoon, 1'000'000s);
  EXPECT_FALSE(host.may_ask(kNoon + kHostRestAskedMax - 1s));
  EXPECT_TRUE(host.may_ask(kNoon + kHostRestAskedMax));
}

TEST(HostHealth, IsGoneWhenItRefusesTwoTilesOneAfterAnother) {
  HostHealth host;
  EXPECT_FALSE(host.refused(kSome, kNoon, 0s));
  EXPECT_FALSE(host.gone());
  EXPECT_TRUE(host.refused(kOther, kNoon, 0s));
  EXPECT_TRUE(host.gone());
  EXPECT_FALSE(host.refused({5, 1, 3}, kNoon, 0s)) << "told once";

  EXPECT_TRUE(host.succeeded(kSome));
  EXPECT_FALSE(host.gone());
}

TEST(HostHealth, IsNotGoneBecauseOfTilesThatItAlwaysRefuses) {
  HostHealth host;
  EXPECT_FALSE(host.refused(kSome, kNoon, 0s));
  EXPECT_FALSE(host.succeeded({5, 1, 3}));

  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(host.refused(kSome, kNoon, 0s));
    EXPECT_FALSE(host.refused(i == 0 ? kOther : kSome, kNoon, 0s));
  }
  EXPECT_FALSE(host.gone());
}

TEST(HostHealth, IsNotHeldByAClockThatWasSetBack) {
  HostHealth host;
  (void)host.failed(kNoon);

  EXPECT_TRUE(host.may_ask(kNoon - 24h));
}

TEST(HeldTiles, HoldsATileForItsTime) {
  HeldTiles held;
  held.hold({1, 0, 0}, kNoon, 60s, "why");

  EXPECT_EQ(held.why({1, 0, 0}, kNoon + 59s), "why");
  EXPECT_FALSE(held.why({1, 0, 1}, kNoon));
  EXPECT_FALSE(held.why({1, 0, 0}, kNoon + 60s));
  held.hold({1, 0, 0}, kNoon, 60s, "why");
  EXPECT_FALSE(held.why({1, 0, 0}, kNoon - 1s)) << "the clock was set back";
}

TEST(HeldTiles, ForgetsWhatIsOverBeforeAnythingElse) {
  HeldTiles held;
  for (std::uint32_t x = 0; x < kHeldTilesMax - 1; ++x) held.hold({16, x, 0}, kNoon, 10s, "short");
  held.hold({16, 0, 1}, kNoon, 1h, "long");

  held.hold({16, 1, 1}, kNoon + 20s, 1h, "one more");

  EXPECT_EQ(held.why({16, 0, 1}, kNoon + 20s), "long");
  EXPECT_EQ(held.why({16, 1, 1}, kNoon + 20s), "one more");
}

TEST(HeldTiles, ForgetsEverythingWhenFull) {
  HeldTiles held;
  for (std::uint32_t x = 0; x < kHeldTilesMax; ++x) held.hold({16, x, 0}, kNoon, 1h, "why");

  held.hold({16, 0, 1}, kNoon, 1h, "why");

  EXPECT_FALSE(held.why({16, 5, 0}, kNoon));
  EXPECT_TRUE(held.why({16, 0, 1}, kNoon));
}

}  // namespace
}  // namespace net
