// TrackDesk: questions for tracks and their answers, between the main thread and a feed's.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

#include "net/feed/feed.hpp"

namespace net {

/// Any thread may call any method.
class TrackDesk {
 public:
  /// Questions and answers that wait; as many as a gateway takes of one wall.
  static constexpr std::size_t kMost = 4;

  void ask(TrackQuestion question) {
    const std::lock_guard lock(mutex_);
    if (questions_.size() == kMost) questions_.pop_front();
    questions_.push_back(std::move(question));
  }
  std::optional<TrackQuestion> next_question() { return pop(questions_); }
  bool asked() const {
    const std::lock_guard lock(mutex_);
    return !questions_.empty();
  }
  void answer(TrackAnswer answer) {
    const std::lock_guard lock(mutex_);
    if (answers_.size() == kMost) answers_.pop_front();
    answers_.push_back(std::move(answer));
  }
  void fail(std::uint32_t number) {
    TrackAnswer none;
    none.number = number;
    none.failed = true;
    answer(std::move(none));
  }
  std::optional<TrackAnswer> next_answer() { return pop(answers_); }

 private:
  template <class T>
  std::optional<T> pop(std::deque<T>& from) {
    const std::lock_guard lock(mutex_);
    if (from.empty()) return std::nullopt;
    std::optional<T> first(std::move(from.front()));
    from.pop_front();
    return first;
  }

  mutable std::mutex mutex_;
  std::deque<TrackQuestion> questions_;
  std::deque<TrackAnswer> answers_;
};

}  // namespace net
