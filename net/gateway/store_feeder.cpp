#include "net/gateway/store_feeder.hpp"

#include <algorithm>

#include "net/gateway/unfinished_tick.hpp"
#include "net/store/day_file.hpp"
#include "net/store/salvaged_copy.hpp"

namespace net {

KeyframeClock::Due KeyframeClock::before_tick(fleet::Time end) {
  if (prepared_ == end) return {};
  prepared_ = end;
  // A tick that ends at midnight belongs to the day that ends there.
  const auto day_of = [this](fleet::Time t) { return options_.zone.day_of(t - fleet::Millis(1)); };
  const bool new_day = !keyframe_ || day_of(end) != day_of(*keyframe_);
  if (!new_day && !(ticks_since_ && end > *keyframe_ + options_.keyframe_every)) return {};
  keyframe_ = end;
  ticks_since_ = false;
  return {true, new_day};
}

StoreFeeder::StoreFeeder(GatewayCore& core, const DayStoreOptions& options, StoreSink& sink)
    : core_(core), clock_(options), sink_(&sink) {}

fleet::Result<void> StoreFeeder::prepare_tick() {
  const fleet::Time end = core_.tick_end();
  const KeyframeClock::Due due = clock_.before_tick(end);
  if (!due.keyframe) return {};
  auto written =
      sink_->append_keyframe(due.roster ? core_.full_roster() : nullptr, core_.keyframe(), end);
  if (!written) {
    clock_.start_over();
    return written;
  }
  if (due.roster) roster_.note(core_.state());
  return {};
}

fleet::Result<void> StoreFeeder::append(const GatewayCore::TickFrames& frames) {
  if (!clock_.started()) return {};  // in a gap: without a keyframe before them they say nothing
  if (frames.roster && !roster_.is_that_of(core_.state()))
    if (auto written = sink_->append(frames.roster); !written) return written;
  if (!frames.tick) return {};
  clock_.stored_tick();
  return sink_->append(frames.tick);
}

namespace {

/// Ends the tick that a crash cut short under its own number, behind a roster and a keyframe: the
/// writer is new and wants them.
fleet::Result<void> end_tick(const fleet::TickBatch& tick, fleet::FleetState& state,
                             DayWriter& out) {
  state.fit_roster();
  FrameEncoder encoder;
  const EncodedFrame names = encoder.encode(roster_of(state, {}), state.position(), state.time());
  const EncodedFrame keyframe = encoder.encode(state.keyframe());
  if (auto done = out.append_keyframe(&names, keyframe, tick.end); !done) return done;
  if (auto done = out.append(encoder.encode(tick)); !done) return done;
  if (auto done = out.commit(); !done) return done;
  return state.apply(tick);
}

/// Takes up what the journal holds.
fleet::Result<void> finish_tick(const std::filesystem::path& directory,
                                const DayStoreOptions& options, OpenedStore& store) {
  const auto failed = [&](const fleet::Error& why) {
    return fleet::Error{directory.string() + ": " + why.what};
  };
  auto entries = store.writer->read_journal();
  if (!entries) return entries.error();
  store.journal_entries = entries->size();
  auto unfinished = read_unfinished_tick(*entries);
  if (!unfinished) return failed(unfinished.error());
  const fleet::FramePosition at = store.state.position();
  if (unfinished->tick &&
      unfinished->tick->position != fleet::FramePosition{at.epoch, at.number + 1}) {
    // Differences to a state that damage keeps from us.
    if (options.on_damage)
      options.on_damage(directory.string() + ": " + std::to_string(unfinished->tick->rows.size()) +
                        " samples of the last tick are lost with the frames before it");
    return {};
  }
  for (const fleet::RosterBatch& roster : unfinished->rosters)
    if (auto applied = store.state.apply(roster); !applied) return failed(applied.error());
  return unfinished->tick ? end_tick(*unfinished->tick, store.state, *store.writer)
                          : fleet::Result<void>();
}

/// Keyframes of a damaged day that are looked for one by one.
constexpr int kMostDamages = 10'000;

fleet::Result<void> apply(fleet::Update&& update, fleet::FleetState& state) {
  return std::visit(
      [&](auto& batch) -> fleet::Result<void> {
        using Batch = std::decay_t<decltype(batch)>;
        if constexpr (std::is_same_v<Batch, fleet::Heartbeat>)
          return {};
        else
          return state.apply(std::move(batch));
      },
      update);
}

/// The newest state that is left of damaged days.
void read_around_damage(DayReader& reader, fleet::FleetState& state) {
  for (std::size_t d = reader.days().size(); d-- > 0 && state.machine_count() == 0;) {
    state = fleet::FleetState();
    if (!reader.rewind_to(reader.days()[d].begin)) continue;
    for (int n = 0; n < kMostDamages; ++n) {
      const auto read = reader.read_until(fleet::Time::max(), [&](fleet::Update&& update) {
        // What does not fit stands between damage and the next keyframe.
        (void)apply(std::move(update), state).ok();
        return true;
      });
      if (read) break;
    }
  }
}

/// The state after the last tick frame.
fleet::Result<void> read_state(const std::filesystem::path& directory,
                               const DayStoreOptions& options, OpenedStore& store) {
  const auto tell = [&](const std::string& what) {
    if (options.on_damage) options.on_damage(what);
  };
  auto files = day_files(directory);
  if (!files) return {};  // a directory without a day yet
  for (const std::string& note : salvage_notes(directory)) tell(note);
  auto reader = DayReader::open(directory);
  if (!reader && reader.error().code != 0 && reader.error().code != kDamaged) return reader.error();
  if (!reader) {
    if (reader.error().code == kDamaged)
      tell(reader.error().what + "; nothing is known of what was before");
    return {};
  }
  for (const fleet::Error& file : reader.value()->unreadable())
    tell(file.what + "; nothing of it can be read, the other days are served");
  if (reader.value()->days().empty()) return {};
  if (auto sought = reader.value()->seek(fleet::Time::max(), store.state); !sought) {
    if (sought.error().code != 0 && sought.error().code != kDamaged) return sought.error();
    store.state = fleet::FleetState();
    read_around_damage(**reader, store.state);
    tell(sought.error().what + "; went on with what is readable up to " +
         fleet::iso8601(store.state.time()));
  }
  store.last = reader.value()->days().back().end;
  return {};
}

}  // namespace

fleet::Result<OpenedStore> open_store(const std::filesystem::path& directory,
                                      const DayStoreOptions& options) {
  OpenedStore store;
  auto writer = DayWriter::open(directory, options);
  if (!writer) return writer.error();
  store.writer = std::move(writer.value());
  if (auto read = read_state(directory, options, store); !read) return read.error();
  if (store.last == fleet::kNever) return store;
  if (auto finished = finish_tick(directory, options, store); !finished) return finished.error();
  store.last = std::max(store.last, store.state.time());
  return store;
}

fleet::Result<OpenedStore> look_into_store(const std::filesystem::path& directory,
                                           const DayStoreOptions& options) {
  OpenedStore store;
  if (auto read = read_state(directory, options, store); !read) return read.error();
  if (store.last == fleet::kNever) return store;
  if (auto entries = read_journal(directory)) {
    if (auto unfinished = read_unfinished_tick(*entries))
      (void)unfinished->apply_to(store.state, fleet::Time::max()).ok();
  }
  store.last = std::max(store.last, store.state.time());
  return store;
}

}  // namespace net
