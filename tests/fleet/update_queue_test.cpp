#include "fleet/update_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "builders.hpp"

namespace fleet {
namespace {

Update heartbeat(std::uint64_t number) {
  Heartbeat beat;
  beat.position.number = number;
  return beat;
}
std::uint64_t number_of(const std::optional<Update>& update) {
  return std::get<Heartbeat>(*update).position.number;
}
const std::size_t kBeatBytes = size_bytes(heartbeat(0));

TEST(UpdateQueue, GivesWhatItGotInOrder) {
  UpdateQueue queue(1 << 20);
  ASSERT_TRUE(queue.push(heartbeat(1)));
  ASSERT_TRUE(queue.push(heartbeat(2)));

  EXPECT_EQ(queue.count(), 2u);
  EXPECT_EQ(number_of(queue.try_pop()), 1u);
  EXPECT_EQ(number_of(queue.try_pop()), 2u);
  EXPECT_FALSE(queue.try_pop());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(UpdateQueue, TakesUpdatesWhileItHoldsLessThanItsLimit) {
  UpdateQueue queue(2 * kBeatBytes);
  Update update = heartbeat(1);
  EXPECT_TRUE(queue.try_push(update));  // holds 0: below
  update = heartbeat(2);
  EXPECT_TRUE(queue.try_push(update));  // holds one: below
  update = heartbeat(3);

  EXPECT_FALSE(queue.try_push(update));  // holds two: at the limit

  EXPECT_EQ(queue.bytes(), 2 * kBeatBytes);
  EXPECT_EQ(std::get<Heartbeat>(update).position.number, 3u);  // kept by the caller
  (void)queue.try_pop();
  EXPECT_TRUE(queue.try_push(update));
}

TEST(UpdateQueue, CountsTheBytesOfWhatItHolds) {
  UpdateQueue queue(1 << 20);
  TickBatch tick;
  tick.rows.resize(10);
  tick.values.resize(100);

  ASSERT_TRUE(queue.push(tick));

  EXPECT_GE(queue.bytes(), 10 * sizeof(Row) + 800);
  EXPECT_LE(queue.bytes(), 10 * sizeof(Row) + 800 + sizeof(TickBatch));
}

TEST(UpdateQueue, BlocksAFullPushUntilThereIsRoom) {
  UpdateQueue queue(kBeatBytes);
  ASSERT_TRUE(queue.push(heartbeat(0)));
  std::thread feed([&] {
    for (std::uint64_t i = 1; i <= 1000; ++i) {
      if (!queue.push(heartbeat(i))) return;
    }
  });

  for (std::uint64_t expected = 0; expected <= 1000;) {
    if (const auto update = queue.try_pop()) {
      ASSERT_EQ(number_of(update), expected++);
    } else {
      std::this_thread::yield();
    }
    ASSERT_LE(queue.bytes(), 2 * kBeatBytes);
  }
  feed.join();
}

TEST(UpdateQueue, WakesABlockedPushWhenItIsClosed) {
  UpdateQueue queue(kBeatBytes);
  ASSERT_TRUE(queue.push(heartbeat(0)));
  std::atomic<bool> refused = false;
  std::thread feed([&] { refused = !queue.push(heartbeat(1)); });

  queue.close();
  feed.join();

  EXPECT_TRUE(refused);
  EXPECT_EQ(number_of(queue.try_pop()), 0u);
  Update update = heartbeat(2);
  EXPECT_FALSE(queue.try_push(update));
}

TEST(UpdateQueue, MakesRoomWhenItIsCleared) {
  UpdateQueue queue(kBeatBytes);
  ASSERT_TRUE(queue.push(heartbeat(0)));

  queue.clear();

  EXPECT_EQ(queue.count(), 0u);
  EXPECT_TRUE(queue.push(heartbeat(1)));
}

TEST(TickBatch, IsEmptyAfterClear) {
  TickBatch tick = test::tick_at(test::at_s(0));
  tick.rows.resize(1);
  tick.values.resize(1);
  tick.periods.push_back({0, 1});
  tick.figures.push_back({0, {}});
  tick.alarms.resize(1);

  tick.clear();

  EXPECT_EQ(size_bytes(tick), size_bytes(TickBatch{}));
  EXPECT_EQ(tick.begin, kNever);
}

TEST(TickBatch, KeepsAMachinesRowsInOrderWhenSorted) {
  TickBatch tick;
  for (Slot m : {3u, 1u, 3u, 2u}) {
    tick.rows.push_back({m, static_cast<std::uint32_t>(tick.rows.size()), 0, 0, 0, kNever});
  }

  sort_by_machine(tick);

  std::vector<std::pair<Slot, std::uint32_t>> order;
  for (const Row& row : tick.rows) order.emplace_back(row.machine, row.value_begin);
  EXPECT_EQ(order, (std::vector<std::pair<Slot, std::uint32_t>>{{1, 1}, {2, 3}, {3, 0}, {3, 2}}));
}

}  // namespace
}  // namespace fleet
