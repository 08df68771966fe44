// RegionChoice: the one region that a table is made of.
#pragma once

#include <string_view>

#include "fleet/atlas.hpp"
#include "fleet/result.hpp"

namespace net {

class RegionChoice {
 public:
  /// name: code, Chinese (short or full) or English name of a province or prefecture, in small or
  /// capital letters.
  /// A province comes before a prefecture of its name. Error: none is called so (names the nearest
  /// ones), or several are (names their codes).
  static fleet::Result<RegionChoice> find(const fleet::Atlas& atlas, std::string_view name);

  const fleet::Region& region() const { return map_.regions().front(); }
  /// Exactly one of two neighbours holds a point of their border.
  bool holds(fleet::GridPoint p) const { return map_.find(p) != fleet::kNoRegion; }

 private:
  explicit RegionChoice(const fleet::Region& region) : map_({region}) {}
  fleet::RegionMap map_;
};

}  // namespace net
