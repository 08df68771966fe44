#include "net/replay/replay_answers.hpp"

#include <algorithm>
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

/// The state it takes is let go of: as many viewers as there may be would hold a fleet each.
void ReplayAnswers::answer_one(const ReplayHeat& asked, const GoOn& go_on, const Put& put) {
  const HeatShelf::Heat heat = HeatReader(folder_).read({asked.at, asked.day, asked.hours});
  if (!go_on()) return;
  PackedReply reply;
  reply.request = asked.request;
  reply.damaged = heat.damaged;
  put_parts(reply, pack_heat(heat.cells), put);
}

void ReplayAnswers::answer_one(const DayRequest& asked, const GoOn& go_on, const Put& put) {
  if (days_) {
    days_->refresh();
  } else if (auto opened = DayReader::open(folder_)) {
    days_ = std::move(opened.value());
  }
  DayReply reply;
  const fleet::TimeZone zone = days_ ? days_->zone() : fleet::shanghai();
  reply.day.overview = OverviewBuilder(asked.day, zone).overview();
  if (days_) {
    const auto& files = days_->days();
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
