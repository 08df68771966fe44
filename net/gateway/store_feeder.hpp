// StoreFeeder: which frames of a core go to a store, and when a keyframe is due. One thread.
#pragma once

#include <functional>
#include <optional>

#include "net/gateway/gateway_core.hpp"
#include "net/store/day_store.hpp"

namespace net {

using SharedEncoded = std::shared_ptr<const EncodedFrame>;

/// Where frames for the store go: straight to a DayWriter, or to a Recorder's thread.
class StoreSink {
 public:
  virtual ~StoreSink() = default;
  virtual fleet::Result<void> append(SharedEncoded frame) = 0;
  /// As DayWriter::append_keyframe; roster may be null.
  virtual fleet::Result<void> append_keyframe(SharedEncoded roster, SharedEncoded keyframe,
                                              fleet::Time next_end) = 0;
};

/// Writes on the caller's thread.
class DirectSink final : public StoreSink {
 public:
  explicit DirectSink(DayWriter& writer) : writer_(writer) {}
  fleet::Result<void> append(SharedEncoded frame) override { return writer_.append(*frame); }
  fleet::Result<void> append_keyframe(SharedEncoded roster, SharedEncoded keyframe,
                                      fleet::Time next_end) override {
    return writer_.append_keyframe(roster.get(), *keyframe, next_end);
  }

 private:
  DayWriter& writer_;
};

/// Says when a keyframe is due: before the first tick, with the first one of a local day, and each
/// options.keyframe_every in which ticks were stored.
class KeyframeClock {
 public:
  explicit KeyframeClock(const DayStoreOptions& options) : options_(options) {}

  struct Due {
    bool keyframe = false;
    bool roster = false;  ///< before the keyframe
  };
  /// Before the first thing of the tick that ends at `end` is taken in. Said once a tick.
  Due before_tick(fleet::Time end);
  void stored_tick() { ticks_since_ = true; }
  /// The keyframe asked for was not stored, or what was stored last has a gap.
  void start_over() {
    keyframe_.reset();
    prepared_ = fleet::kNever;
  }
  /// False: there is no keyframe yet for ticks to stand on.
  bool started() const { return keyframe_.has_value(); }

 private:
  DayStoreOptions options_;
  std::optional<fleet::Time> keyframe_;  ///< end of the tick behind the last keyframe
  fleet::Time prepared_ = fleet::kNever;
  bool ticks_since_ = false;
};

/// Which roster stands before the last keyframe: the tick behind it brings it once more if its
/// machines are new to the core too, and need not.
class StoredRoster {
 public:
  void note(const fleet::FleetState& state) {
    version_ = state.roster().version();
    fields_ = state.fields().size();
  }
  bool is_that_of(const fleet::FleetState& state) const {
    return version_ == state.roster().version() && fields_ == state.fields().size();
  }

 private:
  std::optional<std::uint64_t> version_;
  std::size_t fields_ = 0;
};

class StoreFeeder {
 public:
  /// core and sink outlive the feeder.
  StoreFeeder(GatewayCore& core, const DayStoreOptions& options, StoreSink& sink);

  /// Before the first thing of a tick is taken in: puts a keyframe of the state before it, if one
  /// is due. Calling it again within the tick does nothing.
  fleet::Result<void> prepare_tick();
  /// What core.end_tick() returned; prepare_tick was called before.
  fleet::Result<void> append(const GatewayCore::TickFrames& frames);
  /// The store has a gap: the next tick gets a roster and a keyframe.
  void start_over() { clock_.start_over(); }
  /// Goes on into another sink.
  void set_sink(StoreSink& sink) { sink_ = &sink; }

 private:
  GatewayCore& core_;
  KeyframeClock clock_;
  StoredRoster roster_;
  StoreSink* sink_;
};

/// What a store held when it was opened for writing.
struct OpenedStore {
  std::unique_ptr<DayWriter> writer;
  fleet::FleetState state;           ///< as of the last committed sample, the journal included
  fleet::Time last = fleet::kNever;  ///< kNever: there was nothing
  std::size_t journal_entries = 0;   ///< samples of an unfinished tick were taken up from so many
};
/// Opens a directory for writing, takes up its last state, and ends the tick that was under way.
/// What is damaged is told to options.on_damage; the state is then what can be read of it.
fleet::Result<OpenedStore> open_store(const std::filesystem::path& directory,
                                      const DayStoreOptions& options);

/// The same state without a writer, and without changing anything: of a directory that cannot be
/// written. Error: it cannot be read either.
fleet::Result<OpenedStore> look_into_store(const std::filesystem::path& directory,
                                           const DayStoreOptions& options);

}  // namespace net
