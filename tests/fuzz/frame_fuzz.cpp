// Whole frames, as a wall and a day file's reader get them. A mutator of its own mutates what is
// behind check and compression, and puts the right ones around it: at random neither is ever met.
// Input: one serialised Frame.
#include <algorithm>
#include <random>

#include "tests/fuzz/envelope.hpp"
#include "tests/fuzz/fuzz_frames.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);

namespace fuzz {
namespace {

namespace v1 = ::fleetwall::v1;

net::FrameDecoder& decoder() {
  static net::FrameDecoder decoder;
  return decoder;
}

net::EncodedFrame encoded(net::FrameEncoder& encoder, const fleet::Update& update,
                          const net::EncodedFrame& header) {
  if (const auto* tick = std::get_if<fleet::TickBatch>(&update)) return encoder.encode(*tick);
  if (const auto* state = std::get_if<fleet::StateBatch>(&update)) return encoder.encode(*state);
  return encoder.encode(std::get<fleet::RosterBatch>(update), header.position, header.end);
}

void run(std::string_view bytes) {
  static net::FrameEncoder encoder;
  net::EncodedFrame header, header_again;
  auto update = decoder().decode(bytes_of(bytes), &header);
  if (!update) return;
  const net::EncodedFrame frame = encoded(encoder, *update, header);
  auto again = decoder().decode(bytes_of(frame.bytes), &header_again);
  FUZZ_CHECK(again.ok());
  FUZZ_CHECK(header.kind == header_again.kind && header.position == header_again.position &&
             header.begin == header_again.begin && header.end == header_again.end);
  FUZZ_CHECK(encoded(encoder, *again, header_again).bytes == frame.bytes);
  fleet::FleetState state = wall();
  std::visit(
      [&](const auto& batch) {
        using Batch = std::decay_t<decltype(batch)>;
        if constexpr (!std::is_same_v<Batch, fleet::Heartbeat>) {
          check_same(batch, std::get<Batch>(*again));
          check_apply(batch, state);
        }
      },
      *update);
}

void mutate_header(v1::Frame& frame, std::minstd_rand& random) {
  const auto number = static_cast<std::int64_t>(random()) - 1'000'000'000;
  switch (random() % 8) {
    case 0:
      return frame.set_kind(static_cast<v1::Frame::Kind>(random() % 5));
    case 1:
      return frame.set_epoch(random() % 9);
    case 2:
      return frame.set_number(random() % 9);
    case 3:
      return frame.set_begin_ms(frame.begin_ms() + number);
    case 4:
      return frame.set_end_ms(frame.begin_ms() + 1000);
    case 5:
      return frame.set_end_ms(frame.begin_ms());
    case 6:
      frame.set_begin_ms(number << (random() % 34));
      return frame.set_end_ms(frame.begin_ms() + (random() % 2 ? 0 : 1000));
    default:
      return frame.set_body_size(static_cast<std::uint32_t>(random()));
  }
}

}  // namespace
}  // namespace fuzz

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max, unsigned seed) {
  using namespace fuzz;
  std::minstd_rand random(seed);
  v1::Frame frame;
  // One in sixteen stays as chance made it: for the envelope's own parsing.
  if (random() % 16 == 0 || !frame.ParseFromArray(data, static_cast<int>(size)))
    return LLVMFuzzerMutate(data, size, max);
  std::string body = unpacked(frame.body());
  const bool header = random() % 8 == 0;
  if (!header) {
    const std::size_t had = body.size();
    body.resize(kMostBody);
    body.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(body.data()), had, kMostBody));
  }
  set_body(frame, body);
  if (header) {
    mutate_header(frame, random);
    frame.set_check(net::frame_check(frame));
  }
  const std::string bytes = frame.SerializeAsString();
  if (bytes.size() > max) return LLVMFuzzerMutate(data, size, max);
  std::copy(bytes.begin(), bytes.end(), data);
  return bytes.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
