// stack() of ui/layout.hpp: how the panels of a column share its height.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "viewer/ui/layout.hpp"

namespace viewer {
namespace {

/// Takes `over` from the items that may be tightened, the least important first. False, and nothing
/// changed, if they do not have so much to give.
bool tighten(std::vector<StackItem>& items, const std::vector<bool>& kept,
             const std::vector<std::size_t>& by_importance, float over) {
  if (over <= 0) return true;
  const auto spare = [&](std::size_t i) {
    const bool may = kept[i] && items[i].tight > 0;
    return may ? std::max(items[i].least - items[i].tight, 0.f) : 0.f;
  };
  float all = 0;
  for (const std::size_t i : by_importance) all += spare(i);
  if (all < over) return false;
  for (auto it = by_importance.rbegin(); it != by_importance.rend() && over > 0; ++it) {
    const float less = std::min(spare(*it), over);
    if (less <= 0) continue;
    items[*it].least = items[*it].wanted = std::floor(items[*it].least - less);
    over -= less;
  }
  return true;
}

}  // namespace

std::vector<float> stack(std::vector<StackItem> items, float room, float gap) {
  std::vector<bool> kept;
  for (const StackItem& item : items) kept.push_back(item.wanted > 0);
  std::vector<std::size_t> by_importance(items.size());
  std::iota(by_importance.begin(), by_importance.end(), 0u);
  std::stable_sort(by_importance.begin(), by_importance.end(), [&](std::size_t a, std::size_t b) {
    return items[a].importance > items[b].importance;
  });
  const auto least_sum = [&] {
    float sum = -gap;
    for (std::size_t i = 0; i < items.size(); ++i) sum += kept[i] ? items[i].least + gap : 0;
    return sum;
  };
  // All that may be tightened is, before anything is left out.
  for (auto it = by_importance.rbegin(); it != by_importance.rend(); ++it) {
    if (tighten(items, kept, by_importance, least_sum() - room)) break;
    kept[*it] = false;
  }
  std::vector<float> heights(items.size(), 0);
  float spare = room - least_sum();
  for (const std::size_t i : by_importance) {
    if (!kept[i]) continue;
    float more = std::clamp(items[i].wanted - items[i].least, 0.f, std::max(spare, 0.f));
    if (items[i].either && items[i].least + more < items[i].wanted) more = 0;
    if (items[i].step > 0) more = std::floor(more / items[i].step + 1e-3f) * items[i].step;
    heights[i] = std::floor(items[i].least + more);
    spare -= more;
  }
  return heights;
}

}  // namespace viewer
