// A feed that is asked for tracks: takes questions, and answers when told to.
#pragma once

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "net/feed/feed.hpp"

namespace testing_support {

class AskedFeed : public net::Feed {
 public:
  net::FeedHealth health() const override { return {}; }
  void resync() override {}
  void applied(fleet::FramePosition, std::uint64_t) override {}
  void seek(fleet::Time) override {}
  void want_until(fleet::Time) override {}
  void ask(net::TrackQuestion question) override { questions.push_back(std::move(question)); }
  std::optional<net::TrackAnswer> take_track() override {
    if (answers.empty()) return std::nullopt;
    std::optional<net::TrackAnswer> first(std::move(answers.front()));
    answers.pop_front();
    return first;
  }

  std::vector<net::TrackQuestion> questions;
  std::deque<net::TrackAnswer> answers;
};

}  // namespace testing_support
