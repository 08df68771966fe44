// What a sender of lines is told: how many were taken, and which were not, and why.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fleet/quality.hpp"

namespace net {

/// Most rejections that one answer lists, some 100 KB; what a sender does wrong it does wrong in
/// every line.
inline constexpr std::size_t kMaxListedRejections = 1'000;

struct IngestRejection {
  std::uint32_t line = 0;  ///< from 1
  fleet::Reason reason = fleet::Reason::malformed;
  std::string field;  ///< key in question; empty = the whole line went
};

/// {"accepted":n,"rejected":[{"line":k,"reason":"...","field":"..."}]}; `field` only where one is,
/// and "limit_bytes":kMaxLineBytes with the reason `too_long`. The first kMaxListedRejections are
/// listed; "unlisted":k tells of all others, `unlisted` included, if there are any.
std::string ingest_answer(std::uint64_t accepted, std::span<const IngestRejection> rejected,
                          std::uint64_t unlisted = 0);

}  // namespace net
