// Ingest messages, written before the clock starts: machines that drive to and fro.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// Values of one line: position, heading, speed, engine_on, working, fuel level.
inline constexpr int kValuesOfALine = 6;

/// Some machines' lines, cut into messages; `message` says what to send next, with the time put in.
class FleetText {
 public:
  /// Machines first .. first + count - 1, at most `lines` in a message. `steps` places each, walked
  /// up and down: 2 * (steps - 1) messages a machine before the text repeats.
  FleetText(std::uint32_t first, std::uint32_t count, std::uint32_t lines, std::uint32_t steps);

  struct Message {
    const std::string* text;
    std::uint32_t lines;
  };
  /// The next message; every line says `time_ms`. Valid until the next call.
  Message next(std::int64_t time_ms);
  std::uint32_t machines() const { return count_; }
  /// Messages in which every machine comes once.
  std::uint32_t messages_a_round() const { return groups_; }
  std::size_t bytes() const;

 private:
  struct Prepared {
    std::string text;
    std::vector<std::uint32_t> times;  ///< where the 13 digits of each line's time stand
  };
  Prepared write(std::uint32_t group, std::uint32_t step) const;

  std::uint32_t first_, count_, lines_, steps_, groups_;
  std::vector<Prepared> prepared_;  ///< by (step, group)
  std::uint32_t group_ = 0, step_ = 0;
  bool back_ = false;
};

}  // namespace load
