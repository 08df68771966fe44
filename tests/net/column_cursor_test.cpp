// Columns read number by number: the same numbers as all at once, and the same refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "net/codec/wire.hpp"

namespace net {
namespace {

using testing::ElementsAre;

/// The parts of a column, owned.
struct Parts {
  std::string dense, gaps, values;
  std::int64_t base = 0;

  wire::Column column() const { return {bytes(dense), bytes(gaps), bytes(values), base}; }
  static wire::Bytes bytes(const std::string& s) {
    return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
  }
};

std::string varints(std::initializer_list<std::uint64_t> numbers) {
  std::string out;
  for (const std::uint64_t number : numbers) wire::put_varint(out, number);
  return out;
}

/// What a column of n numbers holds; nothing if it does not hold just n.
using Numbers = std::optional<std::vector<std::int64_t>>;

Numbers by_cursor(const Parts& parts, std::size_t n) {
  wire::ColumnCursor cursor(parts.column());
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < n; ++i) numbers.push_back(cursor.next());
  return cursor.fits() ? Numbers(numbers) : std::nullopt;
}

Numbers at_once(const Parts& parts, std::size_t n) {
  std::vector<std::int64_t> numbers(n, 0);
  const auto put = [&](std::size_t i, std::int64_t v) { numbers[i] = v; };
  return wire::expand(parts.column(), n, put) ? Numbers(numbers) : std::nullopt;
}

TEST(ColumnCursor, ReadsDenseColumnsOfTheirLengthOnly) {
  const Parts parts{varints({2, 0, 600}), "", "", 10};

  EXPECT_THAT(*by_cursor(parts, 3), ElementsAre(11, 10, 310));
  EXPECT_FALSE(by_cursor(parts, 2));
  EXPECT_FALSE(by_cursor(parts, 4));
}

TEST(ColumnCursor, ReadsSparseColumnsThatMayEndInNumbersNotListed) {
  const Parts parts{"", varints({1, 0}), varints({2, 4}), 10};

  EXPECT_THAT(*by_cursor(parts, 3), ElementsAre(10, 11, 12));
  EXPECT_THAT(*by_cursor(parts, 5), ElementsAre(10, 11, 12, 10, 10));
  EXPECT_FALSE(by_cursor(parts, 2)) << "a number is listed beyond the end";
}

TEST(ColumnCursor, ReadsAnEmptyColumnAsItsBaseHoweverLong) {
  EXPECT_THAT(*by_cursor({}, 0), ElementsAre());
  EXPECT_THAT(*by_cursor({}, 2), ElementsAre(0, 0));
  EXPECT_THAT(*by_cursor({"", "", "", -7}, 2), ElementsAre(-7, -7));
}

TEST(ColumnCursor, RefusesPartsThatAreCutOffOrDoNotBelongTogether) {
  EXPECT_FALSE(by_cursor({"\x80", "", "", 0}, 1)) << "a number cut off";
  EXPECT_FALSE(by_cursor({std::string(11, '\xFF'), "", "", 0}, 1)) << "a number over 64 bits";
  EXPECT_FALSE(by_cursor({"", varints({0}), "", 0}, 1)) << "a gap without its number";
  EXPECT_FALSE(by_cursor({"", "", varints({2}), 0}, 1)) << "a number without its gap";
  EXPECT_FALSE(by_cursor({"", "\x80", varints({2}), 0}, 3)) << "a gap cut off";
  EXPECT_FALSE(by_cursor({"", varints({UINT64_MAX}), varints({2}), 0}, 3)) << "an absurd gap";
}

TEST(ColumnCursor, GoesOnWithZerosAfterTheDamage) {
  const Parts parts{varints({2}), "", "", 10};
  wire::ColumnCursor cursor(parts.column());

  EXPECT_EQ(cursor.next(), 11);
  EXPECT_EQ(cursor.next(), 0);
  EXPECT_EQ(cursor.next(), 0);
  EXPECT_FALSE(cursor.fits());
}

TEST(ColumnCursor, AgreesWithReadingAllAtOnceOnAnyBytes) {
  std::mt19937 random(1);
  const auto some_bytes = [&](std::size_t most) {
    std::string bytes;
    for (std::size_t n = random() % (most + 1); n > 0; --n) {
      // Small numbers, and some that go on or are absurd.
      bytes += static_cast<char>(random() % 6 == 0 ? random() % 256 : random() % 4);
    }
    return bytes;
  };
  int good = 0;
  for (int round = 0; round < 200'000; ++round) {
    Parts parts;
    if (random() % 3 == 0) parts.dense = some_bytes(6);
    if (random() % 2 == 0) parts.gaps = some_bytes(4);
    if (random() % 2 == 0) parts.values = some_bytes(4);
    parts.base = static_cast<int>(random() % 3) - 1;
    const std::size_t n = random() % 12;

    const Numbers cursor = by_cursor(parts, n), whole = at_once(parts, n);

    ASSERT_EQ(cursor, whole) << "round " << round;
    good += whole.has_value();
  }
  EXPECT_GT(good, 10'000);
}

}  // namespace
}  // namespace net
