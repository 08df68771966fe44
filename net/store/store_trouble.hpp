// What kind of trouble an error of the store is, for walls with words of their own.
#pragma once

#include "fleet/result.hpp"
#include "net/codec/messages.hpp"

namespace net {

/// By its code.
StoreTrouble store_trouble_of(const fleet::Error& error);

}  // namespace net
