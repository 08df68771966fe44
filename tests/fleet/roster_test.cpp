#include "fleet/roster.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace fleet {
namespace {

Machine record(std::string id) {
  Machine m;
  m.id = std::move(id);
  return m;
}

TEST(Roster, GivesEveryIdOneSlot) {
  Roster roster;

  EXPECT_EQ(roster.find_or_add("SY0121").value(), 0u);
  EXPECT_EQ(roster.find_or_add("SY0007").value(), 1u);
  EXPECT_EQ(roster.find_or_add("SY0121").value(), 0u);
  EXPECT_EQ(roster.find("SY0007"), Slot{1});
  EXPECT_FALSE(roster.find("SY9999"));
  EXPECT_EQ(roster.size(), 2u);
}

TEST(Roster, AcceptsIdsUpToTheLimitOnly) {
  Roster roster;

  EXPECT_TRUE(roster.find_or_add(std::string(kMaxMachineIdBytes - 1, 'a')));
  EXPECT_TRUE(roster.find_or_add(std::string(kMaxMachineIdBytes, 'a')));
  EXPECT_FALSE(roster.find_or_add(std::string(kMaxMachineIdBytes + 1, 'a')));
  EXPECT_FALSE(roster.find_or_add(""));
  EXPECT_EQ(roster.size(), 2u);
}

TEST(Roster, RefusesIdsThatAreNoText) {
  for (const char* good : {"a", "挖掘机-01", "é", "\xF0\x9F\x9A\x9C", "a b"}) {
    EXPECT_EQ(machine_id_problem(good), nullptr) << good;
  }
  for (const char* bad :
       {"\n", "a\x7F", "\xC2\x85", "\xFF", "\xC0\x80", "\xE4\xB8", "\xED\xA0\x80", "\xE0\x80\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80"}) {
    EXPECT_NE(machine_id_problem(bad), nullptr);
  }
  EXPECT_NE(machine_id_problem(std::string_view("a\0b", 3)), nullptr);
}

TEST(Roster, CountsChangesInItsVersion) {
  Roster roster;
  (void)roster.find_or_add("a");
  (void)roster.find_or_add("b");
  const auto before = roster.version();
  Machine changed = record("ignored");
  changed.model = "SY195C";

  EXPECT_EQ(before, 2u);
  EXPECT_TRUE(roster.update(0, changed));
  EXPECT_FALSE(roster.update(0, changed));
  EXPECT_EQ(roster[0].id, "a");
  EXPECT_EQ(roster.version(), 3u);
  EXPECT_EQ(roster.changed_since(before), std::vector<Slot>{0});
  EXPECT_EQ(roster.changed_since(0), (std::vector<Slot>{0, 1}));
  EXPECT_TRUE(roster.changed_since(3).empty());
}

TEST(Roster, ListsSlotsInByteOrderOfIds) {
  Roster roster;
  for (const char* id : {"b", "B", "é", "a"}) (void)roster.find_or_add(id);

  EXPECT_EQ(roster.by_id(), (std::vector<Slot>{1, 3, 0, 2}));

  (void)roster.find_or_add("A");
  EXPECT_EQ(roster.by_id(), (std::vector<Slot>{4, 1, 3, 0, 2}));
}

/// Ids of few letters: many begin alike, many are the beginning of others.
std::vector<std::string> random_ids(std::mt19937& random, const std::string& prefix) {
  std::vector<std::string> ids;
  for (int i = 0; i < 300; ++i) {
    std::string id = prefix;
    for (auto length = random() % 14; length > 0; --length) id += "ab"[random() % 2];
    if (random() % 8 == 0) id += "\xC3\xA9";
    if (!id.empty()) ids.push_back(id);
  }
  return ids;
}

TEST(Roster, FindsAndSortsIdsHoweverAlikeTheyAre) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::mt19937 random(seed);
    Roster roster;
    // Sorted again with machines added meanwhile: the order before is continued.
    for (const std::string& prefix : {std::string(), std::string("SY"), std::string("SYM-2026-")}) {
      for (const std::string& id : random_ids(random, prefix)) (void)roster.find_or_add(id);
      std::vector<Slot> expected;
      for (Slot slot = 0; slot < roster.size(); ++slot) {
        expected.push_back(slot);
        ASSERT_EQ(roster.find(roster[slot].id), slot) << "seed " << seed;
      }
      std::ranges::sort(expected, {}, [&](Slot slot) { return roster[slot].id; });

      ASSERT_EQ(roster.by_id(), expected) << "seed " << seed;
    }
    EXPECT_FALSE(roster.find("ab not there"));
  }
}

TEST(Roster, ChecksRecordsAsPuttingThemOneAfterAnotherWould) {
  std::mt19937 random(1);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    Roster roster;
    for (const char* id : {"a", "b", "c"}) (void)roster.find_or_add(id);
    std::vector<std::pair<Slot, Machine>> records;
    Slot next = 3;
    for (auto count = random() % 6; count > 0; --count) {
      // Mostly right: the next slot, or a known one with its own id.
      const Slot slot = random() % 6 == 0   ? Slot(random() % 8)
                        : random() % 3 == 0 ? next - 1
                                            : next;
      std::string id(1, static_cast<char>('a' + slot));
      if (random() % 8 == 0) id = random() % 3 == 0 ? "" : "b";
      if (slot == next) ++next;
      records.emplace_back(slot, record(id));
    }
    const std::size_t before = roster.size();

    const auto checked = roster.check(records);

    EXPECT_EQ(roster.size(), before);
    Result<void> put;
    for (const auto& [slot, machine] : records) {
      if (put) put = roster.put(slot, machine);
    }
    ASSERT_EQ(checked.ok(), put.ok()) << "round " << round;
    if (put) continue;
    ++refused;
    ASSERT_EQ(checked.error().what, put.error().what);
  }
  EXPECT_GT(refused, 200);
  EXPECT_LT(refused, 1800);
}

TEST(Roster, TakesRecordsOfTheNextOrAKnownSlotOnly) {
  Roster roster;

  EXPECT_TRUE(roster.put(0, record("a")));
  EXPECT_FALSE(roster.put(2, record("c")));
  EXPECT_FALSE(roster.put(1, record("a")));
  EXPECT_FALSE(roster.put(0, record("b")));
  EXPECT_TRUE(roster.put(1, record("b")));
  EXPECT_EQ(roster.size(), 2u);
}

TEST(Roster, LimitsTheLengthOfTexts) {
  Roster roster;
  Machine m = record("a");
  m.customer = std::string(kMaxRosterTextBytes, 'x');

  EXPECT_TRUE(roster.put(0, m));
  m.customer += 'x';
  EXPECT_FALSE(roster.put(0, m));
  EXPECT_EQ(roster[0].customer.size(), kMaxRosterTextBytes);
}

TEST(Roster, NamesAMachineBySerialOrId) {
  Machine m = record("358735071234567");
  EXPECT_EQ(m.name(), "358735071234567");
  m.serial = "SY0121";
  EXPECT_EQ(m.name(), "SY0121");
}

}  // namespace
}  // namespace fleet
