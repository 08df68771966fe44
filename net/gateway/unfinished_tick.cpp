#include "net/gateway/unfinished_tick.hpp"

#include <utility>
#include <variant>

#include "net/codec/frame_codec.hpp"
#include "net/gateway/gateway_core.hpp"

namespace net {

fleet::Result<bool> UnfinishedTick::apply_to(fleet::FleetState& state, fleet::Time until) const {
  if (empty()) return false;
  const fleet::FramePosition at = state.position();
  if (tick && tick->position != fleet::FramePosition{at.epoch, at.number + 1}) return false;
  if (tick && tick->begin >= until) return false;
  for (const fleet::RosterBatch& roster : rosters)
    if (auto applied = state.apply(roster); !applied) return applied.error();
  if (!tick) return true;
  if (auto applied = state.apply(*tick, nullptr, nullptr, until); !applied) return applied.error();
  return true;
}

fleet::Result<UnfinishedTick> read_unfinished_tick(std::span<const std::string> entries) {
  UnfinishedTick read;
  FrameDecoder decoder;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto failed = [&](const fleet::Error& why) {
      return fleet::Error{"journal entry " + std::to_string(i + 1) + " of " +
                          std::to_string(entries.size()) + ": " + why.what};
    };
    auto update = decoder.decode(std::as_bytes(std::span(entries[i])));
    if (!update) return failed(update.error());
    if (auto* roster = std::get_if<fleet::RosterBatch>(&*update)) {
      read.rosters.push_back(std::move(*roster));
    } else if (auto* part = std::get_if<fleet::TickBatch>(&*update)) {
      if (!read.tick) {
        read.tick = std::move(*part);
      } else if (auto joined = append_tick(*read.tick, *part); !joined) {
        return failed(joined.error());
      }
    } else {
      return failed({"it is neither of machines nor of samples"});
    }
  }
  return read;
}

}  // namespace net
