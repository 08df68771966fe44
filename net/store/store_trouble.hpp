// What kind of trouble an error of the store is, for walls with words of their own.
#pragma once

#include <string_view>

#include "net/codec/messages.hpp"

namespace net {

/// The parts of the store's errors that tell the kinds apart: sqlite.cpp writes them.
inline constexpr std::string_view kDiskFullText = "the disk is full";
inline constexpr std::string_view kReadOnlyText = "the file or its folder cannot be written";
inline constexpr std::string_view kNotKeptText = "the disk failed to keep what was written";
inline constexpr std::string_view kIoFailedText = "reading or writing failed";

/// what: of an error of the store, whether of SQLite or of the system. Empty: other.
StoreTrouble store_trouble_of(std::string_view what);

}  // namespace net
