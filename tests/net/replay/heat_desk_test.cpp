// The heat of another day as a wall wants it and a gateway tells it, without a connection.
#include "net/feed/heat_desk.hpp"

#include "net/pack/columns.hpp"
#include "net/pack/heat_pack.hpp"
#include "tests/net/codec_samples.hpp"

#include <gtest/gtest.h>

#include <random>

namespace net {
namespace {

using samples::kNoon;
using namespace std::chrono_literals;

const fleet::LocalDay kFriday = *fleet::parse_day("2026-10-16");

fleet::HeatCells some_heat(std::size_t cells, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  fleet::HeatCells heat;
  std::uint64_t place = random() % 1000;
  for (std::size_t i = 0; i < cells; ++i) {
    heat.cells.push_back({place, static_cast<std::int64_t>(random() % 40'000) + 1});
    heat.placed_s += heat.cells.back().seconds;
    place += 1 + random() % 100'000;
  }
  heat.unplaced_s = 77;
  return heat;
}

TEST(HeatPack, SaysWhatItWasTold) {
  for (const std::size_t cells : {0u, 1u, 2u, 5000u}) {
    const fleet::HeatCells heat = some_heat(cells);
    const auto read = unpack_heat(pack_heat(heat));
    ASSERT_TRUE(read.ok()) << read.error().what;
    EXPECT_EQ(*read, heat);
  }
}

TEST(HeatPack, IsRefusedDamagedOrOutOfRange) {
  const std::string packed = pack_heat(some_heat(50));
  for (std::size_t i = 0; i < packed.size(); ++i) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_FALSE(unpack_heat(damaged).ok()) << i;
    EXPECT_FALSE(unpack_heat(packed.substr(0, i)).ok()) << i;
  }
  const auto refused = [](std::vector<std::int64_t> steps, std::vector<std::int64_t> seconds,
                          std::int64_t sum) {
    PackWriter out(1);
    out.number(1);
    out.number(sum);
    out.number(0);
    out.column(steps);
    out.column(seconds);
    return !unpack_heat(out.take()).ok();
  };
  EXPECT_FALSE(refused({0, 5}, {1, 2}, 3));
  EXPECT_TRUE(refused({0, 5}, {1, 2}, 4)) << "another sum";
  EXPECT_TRUE(refused({0, 0}, {1, 2}, 3)) << "twice the same place";
  EXPECT_TRUE(refused({5, -1}, {1, 2}, 3));
  EXPECT_TRUE(refused({-1}, {1}, 1));
  EXPECT_TRUE(refused({std::int64_t{1} << 38}, {1}, 1)) << "no such place";
  EXPECT_TRUE(refused({1, INT64_MAX}, {1, 2}, 3));
  EXPECT_TRUE(refused({1}, {0}, 0));
  EXPECT_TRUE(refused({1}, {INT64_MAX}, INT64_MAX));
  EXPECT_TRUE(refused({1, 1}, {1}, 1));
}

class HeatDeskTest : public ::testing::Test {
 protected:
  std::shared_ptr<HeatDesk> desk_ = std::make_shared<HeatDesk>();
  std::unique_ptr<HeatShelf> shelf_ = make_gateway_heat(desk_);

  static HeatShelf::Wish wish(int minutes) { return {kNoon + minutes * 1min, kFriday}; }
  std::optional<ReplayHeat> question(std::uint32_t minor = kPackedSinceMinor) {
    return desk_->next_question(minor);
  }
  bool answer(std::uint32_t request, const fleet::HeatCells& heat) {
    return desk_->take(PackedReply{request, pack_heat(heat), false, false, {}}).ok();
  }
};

TEST_F(HeatDeskTest, AsksAndGivesTheShelfWhatCame) {
  int woken = 0;
  desk_->set_wake([&] { ++woken; });
  EXPECT_FALSE(question());
  shelf_->want({kNoon, kFriday, 0xf0});
  shelf_->want({kNoon, kFriday, 0xf0});
  EXPECT_EQ(woken, 1);
  const auto asked = question();
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->at, kNoon);
  EXPECT_EQ(asked->day, kFriday);
  EXPECT_EQ(asked->hours, 0xf0u);
  EXPECT_TRUE(shelf_->reading());
  EXPECT_FALSE(shelf_->update());
  ASSERT_TRUE(answer(asked->request, some_heat(9)));
  ASSERT_TRUE(shelf_->update());
  EXPECT_FALSE(shelf_->reading());
  EXPECT_EQ(shelf_->heat()->cells, some_heat(9));
  EXPECT_FALSE(shelf_->heat()->damaged);
}

TEST_F(HeatDeskTest, AsksOneAtATimeForTheNewestAndKeepsWhatWasRead) {
  shelf_->want(wish(1));
  ASSERT_TRUE(answer(question()->request, some_heat(1)));
  ASSERT_TRUE(shelf_->update());
  shelf_->want(wish(2));
  const auto second = question();
  shelf_->want(wish(3));
  shelf_->want(wish(4));
  EXPECT_FALSE(question());
  ASSERT_TRUE(answer(second->request, some_heat(2)));
  EXPECT_FALSE(shelf_->update()) << "not what is wanted";
  EXPECT_EQ(shelf_->heat()->cells, some_heat(1));
  const auto newest = question();
  ASSERT_TRUE(newest);
  EXPECT_EQ(newest->at, kNoon + 4min);
  ASSERT_TRUE(answer(newest->request, some_heat(4)));
  ASSERT_TRUE(shelf_->update());
  EXPECT_EQ(shelf_->heat()->cells, some_heat(4));
}

TEST_F(HeatDeskTest, AsksAgainAfterAnInterruptionAndNotAfterARest) {
  shelf_->want(wish(1));
  const auto first = question();
  desk_->forget();
  EXPECT_TRUE(answer(first->request, some_heat(1))) << "of nobody";
  EXPECT_FALSE(shelf_->update());
  ASSERT_TRUE(question());
  shelf_->rest();
  EXPECT_FALSE(shelf_->reading());
  EXPECT_EQ(shelf_->heat(), nullptr);
  desk_->forget();
  EXPECT_FALSE(question()) << "nobody wants it";
  shelf_->want(wish(1));
  EXPECT_TRUE(shelf_->reading());
}

TEST_F(HeatDeskTest, DropsAnAnswerThatComesAfterARest) {
  shelf_->want(wish(1));
  const auto asked = question();
  shelf_->rest();
  ASSERT_TRUE(answer(asked->request, some_heat(5)));
  EXPECT_FALSE(desk_->take_told());
  shelf_->want(wish(1));
  ASSERT_TRUE(answer(question()->request, some_heat(5)));
  EXPECT_TRUE(shelf_->update());
}

TEST_F(HeatDeskTest, SaysWhatCannotBeHad) {
  shelf_->want(wish(1));
  EXPECT_FALSE(question(kPackedSinceMinor - 1));
  ASSERT_TRUE(shelf_->update());
  EXPECT_TRUE(shelf_->heat()->damaged);
  shelf_->want(wish(2));
  const auto asked = question();
  ASSERT_TRUE(desk_->take(PackedReply{asked->request, {}, false, false, "no memory"}).ok());
  ASSERT_TRUE(shelf_->update());
  EXPECT_TRUE(shelf_->heat()->damaged);
  shelf_->want(wish(3));
  ASSERT_TRUE(desk_->take(PackedReply{question()->request, "nonsense", false, false, {}}).ok());
  ASSERT_TRUE(shelf_->update());
  EXPECT_TRUE(shelf_->heat()->damaged);
}

}  // namespace
}  // namespace net
