// Fault texts: what a J1939 fault (SPN, FMI) means, why it happens and what to look at first.
#pragma once

#include <string>
#include <string_view>

#include "viewer/ui/texts.hpp"

namespace viewer {

/// Headline of a fault, e.g. "机油压力过低" / "Oil pressure too low". For an SPN that is not
/// known: "SPN 5246 断路" / "SPN 5246 open circuit".
std::string fault_title(Lang lang, int spn, int fmi);
/// Likely cause and first check, one sentence each; empty for an SPN that is not known.
std::string_view fault_cause(Lang lang, int spn);
std::string_view fault_check(Lang lang, int spn);
/// True when this SPN has texts of its own.
bool fault_known(int spn);
/// Telemetry field a fault is about ("oil_pressure_kpa"), or empty.
std::string_view fault_field(int spn);
/// "SPN 100 FMI 1".
std::string fault_code(int spn, int fmi);
/// All of it, for the font atlas.
std::string all_fault_texts(Lang lang);

}  // namespace viewer
