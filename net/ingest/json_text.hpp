// Text as a JSON string.
#pragma once

#include <string>
#include <string_view>

namespace net {

/// Appends `text` (UTF-8, taken as it is) in quotes; quotes, backslashes and control characters
/// escaped.
void append_json_text(std::string& out, std::string_view text);

}  // namespace net
