// A whole state as its differences to another one of the same epoch: what stands between packed
// hours, so that any of them can be read without those before it.
#pragma once

#include <string>

#include "fleet/result.hpp"
#include "fleet/update.hpp"
#include "net/pack/columns.hpp"

namespace net {

/// state, base: keyframes. A base that does not fit (it knows something that `state` does not)
/// serves as well as an empty one.
std::string pack_state(const fleet::StateBatch& state, const fleet::StateBatch& base,
                       int level = kPackLevel);

/// base: the same as it was given to pack_state; null where there is none. Error: damaged, packed
/// against another base, or none given to one that needs it. memory: of a batch that is no longer
/// needed, to be used again. most_numbers: as for unpack_rows.
fleet::Result<fleet::StateBatch> unpack_state(std::string_view pack, const fleet::StateBatch* base,
                                              fleet::StateBatch memory = {},
                                              std::size_t most_numbers = kMaxPackNumbers);

}  // namespace net
