#include "net/store/track_scan.hpp"

#include <algorithm>

namespace net {
namespace {

constexpr fleet::Slot kNoSlot = UINT32_MAX;
/// Read in one go: some milliseconds at 120 reports a second.
constexpr std::chrono::minutes kSlice{1};

}  // namespace

fleet::TrackBook::Search RecordedTracks::search(const std::string& machine, fleet::Time from,
                                                fleet::Time to) const {
  const auto slot = slots_.find(machine);
  // A slot that nobody has: of a machine without a fix all the same is known from the same time on.
  return book_.search(slot == slots_.end() ? kNoSlot : slot->second, from, to);
}

fleet::TrackBook::Answer RecordedTracks::find(const std::string& machine, fleet::Time from,
                                              fleet::Time to) const {
  fleet::TrackBook::Search whole = search(machine, from, to);
  book_.walk(whole, fleet::kMaxTrackStays);
  return book_.finish(std::move(whole));
}

TrackScan::TrackScan(std::unique_ptr<DayReader> reader, std::size_t limit_bytes)
    : reader_(std::move(reader)),
      limit_bytes_(limit_bytes),
      tracks_(std::make_shared<RecordedTracks>(limit_bytes)) {}

fleet::Result<std::unique_ptr<TrackScan>> TrackScan::open(const std::filesystem::path& path,
                                                          std::size_t limit_bytes) {
  auto reader = DayReader::open(path);
  if (!reader) return reader.error();
  return std::unique_ptr<TrackScan>(new TrackScan(std::move(reader.value()), limit_bytes));
}

fleet::Result<void> TrackScan::begin(fleet::Time from) {
  tracks_ = std::make_shared<RecordedTracks>(limit_bytes_);
  state_ = fleet::FleetState();
  slots_.clear();
  // Before all data nothing happened, as far as anybody knows.
  if (from > reader_->days().front().begin) tracks_->book_.begins(from);
  from_ = tracks_->until_ = from;
  return reader_->rewind_to(from);
}

/// Whether what was read answers for that span, once it is read on. The book lets go of what lies a
/// day behind the newest: who plays several days and jumps back needs what is gone. If it was let
/// go before `to` was reached, reading it once more would help nobody.
bool TrackScan::knows(fleet::Time from, fleet::Time to) const {
  if (from_ == fleet::kNever || from < from_ || from > tracks_->until_) return false;
  const bool went_beyond = tracks_->until_ > std::max(to, from);
  return !went_beyond || tracks_->book_.known_from() <= std::max(from, from_);
}

fleet::Result<void> TrackScan::cover(fleet::Time from, fleet::Time to,
                                     const std::function<bool()>& go_on) {
  fleet::Result<void> first;
  if (!knows(from, to)) {
    // Far-off instants are those of the data's ends.
    const auto& days = reader_->days();
    if (auto begun = begin(std::max(from, days.front().begin)); !begun) return begun;
    from_ = from;
  }
  to = std::min(to, reader_->days().back().end);
  while (tracks_->until_ < to && go_on()) {
    const fleet::Time slice = std::min(to, tracks_->until_ + kSlice);
    fleet::Result<void> applied;
    auto read = reader_->read_until(slice, [&](fleet::Update&& update) {
      applied = apply(std::move(update));
      return applied.ok();
    });
    // The reader goes on behind a damage at the next keyframe, and the state with it.
    if (first && !read) first = read;
    if (first && !applied) first = applied;
    if (read && applied) tracks_->until_ = slice;
    if (!applied) {
      from_ = fleet::kNever;  // the state has a hole now: the next question begins anew
      return first;
    }
  }
  return first;
}

fleet::Slot TrackScan::slot_of(fleet::Slot machine) {
  if (machine >= slots_.size()) slots_.resize(state_.roster().size(), kNoSlot);
  fleet::Slot& slot = slots_[machine];
  if (slot == kNoSlot) {
    auto& known = tracks_->slots_;
    slot = known.emplace(state_.roster()[machine].id, static_cast<fleet::Slot>(known.size()))
               .first->second;
  }
  return slot;
}

fleet::Result<void> TrackScan::apply(fleet::Update&& update) {
  if (auto* roster = std::get_if<fleet::RosterBatch>(&update)) {
    if (roster->complete) slots_.clear();
    return state_.apply(std::move(*roster));
  }
  if (const auto* whole = std::get_if<fleet::StateBatch>(&update)) {
    if (auto applied = state_.apply(*whole); !applied) return applied;
    for (const fleet::MachineImage& image : whole->machines)
      if (const auto fix = fleet::newest_fix(state_, image.machine))
        tracks_->book_.add(slot_of(image.machine), *fix);
    return {};
  }
  const auto* tick = std::get_if<fleet::TickBatch>(&update);
  if (!tick) return {};
  fixes_.clear();
  const fleet::FleetState::RowObserver observer = [this](const fleet::AcceptedRow& row) {
    if (row.fields >> fleet::kPosition & 1)
      fixes_.emplace_back(row.machine, fleet::fix_of(state_, row));
  };
  if (auto applied = state_.apply(*tick, nullptr, &observer); !applied) return applied;
  for (auto& [machine, fix] : fixes_) {
    // The rhythm that this very report made known comes at the end of its tick.
    fix.period_s = fleet::seconds_of_period(state_.head(machine).period_ms);
    tracks_->book_.add(slot_of(machine), fix);
  }
  return {};
}

}  // namespace net
