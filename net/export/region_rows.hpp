// Which rows of a table belong to a region: by where machines were, not by what their record says.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "net/export/export_fixes.hpp"
#include "net/export/region_choice.hpp"

namespace net {

/// Where a report was made: its own position, else the one known of the machine by then.
std::optional<fleet::GridPoint> place_of(const StoredRow& row);

/// Where each machine's hours of a local day count: where its last fix of that day lies, by device
/// time; of one that sent no position that day, where it was last known to be.
class DayPlaces {
 public:
  /// Reads the reports of the local days that the span touches. damages: as StoredRows::each.
  static fleet::Result<DayPlaces> read(const std::filesystem::path& data, const ExportSpan& span,
                                       std::vector<std::string>& damages);
  /// Nothing: no position of it was known on that day.
  std::optional<fleet::GridPoint> of(const std::string& machine, fleet::LocalDay day) const;

 private:
  struct Place {
    fleet::Time time = fleet::kNever;  ///< kNever: known from an earlier day
    fleet::GridPoint at;
  };
  void take(const StoredRow& row, fleet::LocalDay day);

  std::map<fleet::LocalDay, std::unordered_map<std::string, Place>> days_;
};

}  // namespace net
