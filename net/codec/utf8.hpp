// Text that protobuf takes: valid UTF-8 within a limit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace net {

/// What some editors and spreadsheets put before the first line of UTF-8. Who reads a message or a
/// file from its beginning takes it off.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// `text` with every byte that is no valid UTF-8 replaced by '?', cut to at most `max_bytes` at a
/// character's edge. A reader refuses a whole message for one bad byte, so a sender never sends
/// one.
std::string clean_text(std::string_view text, std::size_t max_bytes);

/// Is all of it UTF-8 in its shortest form, without surrogates?
bool valid_utf8(std::string_view text);

}  // namespace net
