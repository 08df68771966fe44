#include "fleet/machine_records.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace fleet {
namespace {

constexpr std::size_t kValuesPerLine = 8;

/// Values beside the position, in whole cache lines.
std::size_t stride_for(std::size_t fields) {
  return (fields - 1 + kValuesPerLine - 1) / kValuesPerLine * kValuesPerLine;
}

/// Takes a mask's lowest field out of it.
FieldId take_field(FieldMask& fields) {
  const int field = std::countr_zero(fields);
  fields &= fields - 1;
  return static_cast<FieldId>(field);
}

}  // namespace

MachineRecords::MachineRecords(std::size_t fields) : fields_(fields), stride_(stride_for(fields)) {}

void MachineRecords::resize(std::size_t machines) {
  records_.resize(machines, Record{});
  values_.resize(machines * stride_, 0);
  own_times_.resize(machines * fields_);
}

void MachineRecords::widen(std::size_t fields) {
  if (fields == fields_) return;
  const std::size_t stride = stride_for(fields);
  decltype(values_) wider(size() * stride, 0);
  decltype(own_times_) wider_times(size() * fields);
  for (std::size_t m = 0; m < size(); ++m) {
    std::copy_n(values_.data() + m * stride_, stride_, wider.data() + m * stride);
    std::copy_n(own_times_.data() + m * fields_, fields_, wider_times.data() + m * fields);
  }
  values_ = std::move(wider);
  own_times_ = std::move(wider_times);
  stride_ = stride;
  fields_ = fields;
}

void MachineRecords::adopt(const MachineRecords& part, Slot first) {
  assert(part.fields_ == fields_ && first + part.size() <= size());
  std::copy(part.records_.begin(), part.records_.end(),
            records_.begin() + static_cast<std::ptrdiff_t>(first));
  std::copy(part.values_.begin(), part.values_.end(), values(first));
  for (Slot m = 0; m < part.size(); ++m) {
    const Record& record = part.records_[m];
    for (FieldMask own = record.known & ~record.fresh; own != 0;) {
      const FieldId field = take_field(own);
      own_times(first + m)[field] = part.own_times_[m * fields_ + field];
    }
  }
}

MachineRecords::Times MachineRecords::times(Slot machine, FieldId field) const {
  const Record& record = records_[machine];
  const FieldMask bit = FieldMask{1} << field;
  if (record.fresh & bit) [[likely]]
    return record.newest;
  if (!(record.known & bit)) return {};
  const OwnTimes& own = own_times_[machine * fields_ + field];
  return {time_from_ms(own.device_ms), time_from_ms(own.receive_ms)};
}

void MachineRecords::keep_times(Slot machine, FieldMask fields) {
  const Times& newest = records_[machine].newest;
  const OwnTimes own = {ms_from_time(newest.device), ms_from_time(newest.receive)};
  while (fields != 0) own_times(machine)[take_field(fields)] = own;
}

FieldMask MachineRecords::take_late(Slot machine, FieldMask fields, const Times& late) {
  Record& record = records_[machine];
  FieldMask taken = 0;
  while (fields != 0) {
    const FieldId field = take_field(fields);
    // Never one of the fresh fields: their time is the newest of all, and this report's is older.
    if (late.device < times(machine, field).device) continue;
    taken |= FieldMask{1} << field;
    own_times(machine)[field] = {ms_from_time(late.device), ms_from_time(late.receive)};
  }
  record.known |= taken;
  return taken;
}

void MachineRecords::set(Slot machine, const MachineHead& head, FieldMask fields,
                         const FieldSlot* slots) {
  Record& record = records_[machine];
  record = Record{};
  record.head = head;
  record.known = fields;
  std::fill_n(values(machine), stride_, 0);
  const FieldSlot* const end = slots + std::popcount(fields);
  for (const FieldSlot* slot = slots; slot != end; ++slot) {
    if (slot->device_time > record.newest.device) {
      record.newest = {slot->device_time, slot->receive_time};
    }
  }
  while (fields != 0) {
    const FieldId field = take_field(fields);
    const FieldSlot& slot = *slots++;
    (field == kPosition ? record.position : values(machine)[field - 1]) =
        canonical_raw(field, slot.raw);
    if (Times{slot.device_time, slot.receive_time} == record.newest) {
      record.fresh |= FieldMask{1} << field;
    } else {
      own_times(machine)[field] = {ms_from_time(slot.device_time), ms_from_time(slot.receive_time)};
    }
  }
}

}  // namespace fleet
