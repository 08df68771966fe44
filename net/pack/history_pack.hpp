// What one machine did, as bytes, and back: how a gateway answers a wall that asks for it.
//
// A pack (columns.hpp), so that days of reports travel in some ten KB and carry their own check.
// Layout: net/README.md.
#pragma once

#include <string>
#include <string_view>

#include "fleet/machine_history.hpp"

namespace net {

/// Reports of one history: a week of more than one a second.
inline constexpr std::size_t kMaxHistoryReports = std::size_t{1} << 20;
/// Numbers of one history, its columns together: 128 MiB, once unpacked.
inline constexpr std::size_t kMaxHistoryNumbers = std::size_t{1} << 24;
/// Level of zstd: 3 takes a fifth of the time that kPackLevel does, for a tenth more bytes.
inline constexpr int kHistoryLevel = 3;

/// Error: it holds more than one history may; says what.
fleet::Result<std::string> pack_history(const fleet::MachineHistory& history);
/// Error: damaged, or not within the limits and ranges of a history. most_numbers: as for
/// unpack_rows.
fleet::Result<fleet::MachineHistory> unpack_history(std::string_view pack,
                                                    std::size_t most_numbers = kMaxHistoryNumbers);

}  // namespace net
