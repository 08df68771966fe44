// ReplayAnswers: what a viewer in the past asks beside the frames: where a machine was, what it
// did, what went on in a day. Reads day files for as long as that takes; one thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "net/replay/replay_messages.hpp"
#include "net/store/track_scan.hpp"

namespace net {

class ReplayAnswers {
 public:
  using Question = std::variant<ReplayTrack, ReplayMachine, ReplayHeat, DayRequest>;
  /// False: nobody wants it any more.
  using Put = std::function<bool(const ReplayMessage&)>;
  using GoOn = std::function<bool()>;

  /// folder: of day files.
  explicit ReplayAnswers(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Puts the answer, in parts; what cannot be read is said in it. What takes the memory of a fleet
  /// is answered one at a time in a process. go_on: asked every few milliseconds, but for a jump to
  /// an instant, which is done to its end; false ends it early, without an answer.
  void answer(const Question& question, const GoOn& go_on, const Put& put);

 private:
  void answer_one(const ReplayTrack& track, const GoOn& go_on, const Put& put);
  void answer_one(const ReplayMachine& asked, const GoOn& go_on, const Put& put);
  void answer_one(const ReplayHeat& asked, const GoOn& go_on, const Put& put);
  void answer_one(const DayRequest& asked, const GoOn& go_on, const Put& put);

  const std::filesystem::path folder_;
  DayReader* days();

  std::unique_ptr<TrackScan> tracks_;
  std::unique_ptr<DayReader> days_;
};

}  // namespace net
