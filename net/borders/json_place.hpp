// Where a JSON text that cannot be read is broken. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace net {

/// "at line 3, column 17 (byte 1204)", each from 1; a column counts bytes. Empty: it is not broken
/// by the reading of this parser, which is slower than the one that reads what is sound.
std::string broken_json_place(std::string_view json);

}  // namespace net
