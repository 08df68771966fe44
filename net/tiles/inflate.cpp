#include "net/tiles/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <string>

namespace net {
namespace {

/// 15 bits of window, and a gzip header is expected around it.
constexpr int kGzipWindow = 15 + 16;
/// Room is added as it is needed: what a file says of its size is not believed.
constexpr std::size_t kFirstRoom = 16384;

class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }

  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

fleet::Result<std::vector<std::byte>> gunzip(std::span<const std::byte> packed,
                                             std::size_t bytes_max) {
  Inflater inflater;
  if (!inflater.ready()) return fleet::Error{"no memory to unpack gzip"};
  if (packed.size() > std::numeric_limits<uInt>::max())
    return fleet::Error{"gzip of more than 4 GiB"};
  z_stream& stream = inflater.stream();
  // zlib reads only, whatever its type says.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::vector<std::byte> out(std::min(kFirstRoom, bytes_max + 1));
  std::size_t filled = 0;
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
    stream.avail_out = static_cast<uInt>(out.size() - filled);
    const int code = inflate(&stream, Z_NO_FLUSH);
    filled = out.size() - stream.avail_out;
    if (filled > bytes_max)
      return fleet::Error{"gzip of more than " + std::to_string(bytes_max) + " bytes"};
    if (code == Z_STREAM_END) break;
    if (code != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0))
      return fleet::Error{"the gzip is damaged or cut off"};
    if (filled == out.size()) out.resize(std::min(out.size() * 2, bytes_max + 1));
  }
  out.resize(filled);
  return out;
}

}  // namespace net
