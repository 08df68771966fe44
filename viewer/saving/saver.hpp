// Saver: pictures and tables of what the wall shows, in the folder it was started from, under names
// that say the instant shown and are not taken yet. Tables are written on a thread: a wall goes on
// meanwhile.
#pragma once

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "viewer/saving/shown_table.hpp"

namespace viewer {

/// "fleetwall-2026-10-16T140000", or with "-2", "-3", ... behind it: none of the names that end in
/// one of these is taken in `folder`.
std::string free_stem(const std::string& folder, const fleet::TimeZone& zone, fleet::Time shown,
                      std::initializer_list<std::string_view> endings);

class Saver {
 public:
  struct Saved {
    std::vector<std::string> files;
    std::size_t machines = 0;
    std::string problem;  ///< why not; empty: it was saved
  };
  /// Writes the same machines into each of the files. One at a time: false while one is under way.
  bool start(fleet::FleetState state, fleet::Time at, const render::Camera& camera,
             std::vector<std::string> files);
  bool busy() const { return saving_.valid(); }
  /// What became of it, once, when it is over. wait: until it is.
  std::optional<Saved> take(bool wait = false);

 private:
  std::future<Saved> saving_;
};

}  // namespace viewer
