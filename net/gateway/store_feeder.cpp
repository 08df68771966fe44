#include "net/gateway/store_feeder.hpp"

#include <span>

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

/// The journal of an unfinished tick, put together. Roster records are applied to `state` at once.
/// Nothing in the optional: no samples. Error: an entry that does not decode, or of two ticks.
fleet::Result<std::optional<fleet::TickBatch>> read_unfinished_tick(
    const std::vector<std::string>& entries, fleet::FleetState& state) {
  std::optional<fleet::TickBatch> tick;
  FrameDecoder decoder;
  for (const std::string& entry : entries) {
    auto update = decoder.decode(std::as_bytes(std::span(entry)));
    if (!update) return update.error();
    if (const auto* roster = std::get_if<fleet::RosterBatch>(&update.value())) {
      if (auto applied = state.apply(*roster); !applied) return applied.error();
    } else if (auto* part = std::get_if<fleet::TickBatch>(&update.value())) {
      if (!tick) {
        tick = std::move(*part);
      } else if (auto joined = append_tick(*tick, *part); !joined) {
        return joined.error();
      }
    }
  }
  return tick;
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
  store.last = store.state.time();

  auto entries = store.writer->read_journal();
  if (!entries) return entries.error();
  store.journal_entries = entries.value().size();
  if (entries.value().empty()) return store;
  auto tick = read_unfinished_tick(entries.value(), store.state);
  if (!tick) return tick.error();
  if (!tick.value()) return store;
  // The tick that a crash cut short is finished under its own number, behind a keyframe: the
  // writer is new and wants one.
  const fleet::Time end = tick.value()->end;
  const fleet::Roster& roster = store.state.roster();
  fleet::RosterBatch records{true, roster.version(), {}, {}};
  for (fleet::Slot slot = 0; slot < roster.size(); ++slot)
    records.machines.emplace_back(slot, roster[slot]);
  for (std::size_t f = fleet::kCoreFieldCount; f < store.state.fields().size(); ++f)
    records.extra_fields.push_back(store.state.fields()[static_cast<fleet::FieldId>(f)].name);
  store.state.fit_roster();
  FrameEncoder encoder;
  const EncodedFrame roster_frame =
      encoder.encode(records, store.state.position(), store.state.time());
  const EncodedFrame keyframe = encoder.encode(store.state.keyframe());
  DayWriter& out = *store.writer;
  if (auto done = out.append_keyframe(&roster_frame, keyframe, end); !done) return done.error();
  if (auto done = out.append(encoder.encode(*tick.value())); !done) return done.error();
  if (auto done = out.commit(); !done) return done.error();
  if (auto applied = store.state.apply(*tick.value()); !applied) return applied.error();
  store.last = store.state.time();
  return store;
}

}  // namespace net
