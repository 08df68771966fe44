#include "net/gateway/change_order.hpp"

#include <algorithm>

namespace net {

void ChangeOrder::touch(fleet::Slot machine, std::uint64_t number) {
  if (nodes_.size() <= machine) nodes_.resize(machine + 1);
  Node& node = nodes_[machine];
  node.number = number;
  if (last_ == machine) return;
  if (node.listed) {
    (node.before == kNone ? first_ : nodes_[node.before].after) = node.after;
    nodes_[node.after].before = node.before;  // not the last one, so there is one behind it
  }
  node.listed = true;
  node.before = last_;
  node.after = kNone;
  (last_ == kNone ? first_ : nodes_[last_].after) = machine;
  last_ = machine;
}

std::vector<fleet::Slot> ChangeOrder::changed_since(std::uint64_t number) const {
  std::vector<fleet::Slot> machines;
  for (fleet::Slot at = last_; at != kNone && nodes_[at].number > number; at = nodes_[at].before)
    machines.push_back(at);
  std::sort(machines.begin(), machines.end());
  return machines;
}

}  // namespace net
