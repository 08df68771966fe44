// GatewayCore: what the gateway knows and decides, without sockets, files, threads or clocks.
//
// Reports in, frames out. `ingest` judges reports and applies what is good to the live state;
// `end_tick` cuts the tick frame. The same calls in the same order give the same bytes. Used by the
// server, by `import`, by the demo inside the wall, and by tests.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fleet/alarms.hpp"
#include "fleet/fleet_state.hpp"
#include "fleet/quality.hpp"
#include "fleet/rhythm.hpp"
#include "fleet/track_book.hpp"
#include "net/codec/frame_codec.hpp"
#include "net/codec/roster_batch.hpp"
#include "net/gateway/figures_publisher.hpp"

namespace net {

/// Rows that one tick takes: every machine of the largest fleet once. At a tick of a second that is
/// more than ten times what one processor judges; some 180 MB.
inline constexpr std::size_t kMaxRowsOfTick = 1u << 21;
/// Alarms that are open at the same time: one for every fourth machine, and half of what a frame
/// holds. Some 100 MB.
inline constexpr std::size_t kMaxOpenAlarms = 1u << 19;
/// Alarm events that one tick takes; a frame holds twice as many.
inline constexpr std::size_t kMaxAlarmsOfTick = 1u << 19;

struct CoreConfig {
  std::uint64_t epoch = 1;
  fleet::QualityRules quality;
  fleet::TimeZone zone = fleet::shanghai();
  fleet::Millis tick{1000};
  /// Day figures of a machine are published at most once in so many ticks (staggered by slot):
  /// 60 keeps them under a tenth of the stream and a minute fresh.
  int figures_every_ticks = 60;
  /// Memory for where machines were in the last hours; 0 = none is kept.
  std::size_t track_bytes = 0;
  /// As the constants above; tests lower them.
  std::size_t max_tick_rows = kMaxRowsOfTick, max_open_alarms = kMaxOpenAlarms,
              max_tick_alarms = kMaxAlarmsOfTick, max_tick_shares = kMaxFrameShares;
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

  const CoreConfig& config() const { return config_; }
  fleet::FleetState& state() { return state_; }
  const fleet::FleetState& state() const { return state_; }
  const fleet::QualityCounters& counters() const { return judge_.counters(); }
  /// Where machines were, as far as this core took in their reports itself.
  const fleet::TrackBook& tracks() const { return tracks_; }

  /// Takes up a state rebuilt from a store, as the start of this core's epoch: the tick under way
  /// begins at `now`. Readers start from full_roster() and keyframe(); the roster is not sent
  /// again.
  void restore(fleet::FleetState state, fleet::Time now);

  /// Reports in order of receipt. Precondition: receive times in (tick begin, tick end], machines
  /// in the roster.
  IngestOutcome ingest(const fleet::ReportBatch& batch);
  /// Takes in reports that nobody will be sent as frames (the morning of a demo): no frame is cut,
  /// no number used; afterwards the tick under way begins at `until`, and readers start from
  /// full_roster() and keyframe(). Precondition: nothing pending; receive times in (tick begin,
  /// until]; until on a tick boundary.
  IngestOutcome absorb(const fleet::ReportBatch& batch, fleet::Time until);
  /// Takes up all that another core absorbed up to its tick begin; machine i of it is machine
  /// first + i here. Machines are independent of each other, so that a long past can be taken in by
  /// several cores, each for some machines and by the same steps, with the same result. Afterwards
  /// the tick under way begins where that of `part` does. Preconditions: as for absorb; those
  /// machines are in the roster and nothing is known of them; the same CoreConfig; no extra fields.
  void adopt(const GatewayCore& part, fleet::Slot first);

  fleet::Time tick_begin() const { return tick_.begin; }
  fleet::Time tick_end() const { return tick_.begin + config_.tick; }

