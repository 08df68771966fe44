// Trail: where one machine was, over the span that the wall's viewer chose.
//
// How it works: it says what is to be asked of the feed (TrailSet asks), and keeps what is
// answered; from then on every new fix of the machine is added as it comes, so that the trail grows
// without asking again. It asks anew when the machine or the span changes, after a reconnect, and
// in replay when the playhead leaves what was answered. A gateway that knows no tracks leaves what
// was seen since the machine was chosen. Main thread; reads no clock.
#pragma once

#include <optional>
#include <string>

#include "fleet/track.hpp"
#include "net/feed/feed.hpp"
#include "viewer/fleet_view.hpp"
#include "viewer/panels/models.hpp"

namespace viewer {

/// The span after this one, round and round: 30 min, 2 h, 8 h, today, none.
TrailSpan next_span(TrailSpan span);
/// Where the span begins that ends at `playhead`.
fleet::Time begin_of(TrailSpan span, fleet::Time playhead, const fleet::TimeZone& zone);

class Trail {
 public:
  /// What decides about the trail in one frame.
  struct Wanted {
    std::optional<fleet::Slot> machine;
    TrailSpan span = TrailSpan::two_hours;
    fleet::Time playhead = fleet::kNever;
    double now_s = 0;         ///< steady seconds
    double speed = 1;         ///< of the playhead, negative = backwards
    bool recorded = false;    ///< the playhead moves freely
    std::uint64_t epoch = 0;  ///< of the feed and its connection: what was asked of others is void
    std::uint64_t connections = 0;
  };
  /// Once a frame, with the fleet at the playhead. True if the trail changed. later: time alone may
  /// wait for another frame.
  bool update(const FleetView& view, const Wanted& wanted, bool later = false);
  /// Places held, which is what a change costs.
  std::size_t places() const { return track_.stays().size(); }
  /// What there is to ask after that update, without a number; nothing while an answer is awaited,
  /// or none is needed.
  std::optional<net::TrackQuestion> question(const Wanted& wanted) const;
  /// The question was sent.
  void asked(net::TrackQuestion question, double now_s);
  bool waiting() const { return waiting_; }
  /// Nothing was answered yet, and an answer is awaited.
  bool waiting_first() const { return waiting_ && covered_from_ == fleet::kNever; }
  /// False if it is the answer to another's question, or to one that is of no use any more.
  bool take(net::TrackAnswer& answer, double now_s);

  /// Empty stretches: nothing to draw.
  const fleet::TrackPicture& picture() const { return picture_; }
  fleet::Time from() const { return from_; }
  fleet::Time to() const { return to_; }
  TrailModel model(const fleet::TimeZone& zone) const;

 private:
  bool hide();
  bool turn_to(const Wanted& wanted, const std::string& machine_id);
  bool take_fix(const Wanted& wanted, const fleet::FleetState& state, fleet::Slot machine);
  void begin(const std::string& machine_id);
  void merge(net::TrackAnswer answer);
  bool covers(const Wanted& wanted) const;

  fleet::Track track_;
  fleet::TrackPicture picture_;
  TrailSpan span_ = TrailSpan::off;
  std::string machine_id_;
  fleet::Time from_ = fleet::kNever, to_ = fleet::kNever;
  std::uint64_t epoch_ = 0, connections_ = 0;

  bool shown_ = false;     ///< since the last update
  bool news_ = false;      ///< a fix that the picture does not have yet
  bool answered_ = false;  ///< since the last update
  bool waiting_ = false;   ///< for the answer to question_
  double asked_s_ = 0, retry_s_ = 0;
  net::TrackQuestion question_;
  fleet::Time covered_from_ = fleet::kNever, covered_to_ = fleet::kNever;  ///< never: nothing yet
  fleet::Time known_from_ = fleet::kNever;
};

}  // namespace viewer
