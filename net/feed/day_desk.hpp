// DayDesk: which recorded days a wall wants to know of, and what a gateway told of them. Between
// the shelf that shows them and the feed whose connection they come over. Any thread.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "net/recording/day_shelf.hpp"
#include "net/replay/replay_messages.hpp"

namespace net {

/// A day that goes on is asked for again after this long, while somebody looks at it.
inline constexpr std::chrono::seconds kDayAgain{30};

class DayDesk {
 public:
  using Steady = std::chrono::steady_clock::time_point;

  // The feed:
  /// Called by `want`; null before the feed goes. Both by the thread that owns shelf and feed.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }
  /// The day to ask the gateway for now, one at a time.
  std::optional<fleet::LocalDay> next_question(Steady now);
  void take(const ReplayDays& listed);
  void take(DayReply reply);
  /// How far is recorded by now.
  void grew(fleet::Time range_end);
  /// The connection is over: nobody answers what was asked.
  void forget();

  // The shelf:
  void want(fleet::LocalDay first, fleet::LocalDay last, fleet::LocalDay middle);
  bool update(RecordedDays& days) const;
  bool complete(fleet::LocalDay first, fleet::LocalDay last, std::uint64_t version) const;

 private:
  struct Told {
    fleet::Time end = fleet::kNever;  ///< of its data, as the gateway said last
    Steady asked{};
  };
  const RecordedDay* unread(fleet::LocalDay first, fleet::LocalDay last) const;
  RecordedDay* find(fleet::LocalDay day);

  std::function<void()> wake_;
  mutable std::mutex mutex_;
  RecordedDays found_;
  std::map<fleet::LocalDay, Told> told_;
  std::optional<fleet::LocalDay> asked_;
  RecordedDay coming_;  ///< parts of the answer so far
  fleet::LocalDay first_{}, last_{}, middle_{};
  bool wanted_ = false, listed_ = false;
};

/// The shelf over a desk.
std::unique_ptr<DayShelf> make_gateway_days(std::shared_ptr<DayDesk> desk);

}  // namespace net
