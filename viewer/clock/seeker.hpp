// Seeker: one seek under way at a time. A wanted place that has not begun gives way to a newer one,
// so that dragging never leaves a backlog and ends exactly where it is let go. Pure.
#pragma once

#include <optional>
#include <utility>

#include "fleet/time.hpp"

namespace viewer {

class Seeker {
 public:
  void want(fleet::Time t) { wanted_ = t; }
  void forget() { wanted_.reset(); }
  /// Not begun yet.
  const std::optional<fleet::Time>& wanted() const { return wanted_; }
  /// The place to go to now, once. idle: no seek is under way.
  std::optional<fleet::Time> take(bool idle) {
    return idle ? std::exchange(wanted_, std::nullopt) : std::nullopt;
  }

 private:
  std::optional<fleet::Time> wanted_;
};

}  // namespace viewer
