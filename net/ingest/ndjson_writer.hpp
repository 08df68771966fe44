// Reports as ingest lines: the other direction of ndjson.hpp. For `simulate` and tests.
#pragma once

#include <string>

#include "fleet/field.hpp"
#include "fleet/report.hpp"
#include "fleet/roster.hpp"

namespace net {

/// Appends one line with the machine's roster keys; unknown ones are left out.
void append_roster_line(const fleet::Machine& machine, std::string& out);

/// Appends one line. Values are written with their field's step, positions with 7 digits (1 cm);
/// NaN and infinity, which JSON cannot say, become 1e999, which is rejected as `range` as well.
void append_report_line(const fleet::Report& report, const fleet::ReportBatch& batch,
                        const fleet::FieldCatalog& fields, std::string_view machine_id,
                        std::string& out);

}  // namespace net
