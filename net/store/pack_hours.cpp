#include "net/store/pack_hours.hpp"

#include <algorithm>
#include <deque>
#include <future>

#include "net/pack/pack_parts.hpp"
#include "net/pack/state_pack.hpp"
#include "net/store/frame_rows.hpp"

namespace net {
namespace {

/// A check-point is a difference to the first one of so many, which stands alone.
constexpr int kStatesPerBase = 8;

std::string& part_of(MadePack& pack, PackPart which) {
  return pack.parts[static_cast<std::size_t>(which)];
}

/// Follows the frames of one file and cuts them into packs.
class HourPacker {
 public:
  HourPacker(DayFile& file, PackTable& packs, const PackSizes& sizes,
             const std::function<bool(MadePack&&)>& put)
      : file_(file), packs_(packs), sizes_(sizes), put_(put) {}

  /// The keyframe in `row`, from which it goes on; after_pack: a pack ends just before it.
  /// Error: it, or its roster, cannot be read.
  fleet::Result<void> begin(std::int64_t row, bool after_pack);
  /// The next row. False: no more packs are wanted.
  fleet::Result<bool> add(FrameCursor& cursor);
  /// Everything up to `last_row` was added.
  bool finish(std::int64_t last_row) { return close(last_row) && put_made(0); }
  /// Puts packs, in order, until no more than so many are under way. False: no more are wanted.
  bool put_made(std::size_t left);
  bool begun() const { return begun_; }
  /// Lets go of what is not put yet.
  void give_up() { begun_ = false, builder_.take(), places_.clear(); }

 private:
  fleet::Result<void> load(std::int64_t row);
  fleet::Result<void> find_base(bool after_pack);
  void open(std::int64_t first_row, bool keyframe);
  void make_state();
  bool close(std::int64_t last_row);
  bool due(fleet::Time end) const;
  std::int64_t machines() const { return static_cast<std::int64_t>(state_.machine_count()); }

  DayFile& file_;
  PackTable& packs_;
  const PackSizes& sizes_;
  const std::function<bool(MadePack&&)>& put_;
  std::deque<std::future<MadePack>> being_made_;  ///< in order
  bool begun_ = false;

  fleet::FleetState state_;
  fleet::TickSpanBuilder builder_;
  std::vector<std::int64_t> places_, lags_;
  std::int64_t complete_roster_ = 0;  ///< row of the last one