  /// A finished tick: a roster frame first if the roster or the fields changed, then the tick frame
  /// if it holds anything (an empty tick has no frame and takes no number).
  struct TickFrames {
    std::shared_ptr<const EncodedFrame> roster;  ///< may be null
    std::shared_ptr<const EncodedFrame> tick;    ///< may be null
  };
  TickFrames end_tick();
  /// As end_tick, for who encodes elsewhere: the same as plain data.
  struct TickCut {
    std::optional<fleet::RosterBatch> roster;
    fleet::FramePosition roster_position;  ///< of the state that the roster frame stands behind
    fleet::Time roster_time = fleet::kNever;
    std::optional<fleet::TickBatch> tick;
  };
  TickCut cut_tick();
  /// The tick under way publishes the figures of every machine whose turn has not come yet: for the
  /// last tick before a long gap, so that what was known then is complete.
  void publish_all_figures() { figures_.publish_all(); }
  /// Whether reports of other local days than today were accepted since the last call.
  bool take_other_day() { return figures_.take_other_day(); }
  /// What was taken in since the last call within the tick under way: new roster records, and
  /// rows as a tick frame that continues the ones before it. Applied in turn they give the state
  /// before end_tick, put together (append_tick) the tick itself. For the journal of a store.
  TickFrames take_journal();
  /// True if the tick under way takes so many reports more.
  bool has_room(std::size_t reports) const {
    return tick_.rows.size() + reports <= config_.max_tick_rows;
  }
  /// True while the tick under way holds something.
  bool pending() const;
  /// Skips ahead over ticks in which nothing was received. Precondition: nothing pending; t on a
  /// tick boundary.
  void skip_to(fleet::Time t);

  /// Only valid between end_tick and the next ingest.
  std::shared_ptr<const EncodedFrame> keyframe();
  /// machines: those that changed behind tick `since`, ascending.
  std::shared_ptr<const EncodedFrame> catch_up(std::span<const fleet::Slot> machines,
                                               std::uint64_t since);
  std::shared_ptr<const EncodedFrame> full_roster();
  /// Records changed behind roster `version`, and the extra fields.
  std::shared_ptr<const EncodedFrame> roster_since(std::uint64_t version);

  /// What keyframe() and full_roster() hold, as plain data.
  fleet::StateBatch keyframe_batch();
  fleet::RosterBatch full_roster_batch() const { return roster_of(state_, {}); }

  fleet::FramePosition position() const { return state_.position(); }
  /// Machines touched by the last finished tick, ascending.
  const std::vector<fleet::Slot>& last_changed() const { return last_changed_; }
  /// Size of the last encoded tick before compression, bytes.
  std::size_t last_body_bytes() const { return encoder_.last_body_bytes(); }

 private:
  void take_report(const fleet::Report& report, const fleet::ReportBatch& batch,
                   IngestOutcome& outcome);
  bool has_room_for(const fleet::Report& report, std::span<const fleet::Fault> faults);
  void take_faults(const fleet::Report& report, std::span<const fleet::Fault> faults,
                   IngestOutcome& outcome);
  void begin_silently(fleet::Time begin);
  void collect_changed();
  void sample_activity(fleet::Time now);
  std::optional<fleet::RosterBatch> close_tick();
  void open_next_tick(fleet::FramePosition last, fleet::Time begin);
  fleet::TickBatch tick_since_journal();
  std::shared_ptr<const EncodedFrame> encode_roster(const fleet::RosterBatch& batch);
  std::int64_t tick_index() const;

  CoreConfig config_;
  fleet::FleetState state_;
  fleet::QualityJudge judge_;
  fleet::RhythmLearner rhythm_;
  FiguresPublisher figures_;
  fleet::FaultJudge faults_;
  fleet::ActivitySampler activity_;
  fleet::TrackBook tracks_;
  fleet::TickBatch tick_;
  FrameEncoder encoder_;
  std::uint64_t next_number_ = 1;
  std::uint64_t roster_sent_ = 0;
  std::size_t fields_sent_ = fleet::kCoreFieldCount;
  std::vector<fleet::Slot> last_changed_;
  /// Where the next journal entry begins in the tick under way.
  struct JournalMark {
    std::size_t rows = 0, periods = 0, alarms = 0, lists = 0;
  } journaled_;
  std::uint64_t roster_journaled_ = 0;
  std::size_t fields_journaled_ = fleet::kCoreFieldCount;
  std::vector<fleet::AlarmEvent> events_;
};

/// Puts a journal entry behind another one of the same tick (see take_journal).
/// Error: they are not of the same tick.
fleet::Result<void> append_tick(fleet::TickBatch& tick, const fleet::TickBatch& next);

}  // namespace net
