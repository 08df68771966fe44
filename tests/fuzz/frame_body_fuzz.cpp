// Bodies of frames, without envelope, checksum and compression: straight into their decoders.
// Input: kind u8, then the body.
#include "tests/fuzz/fuzz_frames.hpp"

namespace fuzz {
namespace {

using net::wire::Bytes;
using net::wire::MessageWriter;

Bytes bytes_of(const MessageWriter& writer) {
  return {reinterpret_cast<const std::uint8_t*>(writer.bytes().data()), writer.bytes().size()};
}

template <class Batch, class Read, class Write>
void run(Bytes body, const Batch& empty, Read read, Write write) {
  Batch batch = empty;
  if (!read(body, batch)) return;
  MessageWriter once, twice;
  write(batch, once);
  Batch again = empty;
  FUZZ_CHECK(read(bytes_of(once), again).ok());
  check_same(batch, again);
  write(again, twice);
  FUZZ_CHECK(once.bytes() == twice.bytes());
  fleet::FleetState state = wall();
  check_apply(batch, state);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const net::wire::Bytes body(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: {
      fleet::TickBatch tick;
      tick.position = {7, 4};
      tick.begin = fuzz::wall().time();
      tick.end = tick.begin + fleet::Millis(1000);
      fuzz::run(body, tick, net::read_tick_body, net::write_tick_body);
      break;
    }
    case 1:
    case 2: {
      fleet::StateBatch state;
      state.kind =
          data[0] % 4 == 1 ? fleet::StateBatch::Kind::keyframe : fleet::StateBatch::Kind::catch_up;
      state.position = {7, 4};
      state.time = fuzz::wall().time();
      fuzz::run(body, state, net::read_state_body, net::write_state_body);
      break;
    }
    default:
      fuzz::run(body, fleet::RosterBatch{}, net::read_roster_body, net::write_roster_body);
  }
  return 0;
}
