#include "fleet/machine_records.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <vector>

namespace fleet {
namespace {

using Times = MachineRecords::Times;

Times at_ms(std::int64_t device, std::int64_t receive) {
  return {time_from_ms(device), time_from_ms(receive)};
}

/// What MachineRecords does, written down plainly: three numbers a field.
struct PlainRecords {
  explicit PlainRecords(std::size_t machines) : slots(machines, std::vector<FieldSlot>(64)) {}

  FieldMask take(Slot machine, FieldMask fields, const Times& t,
                 const std::vector<std::int64_t>& raws) {
    FieldMask taken = 0;
    for (std::size_t f = 0, k = 0; f < 64; ++f) {
      if (!(fields >> f & 1)) continue;
      const std::int64_t raw = raws[k++];
      FieldSlot& slot = slots[machine][f];
      if (t.device < slot.device_time) continue;
      slot = {raw, t.device, t.receive};
      taken |= FieldMask{1} << f;
    }
    return taken;
  }

  std::vector<std::vector<FieldSlot>> slots;
};

void store(MachineRecords& records, Slot machine, FieldMask fields, FieldMask taken,
           const std::vector<std::int64_t>& raws) {
  std::size_t k = 0;
  for (; fields != 0; fields &= fields - 1, ++k) {
    const int f = std::countr_zero(fields);
    if (!(taken >> f & 1)) continue;
    (f == 0 ? records.position(machine) : records.values(machine)[f - 1]) = raws[k];
  }
}

void expect_same(const MachineRecords& records, const PlainRecords& plain, std::size_t fields) {
  for (Slot machine = 0; machine < records.size(); ++machine) {
    for (std::size_t f = 0; f < fields; ++f) {
      const auto field = static_cast<FieldId>(f);
      const FieldSlot& expected = plain.slots[machine][f];
      ASSERT_EQ(records.slot(machine, field), expected) << machine << ", " << f;
      ASSERT_EQ(records.known(machine) >> f & 1, expected.receive_time != kNever);
    }
  }
}

TEST(MachineRecords, HoldWhatAPlainTableHoldsWhateverReportsCome) {
  constexpr std::size_t kMachines = 5;
  std::mt19937_64 random(3);
  std::size_t fields = 17;
  MachineRecords records(fields);
  PlainRecords plain(kMachines);
  records.resize(kMachines);
  for (int step = 0; step < 20'000; ++step) {
    const auto machine = static_cast<Slot>(random() % kMachines);
    const FieldMask all = fields == 64 ? ~FieldMask{0} : (FieldMask{1} << fields) - 1;
    // Mostly whole reports in order; some with few fields, some late, some of the same instant.
    const FieldMask mask = all & (random() % 4 != 0 ? 0x3f : random() & random());
    const std::int64_t device = step * 100 - static_cast<std::int64_t>(random() % 5 ? 0 : 3000);
    const Times times = at_ms(device / 200 * 200, step);
    std::vector<std::int64_t> raws(64);
    for (auto& raw : raws) raw = static_cast<std::int64_t>(random() >> 10);
    const FieldMask taken = records.take(machine, mask, times);
    store(records, machine, mask, taken, raws);
    ASSERT_EQ(taken, plain.take(machine, mask, times, raws));
    if (step % 4000 == 3999) records.widen(fields = std::min<std::size_t>(fields + 16, 64));
    if (step % 100 == 0) expect_same(records, plain, fields);
  }
  expect_same(records, plain, fields);
}

TEST(MachineRecords, KeepEveryTimeOfAnImageAndJudgeLaterReportsByThem) {
  MachineRecords records(17);
  records.resize(1);
  const FieldSlot slots[] = {{7, time_from_ms(1000), time_from_ms(1500)},
                             {8, time_from_ms(3000), time_from_ms(3500)},
                             {9, time_from_ms(3000), time_from_ms(3900)}};
  records.set(0, {}, 0b110001, slots);
  EXPECT_EQ(records.slot(0, kPosition), slots[0]);
  EXPECT_EQ(records.slot(0, kWorking), slots[1]);
  EXPECT_EQ(records.slot(0, kGear), slots[2]);
  EXPECT_EQ(records.slot(0, kRpm), FieldSlot{});

  EXPECT_EQ(records.take(0, 0b110011, at_ms(2999, 9000)), FieldMask{0b000011});
  EXPECT_EQ(records.times(0, kPosition), at_ms(2999, 9000));
  EXPECT_EQ(records.times(0, kWorking), at_ms(3000, 3500));
  EXPECT_EQ(records.take(0, 0b110000, at_ms(3000, 9000)), FieldMask{0b110000});
}

TEST(MachineRecords, KnowNothingAfterAnEmptyImage) {
  MachineRecords records(17);
  records.resize(1);
  records.take(0, 0b11, at_ms(1000, 1000));
  records.position(0) = 5;
  records.values(0)[0] = 6;

  records.set(0, {}, 0, nullptr);

  EXPECT_EQ(records.slot(0, kPosition), FieldSlot{});
  EXPECT_EQ(records.slot(0, kHeadingDeg), FieldSlot{});
  EXPECT_EQ(records.known(0), FieldMask{0});
}

}  // namespace
}  // namespace fleet
