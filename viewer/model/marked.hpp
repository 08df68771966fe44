// MarkedMachines: those that somebody wants to see beside the selected one, with their trails.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fleet/roster.hpp"

namespace viewer {

class MarkedMachines {
 public:
  /// More names and trails than this nobody tells apart.
  static constexpr std::size_t kMost = 50;

  /// False if there are kMost already. A machine that is marked stays as it is.
  bool add(const std::string& id) {
    if (std::ranges::find(ids_, id) != ids_.end()) return true;
    if (ids_.size() >= kMost) return false;
    ids_.push_back(id);
    return true;
  }
  /// Marks it, or takes its mark away. False if there are kMost already.
  bool toggle(const std::string& id) {
    found_ = 0;
    return std::erase(ids_, id) > 0 || add(id);
  }
  void clear() {
    ids_.clear();
    found_ = 0;
  }
  /// They are what a search found, which found so many; 0: they were chosen one by one.
  void set_found(std::size_t machines) { found_ = machines; }
  std::size_t found() const { return found_; }
  bool empty() const { return ids_.empty(); }
  /// Ids, for another roster may give the machines other slots.
  const std::vector<std::string>& ids() const { return ids_; }
  /// Of those that this roster has.
  std::vector<fleet::Slot> slots(const fleet::Roster& roster) const {
    std::vector<fleet::Slot> slots;
    for (const std::string& id : ids_) {
      if (const auto slot = roster.find(id)) slots.push_back(*slot);
    }
    return slots;
  }

 private:
  std::vector<std::string> ids_;
  std::size_t found_ = 0;
};

}  // namespace viewer
