// Which column of a table is which field: named by the caller, or guessed where its name leaves no
// doubt about meaning and unit. Names and guesses: net/ingest/README.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/ingest/ndjson_keys.hpp"

namespace net {

/// "FIELD=COLUMN" or "FIELD=COLUMN*K".
struct MapRule {
  std::string field;
  std::string column;
  double factor = 1;
};
/// Error: no '=', no column, a field that the contract does not name and that is no snake_case
/// name with a unit, a factor that is not finite or 0, or one on a field that is no number.
fleet::Result<MapRule> parse_map_rule(std::string_view text);
/// All of a call. Error: as of one; or two of them name one field or one column, both named.
fleet::Result<std::vector<MapRule>> parse_map_rules(std::span<const std::string> texts);

/// What a column's cells become.
struct ColumnUse {
  Key key = Key::unknown;  ///< unknown: not read
  fleet::FieldId field = 0;
  double factor = 1;
  bool receive_time = false;
};

struct ColumnPlan {
  std::vector<ColumnUse> columns;  ///< one a column of the file
  std::vector<std::string> used;   ///< "speed_kmh = speed * 3.6"
  std::vector<std::string> ignored;
  std::vector<std::string> hints;  ///< columns not guessed, each with how to map it
  std::vector<bool> rules_used;    ///< one a rule
  bool has_time = false;
  bool has_receive_time = false;
};

/// header: names of the columns. receive_column: may be empty. Extra fields are added to `state`.
/// Error: no column for `machine`, one of lon and lat without the other, or values without a time
/// in a table that is no roster.
fleet::Result<ColumnPlan> plan_columns(std::span<const std::string> header,
                                       std::span<const MapRule> rules,
                                       std::string_view receive_column, fleet::FleetState& state);

}  // namespace net
