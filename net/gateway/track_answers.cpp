#include "net/gateway/track_answers.hpp"

#include <algorithm>

namespace net {

std::vector<TrackReply> TrackAnswers::answer(const TrackRequest& request, std::size_t i) {
  ++answered_;
  const fleet::Slot machine = request.machines[i];
  const fleet::Roster& roster = core_.state().roster();
  if (machine >= roster.size()) {
    TrackReply reply;
    reply.request = request.request;
    reply.machine = machine;
    reply.error = "The gateway has no machine in slot " + std::to_string(machine) + ".";
    return {reply};
  }
  fleet::TrackBook::Answer found = core_.tracks().find(machine, request.from, request.to);
  if (past_ && request.from < found.known_from) {
    fleet::TrackBook::Answer before = past_->find(roster[machine].id, request.from, request.to);
    // Unless this run let go of something itself, nothing is missing where the two meet.
    if (found.known_from <= begun_) found.known_from = before.known_from;
    found.stays.insert(found.stays.end(), before.stays.begin(), before.stays.end());
    fleet::put_in_order(found.stays);
  }
  return track_replies(request.request, machine, found.known_from, found.stays);
}

std::size_t TrackAnswers::bytes() const {
  return core_.tracks().bytes() + (past_ ? past_->bytes() : 0);
}

std::size_t TrackAnswers::limit_bytes() const {
  return core_.tracks().limit_bytes() + (past_ ? past_->limit_bytes() : 0);
}

}  // namespace net
