// A viewer of the feed under load: checks that every frame came, in order and with the same bytes
// as everybody else's; one that decodes also compares state hashes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "net/codec/messages.hpp"
#include "tests/load/web_socket.hpp"

namespace load {

/// What the viewers of one gateway tell each other.
struct Reference {
  std::map<std::uint64_t, std::uint64_t> tick_bytes;  ///< by tick: hash of the frame's bytes
  std::uint64_t different_frames = 0;
  /// By tick: when its samples were sent, ms since 1970. Filled by the viewer that decodes.
  std::map<std::uint64_t, std::vector<std::int64_t>> sent_ms;
  bool collects_times = false;
};

class Viewer {
 public:
  struct Options {
    bool decodes = false;
    int receive_buffer = 0;       ///< of the kernel, bytes; 0 = as it likes
    double bytes_per_second = 0;  ///< read at most so fast; 0 = as it comes
    bool reads = true;            ///< false: never, once it has subscribed
  };
  Viewer(std::uint16_t port, Options options, Reference& reference);

  WebSocket& socket() { return *socket_; }
  const Options& options() const { return options_; }
  void stop_reading() { options_.reads = false; }
  /// Reads what there is, or what its speed allows at `now_s` (seconds of any clock).
  void read(double now_s);

  /// Ends its connection without a word, and begins a new one behind what it has (or from scratch).
  void cut() { socket_->abort(); }
  void connect_again(bool from_scratch);

  bool subscribed() const { return subscribed_; }
  std::optional<fleet::FramePosition> position() const { return position_; }
  /// It has a picture and every tick up to number.
  bool has(std::uint64_t number) const { return position_ && position_->number >= number; }
  const fleet::FleetState& state() const { return *state_; }

  struct Counters {
    std::uint64_t messages = 0, bytes = 0, ticks = 0, gaps = 0, keyframes = 0, catch_ups = 0;
    std::uint64_t bad = 0, hash_checks = 0, divergences = 0, rows = 0;
    std::string error;  ///< text of the gateway's FeedError
  };
  const Counters& counters() const { return counters_; }
  struct Arrival {
    std::uint64_t number;
    std::int64_t ms;  ///< since 1970
  };
  const std::vector<Arrival>& arrivals() const { return arrivals_; }

 private:
  void take(std::string_view message);
  void take_frame(const std::string& frame);
  void apply(const std::string& frame);
  void check(const net::Heartbeat& beat);

  const std::uint16_t port_;
  Options options_;
  Reference& reference_;
  std::unique_ptr<WebSocket> socket_;
  net::ChunkAssembler assembler_;
  std::unique_ptr<fleet::FleetState> state_;
  net::FrameDecoder decoder_;
  bool subscribed_ = false;
  double allowed_from_s_ = -1;
  std::uint64_t taken_bytes_ = 0;
  std::optional<fleet::FramePosition> position_;
  std::uint64_t roster_version_ = 0;
  Counters counters_;
  std::vector<Arrival> arrivals_;
};

}  // namespace load
