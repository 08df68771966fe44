// MachineRecords: the values of every machine and their times, laid out for applying reports.
//
// How it works: nearly every report brings the same fields as the machine's report before it, all
// with one device time and one receive time. So these two times are held once, together with the
// set of fields they belong to; the times of other fields lie apart and are only touched when a
// report leaves out fields of the one before it. A usual report so touches two or three cache
// lines: the record with head and position, and the line of fields 1 to 8 (then 9 to 16, ...).
// Part of FleetState. One thread; no clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "fleet/floor_mod.hpp"
#include "fleet/mercator.hpp"
#include "fleet/update.hpp"

namespace fleet {

/// Memory that begins at a cache line, and whose items are not written before they are set.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  CacheLineAllocator() = default;
  template <class U>
  explicit CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kLine)); }
  void deallocate(T* at, std::size_t) { ::operator delete(at, kLine); }
  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    ::new (static_cast<void*>(at)) U(std::forward<Args>(args)...);
  }
  bool operator==(const CacheLineAllocator&) const { return true; }
};

inline constexpr std::int64_t kTurn = 3600;  ///< raw heading units in a turn

/// The one form in which a raw value is held: a heading of a full turn is 0, a position has 56
/// bits.
constexpr std::int64_t canonical_raw(FieldId field, std::int64_t raw) {
  if (field == kHeadingDeg) return floor_mod(raw, kTurn);
  if (field == kPosition) return packed(unpacked(raw));
  return raw;
}

class MachineRecords {
 public:
  struct Times {
    Time device = kNever, receive = kNever;
    bool operator==(const Times&) const = default;
  };

  explicit MachineRecords(std::size_t fields);

  std::size_t size() const { return records_.size(); }
  /// New machines know nothing.
  void resize(std::size_t machines);
  /// More fields, unknown to every machine. Costs a copy of all values if there are any new ones.
  void widen(std::size_t fields);

  MachineHead& head(Slot machine) { return records_[machine].head; }
  const MachineHead& head(Slot machine) const { return records_[machine].head; }
  FieldMask known(Slot machine) const { return records_[machine].known; }
  /// 0 for a field that is not known.
  std::int64_t raw(Slot machine, FieldId field) const {
    return field == kPosition ? records_[machine].position : values(machine)[field - 1];
  }
  Times times(Slot machine, FieldId field) const;
  FieldSlot slot(Slot machine, FieldId field) const {
    const Times t = times(machine, field);
    return {raw(machine, field), t.device, t.receive};
  }

  std::int64_t& position(Slot machine) { return records_[machine].position; }
  /// Raw values of field 1 and on.
  std::int64_t* values(Slot machine) { return values_.data() + machine * stride_; }
  const std::int64_t* values(Slot machine) const { return values_.data() + machine * stride_; }

  /// Notes that a report of these times brought `fields`. Those whose value the report replaces:
  /// all that have no newer device time. The caller stores their raw values.
  FieldMask take(Slot machine, FieldMask fields, const Times& times) {
    Record& record = records_[machine];
    if (times.device < record.newest.device) [[unlikely]]
      return take_late(machine, fields, times);
    if (fields == 0) return 0;
    if (const FieldMask left_out = record.fresh & ~fields) keep_times(machine, left_out);
    record.known |= fields;
    record.fresh = fields;
    record.newest = times;
    return fields;
  }

  /// Replaces all that is known of a machine. slots: one per bit of `fields`, low bit first; not
  /// looked at if there is none.
  void set(Slot machine, const MachineHead& head, FieldMask fields, const FieldSlot* slots);

  /// Takes over all that `part` knows of its machines, from machine `first` on. Precondition: the
  /// same fields; first + part.size() <= size().
  void adopt(const MachineRecords& part, Slot first);

  /// Starts to load what a report of `fields` touches. machine < size().
  void prefetch(Slot machine, FieldMask fields) const {
    __builtin_prefetch(&records_[machine], 1);
    const std::int64_t* at = values(machine);
    for (fields >>= 1; fields != 0; fields >>= kLineValues, at += kLineValues) {
      __builtin_prefetch(at, 1);
    }
  }

 private:
  static constexpr int kLineValues = 8;

  struct alignas(64) Record {
    MachineHead head;
    FieldMask known = 0;
    FieldMask fresh = 0;  ///< fields whose times are `newest`
    Times newest;         ///< no field has a newer device time
    std::int64_t position = 0;
  };
  static_assert(sizeof(Record) == 64);
  /// Not initialised, so that memory no machine needs is never touched: read of known fields only.
  struct OwnTimes {
    std::int64_t device_ms, receive_ms;
  };

  OwnTimes* own_times(Slot machine) { return own_times_.data() + machine * fields_; }
  void keep_times(Slot machine, FieldMask fields);
  FieldMask take_late(Slot machine, FieldMask fields, const Times& times);

  std::size_t fields_, stride_;
  std::vector<Record, CacheLineAllocator<Record>> records_;
  std::vector<std::int64_t, CacheLineAllocator<std::int64_t>> values_;  ///< stride_ a machine
  std::vector<OwnTimes, CacheLineAllocator<OwnTimes>> own_times_;       ///< fields_ a machine
};

}  // namespace fleet
