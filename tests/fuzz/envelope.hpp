// The envelope of a frame, opened and closed: what is behind its check is out of chance's reach.
#pragma once

#include <zstd.h>

#include <memory>
#include <string>

#include "net/codec/bodies.hpp"
#include "net/proto/feed.pb.h"

namespace fuzz {

/// Largest body that is mutated; a larger one counts as empty.
inline constexpr std::size_t kMostBody = 4096;

inline std::string unpacked(const std::string& packed) {
  std::string body(kMostBody, '\0');
  const std::size_t size = ZSTD_decompress(body.data(), body.size(), packed.data(), packed.size());
  body.resize(ZSTD_isError(size) ? 0 : size);
  return body;
}

inline std::string packed(std::string_view body) {
  static const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(ZSTD_createCCtx(),
                                                                               ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(body.size()), '\0');
  out.resize(ZSTD_compress2(context.get(), out.data(), out.size(), body.data(), body.size()));
  return out;
}

inline void set_body(::fleetwall::v1::Frame& frame, std::string_view body) {
  frame.set_body_size(static_cast<std::uint32_t>(body.size()));
  frame.set_body(packed(body));
  frame.set_check(net::frame_check(frame));
}

}  // namespace fuzz
