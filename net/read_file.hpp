// A whole file as bytes.
#pragma once

#include <filesystem>
#include <string>

#include "fleet/result.hpp"

namespace net {

/// For files that fit into memory. Error: "PATH: why"; a directory is one.
fleet::Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace net
