#include "net/feed/history_player.hpp"

#include "net/codec/roster_batch.hpp"

namespace net {

fleet::Result<std::unique_ptr<HistoryPlayer>> HistoryPlayer::open(
    const std::filesystem::path& path) {
  auto reader = DayReader::open(path);
  if (!reader) return reader.error();
  return std::make_unique<HistoryPlayer>(std::move(reader.value()));
}

fleet::Result<void> HistoryPlayer::play(std::optional<fleet::Time> seek, fleet::Time until,
                                        const Sink& sink) {
  if (seek) {
    if (auto jumped = jump(*seek, sink); !jumped) return jumped;
    // A jump brought all that ends until then; who only looks there pays for nothing behind it.
    if (until <= *seek && !jumped_short_) return {};
  }
  return go_on(until, sink);
}

/// The state of t. Where damage lies on the way, what is whole before it comes frame by frame,
/// which names the damage.
fleet::Result<void> HistoryPlayer::jump(fleet::Time t, const Sink& sink) {
  const auto sought = reader_->seek(t, state_, SeekEnd::whole_tick);
  jumped_short_ = !sought;
  if (!sought) {
    state_ = fleet::FleetState();
    return reader_->rewind_to(t);
  }
  if (state_.time() == fleet::kNever) return {};  // before all data
  state_.fit_roster();
  const std::uint64_t roster = print_of_state();
  if (delivered_roster_ != roster) {
    if (!sink(roster_of(state_, {}))) return {};
    delivered_roster_ = roster;
  }
  sink(state_.keyframe());
  return {};
}

fleet::Result<void> HistoryPlayer::go_on(fleet::Time until, const Sink& sink) {
  return reader_->read_until(until, [&](fleet::Update&& update) {
    // Who has this one has no longer the roster of the last jump.
    if (std::holds_alternative<fleet::RosterBatch>(update)) delivered_roster_.reset();
    return sink(std::move(update));
  });
}

/// Of all records only if they are others than at the last jump.
std::uint64_t HistoryPlayer::print_of_state() {
  const std::pair key{state_.roster().content(), state_.fields().size()};
  if (printed_ != key) print_ = roster_print(state_);
  printed_ = key;
  return print_;
}

}  // namespace net
