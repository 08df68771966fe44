// HeatReader: where hours had been worked at an instant, out of day files. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "fleet/fleet_state.hpp"
#include "net/recording/heat_shelf.hpp"

namespace net {

class DayReader;

/// Holds a fleet of its own, as it was at the instant read last: the next one nearby keeps its
/// roster.
class HeatReader {
 public:
  /// path: day file or data directory. Where nothing can be read all heat is damaged.
  explicit HeatReader(const std::filesystem::path& path);
  ~HeatReader();

  /// As it was behind the last whole tick until wish.at, where a recording stands that is played:
  /// so a day differs from itself in nothing.
  HeatShelf::Heat read(const HeatShelf::Wish& wish);

 private:
  bool seek(fleet::Time t);

  std::unique_ptr<DayReader> reader_;  ///< null: nothing can be read
  fleet::FleetState fleet_;
  std::optional<fleet::Time> at_;  ///< where `fleet_` is
};

}  // namespace net
