// Tables of roll-ups as messages of net/proto/rollup.proto, packed, and back.
#pragma once

#include <zstd.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/day_rollup.hpp"
#include "net/proto/rollup.pb.h"
#include "net/store/day_overview.hpp"

namespace net::rollup {

namespace v1 = ::fleetwall::v1;

/// A packed table larger than this once unpacked is damaged: a million machines take a tenth.
inline constexpr std::size_t kMaxTableBytes = 1u << 30;
inline constexpr int kLevel = 9;  // these are written once and kept for years

template <class Message>
std::string packed(const Message& message) {
  const std::string bytes = message.SerializeAsString();
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size()));
  ZSTD_freeCCtx(context);
  return out;
}

/// False: damaged.
template <class Message>
bool unpack(std::string_view bytes, Message& message) {
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kMaxTableBytes)
    return false;
  std::string text(size, '\0');
  const std::size_t got = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
  return !ZSTD_isError(got) && got == size && message.ParseFromString(text);
}

/// Times as they stand in a table: from midnight, plus one.
class Clock {
 public:
  explicit Clock(fleet::Time midnight) : midnight_(midnight) {}
  std::int64_t number(fleet::Time t) const {
    return t == fleet::kNever ? 0 : (t - midnight_).count() + (t >= midnight_ ? 1 : 0);
  }
  fleet::Time time(std::int64_t number) const {
    if (number == 0) return fleet::kNever;
    return midnight_ + fleet::Millis(number - (number > 0 ? 1 : 0));
  }

 private:
  fleet::Time midnight_;
};

// take_...: false: damaged, or a number that cannot be.
v1::DayHours hours_message(const std::vector<fleet::MachineDay>& hours, const Clock& clock);
bool take_hours(const v1::DayHours& in, std::int32_t day, const Clock& clock,
                std::vector<fleet::MachineDay>& hours);
v1::HeatHour heat_message(std::span<const fleet::HeatValue> heat);
bool take_heat(const v1::HeatHour& in, std::vector<fleet::HeatValue>& heat);
v1::DayAlarms alarms_message(const std::vector<fleet::JournalAlarm>& alarms, const Clock& clock);
bool take_alarms(const v1::DayAlarms& in, const Clock& clock,
                 std::vector<fleet::JournalAlarm>& alarms);
v1::DayCounts counts_message(const DayOverview& overview);
bool take_counts(const v1::DayCounts& in, DayOverview& overview);

}  // namespace net::rollup
