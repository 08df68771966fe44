// Messages of the feed, both ways, and frames put together from chunks.
// Input: what u8 modulo 8 (0 .. 2 client, 3 chunks, 7 replay, else server), then the message, or a
// list of chunks.
#include <optional>

#include "net/codec/messages.hpp"
#include "net/replay/replay_messages.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace fuzz {
namespace {

void server(std::string_view bytes) {
  auto message = net::decode_server(bytes_of(bytes));
  if (!message) return;
  const std::string once = net::encode(*message);
  auto again = net::decode_server(bytes_of(once));
  FUZZ_CHECK(again.ok() && again->index() == message->index());
  FUZZ_CHECK(net::encode(*again) == once);
}

void client(std::string_view bytes) {
  auto message = net::decode_client(bytes_of(bytes));
  if (!message) return;
  const std::string once = net::encode(*message);
  auto again = net::decode_client(bytes_of(once));
  FUZZ_CHECK(again.ok() && again->index() == message->index());
  FUZZ_CHECK(net::encode(*again) == once);
  if (const auto* request = std::get_if<net::TrackRequest>(&*message)) {
    FUZZ_CHECK(!request->machines.empty() && request->machines.size() <= net::kMaxTrackMachines);
    FUZZ_CHECK(request->from <= request->to && request->to - request->from <= net::kMaxTrackSpan);
    return;
  }
  const auto &a = std::get<net::Subscribe>(*message), &b = std::get<net::Subscribe>(*again);
  FUZZ_CHECK(a.major == b.major && a.minor == b.minor && a.client == b.client);
  FUZZ_CHECK(a.resume == b.resume && a.roster_version == b.roster_version);
}

/// The same of /replay, both ways.
void replay(std::string_view bytes) {
  if (auto asked = net::decode_replay_client(bytes_of(bytes))) {
    const std::string once = net::encode_replay(*asked);
    auto again = net::decode_replay_client(bytes_of(once));
    FUZZ_CHECK(again.ok() && again->index() == asked->index());
    FUZZ_CHECK(net::encode_replay(*again) == once);
  }
  if (auto told = net::decode_replay_server(bytes_of(bytes))) {
    const std::string once = net::encode_replay(*told);
    auto again = net::decode_replay_server(bytes_of(once));
    FUZZ_CHECK(again.ok() && again->index() == told->index());
    FUZZ_CHECK(net::encode_replay(*again) == once);
  }
}

/// A frame cut as we cut it comes out whole; chunks told otherwise are refused, and then the next
/// frame comes out whole all the same.
void chunks(Input in) {
  static const std::string frame(net::kMaxChunkBytes + 17, 'x');
  static const std::vector<std::string> good = net::chunk_messages(frame);
  net::ChunkAssembler assembler;
  bool whole = false;
  for (int k = 0; k < 16 && !in.empty(); ++k) {
    net::Chunk chunk{in.byte() % 3u, 2, static_cast<std::uint32_t>(frame.size()), {}};
    const std::uint8_t what = in.byte();
    if (what & 1) chunk.count = static_cast<std::uint32_t>(in.number(2));
    if (what & 2) chunk.frame_bytes = static_cast<std::uint32_t>(in.number(4));
    const std::size_t size = what & 4 ? in.number(3) : what & 8 ? 17 : net::kMaxChunkBytes;
    chunk.bytes = frame.substr(0, size);
    auto added = assembler.add(chunk);
    if (!added) continue;
    whole = added->has_value();
    if (whole) FUZZ_CHECK((*added)->size() == chunk.frame_bytes);
  }
  assembler.reset();
  std::optional<std::string> out;
  for (const std::string& bytes : good) {
    auto message = net::decode_server(bytes_of(bytes));
    FUZZ_CHECK(message.ok());
    auto added = assembler.add(std::get<net::Chunk>(*message));
    FUZZ_CHECK(added.ok());
    out = std::move(*added);
  }
  FUZZ_CHECK(out == frame);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input in(data, size);
  switch (in.byte() % 8) {
    case 0:
    case 1:
    case 2:
      fuzz::client(in.rest());
      break;
    case 3:
      fuzz::chunks(in);
      break;
    case 7:
      fuzz::replay(in.rest());
      break;
    default:
      fuzz::server(in.rest());
  }
  return 0;
}
