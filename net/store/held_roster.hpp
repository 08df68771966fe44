// HeldRoster: which roster a state got from a day file, so that it is not read again for the next
// seek: reading it is a third of a seek's time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"

namespace net {

class HeldRoster {
 public:
  /// rows: the roster frames of `file` that gave `state` the roster it has.
  HeldRoster(std::filesystem::path file, std::vector<std::int64_t> rows,
             const fleet::FleetState& state);

  /// True if `state` has exactly the roster that these rows give, or the first `row_count` of them.
  bool given_by(const std::filesystem::path& file, const std::vector<std::int64_t>& rows,
                const fleet::FleetState& state) const;
  std::ptrdiff_t row_count() const { return std::ssize(rows_); }

 private:
  std::filesystem::path file_;
  std::vector<std::int64_t> rows_;
  std::uint64_t content_ = 0;
  std::size_t machines_ = 0;
  std::vector<std::string> fields_;
};

}  // namespace net
