#include "net/gateway/store_feeder.hpp"

#include "net/gateway/unfinished_tick.hpp"

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
  if (!written) clock_.start_over();
  return written;
}

fleet::Result<void> StoreFeeder::append(const GatewayCore::TickFrames& frames) {
  if (!clock_.started()) return {};  // in a gap: without a keyframe before them they say nothing
  if (frames.roster)
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
fleet::Result<void> finish_tick(const std::filesystem::path& directory, OpenedStore& store) {
  const auto failed = [&](const fleet::Error& why) {
    return fleet::Error{directory.string() + ": " + why.what};
  };
  auto entries = store.writer->read_journal();
  if (!entries) return entries.error();
  store.journal_entries = entries->size();
  auto unfinished = read_unfinished_tick(*entries);
  if (!unfinished) return failed(unfinished.error());
  for (const fleet::RosterBatch& roster : unfinished->rosters)
    if (auto applied = store.state.apply(roster); !applied) return failed(applied.error());
  return unfinished->tick ? end_tick(*unfinished->tick, store.state, *store.writer)
                          : fleet::Result<void>();
}

}  // namespace

fleet::Result<OpenedStore> open_store(const std::filesystem::path& directory,
                                      const DayStoreOptions& options) {
  OpenedStore store;
  auto writer = DayWriter::open(directory, options);
  if (!writer) return writer.error();
  store.writer = std::move(writer.value());
  auto reader = DayReader::open(directory);
  if (!reader) return store;  // a directory without a day yet
  if (reader.value()->days().empty()) return store;
  if (auto sought = reader.value()->seek(fleet::Time::max(), store.state); !sought)
    return sought.error();
  if (auto finished = finish_tick(directory, store); !finished) return finished.error();
  store.last = store.state.time();
  return store;
}

}  // namespace net
