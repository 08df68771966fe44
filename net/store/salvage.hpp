// Salvage: what is left of a day file that SQLite refuses, as a new day file.
//
// Pages are restored first where the day's parity lies beside it (page_parity.hpp): mostly all of
// them, and nothing is lost. Else rows are found in the pages by what they look like, without the
// pages that lead to them: a page that holds rows costs these when it is damaged, one of a large
// frame that frame, any other one nothing. What a damaged row still says of itself is kept, so that
// `verify` names it. Rows that were deleted and not yet overwritten come back only where nothing
// newer has their number.
#pragma once

#include <filesystem>

#include "net/store/day_file.hpp"

namespace net {

struct SalvagedDay {
  /// packs: stretches of frames that were packed; frames: single ones.
  std::uint64_t pages = 0, frames = 0, packs = 0, journal = 0;
  std::uint64_t restored = 0;  ///< of the pages, out of the parity
  bool whole = false;          ///< thereby the copy is the day as it was, byte for byte
  /// Neither the day nor the zone is in the file any more: the day is from its name, the zone and
  /// whether it is a demo from `otherwise`.
  bool lost_meta = false;
};

/// Puts a day of a folder right where it lies, if its parity restores all of it, byte for byte.
/// Returns how many pages were damaged; 0: nothing was done. Not the newest day of a folder that a
/// gateway writes, which may take it up at any time. Error: it cannot be written.
fleet::Result<std::uint32_t> restore_day(const std::filesystem::path& damaged);

/// Writes what is readable of `damaged`, its log included, into the new file `to`. `damaged` is
/// left as it is. Error: it cannot be read or `to` not written, or the day is neither in the file
/// nor at the beginning of its name.
fleet::Result<SalvagedDay> salvage_day(const std::filesystem::path& damaged,
                                       const std::filesystem::path& to,
                                       const DayStoreOptions& otherwise);

}  // namespace net
