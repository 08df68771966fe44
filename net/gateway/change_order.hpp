// ChangeOrder: machines in order of last change, so that a catch-up costs what changed.
//
// A doubly linked list through two arrays; touching a machine moves it to the end. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "fleet/report.hpp"

namespace net {

class ChangeOrder {
 public:
  /// The machine changed in tick frame `number`, which is not below any earlier one.
  void touch(fleet::Slot machine, std::uint64_t number);
  /// Machines that changed behind tick frame `number`, ascending.
  std::vector<fleet::Slot> changed_since(std::uint64_t number) const;

 private:
  static constexpr fleet::Slot kNone = UINT32_MAX;
  struct Node {
    std::uint64_t number = 0;
    fleet::Slot before = kNone, after = kNone;
    bool listed = false;
  };
  std::vector<Node> nodes_;
  fleet::Slot first_ = kNone, last_ = kNone;
};

}  // namespace net
