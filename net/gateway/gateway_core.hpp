// GatewayCore: what the gateway knows and decides, without sockets, files, threads or clocks.
//
// Reports in, frames out. `ingest` judges reports and applies what is good to the live state;
// `end_tick` cuts the tick frame. The same calls in the same order give the same bytes. Used by the
// server, by `import`, by the demo inside the wall, and by tests.
#pragma once

#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "fleet/fleet_state.hpp"
#include "fleet/quality.hpp"
#include "fleet/rhythm.hpp"
#include "net/codec/frame_codec.hpp"

namespace net {

struct CoreConfig {
  std::uint64_t epoch = 1;
  fleet::QualityRules quality;
  fleet::TimeZone zone = fleet::shanghai();
  fleet::Millis tick{1000};
  /// Day figures of a machine are published at most once in so many ticks (staggered by slot):
  /// 60 keeps them under a tenth of the stream and a minute fresh.
  int figures_every_ticks = 60;
};

struct LineRejection {
  std::uint32_t line = 0;
  fleet::Reason reason;
  fleet::FieldId field = fleet::kNoField;
};

struct IngestOutcome {
  std::uint64_t accepted = 0;  ///< reports of which something was stored
  std::vector<LineRejection> rejected;
};

class GatewayCore {
 public:
  GatewayCore(CoreConfig config, fleet::Time start);

  fleet::FleetState& state() { return state_; }
  const fleet::FleetState& state() const { return state_; }
  const fleet::QualityCounters& counters() const { return judge_.counters(); }

  /// Takes up a state rebuilt from a store: the tick under way begins at `now`.
  void restore(fleet::FleetState state, fleet::Time now);

  /// Reports in order of receipt. Precondition: receive times in (tick begin, tick end], machines in the roster.
  IngestOutcome ingest(const fleet::ReportBatch& batch);

  fleet::Time tick_begin() const { return tick_.begin; }
  fleet::Time tick_end() const { return tick_.begin + config_.tick; }

  /// A finished tick: a roster frame first if the roster or the fields changed, then the tick frame
  /// if it holds anything (an empty tick has no frame and takes no number).
  struct TickFrames {
    std::shared_ptr<const EncodedFrame> roster;  ///< may be null
    std::shared_ptr<const EncodedFrame> tick;    ///< may be null
  };
  TickFrames end_tick();
  /// Skips ahead over ticks in which nothing was received. Precondition: nothing pending; t on a tick boundary.
  void skip_to(fleet::Time t);

  /// Only valid between end_tick and the next ingest.
  std::shared_ptr<const EncodedFrame> keyframe();
  std::shared_ptr<const EncodedFrame> catch_up(std::span<const fleet::Slot> machines);
  std::shared_ptr<const EncodedFrame> full_roster();

  fleet::FramePosition position() const { return state_.position(); }
  /// Machines touched by the last finished tick, ascending.
  const std::vector<fleet::Slot>& last_changed() const { return last_changed_; }

 private:
  CoreConfig config_;
  fleet::FleetState state_;
  fleet::QualityJudge judge_;
  fleet::RhythmLearner rhythm_;
  fleet::DayAccumulator day_;
  fleet::FaultJudge faults_;
  fleet::TickBatch tick_;
  FrameEncoder encoder_;
  std::uint64_t next_number_ = 1;
  std::uint64_t roster_sent_ = 0;
  std::size_t fields_sent_ = fleet::kCoreFieldCount;
  std::vector<fleet::Slot> last_changed_;
};

}  // namespace net
