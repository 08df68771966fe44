// What the fuzz targets share: checks that end the process, and small numbers out of an input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "fleet/fleet_state.hpp"

/// A property of the code under test. Does not hold: says which, and ends; libFuzzer keeps the
/// input.
#define FUZZ_CHECK(holds)                                                             \
  do {                                                                                \
    if (!(holds)) {                                                                   \
      std::fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds); \
      std::abort();                                                                   \
    }                                                                                 \
  } while (false)

namespace fuzz {

/// Reads numbers and texts off the front of an input; zeros and empty texts when it is used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  std::uint8_t byte() { return static_cast<std::uint8_t>(number(1)); }
  /// Little-endian.
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes && !rest_.empty(); ++i) {
      value |= std::uint64_t{static_cast<std::uint8_t>(rest_.front())} << (8 * i);
      rest_.remove_prefix(1);
    }
    return value;
  }
  std::string_view text(std::size_t bytes) {
    const std::string_view text = rest_.substr(0, bytes);
    rest_.remove_prefix(text.size());
    return text;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

/// What a refused batch must leave as it was.
struct Before {
  explicit Before(const fleet::FleetState& state)
      : hash(state.hash()),
        position(state.position()),
        time(state.time()),
        newest(state.newest_receive()),
        roster(state.roster().version()),
        machines(state.roster().size()),
        fields(state.fields().size()),
        alarms(state.alarms().open().size()) {}
  bool operator==(const Before&) const = default;

  std::uint64_t hash;
  fleet::FramePosition position;
  fleet::Time time, newest;
  std::uint64_t roster;
  std::size_t machines, fields, alarms;
};

}  // namespace fuzz
