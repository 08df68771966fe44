#include "net/gateway/track_answers.hpp"

#include <algorithm>

namespace net {

namespace {

/// Puts those of an earlier time, in order, before stays that are, too.
void put_before(std::vector<fleet::TrackStay>& stays, std::vector<fleet::TrackStay> earlier) {
  if (earlier.empty()) return;
  const bool apart = stays.empty() || (earlier.back().until < stays.front().time &&
                                       !fleet::continues(earlier.back(), stays.front()));
  const auto middle = static_cast<std::ptrdiff_t>(earlier.size());
  earlier.insert(earlier.end(), stays.begin(), stays.end());
  if (!apart) {
    // Of equal times the later ones count, which this run took in itself.
    std::rotate(earlier.begin(), earlier.begin() + middle, earlier.end());
    fleet::put_in_order(earlier);
  }
  stays = std::move(earlier);
}

std::size_t bytes_of(const std::optional<fleet::TrackBook::Search>& search) {
  return search ? search->bytes() : 0;
}

}  // namespace

std::size_t TrackAnswers::bytes() const {
  return core_.tracks().bytes() + (past_ ? past_->bytes() : 0);
}

std::size_t TrackAnswers::limit_bytes() const {
  return core_.tracks().limit_bytes() + (past_ ? past_->limit_bytes() : 0);
}

TrackLookup::TrackLookup(TrackAnswers& answers, const TrackRequest& request, std::size_t i)
    : answers_(answers),
      request_(request.request),
      machine_(request.machines[i]),
      from_(request.from),
      to_(request.to),
      past_(answers.past_) {
  ++answers_.answered_;
  if (machine_ >= answers_.core_.state().roster().size())
    refuse("The gateway has no machine in slot " + std::to_string(machine_) + ".");
  else
    own_ = answers_.core_.tracks().search(machine_, from_, to_);
}

TrackLookup::~TrackLookup() {
  hold(0);
}

void TrackLookup::hold(std::size_t bytes) {
  answers_.held_bytes_ += bytes - held_;
  held_ = bytes;
}

void TrackLookup::refuse(std::string error) {
  error_ = std::move(error);
  own_.reset();
  recorded_.reset();
  found_ = {};
  is_found_ = true;
  hold(0);
}

bool TrackLookup::go_on() {
  if (is_found_) return true;
  if (answers_.held_bytes_ >= answers_.max_held_bytes_) {
    refuse("Too many tracks wait for walls to take them: ask again in a while.");
    return true;
  }
  const bool done = recorded_ ? past_->walk(*recorded_, kTrackSlice)
                              : answers_.core_.tracks().walk(*own_, kTrackSlice);
  hold(bytes_of(own_) + bytes_of(recorded_) + found_.stays.capacity() * sizeof(fleet::TrackStay));
  if (!done) return false;
  if (own_) {
    found_ = answers_.core_.tracks().finish(std::move(*own_));
    own_.reset();
    if (past_ && from_ < found_.known_from) {
      recorded_ = past_->search(answers_.core_.state().roster()[machine_].id, from_, to_);
      return false;
    }
  }
  put_together();
  return true;
}

/// What this run knows, and what was recorded before it.
void TrackLookup::put_together() {
  if (recorded_) {
    fleet::TrackBook::Answer before = past_->finish(std::move(*recorded_));
    recorded_.reset();
    // Unless this run let go of something itself, nothing is missing where the two meet.
    if (found_.known_from <= answers_.begun_) found_.known_from = before.known_from;
    put_before(found_.stays, std::move(before.stays));
  }
  std::vector<fleet::TrackStay>& stays = found_.stays;
  if (const std::size_t most = answers_.max_stays_; stays.size() > most) {
    stays.erase(stays.begin(), stays.end() - static_cast<std::ptrdiff_t>(most));
    found_.known_from = std::max(found_.known_from, stays.front().time);
  }
  left_ = stays;
  is_found_ = true;
  hold(stays.capacity() * sizeof(fleet::TrackStay));
}

std::optional<TrackReply> TrackLookup::next() {
  if (is_over_ || !is_found_) return std::nullopt;
  if (!error_.empty()) {
    is_over_ = true;
    TrackReply reply;
    reply.request = request_;
    reply.machine = machine_;
    reply.error = error_;
    return reply;
  }
  TrackReply reply = next_reply(request_, machine_, found_.known_from, left_);
  is_over_ = !reply.more;
  return reply;
}

}  // namespace net