  MadePack pack_;                           ///< under way: its first row and check-point
  std::vector<fleet::DayFigures> figures_;  ///< before its first tick
  std::int64_t rows_since_state_ = 0;
  fleet::Time state_time_ = fleet::kNever;  ///< of the last check-point, or keyframe that stays
  std::int64_t base_row_ = 0;               ///< what check-points are differences to
  fleet::StateBatch base_;
  int states_since_base_ = 0;
};

bool HourPacker::due(fleet::Time end) const {
  const auto rows = static_cast<std::int64_t>(builder_.rows());
  return rows >= std::max(sizes_.least_rows, sizes_.rows_per_machine * machines()) ||
         end - pack_.head.begin >= sizes_.longest;
}

/// Roster and state of the keyframe in `row`.
fleet::Result<void> HourPacker::load(std::int64_t row) {
  auto rosters = rosters_before(file_, row);
  if (!rosters) return rosters.error();
  auto cursor = FrameCursor::open(file_);
  if (!cursor) return cursor.error();
  state_ = fleet::FleetState();
  std::vector<std::int64_t> rows = *rosters;
  rows.push_back(row);
  for (const std::int64_t each : rows) {
    cursor->go_to(each);
    auto found = cursor->next();
    if (!found) return found.error();
    if (!*found || cursor->row().row != each) return fleet::Error{"a frame is missing"};
    auto update = cursor->decode();
    if (!update) return update.error();
    fleet::Result<void> applied;
    if (auto* roster = std::get_if<fleet::RosterBatch>(&*update))
      applied = state_.apply(std::move(*roster));
    else if (auto* state = std::get_if<fleet::StateBatch>(&*update))
      applied = state_.apply(*state);
    if (!applied) return applied;
  }
  complete_roster_ = rosters->empty() ? 0 : rosters->front();
  return {};
}

fleet::Result<void> HourPacker::begin(std::int64_t row, bool after_pack) {
  give_up();
  if (auto loaded = load(row); !loaded) return loaded;
  begun_ = true;
  rows_since_state_ = INT64_MAX / 2;  // the next one is due
  states_since_base_ = 0;
  base_row_ = 0;
  base_ = {};
  // With a complete roster just before it a run of the gateway begins: that keyframe stays.
  if (complete_roster_ == row - 1) {
    rows_since_state_ = 0;
    state_time_ = state_.time();
    open(row + 1, false);
    return {};
  }
  if (auto found = find_base(after_pack); !found) return found;
  open(row, true);
  return {};
}

/// What earlier packs of the same run build on. Where that cannot be read, a new base is made.
fleet::Result<void> HourPacker::find_base(bool after_pack) {
  auto ending = packs_.ending(complete_roster_);
  if (!ending) return ending.error();
  if (after_pack) {
    rows_since_state_ = ending->reports_since_state;
    state_time_ = ending->state_time;
  }
  if (!ending->base) return {};
  auto base = packs_.state(*ending->base);
  if (!base) return {};
  base_row_ = ending->base->first_row;
  base_ = std::move(*base);
  states_since_base_ = static_cast<int>(ending->states_since_base % kStatesPerBase);
  return {};
}

/// A pack begins; keyframe: with the row of a keyframe, which it takes the place of.
void HourPacker::open(std::int64_t first_row, bool keyframe) {
  pack_ = {};
  pack_.head.first_row = first_row;
  figures_ = figures_of(state_.keyframe());
  const std::int64_t apart = sizes_.rows_between_states(state_.machine_count());
  const bool late = state_.time() - state_time_ >= sizes_.states_apart;
  if (keyframe && (rows_since_state_ >= apart || late)) make_state();
}

void HourPacker::make_state() {
  fleet::StateBatch state = state_.keyframe();
  const bool own_base = states_since_base_ == 0;
  pack_.head.base = own_base ? 0 : base_row_;
  part_of(pack_, PackPart::state) =
      pack_state(state, own_base ? fleet::StateBatch() : base_, sizes_.level);
  pack_.head.state_time = state.time;
  rows_since_state_ = 0;
  state_time_ = state.time;
  if (own_base) {
    base_ = std::move(state);
    base_row_ = pack_.head.first_row;
  }
  states_since_base_ = (states_since_base_ + 1) % kStatesPerBase;
}

/// False: no more are wanted. A pack without ticks is none.
bool HourPacker::close(std::int64_t last_row) {
  if (builder_.ticks() == 0) return true;
  rows_since_state_ += static_cast<std::int64_t>(builder_.rows());
  PackHead& head = pack_.head;
  head.reports = static_cast<std::int64_t>(builder_.rows());
  fleet::TickSpan span = builder_.take();
  head.last_row = last_row;
  head.first = span.ticks.front().position;
  head.ticks = std::ssize(span.ticks);
  head.begin = span.ticks.front().begin;
  head.end = span.ticks.back().end;
  part_of(pack_, PackPart::head) = pack_head(head, std::exchange(places_, {}));
  const auto policy = sizes_.at_once > 1 ? std::launch::async : std::launch::deferred;
  being_made_.push_back(
      std::async(policy, [pack = std::move(pack_), span = std::move(span),
                          figures = std::move(figures_), level = sizes_.level]() mutable {
        PackedSpan packed = pack_span(span, figures, level);
        part_of(pack, PackPart::rows) = std::move(packed.rows);
        part_of(pack, PackPart::figures) = std::move(packed.figures);
        return std::move(pack);
      }));
  return put_made(static_cast<std::size_t>(std::max(1, sizes_.at_once)) - 1);
}

bool HourPacker::put_made(std::size_t left) {
  while (being_made_.size() > left) {
    MadePack made = being_made_.front().get();
    being_made_.pop_front();
    if (!put_(std::move(made))) return false;
  }
  return true;
}

fleet::Result<bool> HourPacker::add(FrameCursor& cursor) {
  const FrameRow row = cursor.row();
  auto update = cursor.decode();
  if (!update) return update.error();
  if (const auto* tick = std::get_if<fleet::TickBatch>(&*update)) {
    const fleet::FramePosition before = state_.position();
    if (tick->position != fleet::FramePosition{before.epoch, before.number + 1})
      return fleet::Error{"a tick is missing"};
    lags_.clear();
    const fleet::FleetState::RowObserver note = [&](const fleet::AcceptedRow& accepted) {
      lags_.push_back((accepted.receive_time - accepted.device_time).count());
    };
    if (auto applied = state_.apply(*tick, nullptr, &note); !applied) return applied.error();
    if (builder_.ticks() == 0) pack_.head.begin = tick->begin;
    builder_.add(*tick, lags_);
    places_.push_back(row.row);
    if (std::ssize(tick->rows) + static_cast<std::int64_t>(builder_.rows()) <= sizes_.most_rows)
      return true;
    // The next tick, if as large as this one, would be too much.
    const bool more = close(row.row);
    open(row.row + 1, false);
    return more;
  }
  if (auto* roster = std::get_if<fleet::RosterBatch>(&*update)) {
    if (row.complete) {  // another run of the gateway begins; its keyframe is next
      const bool more = close(row.row - 1);
      begun_ = false;
      return more;
    }
    if (auto applied = state_.apply(std::move(*roster)); !applied) return applied.error();
    return true;
  }
  const auto* keyframe = std::get_if<fleet::StateBatch>(&*update);
  if (!keyframe || keyframe->position != state_.position())
    return fleet::Error{"a keyframe is not of its place"};
  if (builder_.ticks() == 0 || !due(row.end)) return true;
  const bool more = close(row.row - 1);
  open(row.row, true);
  return more;
}

}  // namespace

fleet::Result<void> pack_hours(DayFile& file, bool all, const PackSizes& sizes,
                               const std::function<bool(MadePack&&)>& put,
                               const std::function<bool()>& go_on) {
  auto packs = PackTable::open(file);
  if (!packs) return packs.error();
  auto last = packs->last();
  if (!last) return last.error();
  const std::int64_t packed_until = *last ? (*last)->last_row : 0;
  auto newest = file.db.number(all ? "SELECT max(row) + 1 FROM frames"
                                   : "SELECT max(row) FROM frames WHERE kind = 1");
  if (!newest) return newest.error();
  const std::int64_t end = newest->value_or(0);  // rows from here on stay

  HourPacker packer(file, *packs, sizes, put);
  auto cursor = FrameCursor::open(file);
  if (!cursor) return cursor.error();
  std::int64_t at = packed_until;  // the last row that was dealt with
  while (at < end) {
    if (go_on && !go_on()) return {};
    if (!packer.begun()) {
      if (!packer.put_made(0)) return {};  // what follows may build on them
      auto keyframe = single_keyframe_after(file, at);
      if (!keyframe) return keyframe.error();
      if (!*keyframe || **keyframe >= end) return {};
      at = **keyframe;
      if (!packer.begin(at, at == packed_until + 1)) packer.give_up();
      cursor->go_to(at + 1);
      continue;
    }
    auto found = cursor->next();
    // Behind the last frame stand the packs that were put in their place meanwhile.
    if (found && (!*found || cursor->row().row <= at || cursor->row().row >= end)) break;
    if (found) at = cursor->row().row;
    auto added = found ? packer.add(*cursor) : fleet::Result<bool>(found.error());
    if (added && !*added) return {};
    if (added) continue;
    packer.give_up();  // goes on at the next keyframe
    if (!found) cursor->go_to(++at);
  }
  if (packer.begun())
    (void)packer.finish(end - 1);
  else
    (void)packer.put_made(0);
  return {};
}

}  // namespace net
