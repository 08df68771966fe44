// Unpacks gzip within a limit.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "fleet/result.hpp"

namespace net {

/// One gzip member. Error: it is damaged, cut off, or holds more than bytes_max.
fleet::Result<std::vector<std::byte>> gunzip(std::span<const std::byte> packed,
                                             std::size_t bytes_max);

}  // namespace net
