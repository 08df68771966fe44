// Copies of day files, also of one that a gateway is writing.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "fleet/result.hpp"
#include "fleet/time.hpp"

namespace net {

struct BackedUpDay {
  fleet::LocalDay day;
  std::uint64_t bytes = 0;
  bool copied = false;  ///< false: what was there already is the same, byte for byte
  std::string problem;  ///< why it was left out, a sentence; empty: it is there
};

/// Copies the days of `from` (those in `only`; empty = all) into the folder `to`, each whole and
/// replacing the one of the same day in one step; days of `to` that `from` does not have stay. A
/// closed day that is there already, with the same content, is left. Of a day that is being written
/// the copy holds everything committed before this was called; the writer goes on meanwhile.
/// A damaged day is left out, so that a good copy of it stays.
/// Error: nothing there, a day asked for is not, `to` cannot be written or is being written by
/// somebody. Days before the one that failed are there.
fleet::Result<std::vector<BackedUpDay>> back_up(const std::filesystem::path& from,
                                                const std::filesystem::path& to,
                                                std::span<const fleet::LocalDay> only);

}  // namespace net
