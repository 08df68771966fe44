#include "net/feed/track_asker.hpp"

#include <algorithm>

#include "net/replay/replay_messages.hpp"

namespace net {

fleet::Result<void> TrackAsker::send(WsTransport& transport, std::uint32_t minor) {
  while (asked_.size() < TrackDesk::kMost) {
    const auto question = desk_.next_question();
    if (!question) break;
    if (minor < kTracksSinceMinor) {
      desk_.fail(question->number);
      continue;
    }
    const std::string request =
        by_ == By::id ? encode_replay(ReplayTrack{question->number, question->machine_id,
                                                  question->from, question->to})
                      : encode(ClientMessage(TrackRequest{
                            question->number, {question->machine}, question->from, question->to}));
    if (auto sent = transport.send(request, true); !sent) return sent;
    asked_.emplace_back().number = question->number;
  }
  return {};
}

void TrackAsker::take(TrackReply reply) {
  if (asked_.empty() || asked_.front().number != reply.request) return;
  TrackAnswer& answer = asked_.front();
  auto& stays = answer.stays;
  answer.failed = answer.failed || !reply.error.empty();
  answer.known_from = std::max(answer.known_from, reply.known_from);
  stays.insert(stays.end(), reply.stays.begin(), reply.stays.end());
  if (stays.size() > fleet::kMaxTrackStays) {
    stays.erase(stays.begin(), stays.end() - fleet::kMaxTrackStays);
    answer.known_from = std::max(answer.known_from, stays.front().time);
  }
  if (reply.more) return;
  desk_.answer(std::move(answer));
  asked_.pop_front();
}

void TrackAsker::forget() {
  for (const TrackAnswer& open : asked_) desk_.fail(open.number);
  asked_.clear();
  while (const auto question = desk_.next_question()) desk_.fail(question->number);
}

}  // namespace net
