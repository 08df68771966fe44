// Columns of packs: every number comes back, and nothing else is taken for one.
#include "net/pack/columns.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace net {
namespace {

using Numbers = std::vector<std::int64_t>;

std::string packed(const Numbers& numbers) {
  PackWriter out(3);
  out.column(numbers);
  return out.take();
}

Numbers unpacked(const std::string& pack) {
  PackReader in(pack, 1 << 20);
  Numbers numbers = in.column();
  EXPECT_TRUE(in.finish().ok());
  return numbers;
}

/// Numbers of at most so many bits, either sign.
Numbers random_numbers(std::size_t count, int bits, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Numbers numbers;
  for (std::size_t i = 0; i < count; ++i) {
    const auto any = static_cast<std::int64_t>(random());
    numbers.push_back(bits == 0 ? 7 : any >> (64 - bits));
  }
  return numbers;
}

TEST(PackColumns, ComeBackWhateverTheirWidth) {
  for (int bits = 0; bits <= 64; ++bits) {
    const Numbers numbers = random_numbers(1000, bits, static_cast<std::uint64_t>(bits));
    EXPECT_EQ(unpacked(packed(numbers)), numbers) << bits;
  }
}

TEST(PackColumns, ComeBackWithFewLargeNumbersAmongSmallOnes) {
  Numbers numbers = random_numbers(5000, 4, 1);
  numbers[17] = std::numeric_limits<std::int64_t>::min();
  numbers[4999] = std::numeric_limits<std::int64_t>::max();

  EXPECT_EQ(unpacked(packed(numbers)), numbers);
}

TEST(PackColumns, TakeHardlyAnythingWhenAllNumbersAreTheSame) {
  const std::string pack = packed(Numbers(100'000, -3));

  EXPECT_LT(pack.size(), 20u);
  EXPECT_EQ(unpacked(pack), Numbers(100'000, -3));
}

TEST(PackColumns, AreRefusedWithAnyByteChanged) {
  const std::string pack = packed(random_numbers(300, 11, 5));
  for (std::size_t i = 0; i < pack.size(); ++i) {
    std::string hurt = pack;
    hurt[i] = static_cast<char>(hurt[i] ^ 0x20);
    PackReader in(hurt, 1 << 20);
    (void)in.column();
    EXPECT_FALSE(in.finish().ok()) << i;
  }
}

TEST(PackColumns, AreRefusedWhenCutOrTooLong) {
  const std::string pack = packed(random_numbers(300, 11, 5));
  for (std::size_t size = 0; size < pack.size(); ++size) {
    PackReader in(std::string_view(pack).substr(0, size), 1 << 20);
    EXPECT_FALSE(in.finish().ok()) << size;
  }
  PackReader nothing_read(pack, 1 << 20);
  EXPECT_FALSE(nothing_read.finish().ok());
}

TEST(PackColumns, AreRefusedBeforeMemoryIsTakenForTooMany) {
  const std::string pack = packed(Numbers(1000, 4));
  PackReader most(pack, 1000), fewer(pack, 999), other(pack, 1000);

  EXPECT_EQ(most.column().size(), 1000u);
  EXPECT_TRUE(most.finish().ok());
  EXPECT_TRUE(fewer.column().empty());
  EXPECT_FALSE(fewer.result().ok());
  EXPECT_TRUE(other.column(999, "tests").empty());
  EXPECT_FALSE(other.result().ok());
}

TEST(PackColumns, ReadNumberByNumberTellWhetherAllWereTaken) {
  const Numbers numbers = random_numbers(100, 20, 9);
  const std::string pack = packed(numbers);
  PackReader in(pack, 1000);
  NumberRun run = in.run();

  for (const std::int64_t number : numbers) {
    EXPECT_FALSE(run.done());
    EXPECT_EQ(run.next(), number);
  }
  EXPECT_TRUE(run.done());
  EXPECT_EQ(run.next(), 0);
  EXPECT_FALSE(run.done());
}

}  // namespace
}  // namespace net
