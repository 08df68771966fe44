#include "net/gateway/feed_session.hpp"

#include <utility>

namespace net {

namespace {

std::string version_text(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

}  // namespace

FeedSession::FeedSession(Publisher& publisher, Hello hello)
    : publisher_(publisher),
      urgent_(std::make_shared<const std::string>(encode(ServerMessage(std::move(hello))))) {}

void FeedSession::fail(FeedError::Code code, std::string text) {
  if (failed_) return;
  failed_ = true;
  requests_.clear();
  lookup_.reset();
  error_ = code;
  why_ = text;
  urgent_ =
      std::make_shared<const std::string>(encode(ServerMessage(FeedError{code, std::move(text)})));
}

void FeedSession::check(Publisher::Steady now) {
  if (!frame_ || failed_) return;
  if (watched_frame_ != frames_begun_) {
    watched_frame_ = frames_begun_;
    watched_since_ = now;
  } else if (now - watched_since_ > kLongestFrame) {
    fail(FeedError::Code::too_slow, "This wall reads too slowly: it did not take " +
                                        std::to_string(frame_->bytes) + " bytes within " +
                                        std::to_string(kLongestFrame.count()) + " s.");
    frame_.reset();
    start_frames_.clear();
  }
}

void FeedSession::shut_down() {
  leaving_ = true;
  if (!subscribed_) say_goodbye();
}

void FeedSession::say_goodbye() {
  fail(FeedError::Code::shutting_down, "The gateway is being shut down.");
}

void FeedSession::receive(std::span<const std::byte> message) {
  if (failed_) return;
  auto decoded = decode_client(message);
  if (!decoded) return fail(FeedError::Code::bad_message, decoded.error().what);
  if (auto* request = std::get_if<TrackRequest>(&decoded.value())) return ask(std::move(*request));
  if (subscribed_) return fail(FeedError::Code::bad_message, "Subscribed twice on one connection.");
  subscribe(std::get<Subscribe>(decoded.value()));
}

void FeedSession::ask(TrackRequest request) {
  if (!subscribed_)
    return fail(FeedError::Code::bad_message, "Asked for tracks before it subscribed.");
  if (requests_.size() == kMaxTrackRequests)
    return fail(FeedError::Code::bad_message, "Asked for tracks while " +
                                                  std::to_string(kMaxTrackRequests) +
                                                  " requests wait for their answers.");
  requests_.push_back(std::move(request));
}

/// One machine is looked up at a time, and a slice of it at a call, so that no request holds up
/// others for long. Null: nothing is asked, or it is not found out yet (`busy`).
std::shared_ptr<const std::string> FeedSession::next_track() {
  if (requests_.empty()) return nullptr;
  if (!lookup_) lookup_.emplace(publisher_.tracks(), requests_.front(), machine_);
  if (!lookup_->go_on()) return nullptr;
  auto reply = lookup_->next();
  const bool more = reply->more;
  auto message = std::make_shared<const std::string>(encode(ServerMessage(std::move(*reply))));
  if (more) return message;
  lookup_.reset();
  ++tracks_sent_;
  if (++machine_ == requests_.front().machines.size()) {
    requests_.pop_front();
    machine_ = 0;
  }
  return message;
}

void FeedSession::subscribe(const Subscribe& message) {
  client_ = message.client;
  if (message.major != kProtocolMajor) {
    return fail(FeedError::Code::version_mismatch,
                "This gateway speaks feed protocol " +
                    version_text(kProtocolMajor, kProtocolMinor) + ", the wall speaks " +
                    version_text(message.major, message.minor) +
                    ". Install the same version of fleetwall on both.");
  }
  subscribed_ = true;
  if (message.resume && message.resume->epoch == publisher_.epoch() &&
      message.resume->number <= publisher_.last_number()) {
    number_ = message.resume->number;
    roster_version_ = message.roster_version;
    if (const auto sequence = publisher_.ring().behind(number_)) {
      sequence_ = *sequence;
      owed_until_ = publisher_.ring().end();
      start_ = "resumed behind tick " + std::to_string(number_);
    } else {
      needs_catch_up_ = true;
      start_ = "catch-up behind tick " + std::to_string(number_);
    }
    return;
  }
  needs_start_ = true;
  start_ = "from scratch";
}

bool FeedSession::take_start() {
  const Publisher::Start* start = publisher_.start();
  if (!start) return false;
  needs_start_ = false;
  start_frames_ = {start->keyframe, start->roster};
  sequence_ = start->sequence;
  roster_version_ = start->roster_version;
  number_ = start->keyframe->position.number;
  return true;
}

bool FeedSession::take_catch_up() {
  auto made = publisher_.catch_up(number_, roster_version_);
  if (!made) return false;
  ++catch_ups_;
  needs_catch_up_ = false;
  sequence_ = made->sequence;
  roster_version_ = made->roster_version;
  number_ = made->frame->position.number;
  start_frames_ = {made->frame};
  if (made->roster) start_frames_.push_back(made->roster);
  return true;
}

/// False: nothing to send for now.
bool FeedSession::take_next_frame() {
  if (needs_start_ && !take_start()) return false;
  if (start_frames_.empty()) {
    if (sequence_ < publisher_.ring().begin()) needs_catch_up_ = true;
    if (needs_catch_up_) {
      if (!take_catch_up()) return false;
    } else if (sequence_ >= owed_until_ && publisher_.is_far_behind(sequence_)) {
      take_catch_up();  // or goes on in the ring, if there is none for now
    }
  }
  if (!start_frames_.empty()) {
    frame_ = std::move(start_frames_.back());
    start_frames_.pop_back();
  } else {
    if (sequence_ == publisher_.ring().end()) return false;
    frame_ = publisher_.ring().at(sequence_++);
    if (frame_->tick) number_ = frame_->position.number;
  }
  part_ = 0;
  ++frames_begun_;
  return true;
}

std::shared_ptr<const std::string> FeedSession::next() {
  if (urgent_) {
    over_ = failed_;
    return std::exchange(urgent_, nullptr);
  }
  if (!subscribed_ || failed_) return nullptr;
  if (heartbeats_ != publisher_.heartbeat_count()) {
    heartbeats_ = publisher_.heartbeat_count();
    return publisher_.heartbeat();
  }
  // Taking turns, neither a long track nor a long frame holds up the other.
  const bool tracks_turn = !std::exchange(track_was_last_, false);
  if (tracks_turn) {
    if (auto track = next_track()) {
      track_was_last_ = true;
      return track;
    }
  }
  if (!frame_ && !take_next_frame()) {
    if (auto track = tracks_turn ? nullptr : next_track()) return track;
    if (!leaving_ || busy()) return nullptr;
    say_goodbye();
    return next();
  }
  std::shared_ptr<const std::string> message(frame_, &frame_->messages[part_]);
  if (++part_ == frame_->messages.size()) frame_.reset();
  return message;
}

}  // namespace net
