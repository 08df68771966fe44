#include "net/replay/replay_answers.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "net/pack/heat_pack.hpp"
#include "net/pack/history_pack.hpp"
#include "net/recording/heat_reader.hpp"
#include "net/recording/read_days.hpp"

namespace net {

namespace {

void put_parts(PackedReply reply, std::string_view pack, const ReplayAnswers::Put& put) {
  do {
    reply.part = pack.substr(0, kMaxChunkBytes);
    pack.remove_prefix(reply.part.size());
    reply.more = !pack.empty();
    if (!put(reply)) return;
  } while (!pack.empty());
}

/// As many viewers as there may be would hold a fleet each.
class OneAtATime {
 public:
  // No timed mutex: thread sanitizers do not see it being locked.
  explicit OneAtATime(const ReplayAnswers::GoOn& go_on) {
    std::unique_lock lock(mutex_);
    while (taken_ && go_on()) free_.wait_for(lock, std::chrono::milliseconds(50));
    held_ = !taken_ && go_on();
    taken_ = taken_ || held_;
  }
  ~OneAtATime() {
    if (!held_) return;
    const std::lock_guard lock(mutex_);
    taken_ = false;
    free_.notify_one();
  }
  OneAtATime(const OneAtATime&) = delete;
  OneAtATime& operator=(const OneAtATime&) = delete;
  /// False: nobody wants it any more.
  bool held() const { return held_; }

 private:
  inline static std::mutex mutex_;
  inline static std::condition_variable free_;
  inline static bool taken_ = false;  // behind mutex_
  bool held_ = false;
};

}  // namespace

void ReplayAnswers::answer(const Question& question, const GoOn& go_on, const Put& put) {
  try {
    std::visit([&](const auto& asked) { answer_one(asked, go_on, put); }, question);
  } catch (const std::exception& error) {  // no memory
    tracks_.reset();
    days_.reset();
    if (const auto* track = std::get_if<ReplayTrack>(&question)) {
      TrackReply none;
      none.request = track->request;
      none.error = error.what();
      put(none);
    } else if (const auto* machine = std::get_if<ReplayMachine>(&question)) {
      put(PackedReply{machine->request, {}, false, false, error.what()});
    } else if (const auto* heat = std::get_if<ReplayHeat>(&question)) {
      put(PackedReply{heat->request, {}, false, false, error.what()});
    } else {
      DayReply none;  // an empty day: whoever asked does not wait for ever
      none.day.overview =
          OverviewBuilder(std::get<DayRequest>(question).day, fleet::shanghai()).overview();
      put(none);
    }
  }
}

void ReplayAnswers::answer_one(const ReplayTrack& track, const GoOn& go_on, const Put& put) {
  TrackReply none;
  none.request = track.request;
  if (!tracks_) {
    auto opened = TrackScan::open(folder_);
    if (!opened) {
      none.error = opened.error().what;
      put(none);
      return;
    }
    tracks_ = std::move(opened.value());
  }
  const auto covered = tracks_->cover(track.from, track.to, go_on);
  if (!go_on()) return;
  const auto found = tracks_->find(track.machine, track.from, track.to);
  if (!covered && found.stays.empty()) {
    none.error = covered.error().what;
    put(none);
    return;
  }
  std::span<const fleet::TrackStay> left = found.stays;
  do {
    if (!put(next_reply(track.request, 0, found.known_from, left))) return;
  } while (!left.empty());
}

void ReplayAnswers::answer_one(const ReplayMachine& asked, const GoOn& go_on, const Put& put) {
  PackedReply reply;
  reply.request = asked.request;
  const auto packed = [&]() -> fleet::Result<std::string> {
    auto scan = MachineScan::open(folder_);
    if (!scan) return scan.error();
    auto found = scan.value()->read(asked.machine, asked.from, asked.to, go_on);
    if (!found) return found.error();
    reply.damaged = !found->damages.empty();
    return pack_history(found->history);
  }();
  if (!go_on()) return;
  if (!packed) {
    reply.error = packed.error().what;
    put(reply);
    return;
  }
  put_parts(reply, *packed, put);
}

/// Out of the day's own file; the state it takes is let go of.
void ReplayAnswers::answer_one(const ReplayHeat& asked, const GoOn& go_on, const Put& put) {
  HeatShelf::Heat heat;
  {
    const OneAtATime turn(go_on);
    if (!turn.held()) return;
    std::filesystem::path file = folder_;
    if (DayReader* const reader = days()) {
      const auto& files = reader->days();
      const auto day = std::ranges::find(files, asked.day, &DayReader::Day::day);
      if (day != files.end()) file = day->file;
    }
    heat = HeatReader(file).read({asked.at, asked.day, asked.hours});
  }
  if (!go_on()) return;
  PackedReply reply;
  reply.request = asked.request;
  reply.damaged = heat.damaged;
  put_parts(reply, pack_heat(heat.cells), put);
}

/// As far as they are recorded by now; null: none can be read.
DayReader* ReplayAnswers::days() {
  if (days_) {
    days_->refresh();
  } else if (auto opened = DayReader::open(folder_)) {
    days_ = std::move(opened.value());
  }
  return days_.get();
}

void ReplayAnswers::answer_one(const DayRequest& asked, const GoOn& go_on, const Put& put) {
  DayReader* const reader = days();
  DayReply reply;
  const fleet::TimeZone zone = reader ? reader->zone() : fleet::shanghai();
  reply.day.overview = OverviewBuilder(asked.day, zone).overview();
  if (reader) {
    const auto& files = reader->days();
    const auto file = std::ranges::find(files, asked.day, &DayReader::Day::day);
    if (file != files.end()) {
      auto read = read_day(*file, zone, go_on);
      if (!read) return;
      reply.day = std::move(*read);
    }
  }
  std::vector<RaisedAlarm> raised = std::move(reply.day.raised);
  raised.resize(std::min(raised.size(), kMaxDayAlarms));
  std::span<const RaisedAlarm> left = raised;
  do {
    const auto part = left.first(std::min(kMaxDayPartAlarms, left.size()));
    left = left.subspan(part.size());
    reply.day.raised.assign(part.begin(), part.end());
    reply.more = !left.empty();
    if (!put(reply)) return;
  } while (!left.empty());
}

}  // namespace net
