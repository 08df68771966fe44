// HistoryPlayer: recorded days as updates, from any instant on. One thread; who plays to whom is of
// no concern here (HistoryFeed: a queue; ReplaySession: a viewer of a gateway).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "net/store/day_store.hpp"

namespace net {

class HistoryPlayer {
 public:
  /// Takes one update; false: there is a new place to go to, nothing more of this one is wanted.
  using Sink = std::function<bool(fleet::Update&&)>;

  /// path: day file or data directory. Error: as DayReader::open.
  static fleet::Result<std::unique_ptr<HistoryPlayer>> open(const std::filesystem::path& path);
  explicit HistoryPlayer(std::unique_ptr<DayReader> reader) : reader_(std::move(reader)) {}

  const DayReader& reader() const { return *reader_; }
  fleet::Time range_begin() const { return reader_->days().front().begin; }
  fleet::Time range_end() const { return reader_->days().back().end; }
  /// As DayReader::refresh.
  bool refresh() { return reader_->refresh(); }
  /// The complete roster comes again with the next jump, also if it is the one that came last.
  void forget_roster() { delivered_roster_.reset(); }
  /// The state of the last whole tick at or before seek (nothing: goes on where it is), as roster
  /// and keyframe, then ticks that end at or before until. Error: a damaged frame; the next call
  /// goes on behind it.
  fleet::Result<void> play(std::optional<fleet::Time> seek, fleet::Time until, const Sink& sink);

 private:
  fleet::Result<void> jump(fleet::Time t, const Sink& sink);
  fleet::Result<void> go_on(fleet::Time until, const Sink& sink);
  std::uint64_t print_of_state();

  std::unique_ptr<DayReader> reader_;
  fleet::FleetState state_;    ///< of the last jump
  bool jumped_short_ = false;  ///< the last jump left all to `go_on`
  /// roster_print of the complete roster that the sink took last, unless another came behind it.
  std::optional<std::uint64_t> delivered_roster_;
  std::optional<std::pair<std::uint64_t, std::size_t>> printed_;  ///< what print_ is of
  std::uint64_t print_ = 0;
};

}  // namespace net
