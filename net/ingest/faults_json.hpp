// A list of faults as JSON text, as it stands in a cell of a table: `[{"spn":100,"fmi":1}]`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fleet/report.hpp"

namespace net {

/// Appends the faults of `text`, by the rules of an ingest line. False, and nothing appended, if it
/// is no such list.
bool append_faults(std::string_view text, std::vector<fleet::Fault>& out);

/// The same text of a list.
std::string faults_text(const std::vector<fleet::Fault>& faults);

}  // namespace net
